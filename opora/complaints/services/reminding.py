"""Clinics are reminded of requests: once before the day and once after it, by e-mail or on their pages."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Link, Outgoing, gateway
from opora.channels.services import storing
from opora.channels.words import Channel
from opora.complaints.models import Case, CaseEvent, RecordsRequest, Reminder
from opora.complaints.rules import AWAITED
from opora.complaints.words import CaseEventKind, ReminderKind, ReminderWay
from opora.shared.errors import DomainError
from opora.shared.typography import day

MOST = 500  # of one run; the others come an hour later
OPEN, CLOSED = 9, 18  # assumed: an office reads its mail between these hours
_DAY = timedelta(days=1)  # today is another day east of here
SUBJECTS = {
    ReminderKind.BEFORE: "Скоро срок ответа на запрос документов",
    ReminderKind.LATE: "Срок ответа на запрос документов прошёл",
}

log = structlog.get_logger(__name__)


def remind(now: datetime | None = None) -> int:
    """Remind clinics of what they have not answered; returns how many reminders were made. Run twice: nothing more.

    A reminder is written before its letter goes: what breaks in between is not told twice.
    """
    now = now or timezone.now()
    with enter(Scope.system("clinics are reminded of requests")):
        made = [found for row in _locked(_awaited(now)) if (found := _made(row, now)) is not None]
        letters = _letters(made)
    for link, some in letters:
        _send(link, some, now)
    return len(made)


def _awaited(now: datetime) -> list[RecordsRequest]:
    today = now.date()
    near = Q(remind_on__lte=today + _DAY) | Q(due_on__lt=today + _DAY)
    rows = RecordsRequest.objects.filter(near, state__in=AWAITED, case__closed_at=None)
    told = Reminder.objects.filter(request=OuterRef("pk"), due_on=OuterRef("due_on"))
    told = told.filter(Q(kind=ReminderKind.LATE) | Q(due_on__gte=today + _DAY))
    rows = rows.exclude(Exists(told)).select_related("provider__territory", "asked_from__parent", "case")
    return list(rows.order_by("due_on", "pk")[:MOST])


def _locked(rows: list[RecordsRequest]) -> list[RecordsRequest]:
    """Return the requests whose cases nobody changes just now, with the cases locked; others come an hour later.

    Nothing is waited for, so this long transaction stands in nobody's ring.
    """
    cases = Case.objects.filter(pk__in={row.case_id for row in rows}).select_for_update(of=("self",), skip_locked=True)
    held = set(cases.values_list("pk", flat=True))
    asked = RecordsRequest.objects.filter(case__in=held, state__in=AWAITED).values_list("pk", "due_on")
    still = set(asked.order_by()) if held else set()
    return [row for row in rows if row.case_id in held and (row.pk, row.due_on) in still]


def kind_of(row: RecordsRequest, today: date) -> ReminderKind | None:
    """Return what a clinic is to be told on a day, None — nothing yet."""
    if row.due_on < today:
        return ReminderKind.LATE
    if row.remind_on is not None and row.remind_on <= today:
        return ReminderKind.BEFORE
    return None


def _made(row: RecordsRequest, now: datetime) -> Reminder | None:
    local = now.astimezone(row.provider.zone)
    kind = kind_of(row, local.date())
    if kind is None or not OPEN <= local.hour < CLOSED:
        return None
    way = ReminderWay.MAIL if row.provider.email and _carrier(row) else ReminderWay.INBOX
    made, is_new = Reminder.objects.get_or_create(
        request=row, kind=kind, due_on=row.due_on, defaults={"way": way, "at": now}
    )
    if not is_new:
        return None
    CaseEvent.objects.create(
        case=row.case,
        at=now,
        kind=CaseEventKind.REMINDED,
        organisation=row.asked_from,
        text=f"{row.number}: {kind.label.lower()}.",
        details={"request": str(row.pk), "way": str(way)},
    )
    made.request = row
    return made


def _carrier(row: RecordsRequest) -> Provider | None:
    return Provider.objects.carrying(Channel.EMAIL, row.asked_from).order_by("-share", "pk").first()


def _letters(made: Sequence[Reminder]) -> list[tuple[Link, list[tuple[Reminder, Outgoing]]]]:
    """Group the letters by who carries them."""
    carriers: dict[int, Provider] = {}
    grouped: dict[int, list[tuple[Reminder, Outgoing]]] = defaultdict(list)
    for one in made:
        carrier = _carrier(one.request) if one.way == ReminderWay.MAIL else None
        if carrier is not None:
            carriers[carrier.pk] = carrier
            grouped[carrier.pk].append((one, message(one)))
    return [(carriers[key].link(), some) for key, some in grouped.items()]


def message(reminder: Reminder) -> Outgoing:
    """Return the letter: a number, a day and a link. Nobody is named in it."""
    row = reminder.request
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    link = f"{scheme}://{settings.ALLOWED_HOSTS[0]}{reverse('complaints:request', args=[row.pk])}"
    late = reminder.kind == ReminderKind.LATE
    text = (
        f"Запрос документов № {row.number}: {'ответа ждали' if late else 'ответьте'} до {day(row.due_on)}.\n\n"
        f"Откройте запрос и приложите документы: {link}\n"
    )
    return Outgoing(reminder.pk, row.provider.email, text, subject=SUBJECTS[ReminderKind(reminder.kind)])


def _send(link: Link, some: list[tuple[Reminder, Outgoing]], now: datetime) -> None:
    """Give the letters away; one that did not go keeps why, and the page of the clinic shows the request anyway."""

    async def give() -> list[Answer]:
        async with gateway(link.kind).session(link, storing(link)) as session:
            return await session.send_all([letter for _, letter in some])

    try:
        faults = [
            "" if isinstance(answer, Accepted) else getattr(answer, "code", "") or "unanswered"
            for answer in asyncio.run(give())
        ]
    except DomainError as fault:
        log.warning("complaints.reminders_not_sent", provider=link.provider, reason=fault.code)
        faults = [fault.code] * len(some)
    with enter(Scope.system("what became of letters to clinics")):
        for (one, _), why in zip(some, faults, strict=True):
            Reminder.objects.filter(pk=one.pk).update(sent_at=None if why else now, fault=why[:100])
