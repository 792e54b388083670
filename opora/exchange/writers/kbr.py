"""DPO — our answer to a list of Kabardino-Balkaria. Handbook 20 §11.

Every person of the list is answered. A way and a day come from this person's own contacts of this very case and from
nowhere else: the tool of the peer copied them from another record with the same telephone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.findings import Record
from opora.exchange.formats.kbr import DPO
from opora.exchange.lists.kbr import ids_of
from opora.exchange.lists.kbr_codes import MEASURES, WAYS
from opora.exchange.mapping import fit
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.facts import is_fact
from opora.exchange.writers.outgoing import Outgoing, packed
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry
from opora.informing.words import Sequence as Turn

DISPS = {measure: code for code, measure in MEASURES.items()}
Case = tuple[IncomingEntry | IncomingContact, list[IncomingContact]]


class KbrAnswerWriter:
    slug = "kbr-dpo-informing-answer"
    title = "Ответ об информировании (DPO, Кабардино-Балкария)"

    def name(self, outgoing: Outgoing) -> str:
        return f"DPO{outgoing.sender}{outgoing.region}_{outgoing.made_at:%y%m}{outgoing.number:02d}.zip"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        """Return the file. ``outgoing.version`` is copied from the list that is answered."""
        cases: dict[str, Case] = {entry.key: (entry, []) for entry in batch.entries}
        for contact in batch.contacts:
            cases.setdefault(contact.key, (contact, []))[1].append(contact)
        stem = self.name(outgoing).removesuffix(".zip")
        header = {
            "VERSION": outgoing.version,
            "DATA": f"{outgoing.made_at:%Y-%m-%d}",
            "YEAR": str(batch.year or outgoing.made_at.year),
            "FILENAME": stem,
        }
        records = (_record(place, told, outgoing) for place, told in enumerate(cases.values(), start=1))
        raw = write_tree(DPO, header, records, encoding="utf-8")
        return packed(f"{stem}.XML", raw, outgoing.made_at)


def _record(place: int, told: Case, outgoing: Outgoing) -> Record:
    one, contacts = told
    ids = ids_of(one.key)
    if ids is None:
        raise FactMissing(f"Запись {one.key}: в ключе нет двух идентификаторов списка, IDCASE и ID_PAC")
    case, person = ids
    if one.measure not in DISPS:
        raise CodeUnknown(f"В DPO нет кода для «{one.measure.label}»", field="measure")
    values = {
        "DISP": DISPS[one.measure],
        "IDCASE": case,
        "ID_PAC": person,
        "ENP": one.who.enp,
        "SMO": one.who.insurer_code or outgoing.sender,
        "LPU": one.provider_code,
        **dict(_facts(one.key, contacts)),
        "COMENTS": fit(next((contact.note for contact in contacts if contact.note), ""), 250),
    }
    return Record(place, case, values)


def _facts(key: str, contacts: Sequence[IncomingContact]) -> Iterator[tuple[str, str]]:
    facts = sorted((contact for contact in contacts if is_fact(contact)), key=_day)
    first = next((fact for fact in facts if fact.sequence is not Turn.REPEAT), None)
    again = next((fact for fact in facts if fact.sequence is Turn.REPEAT), None)
    if first is None:
        if again:
            raise FactMissing(f"Запись {key}: есть повторное информирование, а первого нет")
        return
    if first.channel not in WAYS:
        raise CodeUnknown(f"В DPO нет кода для способа «{first.channel.label}»", field="channel")
    yield "NOTIFICATION1", WAYS[first.channel]
    yield "DATA_N1", _day(first).isoformat()
    if again:
        yield "DATA_N2", _day(again).isoformat()


def _day(contact: IncomingContact) -> date:
    assert contact.on is not None  # noqa: S101 - is_fact has seen to it
    return contact.on
