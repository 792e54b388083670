"""Volgograd: the list of people for measures (R11, R01) and the answers of the fund (R02, R12, D02). Handbook 20 §8."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.findings import Block, Record
from opora.exchange.formats.vlg import VlgPersons
from opora.exchange.formats.vlg_answers import VlgAnswer
from opora.exchange.lists.vlg_codes import ACCEPTED, ERRORS, MEASURES_OUT, MONTHLY, RESULTS_OUT
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.outgoing import Outgoing, packed
from opora.informing.incoming import Batch, IncomingAnswer, IncomingEntry
from opora.shared import phones, snils

YEARLY = "R01"
VERSION = "3.0"
FUND = "34"
ANSWERS = {"R01": "R02", "R11": "R12", "D01": "D02"}
SENT = re.compile(r"(R01|R11|D01)T34M(\d{6})_(\d{7})")
PLACE = re.compile(r"\d{1,6}")
UNIFIED = "3"
NO_CATEGORY = "0"


class VlgPersonsWriter:
    """``outgoing.version`` is R11 (a month, also when empty) or R01 (the year); ``provider`` the clinic's fund code."""

    slug = "vlg-r01-r11-persons"
    title = "Список на профилактические мероприятия (Волгоград, R01 и R11)"

    def name(self, outgoing: Outgoing) -> str:
        kind = outgoing.version or MONTHLY
        return f"{kind}T34M{outgoing.provider}_{outgoing.made_at:%y%m}{outgoing.number:03d}.zip"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        kind = outgoing.version or MONTHLY
        if {entry.provider_code for entry in batch.entries} - {outgoing.provider}:
            raise FactMissing("В одном файле — люди одной клиники")
        year, month = _period(batch.entries, outgoing, is_monthly=kind == MONTHLY)
        stem = self.name(outgoing).removesuffix(".zip")
        header = {
            "VERSION": VERSION,
            "CODEM": outgoing.provider,
            "DATE_F": f"{outgoing.made_at:%Y-%m-%d}",
            "NAME_F": stem,
            "SMO": FUND,
            "YEAR": str(year),
            "MONTH": str(month),
            "N_PACK": str(outgoing.number),
        }
        records = (_person(place, entry, stem) for place, entry in enumerate(batch.entries, start=1))
        return packed(f"{stem}.xml", write_tree(VlgPersons.tree, header, records), outgoing.made_at)


class VlgAnswerWriter:
    """``outgoing.answers`` is the file that is answered: the name of the answer is made of it."""

    slug = "vlg-answers-r02-r12-d02"
    title = "Ответ фонда на список людей (Волгоград)"

    def name(self, outgoing: Outgoing) -> str:
        found = SENT.fullmatch(outgoing.answers.upper())
        if found is None:
            raise FactMissing(f"Ответ пишут на R01, R11 или D01, а не на «{outgoing.answers}»")
        kind, clinic, tail = found.groups()
        return f"{ANSWERS[kind]}M{clinic}T34_{tail}.zip"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        stem = self.name(outgoing).removesuffix(".zip")
        if {answer.answered_file for answer in batch.answers} - {outgoing.answers}:
            raise FactMissing("В одном ответе — записи одного файла")
        header = {
            "VERSION": VERSION,
            "DATE_F": f"{outgoing.made_at:%Y-%m-%d}",
            "NAME_F": stem,
            "NAME_FE": outgoing.answers,
        }
        whole = [Block({"ERRS": code}) for answer in batch.answers if answer.place == 0 for code in answer.codes]
        records = [_answer(answer) for answer in batch.answers if answer.place]
        raw = write_tree(VlgAnswer.tree, header, records, blocks={"ERRS": whole})
        return packed(f"{stem}.xml", raw, outgoing.made_at)


def _period(entries: Iterable[IncomingEntry], outgoing: Outgoing, *, is_monthly: bool) -> tuple[int, int]:
    """A list of a month names its month; the list of a year names the month in which it was made."""
    periods = {(entry.year, entry.month) for entry in entries}
    if len(periods) != 1:
        raise FactMissing("В одном файле — люди одного периода")
    year, month = periods.pop()
    if is_monthly != (month is not None):
        raise FactMissing("R11 — список месяца, R01 — список года: период людей не подходит к файлу")
    return year, month or outgoing.made_at.month


def _person(place: int, entry: IncomingEntry, stem: str) -> Record:
    """The GUID of the person is made of the file and his place in it where the list names none: always the same."""
    who = entry.who
    measure = MEASURES_OUT.get(entry.measure)
    if measure is None:
        raise CodeUnknown(f"Запись {entry.key}: у фонда нет вида «{entry.measure.label}»")
    is_number = PLACE.fullmatch(entry.key) is not None
    mobile, landline = _phones(who.phones)
    values = {
        "ZAP": entry.key if is_number else str(place),
        "IDPAC": str(uuid5(NAMESPACE_URL, f"{stem}/{place}")) if is_number else entry.key,
        "SURNAME": who.surname,
        "NAME": who.given_name,
        "PATRONYMIC": who.patronymic,
        "BIRTHDAY": who.birth_on.isoformat() if who.birth_on else "",
        "SEX": str(who.sex or ""),
        "SS": snils.show(who.snils) if who.snils else "",
        "TYPE_P": who.policy_kind,
        "SER_P": who.policy_series,
        "NUM_P": who.policy_number or who.enp,
        "ENP": who.enp if who.policy_kind == UNIFIED else "",
        "DOCTYPE": who.document_kind,
        "DOCSER": who.document_series,
        "DOCNUM": who.document_number,
        "MR": who.birth_place,
        "CATEGORY": NO_CATEGORY,
        "T_PR": measure,
        "TEL_M": mobile,
        "TEL_F": landline,
        "SUBJ": who.okato,
        "UL": who.address,
    }
    return Record(place, entry.key, values)


def _phones(given: Iterable[str]) -> tuple[str, str]:
    """Return the first mobile and the first other Russian number as the fund writes them, empty where there is none."""
    mobile = landline = ""
    for text in given:
        found = phones.parse(text)
        if found is None or not re.fullmatch(r"\+7\d{10}", found.number):
            continue
        digits = found.number[2:]
        if found.kind is phones.Kind.MOBILE:
            mobile = mobile or f"8-{digits[:3]}-{digits[3:]}"
        else:
            landline = landline or f"8-{digits[:4]}-{digits[4:]}"
    return mobile, landline


def _answer(answer: IncomingAnswer) -> Record:
    result = ACCEPTED if answer.is_accepted else RESULTS_OUT.get(answer.text, ERRORS)
    if not answer.is_accepted and result == ACCEPTED:
        result = ERRORS
    values = {"ZAP": answer.key, "ENP": answer.enp, "SMO": answer.insurer_code, "RESULT": result}
    return Record(answer.place, answer.key, values, {"ERROR": [Block({"ERROR": code}) for code in answer.codes]})
