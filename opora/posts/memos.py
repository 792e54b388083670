"""The memo of a person: which check-ups he is due, and the rooms of the clinic in order. Printed, or sent to him."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.channels import services as channels
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Outgoing, Refused, Unanswered, gateway
from opora.channels.words import Channel
from opora.insured import reach
from opora.insured.eligibility import Decision, Status, of_person
from opora.insured.models import Consent, Contact, Person
from opora.organisations.models import Organisation
from opora.posts.errors import PostsError
from opora.posts.models import Memo, MemoState, Stop
from opora.shared import phones
from opora.shared.errors import DomainError

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Site

log = structlog.get_logger(__name__)
WHY = "memos of posts are sent"
KINDS = {Channel.SMS: Contact.Kind.PHONE, Channel.EMAIL: Contact.Kind.EMAIL}
BATCH = 50
MOST_ATTEMPTS = 3
AGAIN = timedelta(minutes=10)
LOST_AFTER = timedelta(hours=1)
KEPT = timedelta(days=365)  # that a memo was sent, not its text  # assumed
LONGEST_SMS = 600


@dataclass(frozen=True, slots=True)
class Route:
    """What stands on the memo. ``stops`` are those of the check-ups that are due; none is due — all are left out."""

    person: Person
    site: Site
    due: list[Decision]
    stops: list[Stop]
    on: date

    @property
    def titles(self) -> list[str]:
        return [one.measure.words for one in self.due]


@dataclass(frozen=True, slots=True)
class Choice:
    """A channel he may be told by; ``why_not`` empty — it can be used now."""

    channel: str
    label: str
    to: str
    why_not: str = ""


def route(person: Person, site: Site, employee: Employee) -> Route:
    """Return the way of a person through a building. Two queries besides the rules."""
    on = timezone.localdate(timezone=person.zone)
    decisions, _ = of_person(person, on, holds=employee.holds)
    return _route(person, site, decisions, list(Stop.objects.accessible_to(employee).filter(site=site)), on)


def _route(person: Person, site: Site, decisions: list[Decision], stops: list[Stop], on: date) -> Route:
    due = [one for one in decisions if one.status is Status.DUE]
    codes = {str(one.measure) for one in due}
    fitting = [stop for stop in stops if codes and (not stop.measures or codes & set(stop.measures))]
    return Route(person, site, due, fitting, on)


def choices(person: Person, employee: Employee) -> list[Choice]:
    """Return how the memo can reach him: his number and address, unless he refused or nobody carries it."""
    today = timezone.localdate(timezone=person.zone)
    answers = reach.answers(person.consents.all(), today)
    contacts = list(person.contacts.all())
    house = actor_of(employee).organisation
    return [_choice(channel, contacts, answers, house) for channel in KINDS]


def _choice(
    channel: Channel, contacts: list[Contact], answers: dict[tuple[str, str], reach.Answer], house: Organisation
) -> Choice:
    contact = reach.best(contacts, KINDS[channel])
    told = answers[channel, Consent.Purpose.INFORMING].decision
    label = str(channel.label)
    if contact is None or not contact.normalised:
        return Choice(channel, label, "", "нет адреса" if channel == Channel.EMAIL else "нет номера")
    if told is not None and not told.is_granted:
        return Choice(channel, label, contact.value, "человек просил так не писать")
    if not Provider.objects.carrying(channel, house).exists():
        return Choice(channel, label, contact.value, "не подключено")
    to = phones.show(f"+{contact.normalised}") if channel == Channel.SMS else contact.value
    return Choice(channel, label, to)


def text_of(found: Route) -> str:
    """Return the memo as a message.

    It says the clinic, the check-ups and the rooms; no name: a telephone may be looked at by others.
    """
    head = f"{found.site.organisation.name}, {found.site.name}. Ваш путь на осмотр:"
    lines = [
        f"{number}. {stop.title}: {stop.room}{f' ({stop.note})' if stop.note else ''}"
        for number, stop in enumerate(found.stops, start=1)
    ]
    return "\n".join([head, *lines, "С собой паспорт и полис."])


@transaction.atomic
def send(person: Person, site: Site, *, channel: str, by: Employee) -> Memo:
    """Let the memo be sent by a worker. Raises PostsError: no rooms, nothing due, a channel that cannot be used."""
    from opora.posts import tasks

    chosen = next((one for one in choices(person, by) if one.channel == channel), None)
    if chosen is None or chosen.why_not:
        raise PostsError(f"Так отправить нельзя: {chosen.why_not if chosen else 'нет такого способа'}.")
    found = route(person, site, by)
    if not found.stops:
        raise PostsError("Отправлять нечего: осмотры не положены или кабинеты не записаны.")
    if channel == Channel.SMS and len(text_of(found)) > LONGEST_SMS:
        raise PostsError("Для СМС кабинетов слишком много. Отправьте почтой или напечатайте.")
    made = Memo.objects.create(
        territory=actor_of(by).territory,
        insurer_id=by.scope.insurer,
        person=person,
        site=site,
        channel=channel,
        asked_by=by,
    )
    record("posts.memo.send", ("insured.person", str(person.pk)), by=by, details={"channel": str(channel)})
    tasks.send_memos.defer(timestamp=0)
    return made


def send_due() -> int:
    """Send memos whose time has come; safe to run twice at once. Returns how many were tried."""
    with enter(Scope.system(WHY)):
        now = timezone.now()
        lost = Memo.objects.filter(state=MemoState.SENDING, not_before__lt=now - LOST_AFTER)
        lost.update(state=MemoState.FAILED, why="неизвестно, ушла ли: отправку прервали")
        claimed = _claim(now)
    for memo, provider, message in claimed:
        answer = _sent(provider, message)
        with enter(Scope.system(WHY)):
            _note(memo, answer, timezone.now())
    return len(claimed)


def forget() -> int:
    """Forget to whom memos went long ago; return how many."""
    with enter(Scope.system("memos are forgotten")):
        return Memo.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()[0]


def _claim(now: datetime) -> list[tuple[Memo, Provider, Outgoing]]:
    """Take memos that may go now and say so before anybody is called."""
    rows = Memo.objects.filter(state=MemoState.WAITING, not_before__lte=now)
    related = ("person__territory", "person__provider__territory", "site__organisation", "asked_by", "insurer")
    waiting = rows.select_for_update(of=("self",), skip_locked=True).select_related(*related).order_by("not_before")
    found = []
    for memo in waiting[:BATCH]:
        if memo.channel == Channel.SMS:
            window = reach.call_window(now.astimezone(memo.person.zone))
            if not window.is_open:
                _set(memo, not_before=window.changes_at)
                continue
        contact = reach.best(memo.person.contacts.all(), KINDS[Channel(memo.channel)])
        house = memo.insurer or Organisation.objects.filter(kind="fund", territory=memo.territory).first()
        provider = Provider.objects.carrying(memo.channel, house).order_by("-share", "pk").first() if house else None
        if contact is None or provider is None:
            _set(memo, state=MemoState.FAILED, why="нет номера или провайдера")
            continue
        _set(memo, state=MemoState.SENDING, attempts=F("attempts") + 1, not_before=now)
        to = contact.normalised.removeprefix("+")
        found.append((memo, provider, Outgoing(memo.pk, to, _text(memo), subject="Ваш путь на осмотр")))
    return found


def _text(memo: Memo) -> str:
    on = timezone.localdate(timezone=memo.person.zone)
    decisions, _ = of_person(memo.person, on, holds=memo.asked_by.holds)
    stops = list(Stop.objects.filter(site=memo.site_id, insurer_id=memo.insurer_id))
    return text_of(_route(memo.person, memo.site, decisions, stops, on))


def _sent(provider: Provider, message: Outgoing) -> Answer:
    link = provider.link()

    async def send_one() -> Answer:
        async with gateway(link.kind).session(link, channels.storing(link)) as session:
            return await session.send(message)

    try:
        return asyncio.run(send_one())
    except DomainError as fault:
        log.warning("posts.provider_away", provider=provider.pk, reason=fault.code)
        return Refused(message.reference, fault.code, is_permanent=False)


def _note(memo: Memo, answer: Answer, now: datetime) -> None:
    tried = Memo.objects.values_list("attempts", flat=True).get(pk=memo.pk)
    match answer:
        case Accepted():
            _set(memo, state=MemoState.SENT)
        case Unanswered():  # it may have gone: a second one would only confuse
            _set(memo, state=MemoState.SENT, why="провайдер не ответил")
        case Refused(is_permanent=False) if tried < MOST_ATTEMPTS:
            _set(memo, state=MemoState.WAITING, not_before=now + AGAIN)
        case Refused():
            _set(memo, state=MemoState.FAILED, why="провайдер не принял")


def _set(memo: Memo, **columns: object) -> None:
    Memo.objects.filter(pk=memo.pk).update(**columns)
