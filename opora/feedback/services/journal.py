"""What the platform's word does to the appeal, by the program under the name of who answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from opora.appeals import services as appeals
from opora.appeals.models import Answer, Appeal
from opora.appeals.services._change import By
from opora.appeals.services.answers import GONE
from opora.appeals.words import AnswerState
from opora.classifiers.words import Channel, Outcome
from opora.feedback.actor import Platform
from opora.feedback.models import PosMessage
from opora.feedback.words import USUAL
from opora.shared.errors import DomainError

log = structlog.get_logger(__name__)


def extend(message: PosMessage, given: Mapping[str, Any], *, by: By) -> Appeal:
    """Let the clock run longer by what was asked of the platform."""
    return appeals.extend(
        message.appeal_id,
        days=given["days"],
        order_number=given["order_number"],
        order_on=date.fromisoformat(given["order_on"]),
        why=given["why"],
        notice_text=given["why"],
        by=by,
    )


def redirect(message: PosMessage, given: Mapping[str, Any], *, by: By) -> Appeal:
    """Send the appeal where the platform has sent the message, and close it."""
    appeals.forward(
        message.appeal_id,
        outside=given["outside"],
        to_name=given["to"],
        cover_text=given["why"],
        notice_text=given["why"],
        by=by,
    )
    return appeals.close(message.appeal_id, outcome=Outcome.REDIRECTED, by=by)


def state_of(answer: UUID) -> str:
    """Return where an answer of the journal stands."""
    return str(Answer.objects.values_list("state", flat=True).get(pk=answer))


def given(message: PosMessage) -> str:
    """The platform has the answer: the citizen's term is kept or missed by this moment, or by that of the card."""
    answer = message.answer
    assert answer is not None  # an errand of an answer has one  # noqa: S101
    if state_of(answer) in GONE:
        return ""
    return said(message, lambda by: appeals.send_answer(answer, channel=Channel.FEEDBACK, by=by))


def published(message: PosMessage, at: datetime) -> str:
    """The citizen can read the answer: it is delivered and the appeal closed, unless a person has closed it already.

    An answer that was written on the card has no outcome here: the appeal waits there for its own.
    """
    answer = message.answer
    assert answer is not None  # noqa: S101 - as above

    def act(by: Platform) -> None:
        if state_of(answer) == AnswerState.SENT:
            appeals.confirm_delivery(answer, at=at, by=by)
        is_open = Appeal.objects.filter(pk=message.appeal_id, closed_at=None).exists()
        if is_open and message.outcome:
            appeals.close(message.appeal_id, outcome=message.outcome, verdict=message.verdict, by=by)

    return said(message, act)


def refused(message: PosMessage, why: str) -> str:
    """The platform does not show an answer the journal has sent: the citizen waits for another, closed or not."""
    answer = message.answer
    assert answer is not None  # noqa: S101 - as above

    def act(by: Platform) -> None:
        if state_of(answer) == AnswerState.SENT:
            appeals.confirm_delivery(answer, failed_why=why, by=by)
        if not Appeal.objects.filter(pk=message.appeal_id, closed_at=None).exists():
            appeals.reopen(message.appeal_id, why=why, by=by)

    return said(message, act)


def told(message: PosMessage, answer: UUID, *, at: datetime | None = None, failed_why: str = "") -> str:
    """The platform shows an interim answer or a notice, or does not: nothing else in the journal moves."""
    expected = {AnswerState.SENT} if failed_why else {AnswerState.SENT, AnswerState.FAILED}  # it may be sent again

    def act(by: Platform) -> None:
        if state_of(answer) in expected:
            appeals.confirm_delivery(answer, at=at, failed_why=failed_why, by=by)

    return said(message, act)


def reopened(message: PosMessage, why: str) -> str:
    """The citizen does not agree: a new clock starts, the appeal returns to who had it.

    One answered on its card and not yet closed there is closed as it usually is; a complaint is not: its verdict is a
    person's.
    """

    def act(by: Platform) -> None:
        appeal = Appeal.objects.values("kind", "closed_at").get(pk=message.appeal_id)
        if appeal["closed_at"] is None:
            appeals.close(message.appeal_id, outcome=USUAL.get(appeal["kind"], Outcome.CONSIDERED), by=by)
        appeals.reopen(message.appeal_id, why=why, by=by)

    return said(message, act)


def said(message: PosMessage, act: Callable[[Platform], object]) -> str:
    """Do it; what the journal refuses is returned as a sentence: the platform's word stands whatever we think of it."""
    handler = Appeal.objects.select_related("handler__territory").get(pk=message.appeal_id).handler
    try:
        with transaction.atomic():
            act(Platform(handler))
    except DomainError as fault:
        log.warning("feedback.journal_refused", message=str(message.pk), code=fault.code)
        return f"Журнал: {fault.sentence}"[:300]
    return ""
