"""One appeal as she may see it: each part read only where the grant of her organisation reaches."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from opora.access.scope import Scope
from opora.appeals import enclosing, story, terms
from opora.appeals.actor import actor_of
from opora.appeals.listing.details import due_state
from opora.appeals.models import (
    Answer,
    Appeal,
    AppealText,
    Callback,
    Clock,
    Event,
    File,
    Grant,
    Party,
    Reason,
    Relation,
    Wait,
)
from opora.appeals.models.grant import depth_column
from opora.appeals.words import AnswerState, CallbackState, ClockState, Depth, Stage
from opora.classifiers.words import Flag
from opora.deadlines.clock import Pause
from opora.deadlines.errors import NoSuchTerm
from opora.deadlines.explanation import explain
from opora.shared.prepared import prepared

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SHOWN_EVENTS = 200
JUST_GIVEN = frozenset({Stage.REGISTERED, Stage.ASSIGNED, Stage.IN_WORK})  # until something was done with it
CLOCK_STATES = {ClockState.KEPT: "done", ClockState.MISSED: "late", ClockState.STOPPED: "none"}
ANSWER_STATES = {
    AnswerState.SUBMITTED: "today",
    AnswerState.RETURNED: "today",
    AnswerState.APPROVED: "now",
    AnswerState.SENT: "done",
    AnswerState.DELIVERED: "done",
    AnswerState.FAILED: "late",
}


@dataclass(frozen=True, slots=True)
class Ticking:
    """A clock with its badge and its proof in sentences; the proof is counted when the page is made."""

    clock: Clock
    state: tuple[str, str]
    why: list[str]


@dataclass(slots=True)
class Case:
    """Everything the card shows. What lies below her depth was never read."""

    appeal: Appeal
    depth: int
    reason: str
    now: datetime
    text: str = ""
    parties: list[Party] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    clocks: list[Ticking] = field(default_factory=list)
    timeline: list[story.Told] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    relations: list[tuple[Relation, Appeal]] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    handed: story.Handed | None = None
    wait: Wait | None = None

    @property
    def sees_text(self) -> bool:
        return self.depth >= Depth.TEXT

    @property
    def sees_people(self) -> bool:
        return self.depth >= Depth.PERSONAL

    @property
    def state(self) -> tuple[str, str]:
        return due_state(self.appeal.due_at, self.appeal.closed_at, self.now)

    @property
    def flags(self) -> list[str]:
        return [str(Flag(flag).label) for flag in self.appeal.flags if flag in Flag.values]

    @property
    def applicant(self) -> Party | None:
        return next((party for party in self.parties if party.role == "applicant"), None)

    @property
    def open_callbacks(self) -> list[Callback]:
        return [callback for callback in self.callbacks if callback.state == CallbackState.OPEN]

    @property
    def draft(self) -> Answer | None:
        """The answer somebody works on now."""
        working = {AnswerState.DRAFT, AnswerState.SUBMITTED, AnswerState.APPROVED}
        return next(
            (answer for answer in reversed(self.answers) if answer.kind == "final" and answer.state in working), None
        )

    @property
    def keeper(self) -> str:
        """Whom to ask: «СМО Бета, СП2»."""
        owner = self.appeal.owner
        who = owner.short_name if owner else f"очередь {self.appeal.get_line_display()}"
        return f"{self.appeal.handler.name}, {who}"


def find(number: str, employee: Employee) -> tuple[Appeal, Grant] | None:
    """Return the appeal of a number with her organisation's grant, or None where it does not exist for her."""
    if "\x00" in number:
        return None
    appeal = _numbered.first(employee.scope, number)
    grant = _granted.first(employee.scope, appeal.pk) if appeal else None
    return (appeal, grant) if appeal and grant else None


@prepared
def _numbered(scope: Scope, number: str) -> QuerySet[Appeal]:
    found = Appeal.objects.within(scope).filter(number=number).order_by("pk")[:1]
    return found.select_related("topic", "handler__territory", "owner", "organisation", "registered_by", "bundle")


@prepared
def _granted(scope: Scope, appeal: UUID) -> QuerySet[Grant]:
    return Grant.objects.within(scope).of_depth(scope, Depth.STAGE).filter(appeal=appeal).order_by("pk")[:1]


def of(appeal: Appeal, grant: Grant, employee: Employee) -> Case:
    """Read the card. At most twelve queries, fewer where she sees less."""
    depth = Depth.PERSONAL if employee.scope.sees == "all" else getattr(grant, depth_column(employee.scope))
    case = Case(appeal, depth, grant.get_reason_display(), timezone.now())
    case.clocks = [_ticking(clock, case.now) for clock in _clocks(appeal.pk)]
    events = _events(appeal.pk, Event.not_before(appeal))
    case.timeline = story.tell(events, story.named(events), depth)
    case.handed = story.handed(events, case.timeline) if appeal.stage in JUST_GIVEN else None
    case.callbacks = _callbacks(appeal.pk)
    case.relations = _relations(appeal)
    if case.sees_text:
        content = _text.first(appeal.pk)
        case.text = content.text if content else ""
        case.reasons = _reasons(appeal.pk)
        case.wait = _wait.first(appeal.pk)
        case.answers = _answers(appeal)
        case.files = _files(appeal.pk, Depth(depth))
        for answer in case.answers:
            answer.goes_along = enclosing.names(answer, case.files)  # type: ignore[attr-defined]
    if case.sees_people:
        case.parties = _parties(appeal.pk)
        case.handed = _identified(case)
    return case


def _identified(case: Case) -> story.Handed | None:
    """What came with the hand-over; where it says nothing of an identity, that of the applicant was known before."""
    handed, applicant = case.handed, case.applicant
    if handed is None or handed.identity or applicant is None:
        return handed
    return replace(handed, identity=story.identity(applicant.identified_how))


def _answers(appeal: Appeal) -> list[Answer]:
    found = _answered(appeal.pk)
    for answer in found:
        answer.badge = ANSWER_STATES.get(AnswerState(answer.state), "none")  # type: ignore[attr-defined]
    return found


_OF_RELATIONS = (
    *("kind", "why", "undone_at", "earlier__number", "earlier__topic__title"),
    *("later__number", "later__topic__title"),
)


def _relations(appeal: Appeal) -> list[tuple[Relation, Appeal]]:
    """Linked appeals she may see; the other one of each pair."""
    return [
        (relation, relation.later if relation.earlier_id == appeal.pk else relation.earlier)
        for relation in _related(appeal.pk)
    ]


@prepared
def _clocks(appeal: UUID) -> QuerySet[Clock]:
    return Clock.objects.filter(appeal=appeal)


@prepared
def _events(appeal: UUID, since: datetime) -> QuerySet[Event]:
    return Event.objects.filter(appeal=appeal, at__gte=since).order_by("-at")[:SHOWN_EVENTS]


@prepared
def _callbacks(appeal: UUID) -> QuerySet[Callback]:
    return Callback.objects.filter(appeal=appeal).select_related("owner")


@prepared
def _text(appeal: UUID) -> QuerySet[AppealText]:
    return AppealText.objects.filter(appeal=appeal).only("text")


@prepared
def _reasons(appeal: UUID) -> QuerySet[Reason]:
    return Reason.objects.filter(appeal=appeal).select_related("topic", "provider")


@prepared
def _wait(appeal: UUID) -> QuerySet[Wait]:
    return Wait.objects.filter(appeal=appeal).select_related("provider")


@prepared
def _answered(appeal: UUID) -> QuerySet[Answer]:
    return Answer.objects.filter(appeal=appeal).select_related("created_by", "approved_by", "to_organisation")


@prepared
def _files(appeal: UUID, depth: Depth) -> QuerySet[File]:
    return File.objects.filter(appeal=appeal, depth__lte=depth, removed_at=None)


@prepared
def _parties(appeal: UUID) -> QuerySet[Party]:
    return Party.objects.filter(appeal=appeal).select_related("insurer")


@prepared
def _related(appeal: UUID) -> QuerySet[Relation]:
    rows = Relation.objects.filter(Q(earlier=appeal) | Q(later=appeal), undone_at=None)
    return rows.select_related("earlier__topic", "later__topic").only(*_OF_RELATIONS)


def _ticking(clock: Clock, now: datetime) -> Ticking:
    state = CLOCK_STATES.get(ClockState(clock.state))
    words = (state, clock.get_state_display().lower()) if state else due_state(clock.due_at, None, now)
    return Ticking(clock, words, proof(clock))


def proof(clock: Clock) -> list[str]:
    """Return «почему эта дата» of a stored clock: counted again from its inputs by the packs of now."""
    days = date.fromisoformat
    pauses = tuple(Pause(days(since), days(until), why) for since, until, why in clock.pauses if until)
    try:
        counted = terms.recount(clock.term, clock.started_on, clock.territory, extension=clock.extension, pauses=pauses)
    except NoSuchTerm:
        return [f"Срок посчитан по паку {clock.law_version}; сейчас такого пака нет."]
    lines = explain(counted)
    if clock.order_number:
        lines.insert(2, f"Продление: приказ № {clock.order_number}.")
    if counted.due_on != clock.due_on:
        lines.append(
            f"Сохранён срок {clock.due_on:%d.%m.%Y}: посчитан по паку {clock.law_version}, {clock.calendar_version}."
        )
    lines += [f"С {days(since):%d.%m.%Y} срок ждёт: {why}." for since, until, why in clock.pauses if not until]
    return lines


def is_hers(case: Case, employee: Employee) -> bool:
    return case.appeal.owner_id == employee.pk


def answers_for(case: Case, employee: Employee) -> bool:
    """Whether her organisation answers for it now."""
    return case.appeal.handler_id == actor_of(employee).holder
