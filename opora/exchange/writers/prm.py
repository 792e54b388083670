"""Perm's preventive list by quarters. Handbook 20 §9.1: every tag is written, an absent patronymic is НЕТ."""

from __future__ import annotations

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.findings import Record
from opora.exchange.formats.prm import PROF
from opora.exchange.lists.prm import MEASURES
from opora.exchange.mapping import fit
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.outgoing import Outgoing, packed
from opora.informing.incoming import Batch, IncomingEntry
from opora.shared import snils
from opora.shared.phones import digits

DISPS = {measure: code for code, measure in MEASURES.items()}
NOBODY = "НЕТ"
TEN = 10


class PermProfWriter:
    slug = "prm-prof59-quarter"
    title = "Список на осмотры по кварталам (PROF, Пермь)"

    def name(self, outgoing: Outgoing) -> str:
        return f"PROF_M{outgoing.provider}T59_{outgoing.made_at:%y%m}{outgoing.number}.zip"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        clinics, years = ({getattr(one, of) for one in batch.entries} for of in ("provider_code", "year"))
        if len(clinics) > 1 or len(years) > 1:
            raise FactMissing("В одном файле PROF — одна клиника и один год")
        stem = self.name(outgoing).removesuffix(".zip")
        header = {
            "VERSION": "1.0",
            "DATA": f"{outgoing.made_at:%Y-%m-%d}",
            "FILENAME": stem,
            "CODMOF": "".join(clinics) or outgoing.provider,
            "YEAR": "".join(str(year) for year in years),
        }
        records = (_record(place, entry) for place, entry in enumerate(batch.entries, start=1))
        return packed(f"{stem}.xml", write_tree(PROF, header, records), outgoing.made_at)


def _record(place: int, entry: IncomingEntry) -> Record:
    if entry.measure not in DISPS:
        raise CodeUnknown(f"В PROF нет кода для «{entry.measure.label}»", field="measure")
    who = entry.who
    key = entry.key if entry.key.isascii() and entry.key.isdigit() else str(place)
    values = {
        "NOMER_Z": key,
        "SMOCOD": who.insurer_code,
        "ENP": who.enp,
        "FAM": fit(who.surname, 40),
        "IM": fit(who.given_name, 40),
        "OT": fit(who.patronymic, 40) or NOBODY,
        "DR": f"{who.birth_on:%Y-%m-%d}" if who.birth_on else "",
        "W": str(who.sex or ""),
        "DOCTYPE": who.document_kind,
        "DOCSER": who.document_series,
        "DOCNUM": who.document_number,
        "SNILS": snils.show(who.snils),
        "VPOLIS": who.policy_kind,
        "SPOLIS": who.policy_series,
        "NPOLIS": who.policy_number,
        "TEL": digits(who.phones[0])[-TEN:] if who.phones else "",
        "COMMENT": fit(entry.note, 250),
        "QUART": str(entry.quarter or ""),
        "DISP": DISPS[entry.measure],
    }
    return Record(place, key, values)
