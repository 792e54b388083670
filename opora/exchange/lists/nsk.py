"""Workbooks of Novosibirsk in our words. Handbook 20 §6. A row that repeats an earlier one counts once."""

from __future__ import annotations

from collections.abc import Iterator

from opora.exchange.fields import parse_date
from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.formats.nsk import REQUEST
from opora.exchange.formats.nsk_books import is_withdrawal
from opora.exchange.lists.nsk_codes import CONSENTS, OUTCOMES, REASONS, SERVED, STAGES, WAYS
from opora.exchange.people import patronymic_of
from opora.informing.incoming import Batch, IncomingConsent, IncomingContact, Named
from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason

SAID = {Reason.LATER: Outcome.PROMISED, Reason.UNWILLING: Outcome.REFUSED}
HARD_TO_SAY = "111"
YES = "1"


def informing(content: Content) -> Batch:
    return Batch(contacts=[_informed(record) for record in _once(content)])


def survey(content: Content) -> Batch:
    """Answers of a survey; by what channel people were asked the book does not say."""
    return Batch(contacts=[_asked(record) for record in _once(content)])


def consents(content: Content) -> Batch:
    found = []
    for record in _once(content):
        on = parse_date(record.values["on"])
        assert on is not None  # noqa: S101 - the controls have seen to it
        told = IncomingConsent(
            place=record.place,
            key=record.key,
            who=_who(record),
            on=on,
            is_granted=not is_withdrawal(content.header[REQUEST]),
            how=CONSENTS.get(record.values["how"], ""),
        )
        found.append(told)
    return Batch(consents=found)


def expert(content: Content) -> Batch:
    """Of the expert control only this concerns informing: that the person was informed of observation, with no day."""
    found = [
        IncomingContact(
            place=record.place,
            key=record.key,
            who=_who(record),
            measure=Measure.OBSERVATION,
            channel=Channel.OTHER,
            on=None,
            provider_code=record.values["provider"],
            note=record.values["note"],
        )
        for record in _once(content)
        if record.values["is_informed"] == YES
    ]
    return Batch(contacts=found)


def _once(content: Content) -> Iterator[Record]:
    seen: set[tuple[str, ...]] = set()
    for record in content.records:
        row = tuple(record.values.values())
        if row not in seen:
            seen.add(row)
            yield record


def _who(record: Record) -> Named:
    values = record.values
    return Named(
        surname=values["surname"],
        given_name=values["given_name"],
        patronymic=patronymic_of(values["patronymic"]),
        birth_on=parse_date(values["birth_on"]),
    )


def _informed(record: Record) -> IncomingContact:
    values = record.values
    stage = STAGES[values["stage"]]
    return IncomingContact(
        place=record.place,
        key=record.key,
        who=_who(record),
        measure=stage.measure,
        channel=WAYS[values["way"]],
        on=parse_date(values["on"]),
        purpose=stage.purpose,
        sequence=stage.sequence,
        outcome=OUTCOMES.get(values["way"]),
        note=values["note"] or stage.note,
    )


def _asked(record: Record) -> IncomingContact:
    values = record.values
    reason = REASONS.get(values["answer"])
    served = SERVED.get(values["answer"], "")
    if reason:
        outcome = SAID.get(reason, Outcome.ANSWERED)
    else:
        outcome = Outcome.UNDECIDED if values["answer"] == HARD_TO_SAY else Outcome.ANSWERED
    return IncomingContact(
        place=record.place,
        key=record.key,
        who=_who(record),
        measure=Measure.SCREENING,
        channel=Channel.OTHER,
        on=parse_date(values["on"]),
        purpose=Purpose.ASK_WHY if reason else Purpose.ASK_SATISFACTION,
        outcome=outcome,
        reason=reason,
        note=": ".join(part for part in (served, values["note"]) if part),
    )
