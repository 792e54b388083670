"""PROF, RPL and DSPN as Khakassia writes them. Handbook 20 §5.

PROF and RPL are made of our own facts. DSPN goes back as it came — a clinic's own record, which we never rewrite —
with the facts of informing added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.findings import Block, Record
from opora.exchange.format import Content
from opora.exchange.formats.dspn import TREE as DSPN
from opora.exchange.formats.prof import TREE as PROF
from opora.exchange.formats.rpl import TREE as RPL
from opora.exchange.lists.khakassia import CHANNELS, MEASURES
from opora.exchange.mapping import fit
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.outgoing import Outgoing, packed
from opora.informing.facts import INFORMING, NOT_INFORMED
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, Named
from opora.informing.words import Channel, Measure
from opora.informing.words import Sequence as Turn

DISPS = {measure: code for code, measure in MEASURES.items()}
WAYS = {channel: code for code, channel in CHANNELS.items()} | {
    Channel.MESSENGER: "1",
    Channel.ROBOT: "2",
    Channel.AT_INSURER: "5",
    Channel.VISIT: "5",
}
TURNS = {Turn.FIRST: "1", Turn.REPEAT: "2"}
LONGEST_NUMBER = 8


class ProfWriter:
    slug = "prof-preventive-list"
    title = "Список на осмотры (PROF, Хакасия)"

    def name(self, outgoing: Outgoing) -> str:
        return f"PROF_M{outgoing.provider}T{_region(outgoing)}_{outgoing.made_at:%y}{outgoing.number}.zip"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        people: dict[int, list[IncomingEntry]] = {}
        for entry in batch.entries:
            people.setdefault(entry.place, []).append(entry)
        clinics = {entry.provider_code for entry in batch.entries}
        if len(clinics) > 1:
            raise FactMissing(f"В одном файле PROF — одна клиника, а в списке их {len(clinics)}")
        stem = self.name(outgoing).removesuffix(".zip")
        header = {
            "VERSION": outgoing.version or "1.1",
            "DATA": f"{outgoing.made_at:%Y%m%d}",
            "FILENAME": stem,
            "CODMO": "".join(clinics),
        }
        groups = list(people.values())
        keys = _numbers([group[0].key for group in groups])
        records = (_person(place, key, group) for place, (key, group) in enumerate(zip(keys, groups, strict=True), 1))
        return packed(f"{stem}.xml", write_tree(PROF, header, records), outgoing.made_at)


class RplWriter:
    slug = "rpl-answer-dspn-prof"
    title = "Ответ на DSPN и PROF (Хакасия)"

    def name(self, outgoing: Outgoing) -> str:
        return f"T{_region(outgoing)}_M{outgoing.provider}_{outgoing.made_at:%y%m}{outgoing.number}.xml"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        answered = {answer.answered_file for answer in batch.answers}
        if len(answered) != 1:
            raise FactMissing("Ответ RPL пишут на один файл")
        header = {
            "VERSION": "1.0",
            "DATA": f"{outgoing.made_at:%Y%m%d}",
            "FILENAME": self.name(outgoing).removesuffix(".xml"),
            "FILENAME_1": answered.pop(),
            "YEAR": f"{batch.year or ''}",
            "MONTH": f"{batch.month:02d}" if batch.month else "",
        }
        records = (
            Record(
                place,
                answer.key,
                {
                    "N_ZAP": answer.key,
                    "ENP": answer.enp,
                    "RPL": "1" if answer.is_accepted else "0",
                    "COMMENTR": fit(answer.text, 250),
                },
            )
            for place, answer in enumerate(batch.answers, start=1)
        )
        return write_tree(RPL, header, records)


class DspnReturn:
    """A clinic's DSPN going back with what we did: every fact it already held stays, ours come after."""

    slug = "dspn-dn-informing"
    title = "DSPN с фактами информирования (Хакасия)"

    def name(self, outgoing: Outgoing) -> str:
        return f"DSPN_M{outgoing.provider}T{_region(outgoing)}_{outgoing.made_at:%y%m}{outgoing.number}.zip"

    def write(self, content: Content, contacts: Iterable[IncomingContact], outgoing: Outgoing) -> bytes:
        """Return the file. A contact that informed nobody (no answer, not delivered) is no fact of informing."""
        facts: dict[str, list[Block]] = {record.key: list(record.blocks.get("INF", ())) for record in content.records}
        for contact in contacts:
            if contact.outcome in NOT_INFORMED or contact.purpose not in INFORMING:
                continue
            if contact.key not in facts:
                raise FactMissing(f"Записи {contact.key} нет в списке, к которому относится контакт")
            fact = _fact(contact)
            if fact not in facts[contact.key]:
                facts[contact.key].append(fact)
        stem = self.name(outgoing).removesuffix(".zip")
        header = {**content.header, "DATA": f"{outgoing.made_at:%Y%m%d}", "FILENAME": stem}
        records = (Record(one.place, one.key, one.values, {"INF": facts[one.key]}) for one in content.records)
        return packed(f"{stem}.xml", write_tree(DSPN, header, records), outgoing.made_at)


def _fact(contact: IncomingContact) -> Block:
    if contact.measure is not Measure.OBSERVATION:
        raise CodeUnknown(f"В DSPN пишут о диспансерном наблюдении, а не «{contact.measure.label}»", field="measure")
    if contact.channel not in WAYS:
        raise CodeUnknown(f"У способа «{contact.channel.label}» нет кода SPOSOBINF", field="channel")
    if contact.sequence is None:
        raise FactMissing(f"Запись {contact.key}: не сказано, первичное информирование или повторное")
    day = {"DATAINF": f"{contact.on:%Y%m%d}"} if contact.on else {}
    return Block({"INFTYPE": TURNS[contact.sequence], "SPOSOBINF": WAYS[contact.channel], **day})


def _person(place: int, key: str, entries: Sequence[IncomingEntry]) -> Record:
    first = entries[0]
    values = {
        "NOMER_Z": key,
        "IDDOKT": _hyphened(first.doctor_snils),
        "YEAR": f"{first.year}",
        "COMMENT": fit(first.note, 250),
        **dict(_identity(first.who)),
    }
    return Record(place, key, values, {"SV_PL_MER": [_measure(entry, first) for entry in entries]})


def _identity(who: Named) -> Iterator[tuple[str, str]]:
    yield "SMOCOD", who.insurer_code
    yield "ENP", who.enp
    yield "FAM", fit(who.surname, 40)
    yield "IM", fit(who.given_name, 40)
    yield "OT", fit(who.patronymic, 40)
    yield "DR", f"{who.birth_on:%Y%m%d}" if who.birth_on else ""
    yield "W", f"{who.sex or ''}"
    yield "SNILS", _hyphened(who.snils)
    yield "VPOLIS", who.policy_kind
    yield "SPOLIS", who.policy_series
    yield "NPOLIS", who.policy_number or who.enp
    yield "TEL", fit(who.phones[0], 20) if who.phones else ""
    yield "ADRES", fit(who.address, 100)


def _measure(entry: IncomingEntry, first: IncomingEntry) -> Block:
    if entry.measure not in DISPS:
        raise CodeUnknown(f"В PROF нет кода для «{entry.measure.label}»", field="measure")
    if entry.month is None or entry.year != first.year:
        raise FactMissing(f"Запись {entry.key}: в PROF пишут месяцы одного года")
    return Block({"MONTH": f"{entry.month:02d}", "DISP": DISPS[entry.measure]})


def _numbers(keys: Sequence[str]) -> Sequence[str]:
    """Return the positions of the partner where they are such, else our own from 1."""
    fits = all(key.isascii() and key.isdigit() and len(key) <= LONGEST_NUMBER for key in keys)
    return keys if fits and len(set(keys)) == len(keys) else [str(place) for place in range(1, len(keys) + 1)]


def _hyphened(snils: str) -> str:
    return f"{snils[:3]}-{snils[3:6]}-{snils[6:9]}-{snils[9:]}" if snils else ""


def _region(outgoing: Outgoing) -> str:
    """The first two digits of a clinic's federal code are its region."""
    return outgoing.region or outgoing.provider[:2]
