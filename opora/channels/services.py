"""Commands of this room."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.channels.models import Given, Health, Provider
from opora.channels.ports import Figures, IncomingReceipt, Link, gateway
from opora.organisations.models import Employee
from opora.shared.errors import DomainError
from opora.shared.sql import question

HEALTH_KEPT = timedelta(days=7)
GIVEN_KEPT = timedelta(days=30)

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
