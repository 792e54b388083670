"""What the journal has done on the card of an appeal leaves for the platform, each once: answers it has sent, terms it
has prolonged, appeals it has forwarded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.events import Chained
from opora.appeals.models import Answer, Event
from opora.appeals.services._change import ONE_TICK
from opora.appeals.words import AnswerKind, AnswerState, EventKind
from opora.classifiers.words import Channel
from opora.doors.words import Fate
from opora.feedback.actor import NAME
from opora.feedback.models import Errand, PosMessage
from opora.feedback.services._step import changed, locked, tell
from opora.feedback.words import ErrandKind, Stage, StepKind
from opora.organisations.models import Employee, Organisation

DONE = {EventKind.EXTENDED: ErrandKind.EXTENSION, EventKind.FORWARDED: ErrandKind.REDIRECTION}
HEARD = frozenset({EventKind.ANSWERED, EventKind.INTERIM_ANSWERED, *DONE})
LEFT = Q(channel=Channel.FEEDBACK, state=AnswerState.SENT, kind__in=(AnswerKind.FINAL, AnswerKind.INTERIM))
MISSED_SINCE = timedelta(days=2)  # longer than two errands before it may wait; what is older was told by hand
NO_WORDS = "Обращение направлено по принадлежности."
MOST_AT_ONCE = 500
STEPS = {
    ErrandKind.ANSWER: StepKind.FROM_CARD,
    ErrandKind.INTERIM: StepKind.FROM_CARD,
    ErrandKind.EXTENSION: StepKind.EXTENSION_ASKED,
    ErrandKind.REDIRECTION: StepKind.REDIRECTION_ASKED,
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """Something the platform is to be told; ``key`` tells its errand among others."""

    key: str
    kind: ErrandKind
    at: datetime
    given: dict[str, Any] = field(repr=False)
    by: Employee | None
    who: str


def hear(events: Sequence[Chained], **_: Any) -> None:
    """Take up what these events tell; runs in the chainer, a second after they happened."""
    if appeals := {event.appeal_id for event in events if event.kind in HEARD}:
        take_up(appeals)


def take_up(appeals: Iterable[UUID]) -> int:
    """Send what left these appeals for the platform and nobody has carried; run twice it does nothing more."""
    with enter(Scope.system("what the journal has done leaves for the platform")):
        keys = list(PosMessage.objects.open().filter(appeal__in=list(appeals)).values_list("pk", flat=True))
        return sum(_take_up(key) for key in keys)


def take_up_left() -> int:
    """The same for whatever was not heard, or had to wait for an errand before it."""
    with enter(Scope.system("what the journal has done and nobody has carried")):
        opened = PosMessage.objects.open()
        sent = Answer.objects.filter(LEFT, appeal__in=opened.values("appeal")).values_list("pk", "appeal_id")
        everybody = Organisation.objects.values("pk")  # events lie by organisation and moment
        done = _done().filter(organisation_id__in=everybody, appeal__in=opened.values("appeal"))
        carried = _carried(Errand.objects.filter(message__in=opened))
        rows = [*sent, *done.values_list("id", "appeal_id")]
        left = {appeal for key, appeal in rows if str(key) not in carried}
    return take_up(sorted(left)[:MOST_AT_ONCE]) if left else 0


def _take_up(message_id: UUID) -> bool:
    """Begin one errand; the next one waits until it is over. What a person has to send again waits."""
    message = locked(message_id)
    errands = message.errands.select_for_update()
    if not message.is_open or errands.filter(state=Fate.SENDING).exists():
        return False
    carried = _carried(errands)
    rows = [one for one in (*_answers(message), *_acts(message)) if one.key not in carried]
    if not rows:
        return False
    _begin(message, min(rows, key=lambda one: one.at))
    return True


def _answers(message: PosMessage) -> list[Leaving]:
    found = []
    for answer in Answer.objects.filter(LEFT, appeal=message.appeal_id).select_related("created_by", "approved_by"):
        kind = ErrandKind.ANSWER if answer.kind == AnswerKind.FINAL else ErrandKind.INTERIM
        by = answer.approved_by or answer.created_by
        given = {"answer": str(answer.pk)}
        found.append(
            Leaving(str(answer.pk), kind, answer.sent_at or answer.created_at, given, by, by.full_name if by else "")
        )
    return found


def _acts(message: PosMessage) -> list[Leaving]:
    """Return prolongations and forwardings with the words for the citizen: the notice where there is one."""
    events = list(_done().filter(appeal=message.appeal_id))
    people = Employee.objects.in_bulk([event.employee_id for event in events if event.employee_id is not None])
    return [
        Leaving(
            str(event.id),
            DONE[EventKind(event.kind)],
            event.at,
            {"event": str(event.id), **_told(message, event), **_words(event)},
            people.get(event.employee_id) if event.employee_id is not None else None,
            event.employee_name,
        )
        for event in events
    ]


def _told(message: PosMessage, event: Event) -> dict[str, Any]:
    details = event.details
    if event.kind == EventKind.FORWARDED:
        return {"to": details["to_name"], "outside": details.get("outside", "")}
    until = details.get("due_on") or (message.appeal.due_on or timezone.localdate()).isoformat()
    return {"until": until, **{name: details[name] for name in ("days", "order_number", "order_on")}}


def _words(event: Event) -> dict[str, str]:
    notices = Event.objects.filter(appeal=event.appeal_id, kind=EventKind.NOTIFIED, at=event.at + ONE_TICK)
    details = notices.values_list("details", flat=True).first()
    return {"answer": details["answer"]} if details else {"why": event.text or NO_WORDS}


def _done() -> Any:
    """Acts of the journal the platform is told of; those it has agreed to before are its own."""
    rows = Event.objects.filter(kind__in=list(DONE), at__gt=timezone.now() - MISSED_SINCE)
    return rows.exclude(employee_id=None, employee_name=NAME)


def _carried(errands: Any) -> set[str]:
    given = errands.values_list("given", flat=True)
    return {str(one.get("event") or one.get("answer")) for one in given}


def _begin(message: PosMessage, leaving: Leaving) -> None:
    from opora.feedback import tasks  # who carries imports the services

    errand = Errand.objects.create(message=message, kind=leaving.kind, given=leaving.given, by=leaving.by)
    tasks.carry.defer(errand_id=str(errand.pk))
    told = {name: leaving.given[name] for name in ("answer", "days", "until", "to") if name in leaving.given}
    tell(message, STEPS[leaving.kind], who=leaving.who, **told, errand=str(leaving.kind), card=True)
    if leaving.kind != ErrandKind.ANSWER:
        return
    own = {"outcome": message.outcome, "verdict": message.verdict} if str(message.answer) == leaving.key else {}
    fresh = {"outcome": "", "verdict": "", **own}
    changed(message, stage=Stage.APPROVED, answer=UUID(leaving.key), trouble="", **fresh)
