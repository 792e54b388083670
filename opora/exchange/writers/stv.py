"""The list to call as the fund of Stavropol writes it. Handbook 20 §7.1."""

from __future__ import annotations

from opora.exchange.codebook import CodeUnknown
from opora.exchange.findings import Record
from opora.exchange.formats.stv import TREE
from opora.exchange.lists.stv_codes import MEASURES_OUT
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.incoming import Batch, IncomingEntry
from opora.shared import snils


class StvPeopleWriter:
    """``outgoing.sender`` is the insurer the list is for; its name has no number, so one list replaces another."""

    slug = "stv-people-xml"
    title = "Список на обзвон (Ставрополь)"

    def name(self, outgoing: Outgoing) -> str:
        return f"people_{outgoing.sender}.xml"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        records = [_record(place, entry) for place, entry in enumerate(batch.entries, start=1)]
        raw = write_tree(TREE, {}, records, encoding="UTF-8")
        return raw.replace(b"<data>", f'<data total="{len(records)}">'.encode(), 1)


def _record(place: int, entry: IncomingEntry) -> Record:
    """A fact the list obliges to and we do not have (the quarter, the clinic) stops the file in ``write_tree``."""
    who = entry.who
    disp = MEASURES_OUT.get(entry.measure)
    if disp is None:
        raise CodeUnknown(f"Запись {entry.key}: у фонда нет вида «{entry.measure.label}»")
    values = {
        "ID": str(place),
        "ID_PAC": entry.key,
        "DISP": disp,
        "PD": str(entry.quarter or ""),
        "FAM": who.surname,
        "IM": who.given_name,
        "OT": who.patronymic,
        "W": str(who.sex or ""),
        "DR": who.birth_on.isoformat() if who.birth_on else "",
        "SNILS": snils.show(who.snils) if who.snils else "",
        "VPOLIS": who.policy_kind,
        "SPOLIS": who.policy_series,
        "NPOLIS": who.policy_number or who.enp,
        "CODE_MO": entry.provider_code,
        "CONTACT": who.phones[0] if who.phones else "",
    }
    return Record(place, entry.key, values)
