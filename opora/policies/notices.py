"""A text before the visit: written, sent once in decent hours, its fate kept. Its code is computed from its id."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from opora.access.scope import Scope, enter
from opora.channels import services as channels
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Outgoing, Refused, Unanswered, gateway
from opora.channels.words import Channel
from opora.insured import reach
from opora.insured.models import Consent
from opora.organisations.models import HotLine
from opora.policies import packs, rules
from opora.policies.models import Courier, DeliveryEvent, Notice
from opora.policies.words import DeliveryState, EventKind, NoticeState, VisitState
from opora.shared.errors import DomainError

log = structlog.get_logger(__name__)

BATCH = 100
AGAIN = timedelta(minutes=10)
MOST_ATTEMPTS = 3
LOST_AFTER = timedelta(hours=1)
AROUND = (60, 120)  # minutes before and after the planned one, when the person named no hours
CODE_SALT = "opora.policies.notices"


def code_of(notice: UUID) -> str:
    """Return the four digits that prove a hand-over; they stand in the text alone and are kept nowhere."""
    return f"{int(salted_hmac(CODE_SALT, str(notice), algorithm='sha256').hexdigest(), 16) % 10_000:04}"


def send_due() -> dict[str, int]:
    """Send the texts whose time has come; safe to run twice at once. Returns how many of each state."""
    counts: dict[str, int] = {}
    with enter(Scope.system("texts before visits are sent for insurers")):
        _sweep(timezone.now())
        claimed = _claim(timezone.now())
    for provider, messages in _by_provider(claimed).items():
        for notice, answer in _sent(provider, messages):
            with enter(Scope.system("texts before visits are sent for insurers")):
                state = _note(notice, answer, timezone.now())
            counts[state] = counts.get(state, 0) + 1
    return counts


def text_of(notice: Notice) -> str:
    """Return the text as it is sent. Four queries."""
    visit, delivery = notice.visit, notice.delivery
    zone = delivery.person.zone
    since, until = _hours(visit.planned_at.astimezone(zone) if visit.planned_at else None, notice)
    line = HotLine.objects.filter(organisation=delivery.insurer_id).values_list("phone", flat=True).first()
    pack = packs.current(delivery.territory, notice.day)
    return pack.notice.format(
        day=f"{notice.day:%d.%m}",
        since=rules.show_clock(since),
        until=rules.show_clock(until),
        code=code_of(notice.pk),
        phone=line or "горячая линия страховой",
    )


def _hours(planned: datetime | None, notice: Notice) -> tuple[int, int]:
    """Return between which minutes to expect the courier: a window, around the plan, or her whole day."""
    courier = Courier.objects.filter(pk=notice.visit.route.employee_id).values_list("since", "until").first()
    day = courier or (9 * 60, 18 * 60)
    if planned is None:
        return day
    minute = planned.hour * 60 + planned.minute
    for opens, closes in notice.delivery.windows:
        if opens <= minute <= closes:
            return opens, closes
    before, after = AROUND
    return max(day[0], (minute - before) // 30 * 30), min(day[1], -(-(minute + after) // 30) * 30)


def _claim(now: datetime) -> list[tuple[Notice, Provider, Outgoing]]:
    """Take texts that may go now and say so before anybody is called; what may not go says why."""
    rows = Notice.objects.filter(state=NoticeState.WAITING, not_before__lte=now).select_for_update(
        of=("self",), skip_locked=True
    )
    found = []
    related = ("delivery__person__territory", "delivery__insurer", "visit__route")
    for notice in rows.select_related(*related).order_by("not_before")[:BATCH]:
        provider, why = _may_go(notice, now)
        if provider is not None:
            _set(notice, state=NoticeState.SENDING, attempts=notice.attempts + 1, not_before=now)
            to = notice.delivery.phone.removeprefix("+")
            found.append((notice, provider, Outgoing(notice.pk, to, text_of(notice))))
        elif why:
            _fail(notice, why, now)
    return found


def _may_go(notice: Notice, now: datetime) -> tuple[Provider | None, str]:
    """Return who carries it; or None with a reason, or None without one when it waits for the morning."""
    delivery = notice.delivery
    local = now.astimezone(delivery.person.zone)
    if delivery.state != DeliveryState.PLANNED or notice.visit.state != VisitState.PLANNED or notice.day < local.date():
        _set(notice, state=NoticeState.CANCELLED)
        return None, ""
    answer = reach.answers(delivery.person.consents.all(), local.date())[Channel.SMS, Consent.Purpose.INFORMING]
    if answer.decision is not None and not answer.decision.is_granted:
        return None, "человек просил не присылать СМС"
    window = reach.call_window(local)
    if not window.is_open:
        _set(notice, not_before=window.changes_at)
        return None, ""
    provider = Provider.objects.carrying(Channel.SMS, delivery.insurer).order_by("-share", "pk").first()
    return (provider, "") if provider else (None, "у страховой не подключены СМС")


def _by_provider(claimed: Iterable[tuple[Notice, Provider, Outgoing]]) -> dict[Provider, list[tuple[Notice, Outgoing]]]:
    found: dict[Provider, list[tuple[Notice, Outgoing]]] = {}
    for notice, provider, message in claimed:
        found.setdefault(provider, []).append((notice, message))
    return found


def _sent(provider: Provider, messages: list[tuple[Notice, Outgoing]]) -> list[tuple[Notice, Answer]]:
    link = provider.link()

    async def send() -> list[Answer]:
        async with gateway(link.kind).session(link, channels.storing(link)) as session:
            return await session.send_all([message for _, message in messages])

    try:
        answers = asyncio.run(send())
    except DomainError as fault:
        log.warning("policies.provider_away", provider=provider.pk, reason=fault.code)
        answers = [Refused(message.reference, fault.code, is_permanent=False) for _, message in messages]
    return [(notice, answer) for (notice, _), answer in zip(messages, answers, strict=True)]


@transaction.atomic
def _note(notice: Notice, answer: Answer, now: datetime) -> str:
    # A receipt may be quicker than this line: what it has told stays.
    told = Notice.objects.select_for_update().get(pk=notice.pk)
    if told.state != NoticeState.SENDING:
        _set(notice, state=told.state, sent_at=now)
        return str(told.state)
    match answer:
        case Accepted():
            _set(notice, state=NoticeState.SENT, sent_at=now)
            _tell(notice, EventKind.NOTICED, "", now)
        case Unanswered():  # it may have gone: a second one would only confuse
            _set(notice, state=NoticeState.SENT, sent_at=now, why="провайдер не ответил")
            _tell(notice, EventKind.NOTICED, "провайдер не ответил", now)
        case Refused(is_permanent=False) if notice.attempts < MOST_ATTEMPTS:
            _set(notice, state=NoticeState.WAITING, not_before=now + AGAIN)
        case Refused():
            _fail(notice, "провайдер не принял", now)
    return str(notice.state)


def _sweep(now: datetime) -> None:
    """What was being sent when a worker ended is not sent again: nobody knows whether it went."""
    for notice in Notice.objects.filter(state=NoticeState.SENDING, not_before__lt=now - LOST_AFTER):
        _fail(notice, "неизвестно, ушло ли: отправку прервали", now)


def _fail(notice: Notice, why: str, now: datetime) -> None:
    _set(notice, state=NoticeState.FAILED, why=why)
    _tell(notice, EventKind.NOT_NOTICED, why, now)


def _set(notice: Notice, **columns: object) -> None:
    for name, value in columns.items():
        setattr(notice, name, value)
    Notice.objects.filter(pk=notice.pk).update(**columns)


def _tell(notice: Notice, kind: EventKind, text: str, now: datetime) -> None:
    details = {"day": notice.day.isoformat()}
    DeliveryEvent.objects.create(delivery_id=notice.delivery_id, at=now, kind=kind, text=text, details=details)
