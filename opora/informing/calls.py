"""The call list: the next person for me, and what came of the talk. A person is never in two hands.

Hours: those of the campaign and ``insured.reach.call_window``, both by the person's own clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.audit.services import record
from opora.informing.dispatch.batches import Going, open_zones
from opora.informing.errors import CallTaken, InformingError
from opora.informing.models import Attempt, Campaign, Reported, Touch, Wave
from opora.informing.pacing import Limits
from opora.informing.recipients import Values
from opora.informing.rules import AGAIN, STOPS, has_changed_clinic
from opora.informing.words import CampaignState, Channel, Lane, Measure, Outcome, Purpose, Reason, TouchState, WaveState
from opora.insured import reach
from opora.insured.models import Contact, Person
from opora.insured.services import mark_contact, take_phone
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent / "sql"
_claim_promised = question(SQL, "claim_promised")
_claim_call = question(SQL, "claim_call")
_zones = question(SQL, "zones")

MOST_ATTEMPTS = 5
AGAIN_IN = timedelta(hours=3)
FARTHEST = timedelta(days=30)
SPARED_FOR = timedelta(days=1)
# How far one press looks: the first few of each line, then many at once so many times; and so many judged one by one.
FEW, MANY, LOOKS, MOST_JUDGED = 5, 2000, 5, 20
NO_TEXTS = Values({}, {})

TALKED = frozenset({
    Outcome.ANSWERED, Outcome.PROMISED, Outcome.UNDECIDED, Outcome.PASSED, Outcome.REFUSED, Outcome.REFUSED_TALK
})  # fmt: skip
# The right person has spoken to us on this number.
CONFIRMS = TALKED - {Outcome.REFUSED_TALK}
MARKS = {Outcome.WRONG_NUMBER: Contact.State.DEAD, Outcome.FOREIGN_PERSON: Contact.State.WRONG}
# After these she may ask why, and the reason is kept.
ASKED_WHY = frozenset({Outcome.ANSWERED, Outcome.UNDECIDED, Outcome.REFUSED, Outcome.PROMISED})


@dataclass(frozen=True, slots=True)
class Call:
    """A person to be phoned by the one who holds him; ``now`` of the window is his own clock.

    ``person`` is None once the register has given him to another insurer: of him nothing is shown any more, but what
    came of the talk is still kept.
    """

    touch: Touch
    person: Person | None
    window: reach.CallWindow

    @property
    def phone(self) -> str:
        """The number in E.164: touches keep bare digits."""
        return f"+{self.touch.address}" if self.touch.address.isdecimal() else self.touch.address


@transaction.atomic
def next_call(by: Employee) -> Call | None:
    """Return the person she holds already, else take the next one; None — nobody may be phoned now, or nobody of the
    many looked at: ``anybody_waits`` tells.

    What has changed since the plan is judged here: the dead, those of another insurer, those who asked not to be
    phoned, who have refused or have been, and those without a number are cancelled, those whom another campaign has
    just touched are put off for a day, and the next is taken. Queries do not grow with their number.
    """
    with connection.cursor() as cursor:  # two windows of one employee do not take two people
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('opora.informing.calls', %s))", [by.pk])
    if (held := held_call(by)) is not None:
        return held
    now = timezone.now()
    for touch in islice(_taken(by, now), MOST_JUDGED):
        call = _judged(touch, by, now)
        if call is not None:
            record("informing.call.claim", ("informing.touch", str(touch.id)), by=by)
            return call
    return None


def anybody_waits(by: Employee) -> bool:
    """Tell whether lines she phones are not at their end: one press does not look through fifty thousand people."""
    now = timezone.now()
    in_time = Q(until=None) | Q(until__gte=timezone.localdate(now))
    return any(
        Touch.objects.accessible_to(by)
        .waiting()
        .filter(in_time, year=wave.campaign.year, wave_id=wave.pk, zone=zone, not_before__lte=now)
        .exists()
        for wave, zone in _lines(waves_of_calls(by), now)
    )


def held_call(by: Employee) -> Call | None:
    """Return the person in her hands, as often as she asks."""
    touch = _held(by).first()
    if touch is None:
        return None
    person = Person.objects.accessible_to(by).select_related("provider").filter(pk=touch.person_id).first()
    return Call(touch, person, _window(touch, timezone.now()))


def waves_of_calls(by: Employee) -> list[Wave]:
    """Return the running waves of her insurer that people carry by phone, urgent ones first. One query."""
    if by.scope.sees != Sees.INSURER:
        return []
    campaigns = Campaign.objects.accessible_to(by).filter(state=CampaignState.RUNNING)
    found = Wave.objects.filter(campaign__in=campaigns, state=WaveState.RUNNING, rung__channel=Channel.CALL)
    waves = found.select_related("campaign__insurer", "rung").order_by("pk")
    return sorted(waves, key=lambda wave: wave.campaign.lane != Lane.URGENT)


@transaction.atomic
def finish_call(
    touch_id: int,
    *,
    outcome: str,
    by: Employee,
    reason: str = "",
    again_at: datetime | None = None,
    seconds: int = 0,
    note: str = "",
    phone: str = "",
) -> Touch:
    """Write down how the call ended. ``seconds`` is from the first sight of the person to the saving, ``phone`` a new
    number the person has named.

    What she holds is accepted, whatever has become of the person meanwhile. A talk with the right person confirms the
    number, a wrong one marks it. Raises CallTaken when she does not hold it, InformingError for a time nobody may be
    phoned at, PhoneNotUnderstood.
    """
    if outcome not in {*TALKED, *AGAIN, *MARKS}:
        raise InformingError("Выберите, чем кончился звонок.")
    result, now = Outcome(outcome), timezone.now()
    touch = _held(by).filter(id=touch_id).select_for_update(of=("self",)).first()
    if touch is None:
        raise CallTaken("Этот звонок уже не у вас: он сохранён или вернулся в список.")
    if result is Outcome.CALL_LATER:
        _check_promise(touch, again_at, now)
    kept_reason = reason if result in ASKED_WHY and reason in Reason.values else ""
    Attempt.objects.create(
        year=touch.year,
        touch_id=touch.id,
        territory=touch.territory,
        insurer_id=touch.insurer_id,
        provider_id=touch.provider_id,
        employee=by,
        at=now,
        phone=touch.address[:20],
        outcome=result,
        reason=kept_reason,
        again_at=again_at if result is Outcome.CALL_LATER else None,
        seconds=max(0, seconds),
        note=note.strip()[:300],
    )
    _move(touch, **_after(touch, result, kept_reason, again_at, now))
    _learn(touch, result, phone, by)
    if result in STOPS:
        _spare(touch, result, now)
    record("informing.call", ("informing.touch", str(touch.id)), by=by, details={"outcome": str(result)})
    return touch


@transaction.atomic
def release(by: Employee) -> bool:
    """Give the person back untouched; False when she holds nobody."""
    touch = _held(by).select_for_update(of=("self",)).first()
    if touch is None:
        return False
    _move(touch, state=TouchState.PLANNED, employee_id=None, claimed_at=None)
    record("informing.call.release", ("informing.touch", str(touch.id)), by=by)
    return True


def asks_why(touch: Touch) -> set[str]:
    """Return the outcomes after which the reasons are offered: an invitation asks those who hesitate or refuse."""
    always = {Outcome.UNDECIDED, Outcome.REFUSED}
    return {str(one) for one in (always if touch.purpose == Purpose.INVITE else ASKED_WHY)}


def _held(by: Employee) -> Any:
    mine = Touch.objects.accessible_to(by).filter(state=TouchState.CLAIMED, channel=Channel.CALL, employee_id=by.pk)
    return mine.order_by("claimed_at")


def _taken(by: Employee, now: datetime) -> Iterator[Touch]:
    """Take people one by one: promised calls, then wave by wave, those whose evening is nearest first."""
    waves = waves_of_calls(by)
    if not waves:
        return
    common = {"now": now, "employee": by.pk, "today": timezone.localdate(now)}
    years = {wave.campaign.year for wave in waves}
    decent = _decent(waves, now)
    while rows := _claim_promised(waves=[wave.pk for wave in waves], zones=decent, **common):
        yield Touch.objects.get(year__in=years, id=rows[0].id)
    looks = LOOKS
    for wave, zone in _lines(waves, now):
        most = FEW
        while True:
            row = _claim_call(wave=wave.pk, zone=zone, most=most, **common, **_cap(wave, now))[0]
            if row.id:
                yield Touch.objects.get(year=wave.campaign.year, id=row.id)
            elif row.looked_at < most:
                break
            elif not looks:
                return
            else:
                most, looks = MANY, looks - 1


def _decent(waves: Sequence[Wave], now: datetime) -> list[str]:
    """Return the clocks of those who wait at which a person may be phoned now."""
    found = sorted({row.zone for wave in waves for row in _zones(year=wave.campaign.year, wave=wave.pk)})
    return [zone for zone in found if reach.call_window(now.astimezone(ZoneInfo(zone))).is_open]


def _lines(waves: Sequence[Wave], now: datetime) -> Iterator[tuple[Wave, str]]:
    """Give waves and clocks in the order they are phoned: wave by wave, the nearest evening first."""
    decent = set(_decent(waves, now))
    for wave in waves:
        allowed = decent & set(open_zones(Going(wave, NO_TEXTS), now))
        for zone in sorted(allowed, key=lambda one: reach.call_window(now.astimezone(ZoneInfo(one))).changes_at):
            yield wave, zone


def _cap(wave: Wave, now: datetime) -> dict[str, Any]:
    """Return what a claim asks for about touches of other campaigns."""
    campaign, limits = wave.campaign, Limits.read(wave.campaign.limits)
    return {
        "year": campaign.year,
        "campaign": campaign.pk,
        "capped": limits.cap_days > 0 and campaign.lane != Lane.URGENT,
        "years": sorted({now.year - 1, now.year, now.year + 1, campaign.year}),
        "capped_since": now - timedelta(days=limits.cap_days),
        "spared_until": now + SPARED_FOR,
    }


def _judged(touch: Touch, by: Employee, now: datetime) -> Call | None:
    """Return the call, with a number that works; None — it does not take place, now or ever."""
    people = Person.objects.accessible_to(by).select_related("provider").prefetch_related("contacts", "consents")
    person = people.filter(pk=touch.person_id).first()
    today = now.astimezone(ZoneInfo(touch.zone)).date()
    if (
        person is None
        or person.died_on
        or person.insurer_id != touch.insurer_id
        or person.territory_id != touch.territory
        or has_changed_clinic(touch.measure, touch.provider_id, person.provider_id)
        or reach.refuses_calls(person.consents.all(), today)
        or _has_stopped(touch)
        or not _has_number(touch, person)
    ):
        _move(touch, state=TouchState.CANCELLED, outcome=Outcome.IMPOSSIBLE, final_at=now, employee_id=None)
        return None
    limits = Limits.read(Campaign.objects.values_list("limits", flat=True).get(pk=touch.campaign_id))
    others = Touch.objects.filter(person_id=touch.person_id).exclude(campaign_id=touch.campaign_id)
    capped = others.filter(sent_at__gt=now - timedelta(days=limits.cap_days))
    if touch.lane != Lane.URGENT and not touch.attempts and capped.exists():
        again = {"not_before": now + SPARED_FOR, "employee_id": None, "claimed_at": None}
        _move(touch, state=TouchState.PLANNED, **again)
        return None
    return Call(touch, person, _window(touch, now))


def _has_stopped(touch: Touch) -> bool:
    """Tell whether he has refused or has been, said to us or to a partner. Of observation, which has several visits a
    year, only what was said of a visit since the plan was made; ``claim_call.sql`` judges the same."""
    about = {"person_id": touch.person_id, "measure": touch.measure}
    said, told = Q(outcome__in=STOPS), Q(outcome__in=STOPS)
    if touch.measure == Measure.OBSERVATION:
        refused = Q(outcome=Outcome.REFUSED)
        planned_on = timezone.localdate(touch.planned_at)
        said = refused | Q(outcome=Outcome.PASSED, final_at__gte=touch.planned_at)
        told = refused | Q(outcome=Outcome.PASSED, on__gte=planned_on)
    return (
        Touch.objects.filter(said, **about, year=touch.year).exclude(id=touch.id).exists()
        or Reported.objects.filter(told, **about, on__year=touch.year).exists()
    )


def _has_number(touch: Touch, person: Person) -> bool:
    """Tell whether there is a number to dial; one marked since the plan gives way to the best of the others."""
    contacts = list(person.contacts.all())
    if touch.address and any(one.pk == touch.contact_id and one.is_usable for one in contacts):
        return True
    best = reach.best(contacts)
    if best is None or not best.normalised:
        return False
    _move(touch, contact_id=best.pk, address=best.normalised)
    return True


def _check_promise(touch: Touch, again_at: datetime | None, now: datetime) -> None:
    if again_at is None:
        raise InformingError("Напишите, когда перезвонить.")
    if not now < again_at <= now + FARTHEST:
        raise InformingError("Перезвонить можно в ближайшие 30 дней: напишите время впереди.")
    local = again_at.astimezone(ZoneInfo(touch.zone))
    if touch.until and local.date() > touch.until:
        raise InformingError(f"Эту кампанию звонят до {touch.until:%d.%m.%Y}: напишите время раньше.")
    if not reach.call_window(local).is_open:
        raise InformingError("В это время у человека рано или поздно для звонка: с 8 до 22, в выходные с 9 до 20.")


def _after(touch: Touch, outcome: Outcome, reason: str, again_at: datetime | None, now: datetime) -> dict[str, Any]:
    """Return what the touch becomes. A promised call is kept whatever the count; silence ends at the fifth."""
    values: dict[str, Any] = {"attempts": touch.attempts + 1, "outcome": outcome, "reason": reason}
    if outcome in TALKED:
        return {**values, "state": TouchState.DONE, "sent_at": now, "final_at": now}
    is_over = outcome not in AGAIN or (outcome is not Outcome.CALL_LATER and values["attempts"] >= MOST_ATTEMPTS)
    if is_over:
        return {**values, "state": TouchState.FAILED, "final_at": now}
    not_before = again_at if outcome is Outcome.CALL_LATER else now + AGAIN_IN
    return {
        **values,
        "state": TouchState.PLANNED,
        "outcome": "",
        "not_before": not_before,
        "employee_id": None,
        "claimed_at": None,
    }


def _spare(touch: Touch, outcome: Outcome, now: datetime) -> None:
    """Who has refused or has been is not bothered about this measure again: what still waits is cancelled."""
    waiting = Touch.objects.filter(
        year=touch.year, person_id=touch.person_id, measure=touch.measure, state=TouchState.PLANNED
    )
    waiting.update(state=TouchState.CANCELLED, outcome=outcome, final_at=now)


def _learn(touch: Touch, outcome: Outcome, phone: str, by: Employee) -> None:
    """What the call has taught of the number."""
    state = Contact.State.CONFIRMED if outcome in CONFIRMS else MARKS.get(outcome)
    if state and touch.contact_id and Contact.objects.filter(pk=touch.contact_id, person=touch.person_id).exists():
        mark_contact(touch.contact_id, state=state, by=by)
    if phone.strip() and Person.objects.accessible_to(by).filter(pk=touch.person_id).exists():
        take_phone(touch.person_id, value=phone, by=by)


def _move(touch: Touch, **values: Any) -> None:
    Touch.objects.filter(year=touch.year, id=touch.id).update(**values)
    for name, value in values.items():
        setattr(touch, name, value)


def _window(touch: Touch, now: datetime) -> reach.CallWindow:
    return reach.call_window(now.astimezone(ZoneInfo(touch.zone)))
