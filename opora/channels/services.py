"""Commands of this room."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from django.db import connections, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.channels import receipts
from opora.channels.models import Given, Health, Provider, Receipt
from opora.channels.ports import Answer, Figures, IncomingReceipt, Link, OnReceipts, Outgoing, Refused, gateway
from opora.channels.words import Kind, State
from opora.organisations.models import Employee
from opora.shared.errors import DomainError
from opora.shared.sql import question

HEALTH_KEPT = timedelta(days=7)
GIVEN_KEPT = timedelta(days=30)
LISTENED_FOR = 2.0  # seconds; a centre says what waits as soon as a line is open

log = structlog.get_logger(__name__)

_note_figures = question(Path(__file__).parent / "sql", "note_figures")


def note_figures(link: Link, figures: Figures, now: datetime | None = None) -> None:
    """Add what a session saw (``Session.take_figures``) to the health of its provider; nothing seen writes nothing."""
    if any(asdict(figures).values()):
        _note_figures(
            provider=link.provider, organisation=link.organisation, now=now or timezone.now(), **asdict(figures)
        )


@transaction.atomic
def save_provider(provider: Provider, secrets: Mapping[str, str], *, by: Employee, changed: list[str]) -> Provider:
    """Add or change a provider; of passwords only those given are replaced. The log keeps names of fields alone."""
    action = "channels.change" if provider.pk else "channels.add"
    if secrets:
        provider.keep_secrets(dict(secrets))
    provider.save()
    record(action, provider, by=by, details={"fields": sorted({*changed, *secrets})})
    return provider


def try_line(provider: Provider, *, by: Employee) -> DomainError | None:
    """Open a line to the provider and close it again; return why it could not be opened, None when it could."""
    link = provider.link()

    async def open_and_close() -> None:
        async with gateway(link.kind).session(link, _nothing):
            pass

    fault: DomainError | None = None
    try:
        asyncio.run(open_and_close())
    except DomainError as refused:
        fault = refused
    record("channels.try", provider, by=by, details={"result": fault.code if fault else "up"})
    return fault


def send_trial(provider: Provider, to: str, text: str, *, by: Employee) -> Answer:
    """Send one message a person asked for and return the provider's answer; the address stays out of the log.

    Receipts that come meanwhile, of this message or of others, are kept and announced as any.
    """
    link, message = provider.link(), Outgoing(uuid4(), to, text, subject="Проверка связи")

    async def send() -> Answer:
        async with gateway(link.kind).session(link, storing(link)) as session:
            return await session.send(message)

    try:
        answer = asyncio.run(send())
    except DomainError as fault:
        answer = Refused(message.reference, fault.code, is_permanent=False, words=fault.sentence)
    record("channels.trial", provider, by=by, details={"result": type(answer).__name__.lower()})
    return answer


def storing(link: Link) -> OnReceipts:
    """Return a callback of a session that keeps and announces receipts over a connection of its own."""

    def keep(batch: list[IncomingReceipt]) -> None:
        try:
            with enter(Scope.system("receipts of a session")):
                receipts.take(link, batch)
        finally:
            connections.close_all()

    async def store(batch: list[IncomingReceipt]) -> None:
        await asyncio.to_thread(keep, batch)

    return store


def collect(*, seconds: float = LISTENED_FOR) -> int:
    """Listen for a moment to every centre that was given something lately: what came without a line waits there.

    Return how many centres were listened to; one that does not answer is left for the next time.
    """
    with enter(Scope.system("receipts that wait at a provider are collected")):
        found = [one.link() for one in Provider.objects.active().filter(kind=Kind.SMPP) if _is_awaited(one)]
    return sum(_listen(link, seconds) for link in found)


def _is_awaited(provider: Provider) -> bool:
    """Whether something was given to him in the days in which receipts still come."""
    since = timezone.now() - receipts.ASKED_FOR
    return Receipt.objects.filter(provider=provider, received_at__gt=since, state=State.ACCEPTED).exists()


def _listen(link: Link, seconds: float) -> bool:
    async def listen() -> None:
        async with gateway(link.kind).session(link, storing(link)):
            await asyncio.sleep(seconds)

    try:
        asyncio.run(listen())
    except DomainError as fault:
        log.warning("channels.not_listened", provider=link.provider, reason=fault.code)
        return False
    return True


async def _nothing(batch: list[IncomingReceipt]) -> None:
    """Leave receipts that come while a line is tried with the provider: one that raises is told them again."""
    if batch:
        raise RuntimeError("a line that is only tried stores nothing")


def forget_old() -> int:
    """Delete health of last week and what the stand-in was given a month ago; return how many rows."""
    now = timezone.now()
    with enter(Scope.system("nightly cleaning")):
        health = Health.objects.filter(minute__lt=now - HEALTH_KEPT).delete()[0]
        return health + Given.objects.filter(at__lt=now - GIVEN_KEPT).delete()[0]
