"""Stavropol: the list to call in our words. Handbook 20 §7.1. The key is ID_PAC."""

from __future__ import annotations

from collections import Counter

from opora.exchange.format import Content
from opora.exchange.lists.stv_codes import MEASURES, SHORTEST_PHONE
from opora.exchange.people import bare_snils, number_of, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingEntry, Named

UNIFIED = "3"


def batch(content: Content) -> Batch:
    """Return the entries. The list names no year: it is of the year in which it was read."""
    year = int(content.header["year"])
    met: Counter[str] = Counter()
    entries = []
    for record in content.records:
        values = record.values
        met[values["ID_PAC"]] += 1
        times = met[values["ID_PAC"]]
        kind, number, phone = values["VPOLIS"], values["NPOLIS"], values["CONTACT"]
        who = Named(
            surname=values["FAM"],
            given_name=values["IM"],
            patronymic=patronymic_of(values["OT"]),
            birth_on=parse_day(values["DR"]),
            sex=number_of(values, "W"),
            enp=number if kind == UNIFIED else "",
            snils=bare_snils(values["SNILS"]),
            policy_kind=kind,
            policy_series=values["SPOLIS"],
            policy_number=number,
            phones=(phone,) if len(phone) >= SHORTEST_PHONE else (),
        )
        entry = IncomingEntry(
            place=record.place,
            key=values["ID_PAC"] if times == 1 else f"{values['ID_PAC']}.{times}",
            who=who,
            measure=MEASURES[values["DISP"]],
            year=year,
            quarter=number_of(values, "PD"),
            provider_code=values["CODE_MO"],
        )
        entries.append(entry)
    return Batch(entries=entries, year=year)
