"""Answers the journal has sent from the card of an appeal leave for the platform, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from opora.access.scope import Scope, enter
from opora.appeals.events import Chained
from opora.appeals.models import Answer
from opora.appeals.words import AnswerKind, AnswerState, EventKind
from opora.classifiers.words import Channel
from opora.doors.words import Fate
from opora.feedback.models import Errand, PosMessage
from opora.feedback.services._step import changed, locked, tell
from opora.feedback.words import ANSWERS, ErrandKind, Stage, StepKind

HEARD = frozenset({EventKind.ANSWERED, EventKind.INTERIM_ANSWERED})
LEFT = Q(channel=Channel.FEEDBACK, state=AnswerState.SENT, kind__in=(AnswerKind.FINAL, AnswerKind.INTERIM))
MOST_AT_ONCE = 500


def hear(events: Sequence[Chained], **_: Any) -> None:
    """Take up answers of these events; runs in the chainer, a second after they were sent."""
    if appeals := {event.appeal_id for event in events if event.kind in HEARD}:
        take_up(appeals)


def take_up(appeals: Iterable[UUID]) -> int:
    """Send what left these appeals by the platform and nobody has carried; run twice it does nothing more."""
    with enter(Scope.system("answers of the journal leave for the platform")):
        keys = list(PosMessage.objects.open().filter(appeal__in=list(appeals)).values_list("pk", flat=True))
        return sum(_take_up(key) for key in keys)


def take_up_left() -> int:
    """The same for whatever was not heard, or had to wait for an errand before it."""
    with enter(Scope.system("answers of the journal nobody has carried")):
        sent = Answer.objects.filter(LEFT, appeal__in=PosMessage.objects.open().values("appeal"))
        known = Errand.objects.filter(kind__in=ANSWERS, message__in=PosMessage.objects.open())
        carried = {given["answer"] for given in known.values_list("given", flat=True)}
        rows = sent.values_list("pk", "appeal_id")
        left = {appeal for answer, appeal in rows if str(answer) not in carried}
    return take_up(sorted(left)[:MOST_AT_ONCE]) if left else 0


def _take_up(message_id: UUID) -> bool:
    """Begin the errand of one answer; the next one waits until it is over. What a person has to send again waits."""
    message = locked(message_id)
    errands = message.errands.select_for_update()
    if not message.is_open or errands.filter(state=Fate.SENDING).exists():
        return False
    carried = {given["answer"] for given in errands.filter(kind__in=ANSWERS).values_list("given", flat=True)}
    sent = Answer.objects.filter(LEFT, appeal=message.appeal_id).select_related("created_by", "approved_by")
    answer = next((one for one in sent.order_by("sent_at") if str(one.pk) not in carried), None)
    if answer is None:
        return False
    _begin(message, answer)
    return True


def _begin(message: PosMessage, answer: Answer) -> None:
    from opora.feedback import tasks  # who carries imports the services

    by = answer.approved_by or answer.created_by
    is_final = answer.kind == AnswerKind.FINAL
    kind = ErrandKind.ANSWER if is_final else ErrandKind.INTERIM
    errand = Errand.objects.create(message=message, kind=kind, given={"answer": str(answer.pk)}, by=by)
    tasks.carry.defer(errand_id=str(errand.pk))
    who = by.full_name if by else ""
    tell(message, StepKind.FROM_CARD, who=who, answer=str(answer.pk), errand=str(kind))
    if not is_final:
        return
    own = {"outcome": message.outcome, "verdict": message.verdict} if message.answer == answer.pk else {}
    fresh = {"outcome": "", "verdict": "", **own}
    changed(message, stage=Stage.APPROVED, answer=answer.pk, trouble="", **fresh)
