"""Questions of the room: what waits, one message as a whole, who answered how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from opora.appeals import enclosing
from opora.appeals.beside import Beside
from opora.appeals.models import Answer, Appeal, AppealText, File, Party
from opora.appeals.words import AnswerKind, AnswerState, PartyRole
from opora.classifiers.words import Channel
from opora.doors.words import Fate
from opora.feedback.models import Errand, PosMessage, Step
from opora.feedback.words import ErrandKind, Stage, StepKind, Track
from opora.organisations.models import Assignment, Employee, Organisation

if TYPE_CHECKING:
    from datetime import tzinfo

ASKED = (StepKind.ASSIGNED, StepKind.RETURNED, StepKind.REFUSED, StepKind.REOPENED)
INSURERS = (Organisation.Kind.INSURER, Organisation.Kind.BRANCH)
WHATS = {
    "": "Отвеченные",
    "late": "Отвеченные позже срока",
    "fast": "Отвеченные в ускоренном порядке",
    "rated": "С оценкой гражданина",
    "reopened": "Вернувшиеся",
    "insurers": "Отвеченные страховыми",
}
_WHAT = {
    "": Q(),
    "late": Q(answered_at__gt=F("due_at")),
    "fast": Q(track=Track.FAST),
    "rated": Q(rating__isnull=False),
    "reopened": Q(reopened__gt=0),
    "insurers": Q(answered_by__kind__in=INSURERS),
}


@dataclass(frozen=True, slots=True)
class MessageShown:
    """Everything the page of a message shows. ``text`` None — the appeal is not open to her so deep.

    Each of ``answers`` carries the names of what ``goes_along``.
    """

    message: PosMessage
    text: str | None
    applicant: Party | None
    answers: list[Answer]
    files: list[File]
    steps: list[Step]
    errand: Errand | None

    @property
    def is_torn(self) -> bool:
        """The appeal is answered or closed in the journal, and nothing of it goes to the platform."""
        appeal = self.message.appeal
        is_over = appeal.closed_at is not None or appeal.answered_at is not None
        return is_over and self.message.is_open and not any(answer.leaves_by_us for answer in self.answers)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Words:
    """What an answer answers: the citizen's words, why it was returned, with what he disagrees."""

    text: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Answered:
    """What one organisation answered in a period; each figure opens into its rows. ``rating`` is of 1–5."""

    organisation: int
    name: str
    kind: str
    answered: int
    late: int
    fast: int
    rated: int
    rating: float | None
    reopened: int


@dataclass(frozen=True, slots=True)
class Share:
    """Who answered what in a period."""

    rows: list[Answered]

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)

    @property
    def by_insurers(self) -> int:
        return sum(row.answered for row in self.rows if row.kind in INSURERS)

    @property
    def percent(self) -> float | None:
        """Return the share of insurers in per cent, None when nothing was answered."""
        return 100 * self.by_insurers / self.answered if self.answered else None


def listed(employee: Employee, *, state: str, mine: bool = False) -> QuerySet[PosMessage]:
    """Messages of a stage, or all open ones; with whom they are. One query."""
    found: QuerySet[PosMessage] = PosMessage.objects.accessible_to(employee).select_related(
        "handler", "executor", "appeal"
    )
    found = found.open() if state == "open" else found.filter(stage=state)  # type: ignore[attr-defined]
    return found.filter(executor=employee) if mine else found


def of_id(message_id: UUID, employee: Employee) -> PosMessage | None:
    rows = PosMessage.objects.accessible_to(employee).select_related(
        "handler", "executor", "appeal__topic", "organisation"
    )
    found: PosMessage | None = rows.filter(pk=message_id).first()
    return found


def shown(message: PosMessage) -> MessageShown:
    """Read the page of a message. Six queries; rows of the appeal are seen as deep as the journal lets."""
    appeal = message.appeal_id
    kinds = (AnswerKind.FINAL, AnswerKind.INTERIM)
    answers = Answer.objects.filter(appeal=appeal, kind__in=kinds).select_related("created_by").order_by("created_at")
    files = list(files_of(message))
    for answer in answers:
        answer.goes_along = enclosing.names(answer, files)  # type: ignore[attr-defined]
        sent_here = answer.channel == Channel.FEEDBACK and answer.state == AnswerState.SENT
        answer.leaves_by_us = answer.kind == AnswerKind.FINAL and sent_here  # type: ignore[attr-defined]
    return MessageShown(
        message,
        AppealText.objects.filter(appeal=appeal).values_list("text", flat=True).first(),
        Party.objects.filter(appeal=appeal, role=PartyRole.APPLICANT).first(),
        list(answers),
        files,
        list(message.steps.all()),
        message.errands.order_by("-created_at", "-pk").first(),
    )


def files_of(message: PosMessage) -> QuerySet[File]:
    """Files on the card of a message's appeal, as deep as the journal lets."""
    return File.objects.filter(appeal=message.appeal_id, removed_at=None)


def link_of_appeal(appeal: Appeal, employee: Employee) -> Beside | None:
    """Return the message an appeal came by, for its card. One query, none for appeals that came otherwise."""
    if appeal.channel != Channel.FEEDBACK:
        return None
    last = Errand.objects.filter(message=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = PosMessage.objects.accessible_to(employee).annotate(
        last_kind=Subquery(last.values("kind")[:1]), last_state=Subquery(last.values("state")[:1])
    )
    found = rows.filter(appeal=appeal.pk).first()
    if found is None:
        return None
    state = "late" if found.trouble else "now" if found.is_open else "done"
    said = found.get_stage_display().lower()
    if found.trouble:
        said = "не вышло"
    elif found.last_state == Fate.SENDING:
        said = f"{ErrandKind(found.last_kind).label.lower()} передаётся"
    elif found.is_open and found.last_kind == ErrandKind.EXTENSION and found.last_state == Fate.SENT:
        said = f"{said}, срок продлён"
    return Beside("Госуслуги", reverse("feedback:message", args=[found.pk]), "inbox", "2", state, said)


def words(message: PosMessage) -> Words:
    """Return what stands above an answer that is being written. Two queries."""
    text = AppealText.objects.filter(appeal=message.appeal_id).values_list("text", flat=True).first()
    return Words(text or "Текст вам не открыт.", list(message.steps.filter(kind__in=ASKED).exclude(text="")))


def share(employee: Employee, since: date, until: date, zone: tzinfo) -> Share:
    """Count who answered what between two days, both in. One query over the messages of the period."""
    rows = (
        _answered(employee, since, until, zone)
        .values("answered_by", "answered_by__name", "answered_by__kind")
        .annotate(
            answered=Count("pk"),
            late=Count("pk", filter=_WHAT["late"]),
            fast=Count("pk", filter=_WHAT["fast"]),
            rated=Count("pk", filter=_WHAT["rated"]),
            rating=Avg("rating"),
            again=Count("pk", filter=_WHAT["reopened"]),
        )
        .order_by("-answered", "answered_by__name")
    )
    return Share(
        [
            Answered(
                row["answered_by"], row["answered_by__name"], row["answered_by__kind"], row["answered"], row["late"],
                row["fast"], row["rated"], row["rating"], row["again"],
            )
            for row in rows
        ]
    )  # fmt: skip


def share_rows(
    employee: Employee, since: date, until: date, zone: tzinfo, *, organisation: int | None, what: str
) -> QuerySet[PosMessage]:
    """Return the messages behind a figure."""
    found = _answered(employee, since, until, zone).filter(_WHAT[what]).select_related("handler", "executor", "appeal")
    return found.filter(answered_by=organisation) if organisation is not None else found


def executors(message: PosMessage) -> list[Employee]:
    """Who works at the organisation that answers and may work on messages, by name."""
    from opora.access.rights import Right

    there = Q(organisation=message.handler_id) | Q(organisation__parent=message.handler_id)
    current = Assignment.objects.current().filter(there, employee__is_active=True).select_related("role", "employee")
    found = {one.employee_id: one.employee for one in current if Right.FEEDBACK_WORK in one.role.rights}
    return sorted(found.values(), key=lambda one: one.full_name)


def others(message: PosMessage) -> QuerySet[Organisation]:
    """Organisations of the territory a message may be given to."""
    kinds = (Organisation.Kind.FUND, Organisation.Kind.INSURER)
    found = Organisation.objects.current().filter(territory=message.territory, kind__in=kinds, closed_on=None)
    return found.exclude(pk=message.handler_id).order_by("kind", "name")


def _answered(employee: Employee, since: date, until: date, zone: tzinfo) -> QuerySet[PosMessage]:
    begins = datetime.combine(since, time.min, zone)
    ends = datetime.combine(until + timedelta(days=1), time.min, zone)
    found: QuerySet[PosMessage] = PosMessage.objects.accessible_to(employee).filter(
        stage=Stage.ANSWERED, answered_at__gte=begins, answered_at__lt=ends
    )
    return found


def last_answer(message: PosMessage) -> Answer | None:
    """Return the answer that was written last and has not left: what a rework begins with."""
    rows = Answer.objects.filter(appeal=message.appeal_id, kind="final", sent_at=None)
    return rows.order_by("-created_at").first()
