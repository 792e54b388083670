"""Questions of the room: the board, one case with everything around it, a clinic, a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from opora.appeals.beside import Beside
from opora.appeals.models import Appeal, Party, Reason
from opora.complaints import packs, prepared
from opora.complaints.models import (
    Case,
    CaseEvent,
    Claim,
    Control,
    Dispute,
    DoubtedService,
    RecordsRequest,
    Restoration,
)
from opora.complaints.packs import Advice
from opora.complaints.words import CaseStage, Restored
from opora.shared.pages import Page, keyset_of
from opora.shared.prepared import give

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

SHOWN = 20
OVERDUE = "late"


@dataclass(frozen=True, slots=True)
class StageCount:
    """One column of the board."""

    stage: CaseStage
    number: int
    late: int


@dataclass(frozen=True, slots=True)
class ReasonAdvised:
    """A reason of the complaint with what the pack advises to check."""

    reason: Reason
    advice: Advice | None


@dataclass(slots=True)
class CaseShown:
    """Everything the page of a case shows."""

    case: Case
    appeal: Appeal
    text: str
    applicant: Party | None
    patient: Party | None
    reasons: list[ReasonAdvised]
    requests: list[RecordsRequest]
    controls: list[Control]
    claims: list[Claim]
    restorations: list[Restoration]
    disputes: list[Dispute]
    doubted: list[DoubtedService]
    events: list[CaseEvent]
    today: date = field(default_factory=timezone.localdate)

    @property
    def state(self) -> tuple[str, str]:
        """The badge of the nearest day."""
        return due_badge(self.case.awaited_by, self.today)

    @property
    def accepted(self) -> list[RecordsRequest]:
        return [row for row in self.requests if row.state == "accepted"]


def board(
    employee: Employee, *, stage: str = "", due: str = "", mine: bool = False, after: str | None = None
) -> Page[Case]:
    """A page of the board, nearest day first; with ``stage`` «closed» those that ended. Appeal and topic are loaded."""
    scope, expert = employee.scope, employee.pk if mine else None

    def ended(boundary: Sequence[Any], back: bool) -> list[Case]:
        return prepared.ended_cases(scope, expert, boundary[0] if boundary else None, back)

    def still_open(boundary: Sequence[Any], back: bool) -> list[Case]:
        known = CaseStage(stage) if stage in CaseStage.values else None
        today = timezone.localdate() if due == OVERDUE else None
        day, key = boundary or (None, None)
        return prepared.open_cases(scope, known, today, expert, day, key, back)

    if stage == CaseStage.CLOSED:
        return keyset_of(Case, ended, order=prepared.BY_AGE, after=after, size=prepared.ON_PAGE)
    return keyset_of(Case, still_open, order=prepared.BY_DUE, after=after, size=prepared.ON_PAGE)


def stages(employee: Employee) -> list[StageCount]:
    """How many open cases stand at each stage and how many of them are late: sums of what a trigger has counted."""
    every, late = (dict(prepared.tally(employee.scope, before)) for before in (None, timezone.localdate()))
    return [
        StageCount(stage, every.get(stage, 0), late.get(stage, 0)) for stage in CaseStage if stage != CaseStage.CLOSED
    ]


def of_number(number: str, employee: Employee) -> Case | None:
    return prepared.case.first(employee.scope, number)


def shown(case: Case) -> CaseShown:
    """Read the page of a case. At most fourteen queries, their plans kept."""
    appeal, key = case.appeal, case.pk
    parties = {party.role: party for party in prepared.parties(key)}
    requests, controls = prepared.requests(key), prepared.controls(key)
    asked = [row.pk for row in requests]
    give(requests, "papers", prepared.papers(asked), by="request_id")
    give(requests, "reminders", prepared.reminders(asked), by="request_id")
    give(controls, "violations", prepared.violations([row.pk for row in controls]), by="control_id")
    return CaseShown(
        case=case,
        appeal=appeal,
        text=prepared.text.first(key) or "",
        applicant=parties.get("applicant"),
        patient=parties.get("concerned") or parties.get("applicant"),
        reasons=_advised(case),
        requests=requests,
        controls=controls,
        claims=prepared.claims(key),
        restorations=prepared.restorations(key),
        disputes=prepared.disputes(key),
        doubted=prepared.doubted(key),
        events=prepared.events(key),
    )


def inbox(provider: int, employee: Employee) -> tuple[list[RecordsRequest], list[Control], list[Claim]]:
    """What a clinic is asked: requests that wait, acts to sign or to dispute, its claims. Three queries."""
    requests = RecordsRequest.objects.accessible_to(employee).filter(provider=provider)
    acts = Control.objects.accessible_to(employee).filter(provider=provider)
    claims = Claim.objects.accessible_to(employee).filter(provider=provider)
    return (
        list(requests.filter(state__in=["asked", "returned"]).select_related("asked_from").order_by("due_on")[:100]),
        list(acts.select_related("made_by", "expert").order_by("-handed_at")[:100]),
        list(claims.select_related("control").order_by("-filed_at")[:100]),
    )


def link_of_appeal(appeal: Appeal, employee: Employee) -> Beside | None:
    """The way from the card of a complaint to its case; one query, none for other kinds."""
    if appeal.kind != "complaint":
        return None
    case = Case.objects.accessible_to(employee).filter(pk=appeal.pk).first()
    if case is None:
        return None
    state, _ = due_badge(case.awaited_by, timezone.localdate())
    address = reverse("complaints:case", args=[appeal.number])
    return Beside("Дело по жалобе", address, "scale", "J", state, case.get_stage_display())


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a person's history: when, of which case, what, and how it is marked."""

    on: date
    number: str
    text: str
    mark: str = ""


def of_person(person: Person, employee: Employee) -> dict[str, Any]:
    """Return the individual history of a person: complaints, controls, violations, restorations, disputes by time.

    At most six queries; the newest first.
    """
    appeals = Party.objects.filter(person=person).values("appeal")
    cases = (
        Case.objects.accessible_to(employee)
        .filter(appeal__in=appeals)
        .select_related("appeal__topic")
        .prefetch_related("restorations", "disputes", "controls__violations", "controls__provider")
    )
    found = list(cases.order_by("-appeal")[:SHOWN])
    lines = [line for case in found for line in _told_of(case)]
    return {"cases": found, "history": sorted(lines, key=lambda line: line.on, reverse=True)}


def _told_of(case: Case) -> Iterator[Told]:
    number = case.appeal.number
    stage = "обращение больше не жалоба" if case.withdrawn_at else case.get_stage_display().lower()
    yield Told(timezone.localdate(case.appeal.registered_at), number, f"Жалоба: {case.appeal.topic.title}", stage)
    for control in case.controls.all():
        codes = ", ".join(one.code for one in control.violations.all() if one.is_upheld is not False)
        again = "повторная " if control.repeats_id else ""
        on = control.act_on or timezone.localdate(control.assigned_at)
        act = f", акт {control.act_number}" if control.act_number else ""
        text = f"{again}{control.get_kind_display()}{act}: {control.provider.name}"
        if control.act_number:
            text += f". Нарушения {codes}" if codes else ". Нарушений нет"
        yield Told(on, number, text[:1].upper() + text[1:], control.get_state_display().lower())
    for one in case.restorations.all():
        mark = "не восстановлено" if one.how == Restored.IMPOSSIBLE else "восстановлено"
        money = f", {one.amount} ₽".replace(".", ",") if one.amount else ""
        yield Told(one.on, number, f"Право: {one.get_how_display().lower()}{money}", mark)
    for row in case.disputes.all():
        yield Told(row.filed_on, number, f"{row.get_track_display()}: {row.place}", "подано")
        if row.decided_on:
            money = f", присудили {row.awarded} ₽".replace(".", ",") if row.awarded else ""
            yield Told(
                row.decided_on,
                number,
                f"{row.get_track_display()}: {row.place}{money}",
                row.get_outcome_display().lower(),
            )


def due_badge(day: date | None, today: date, soon: date | None = None) -> tuple[str, str]:
    """Return state and words of a day something is awaited by; from ``soon`` on it asks for a look.

    >>> due_badge(date(2026, 3, 1), date(2026, 3, 3)), due_badge(None, date(2026, 3, 3))
    (('late', 'просрочено с 01.03.2026'), ('none', 'без срока'))
    """
    if day is None:
        return "none", "без срока"
    if day < today:
        return "late", f"просрочено с {day:%d.%m.%Y}"
    if day == today:
        return "today", "сегодня"
    return "today" if soon is not None and soon <= today else "now", f"до {day:%d.%m.%Y}"


def _advised(case: Case) -> list[ReasonAdvised]:
    pack = packs.control(case.territory, timezone.localdate()).content
    return [
        ReasonAdvised(row, packs.advice(pack, row.topic_code, row.topic.rows.get(packs.TABLE, {}).get("complaint", "")))
        for row in prepared.reasons(case.pk)
    ]
