"""Reports sent by schedule: each letter once, what may have gone never twice, only what its reader may see.

A report is counted in the scope of whoever gets it. ``GIVEN`` is committed before the letter is handed over.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.channels import services as channels
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Attachment, Outgoing, Refused, Unanswered, gateway
from opora.channels.words import Channel
from opora.organisations.models import Territory
from opora.reports import analysis, asking, narrowing
from opora.reports.models import Schedule, Sending
from opora.reports.periods import Period, last_full
from opora.reports.writers import TYPES, name_of, write
from opora.shared.errors import DomainError

BATCH = 50
MOST_TRIES = 6
AGAIN = timedelta(minutes=30)
LOST_AFTER = timedelta(minutes=15)
SYSTEM = Scope.system("reports are sent by schedule")
LETTER = """Здравствуйте.

{title}, {subject}, {period} — во вложении.{narrowed}

Числа посчитаны {moment} по данным, которые видите вы. Контрольная сумма отчёта (SHA-256): {sha256}.
Письмо отправлено по расписанию, отвечать на него не нужно.
"""

NARROWED = "\nЭто не весь отчёт. Отобрано: {filters}."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    message: Outgoing
    provider: Provider
    sha256: str


def run(now: datetime | None = None) -> int:
    """Plan what is due and send it; return how many letters were taken. Run twice it sends nothing twice."""
    moment = now or timezone.now()
    with enter(SYSTEM):
        plan(moment)
        lost = Sending.objects.filter(state=Sending.State.GIVEN, changed_at__lt=moment - LOST_AFTER)
        lost.update(state=Sending.State.UNKNOWN, note="отправку прервали: неизвестно, ушло ли", changed_at=moment)
        waiting = Sending.objects.filter(state=Sending.State.WAITING, next_at__lte=moment, schedule__is_active=True)
        due = list(waiting.select_related("schedule__organisation", "recipient").order_by("next_at")[:BATCH])
    return sum(_send(one, moment) for one in due)


def plan(now: datetime) -> None:
    """Write down a letter for each schedule and recipient whose day has come; those there already stay."""
    zones = dict(Territory.objects.values_list("code", "time_zone"))
    made = []
    for schedule in Schedule.objects.active():
        zone = ZoneInfo(zones[schedule.territory])
        period = last_full(schedule.of, now.astimezone(zone).date())
        if schedule.made_at.astimezone(zone).date() <= day_of(schedule, period) <= now.astimezone(zone).date():
            made += [
                Sending(schedule=schedule, period=period.code, recipient_id=one, next_at=now, changed_at=now)
                for one in schedule.recipients
            ]
    Sending.objects.bulk_create(made, ignore_conflicts=True)


def day_of(schedule: Schedule, period: Period) -> date:
    """Return the day the report of a period is sent: in the month after it.

    >>> day_of(Schedule(day=5), Period.read("2024-Q4"))
    datetime.date(2025, 1, 5)
    """
    return (period.until + timedelta(days=1)).replace(day=schedule.day)


def _send(sending: Sending, now: datetime) -> bool:
    try:
        letter = _letter(sending, now)
    except DomainError as refusal:
        _note(sending, now, Sending.State.SKIPPED, refusal.sentence)
        return False
    if letter is None:
        sending.tries += 1
        _again(sending, now, "у организации не подключена почта")
        return False
    if not _claimed(sending, letter, now):
        return False
    answer = _given(letter)
    match answer:
        case Accepted():
            _note(sending, now, Sending.State.SENT, "")
        case Unanswered():
            _note(sending, now, Sending.State.UNKNOWN, "почтовый сервер не ответил: неизвестно, ушло ли")
        case Refused(is_permanent=True):
            _note(sending, now, Sending.State.FAILED, f"почтовый сервер не принял: {answer.words or answer.code}")
        case Refused():
            _again(sending, now, f"почтовый сервер недоступен: {answer.words or answer.code}")
    return isinstance(answer, Accepted)


def _letter(sending: Sending, now: datetime) -> Letter | None:
    """Count the report as its reader sees it and write the letter; None — nobody carries it. Raises refusals."""
    reader, schedule = sending.recipient, sending.schedule
    if not reader.is_active or reader.assignment is None:
        raise DomainError("сотрудник больше не работает")
    if not reader.email:
        raise DomainError("у сотрудника не записана почта")
    with enter(SYSTEM):
        carrying = Provider.objects.carrying(Channel.EMAIL, schedule.organisation)
        provider = carrying.order_by("-share", "pk").first()
        if provider is None:
            return None
    zone = ZoneInfo(reader.assignment.organisation.territory.time_zone)
    with enter(reader.scope), timezone.override(zone):
        given = narrowing.given(schedule.filters)
        asked = asking.ask(reader, schedule.report, schedule.subject, sending.period, given)
        counted = analysis.told(asked)
        content = write(counted, schedule.form, pack=asked.pack)
        text = LETTER.format(
            title=counted.title,
            subject=counted.subject_name,
            period=counted.period_words,
            narrowed=NARROWED.format(filters="; ".join(counted.filters)) if counted.filters else "",
            moment=f"{timezone.localtime(now):%d.%m.%Y в %H:%M}",
            sha256=counted.sha256,
        )
    name = name_of(counted.name, counted.subject, counted.period, schedule.form, is_narrowed=bool(counted.filters))
    attached = Attachment(name, content, TYPES[schedule.form].partition(";")[0])
    subject = ", ".join([counted.title, counted.period_words, *(["отобрано"] if counted.filters else [])])
    return Letter(Outgoing(sending.pk, reader.email, text, subject, (attached,)), provider, counted.sha256)


def _claimed(sending: Sending, letter: Letter, now: datetime) -> bool:
    """Where workers race, the UPDATE decides."""
    with enter(SYSTEM):
        waiting = Sending.objects.filter(pk=sending.pk, state=Sending.State.WAITING)
        taken = waiting.update(state=Sending.State.GIVEN, tries=sending.tries + 1, changed_at=now, sha256=letter.sha256)
    sending.tries += taken
    return bool(taken)


def _given(letter: Letter) -> Answer:
    async def send(link: channels.Link) -> Answer:
        async with gateway(link.kind).session(link, channels.storing(link)) as session:
            return await session.send(letter.message)

    try:
        return asyncio.run(send(letter.provider.link()))
    except DomainError as fault:
        log.warning("reports.provider_away", provider=letter.provider.pk, reason=fault.code)
        return Refused(letter.message.reference, fault.code, is_permanent=False, words=fault.sentence)


def _again(sending: Sending, now: datetime, why: str) -> None:
    """Try later, not for ever."""
    if sending.tries >= MOST_TRIES:
        _note(sending, now, Sending.State.FAILED, why)
    else:
        later = now + AGAIN * sending.tries
        _note(sending, now, Sending.State.WAITING, why, next_at=later, tries=sending.tries)


def _note(sending: Sending, now: datetime, state: Sending.State, note: str, **fields: object) -> None:
    with enter(SYSTEM):
        Sending.objects.filter(pk=sending.pk).update(state=state, note=note[:300], changed_at=now, **fields)
        if state != Sending.State.WAITING:
            details = {"result": str(state), "recipient": sending.recipient_id, "period": sending.period}
            record("reports.sending", sending, details=details)


def send_again(sending: Sending, now: datetime | None = None) -> bool:
    """Let a letter that did not go be tried once more, because somebody said so."""
    over = [Sending.State.FAILED, Sending.State.UNKNOWN, Sending.State.SKIPPED]
    moment = now or timezone.now()
    fresh = {"state": Sending.State.WAITING, "tries": 0, "note": "", "next_at": moment, "changed_at": moment}
    return bool(Sending.objects.filter(pk=sending.pk, state__in=over).update(**fresh))
