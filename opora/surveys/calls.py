"""The phone: the next person for me, how the call ended, and the end of a questionnaire. One person at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, Sees, enter
from opora.audit.services import record
from opora.insured import reach
from opora.insured.models import Person
from opora.shared.sql import question
from opora.surveys.errors import NotHeld, QuotaFull, SurveysError
from opora.surveys.models import Attempt, Invitee, Round
from opora.surveys.services.answers import hold_running, take_sheet
from opora.surveys.words import InviteeState, Mode, Outcome

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent / "sql"
_claim = question(SQL, "claim")

MOST_ATTEMPTS = 5
AGAIN_IN = timedelta(hours=3)
FARTHEST = timedelta(days=30)
LONGEST_TALK = timedelta(hours=3)  # whoever holds a person longer has gone home  # assumed
ENDS = {Outcome.REFUSED: InviteeState.REFUSED, Outcome.WRONG: InviteeState.WRONG, Outcome.OVER: InviteeState.OVER}


@dataclass(frozen=True, slots=True)
class Call:
    """A person in her hands; ``window`` is by his own clock."""

    invitee: Invitee
    person: Person
    window: reach.CallWindow

    @property
    def phone(self) -> str:
        return f"+{self.invitee.phone}" if self.invitee.phone.isdecimal() else self.invitee.phone


def rounds_of(by: Employee) -> list[Round]:
    """Return the rounds her organisation asks by phone now. One query."""
    return list(_by_phone(by).asking(timezone.localdate()))


def overdue_of(by: Employee) -> list[Round]:
    """Return the rounds by phone of her organisation whose last day is over: nobody new is asked. One query."""
    return list(_by_phone(by).overdue(timezone.localdate()))


def held(by: Employee) -> Call | None:
    """Return the person in her hands, as often as she asks."""
    row = _held(by).select_related("round__survey", "round__version", "person").first()
    return _call(row) if row else None


@transaction.atomic
def next_call(by: Employee) -> Call | None:
    """Return the person she holds already, else take the next one from a cell with room; None — nobody now."""
    with connection.cursor() as cursor:  # two windows of one employee do not take two people
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('opora.surveys.calls', %s))", [by.pk])
    if (call := held(by)) is not None:
        return call
    now = timezone.now()
    for asked in rounds_of(by):
        zones = _open_zones(asked, now)
        while zones and (rows := _claim(round=asked.pk, zones=zones, now=now, employee=by.pk)):
            invitee = Invitee.objects.select_related("round__survey", "round__version", "person").get(pk=rows[0].id)
            if invitee.person.died_on or (asked.insurer_id and invitee.person.insurer_id != asked.insurer_id):
                _move(invitee, state=InviteeState.WRONG, employee=None)
                continue
            record("surveys.call.claim", ("surveys.invitee", str(invitee.pk)), by=by)
            return _call(invitee)
    return None


@transaction.atomic
def finish_call(invitee_id: int, *, outcome: str, again_at: datetime | None = None, by: Employee) -> None:
    """Write down a call without a questionnaire. Raises NotHeld, SurveysError for a time nobody may be phoned at."""
    if outcome not in {Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.WRONG, Outcome.LATER}:
        raise SurveysError("Выберите, чем кончился звонок.")
    invitee, now = _mine(invitee_id, by), timezone.now()
    if outcome == Outcome.LATER:
        _check_promise(invitee, again_at, now)
    _note(invitee, Outcome(outcome), again_at, by, now)


@transaction.atomic
def finish_interview(invitee_id: int, version: int, answers: Mapping[str, Sequence[str]], *, by: Employee) -> bool:
    """Put a finished questionnaire into the box and let the person go: what stays with him is that he took part.

    False — the last place of his cell was a colleague's, the questionnaire is not counted. Raises NotHeld,
    AnswerRefused, RoundNotRunning.
    """
    # The round first, the person after it: so does its end, and neither waits for the other for ever.
    hold_running(_held(by).filter(pk=invitee_id).values_list("round", flat=True).first())
    invitee, now = _mine(invitee_id, by), timezone.now()
    is_counted = True
    try:
        with transaction.atomic():
            take_sheet(invitee.round, version, answers, cell=invitee.cell)
    except QuotaFull:
        is_counted = False
    _note(invitee, Outcome.DONE if is_counted else Outcome.OVER, None, by, now)
    return is_counted


@transaction.atomic
def let_go(by: Employee) -> bool:
    """Give the person back untouched; False when she holds nobody."""
    row = _held(by).select_for_update(of=("self",)).first()
    if row is None:
        return False
    _move(row, state=InviteeState.WAITING, employee=None, claimed_at=None)
    record("surveys.call.release", ("surveys.invitee", str(row.pk)), by=by)
    return True


def let_forgotten_go(now: datetime | None = None) -> int:
    """Give back whom somebody has held for hours: his place is kept from others. Returns how many."""
    with enter(Scope.system("people nobody talks to go back to their lists")):
        left = Invitee.objects.filter(state=InviteeState.HELD, claimed_at__lt=(now or timezone.now()) - LONGEST_TALK)
        number = left.update(state=InviteeState.WAITING, employee=None, claimed_at=None)
        if number:
            record("surveys.calls.release", details={"people": number})
    return number


def _by_phone(by: Employee) -> Any:
    own = by.scope.insurer if by.scope.sees == Sees.INSURER else None
    rows = Round.objects.accessible_to(by).filter(modes__contains=[Mode.PHONE], insurer=own)
    return rows.select_related("survey", "version").order_by("until", "pk")


def _held(by: Employee) -> Any:
    return Invitee.objects.accessible_to(by).filter(state=InviteeState.HELD, employee=by).order_by("claimed_at")


def _mine(invitee_id: int, by: Employee) -> Invitee:
    row: Invitee | None = (
        _held(by).select_for_update(of=("self",)).select_related("round").filter(pk=invitee_id).first()
    )
    if row is None:
        raise NotHeld
    return row


def _note(invitee: Invitee, outcome: Outcome, again_at: datetime | None, by: Employee, now: datetime) -> None:
    promised = again_at if outcome is Outcome.LATER else None
    Attempt.objects.create(invitee=invitee, at=now, employee=by, outcome=outcome, again_at=promised)
    tries = invitee.attempts + 1
    free: dict[str, Any] = {"attempts": tries, "employee": None, "claimed_at": None}
    if outcome is Outcome.DONE:
        _move(invitee, **free, state=InviteeState.DONE)
    elif outcome in ENDS:
        _move(invitee, **free, state=ENDS[outcome])
    elif outcome is Outcome.NO_ANSWER and tries >= MOST_ATTEMPTS:
        _move(invitee, **free, state=InviteeState.SILENT)
    else:
        later = promised or now + AGAIN_IN
        _move(invitee, **free, state=InviteeState.WAITING, not_before=later, is_promised=promised is not None)
    record("surveys.call", ("surveys.invitee", str(invitee.pk)), by=by, details={"outcome": str(outcome)})


def _check_promise(invitee: Invitee, again_at: datetime | None, now: datetime) -> None:
    if again_at is None:
        raise SurveysError("Напишите, когда перезвонить.")
    if not now < again_at <= now + FARTHEST:
        raise SurveysError("Перезвонить можно в ближайшие 30 дней: напишите время впереди.")
    local = again_at.astimezone(ZoneInfo(invitee.zone))
    if local.date() > invitee.round.until:
        raise SurveysError(f"Этот опрос идёт до {invitee.round.until:%d.%m.%Y}: напишите время раньше.")
    if not reach.call_window(local).is_open:
        raise SurveysError("В это время у человека рано или поздно для звонка: с 8 до 22, в выходные с 9 до 20.")


def _open_zones(asked: Round, now: datetime) -> list[str]:
    waiting = Invitee.objects.filter(round=asked, state=InviteeState.WAITING).order_by()
    zones = waiting.values_list("zone", flat=True).distinct()
    return [zone for zone in zones if reach.call_window(now.astimezone(ZoneInfo(zone))).is_open]


def _call(invitee: Invitee) -> Call:
    return Call(invitee, invitee.person, reach.call_window(timezone.now().astimezone(ZoneInfo(invitee.zone))))


def _move(invitee: Invitee, **values: Any) -> None:
    Invitee.objects.filter(pk=invitee.pk).update(**values)
    for name, value in values.items():
        setattr(invitee, name, value)
