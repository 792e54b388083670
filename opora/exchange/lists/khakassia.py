"""Khakassia: DSPN, PROF and the fund's answer to them. Handbook 20 §5, 21 §4, §5.3, §10."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opora.exchange.format import Content
from opora.exchange.lists.federal import LONGEST_SPECIALTY, SEQUENCES, SEXES
from opora.exchange.people import OF_ONE_NUMBER, bare_snils, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import (
    Batch,
    IncomingAnswer,
    IncomingContact,
    IncomingEntry,
    IncomingObservation,
    Named,
)
from opora.informing.words import Channel, Measure
from opora.shared.enp import LENGTH

MEASURES = {"ДВ4": Measure.SCREENING, "ОПВ": Measure.CHECKUP}
CHANNELS = {  # SPOSOBINF is not named by the partner: the order of KBR and of Novosibirsk (assumed)
    "1": Channel.SMS,
    "2": Channel.CALL,
    "3": Channel.EMAIL,
    "4": Channel.LETTER,
    "5": Channel.AT_CLINIC,
}
AGREED = "1"


def informed(content: Content) -> Batch:
    """DSPN: the observation, the visit to be told of, and every fact of informing."""
    found = _batch(content)
    for record in content.records:
        get = record.values.get
        who = _who(record.values, insurer="SMO")
        visit_from, visit_to = parse_day(get("PLAN_DATE_START", "")), parse_day(get("PLAN_DATE_END", ""))
        provider, until = get("MCOD_PLAN", ""), parse_day(get("DATE_DN_OUT", ""))
        if until:
            visit_from = visit_to = None  # taken off: the old plan holds no more, nobody is to be invited
        observation = IncomingObservation(
            place=record.place,
            key=record.key,
            who=who,
            diagnosis=get("DIAG_CODE", ""),
            since=parse_day(get("DATE_DN_IN", "")),
            until=until,
            diagnosed_on=parse_day(get("DIAG_DATE", "")),
            reason_in=get("REASON_DN_IN", ""),
            reason_out=get("REASON_DN_OUT", ""),
            specialty=get("DN_PRVS", "")[:LONGEST_SPECIALTY],
            provider_code=provider,
            doctor_snils=get("IDDOKT", ""),
            visit_from=visit_from,
            visit_to=visit_to,
        )
        found.observations.append(observation)
        if visit_from:
            entry = IncomingEntry(
                place=record.place,
                key=record.key,
                who=who,
                measure=Measure.OBSERVATION,
                year=visit_from.year,
                month=visit_from.month,
                provider_code=provider,
                visit_from=visit_from,
                visit_to=visit_to,
                doctor_snils=get("IDDOKT", ""),
            )
            found.entries.append(entry)
        for block in record.blocks.get("INF", ()):
            contact = IncomingContact(
                place=record.place,
                key=record.key,
                who=who,
                measure=Measure.OBSERVATION,
                channel=CHANNELS[block.values["SPOSOBINF"]],
                on=parse_day(block.values.get("DATAINF", "")),
                sequence=SEQUENCES[block.values["INFTYPE"]],
                provider_code=provider,
            )
            found.contacts.append(contact)
    return found


def due(content: Content) -> Batch:
    """PROF: one entry for each measure of a person."""
    found = Batch()
    for record in content.records:
        values = record.values
        who = _who(values, insurer="SMOCOD", enp=values.get("ENP", ""))
        for block in record.blocks.get("SV_PL_MER", ()):
            entry = IncomingEntry(
                place=record.place,
                key=record.key,
                who=who,
                measure=MEASURES[block.values["DISP"]],
                year=int(values["YEAR"]),
                month=int(block.values["MONTH"]),
                provider_code=content.header.get("CODMO", ""),
                doctor_snils=bare_snils(values.get("IDDOKT", "")),
                note=values.get("COMMENT", ""),
            )
            found.entries.append(entry)
    years = {entry.year for entry in found.entries}
    found.year = years.pop() if len(years) == 1 else None
    return found


def answers(content: Content) -> Batch:
    """RPL: agreed or not."""
    found = _batch(content)
    for record in content.records:
        get = record.values.get
        answer = IncomingAnswer(
            place=record.place,
            key=record.key,
            answered_file=content.header.get("FILENAME_1", ""),
            is_accepted=get("RPL") == AGREED,
            text=get("COMMENTR", ""),
            enp=get("ENP", ""),
        )
        found.answers.append(answer)
    return found


def _who(values: Mapping[str, str], *, insurer: str, enp: str = "") -> Named:
    kind, number = values.get("VPOLIS", ""), values.get("NPOLIS", "")
    if not enp and kind in OF_ONE_NUMBER and len(number) == LENGTH:
        enp = number
    phone = values.get("TEL", "")
    return Named(
        surname=values.get("FAM", ""),
        given_name=values.get("IM", ""),
        patronymic=patronymic_of(values.get("OT", "")),
        birth_on=parse_day(values.get("DR", "")),
        sex=SEXES.get(values.get("W", "")),
        enp=enp,
        snils=bare_snils(values.get("SNILS", "")),
        policy_kind=kind,
        policy_series=values.get("SPOLIS", ""),
        policy_number=number,
        phones=(phone,) if phone else (),
        address=values.get("ADRES", ""),
        insurer_code=values.get(insurer, ""),
    )


def _batch(content: Content) -> Batch:
    year, month = (content.header.get(name, "") for name in ("YEAR", "MONTH"))
    is_month = month.isdecimal() and 1 <= int(month) <= 12
    return Batch(year=int(year) if year.isdecimal() else None, month=int(month) if is_month else None)


BATCHES: dict[str, Callable[[Content], Batch]] = {
    "dspn-dn-informing": informed,
    "prof-preventive-list": due,
    "rpl-answer-dspn-prof": answers,
}
