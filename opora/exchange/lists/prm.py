"""Perm: people to inform by quarters, and what the fund found wrong with them. Handbook 20 §9.1."""

from __future__ import annotations

from collections.abc import Callable

from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.lists.federal import SEXES
from opora.exchange.people import bare_snils, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingAnswer, IncomingEntry, Named
from opora.informing.words import Measure

MEASURES = {"ДВ4": Measure.SCREENING, "ОПВ": Measure.CHECKUP}
REST = "Остальные записи файла приняты"


def due(content: Content) -> Batch:
    """PROF: one entry for each person."""
    found = Batch(year=int(content.header["YEAR"]))
    for record in content.records:
        values = record.values
        who = Named(
            surname=values["FAM"],
            given_name=values["IM"],
            patronymic=patronymic_of(values["OT"]),
            birth_on=parse_day(values["DR"]),
            sex=SEXES.get(values["W"]),
            enp=values["ENP"],
            snils=bare_snils(values["SNILS"]),
            policy_kind=values["VPOLIS"],
            policy_series=values["SPOLIS"],
            policy_number=values["NPOLIS"],
            phones=(values["TEL"],) if values["TEL"] else (),
            insurer_code=values["SMOCOD"],
            document_kind=values["DOCTYPE"],
            document_series=values["DOCSER"],
            document_number=values["DOCNUM"],
        )
        entry = IncomingEntry(
            place=record.place,
            key=record.key,
            who=who,
            measure=MEASURES[values["DISP"]],
            year=int(content.header["YEAR"]),
            quarter=int(values["QUART"]),
            provider_code=content.header["CODMOF"],
            note=values["COMMENT"],
        )
        found.entries.append(entry)
    return found


def errors(content: Content) -> Batch:
    """OSHIB_PR: refusals by record, several errors of one together; the answer with place 0 accepts all the others."""
    file = content.header["FNAME_I"]
    listed: dict[str, list[Record]] = {}
    for record in content.records:
        listed.setdefault(record.key, []).append(record)
    answers = [
        IncomingAnswer(
            place=errors[0].place,
            key=key,
            answered_file=file,
            is_accepted=False,
            codes=tuple(error.values["OSHIB"] for error in errors),
            text="; ".join(error.values["COMMENT"] for error in errors if error.values.get("COMMENT")),
        )
        for key, errors in listed.items()
    ]
    rest = IncomingAnswer(place=0, key="", answered_file=file, is_accepted=True, text=REST)
    return Batch(answers=[rest, *answers])


BATCHES: dict[str, Callable[[Content], Batch]] = {"prm-prof59-quarter": due, "prm-oshib-pr-answer": errors}
