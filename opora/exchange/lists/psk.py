"""Pskov: the plan by quarters. Handbook 20 §9.2.

The list names no measure: letter D of the file name is read as dispensarisation (assumed).
"""

from __future__ import annotations

from opora.exchange.format import Content
from opora.exchange.people import bare_snils, number_of, parse_compact_date, patronymic_of
from opora.informing.incoming import Batch, IncomingEntry, Named
from opora.informing.words import Measure

UNIFIED = {"3", "4"}


def batch(content: Content) -> Batch:
    """Return the entries; what the controls refused must be taken out before."""
    found = Batch()
    for record in content.records:
        values = record.values
        kind, number = values["VPOLIS"], values["NPOLIS"]
        who = Named(
            surname=values["FAM"],
            given_name=values["IM"],
            patronymic=patronymic_of(values["OT"]),
            birth_on=parse_compact_date(values["DR"]),
            enp=number if kind in UNIFIED else "",
            policy_kind=kind,
            policy_series=values["SPOLIS"],
            policy_number=number,
            phones=(values["TEL"],) if values["TEL"] else (),
        )
        entry = IncomingEntry(
            place=record.place,
            key=record.key,
            who=who,
            measure=Measure.SCREENING,
            year=int(values["YEAR"]),
            quarter=number_of(values, "QUART"),
            provider_code=values["MO_CODE"],
            doctor_snils=bare_snils(values["SNILS_VR"]),
            note=values["ERR"],
        )
        found.entries.append(entry)
    years = {entry.year for entry in found.entries}
    found.year = years.pop() if len(years) == 1 else None
    return found
