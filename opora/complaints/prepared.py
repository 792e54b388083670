"""Questions of the board and of the page of a case, put together once: see ``opora.shared.prepared``."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet, Sum

from opora.access.scope import Scope
from opora.appeals.models import AppealText, Party, Reason
from opora.complaints.models import (
    Case,
    CaseEvent,
    CaseTally,
    Claim,
    Control,
    Dispute,
    DoubtedService,
    Paper,
    RecordsRequest,
    Reminder,
    Restoration,
    Violation,
)
from opora.complaints.words import CaseStage
from opora.shared.pages import placed
from opora.shared.prepared import prepared

ON_PAGE, TOLD = 50, 200  # rows of the board, events of a case
BY_DUE, BY_AGE = ("due_on", "appeal"), ("-appeal",)
ON_BOARD = (
    "stage", "due_on", "closed_at", "appeal__number", "appeal__topic__title",
    "expert__surname", "expert__given_name", "expert__patronymic",
)  # fmt: skip


@prepared
def open_cases(
    scope: Scope,
    stage: CaseStage | None,
    today: date | None,
    expert: int | None,
    due: date | None,
    key: UUID | None,
    back: bool,
) -> QuerySet[Case]:
    """Open cases of a stage, before ``today`` and of ``expert`` where these are given, behind a row of the board."""
    rows = Case.objects.within(scope).open()
    rows = rows.filter(stage=stage) if stage else rows
    rows = rows.filter(due_on__lt=today) if today is not None else rows
    rows = rows.filter(expert=expert) if expert is not None else rows
    boundary = [] if key is None else [due, key]
    return _on_board(placed(rows, order=BY_DUE, boundary=boundary, back=back))


@prepared
def ended_cases(scope: Scope, expert: int | None, key: UUID | None, back: bool) -> QuerySet[Case]:
    rows = Case.objects.within(scope).filter(closed_at__isnull=False)
    rows = rows.filter(expert=expert) if expert is not None else rows
    return _on_board(placed(rows, order=BY_AGE, boundary=[] if key is None else [key], back=back))


def _on_board(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("appeal__topic", "expert").only(*ON_BOARD)[: ON_PAGE + 1]


@prepared
def tally(scope: Scope, before: date | None) -> QuerySet[CaseTally, tuple[str, int]]:
    """How many open cases stand at each stage, all of them or those awaited before a day."""
    rows = CaseTally.objects.within(scope)
    rows = rows.filter(due_on__lt=before) if before is not None else rows
    return rows.order_by().values_list("stage").annotate(number=Sum("change"))


@prepared
def case(scope: Scope, number: str) -> QuerySet[Case]:
    rows = Case.objects.within(scope).select_related("appeal__topic", "appeal__handler", "expert", "insurer")
    return rows.filter(appeal__number=number).order_by("pk")[:1]


@prepared
def parties(appeal: UUID) -> QuerySet[Party]:
    return Party.objects.filter(appeal=appeal).select_related("person")


@prepared
def text(appeal: UUID) -> QuerySet[AppealText, str]:
    return AppealText.objects.filter(pk=appeal).values_list("text", flat=True)


@prepared
def reasons(appeal: UUID) -> QuerySet[Reason]:
    return Reason.objects.filter(appeal=appeal).select_related("topic", "provider")


@prepared
def requests(case: UUID) -> QuerySet[RecordsRequest]:
    return RecordsRequest.objects.filter(case=case).select_related("provider")


@prepared
def papers(requests: list[UUID]) -> QuerySet[Paper]:
    return Paper.objects.filter(request__in=requests)


@prepared
def reminders(requests: list[UUID]) -> QuerySet[Reminder]:
    return Reminder.objects.filter(request__in=requests)


@prepared
def controls(case: UUID) -> QuerySet[Control]:
    return Control.objects.filter(case=case).select_related("expert", "provider", "made_by")


@prepared
def violations(controls: list[UUID]) -> QuerySet[Violation]:
    return Violation.objects.filter(control__in=controls).order_by("code", "pk")


@prepared
def claims(case: UUID) -> QuerySet[Claim]:
    return Claim.objects.filter(control__case=case).select_related("provider", "control", "review")


@prepared
def restorations(case: UUID) -> QuerySet[Restoration]:
    return Restoration.objects.filter(case=case).select_related("reason__topic")


@prepared
def disputes(case: UUID) -> QuerySet[Dispute]:
    return Dispute.objects.filter(case=case)


@prepared
def doubted(case: UUID) -> QuerySet[DoubtedService]:
    return DoubtedService.objects.filter(case=case).select_related("provider")


@prepared
def events(case: UUID) -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case=case).select_related("organisation")[:TOLD]
