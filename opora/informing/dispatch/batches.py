"""The steps of a sending in the database. Each is one transaction and may be repeated after any crash."""

from __future__ import annotations

import json
import os
import random
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.channels import balance, receipts, services
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Figures, IncomingReceipt, Link, Outgoing, Refused
from opora.channels.queries import candidates
from opora.channels.words import State
from opora.deadlines.queries import calendar
from opora.informing import merge, recipients
from opora.informing.errors import TextRefused
from opora.informing.models import Template, Wave
from opora.informing.pacing import Limits
from opora.informing.rules import WRITTEN
from opora.informing.words import CampaignState, Lane, Outcome, TouchState, WaveState
from opora.shared.sql import question, text

SQL = Path(__file__).parent.parent / "sql"
SYSTEM = Scope.system("a worker sends what insurers have launched")
WORKER = f"{socket.gethostname()[:24]}:{os.getpid()}"
BATCH = 500
MOST_ATTEMPTS = 5
# A message in doubt goes once more: who was in the hands of one killed worker is not forgotten, and a provider who
# delivers and never answers is paid for two messages at most, not for one an hour.  # assumed
REPEATS = 1
AGAIN = timedelta(minutes=2)
CLAIMED = timedelta(hours=2)
VALUES_FOR = 60.0

_claim = question(SQL, "claim")
_zones = question(SQL, "zones")
_sweep = question(SQL, "sweep")

# What a provider's word means for a touch; the heavier of several words about one message counts.
MEANS: dict[State, tuple[TouchState, str, int]] = {
    State.ACCEPTED: (TouchState.SENT, "", 0),
    State.ENROUTE: (TouchState.SENT, "", 0),
    State.UNKNOWN: (TouchState.SILENT, "", 1),
    State.EXPIRED: (TouchState.FAILED, Outcome.UNDELIVERED, 2),
    State.REJECTED: (TouchState.FAILED, Outcome.UNDELIVERED, 2),
    State.UNDELIVERABLE: (TouchState.FAILED, Outcome.UNDELIVERED, 2),
    State.DELIVERED: (TouchState.DELIVERED, Outcome.DELIVERED, 3),
    State.READ: (TouchState.DELIVERED, Outcome.READ, 4),
}


@dataclass(slots=True)
class Going:
    """A wave that is being sent, with all that does not depend on the person."""

    wave: Wave
    values: recipients.Values
    texts: dict[int, Template] = field(default_factory=dict)
    valued_at: float = field(default_factory=time.monotonic)

    @property
    def year(self) -> int:
        return self.wave.campaign.year

    @property
    def is_urgent(self) -> bool:
        return self.wave.campaign.lane == Lane.URGENT

    @property
    def limits(self) -> Limits:
        return Limits.read(self.wave.campaign.limits, self.wave.campaign.lane)

    def template(self, pk: int | None) -> Template | None:
        if pk is None:
            return None
        if pk not in self.texts:
            self.texts[pk] = Template.objects.get(pk=pk)
        return self.texts[pk]


@dataclass(frozen=True, slots=True)
class Batch:
    """Touches said to be going, as messages. The ``tired`` have been tried often enough: a refusal is their end."""

    year: int
    messages: list[Outgoing]
    taken: int
    tired: frozenset[int] = frozenset()


def going(lane: str, known: Mapping[int, Going] = MappingProxyType({})) -> list[Going]:
    """Return the waves of a lane that gateways carry, as they are now. One query; five more for each wave whose fixed
    values are not ``known`` (by id of the wave) or have been known for a minute.
    """
    with enter(SYSTEM):
        waves = Wave.objects.filter(
            state=WaveState.RUNNING,
            campaign__state=CampaignState.RUNNING,
            campaign__lane=lane,
            rung__channel__in=[str(channel) for channel in WRITTEN],
        ).select_related("campaign__insurer", "rung")
        return [_going(wave, known.get(wave.pk)) for wave in waves.order_by("pk")]


def _going(wave: Wave, former: Going | None) -> Going:
    if former is None or time.monotonic() - former.valued_at > VALUES_FOR:
        return Going(wave, recipients.values(wave.campaign), former.texts if former else {})
    return Going(wave, former.values, former.texts, former.valued_at)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who may carry a wave: his weight now — share and how he is doing — and the price of a segment in roubles."""

    link: Link
    weight: float
    price: Decimal


def carriers(one: Going) -> list[Carrier]:
    with enter(SYSTEM):
        found = list(Provider.objects.carrying(one.wave.rung.channel, one.wave.campaign.insurer))
        weights = balance.weights(candidates(found))
        return [Carrier(one.link(), weights.get(one.pk, 0.0), one.segment_price) for one in found]


def note_figures(link: Link, figures: Figures) -> None:
    """Write down how a provider did since last time: shares shift away from who is slow or down."""
    with enter(SYSTEM):
        services.note_figures(link, figures)


def fold_brought(sender: object, *, link: Link, receipts: Sequence[IncomingReceipt], **_: object) -> None:
    """Fold receipts that a provider brought to our address himself; they are kept already."""
    price = Provider.objects.filter(pk=link.provider).values_list("segment_price", flat=True).first()
    _fold(link, receipts, price=price or Decimal(0))


def open_zones(one: Going, now: datetime) -> list[str]:
    """Return the clocks of those who wait at which it is decent to write now."""
    limits, campaign = one.limits, one.wave.campaign
    with enter(SYSTEM):
        works = calendar(campaign.territory).works
        zones = [row.zone for row in _zones(year=campaign.year, wave=one.wave.pk)]
    found = []
    for zone in zones:
        local = now.astimezone(ZoneInfo(zone))
        if (limits.weekends or works(local.date())) and limits.opens <= local.hour < limits.closes:
            found.append(zone)
    return found


def claim(one: Going, link: Link, zones: Sequence[str], *, now: datetime, most: int = BATCH) -> Batch:
    """Take the next touches of a wave and write down that they are going; return them as messages.

    A text that cannot be written for somebody ends his touch here.
    """
    campaign = one.wave.campaign
    with enter(SYSTEM):
        rows: list[Any] = []
        for zone in random.sample(zones, len(zones)):
            rows += _claim(
                year=campaign.year,
                wave=one.wave.pk,
                campaign=campaign.pk,
                insurer=campaign.insurer_id,
                channel=one.wave.rung.channel,
                zone=zone,
                now=now,
                today=now.astimezone(ZoneInfo(zone)).date(),
                most=most - len(rows),
                capped=bool(one.limits.cap_days) and not one.is_urgent,
                years=sorted({now.year - 1, now.year, now.year + 1, campaign.year}),
                capped_since=now - timedelta(days=one.limits.cap_days),
                worker=WORKER,
                gateway=link.provider,
            )
            if len(rows) >= most:
                break
        sending = [row for row in rows if row.state == TouchState.SENDING]
        people = recipients.people([row.person_id for row in sending])
        messages, broken = [], []
        for row in sending:
            try:
                messages.append(_message(one, row, people.get(row.person_id, {})))
            except TextRefused:
                broken.append(row.id)
        if broken:
            _answer(campaign.year, [(pk, "failed", "") for pk in broken], now=now, price=Decimal(0))
    tired = frozenset(row.id for row in sending if row.attempts >= MOST_ATTEMPTS)
    return Batch(campaign.year, messages, len(rows), tired)


def note_answers(batch: Batch, answers: Sequence[Answer], *, price: Decimal) -> None:
    """Write down what the provider answered; what he did not answer stays in doubt until a receipt or the sweep."""
    now = timezone.now()
    rows: list[tuple[int, str, str]] = []
    for answer in answers:
        pk = answer.reference.int
        if isinstance(answer, Accepted):
            rows.append((pk, "sent", answer.message_id))
        elif isinstance(answer, Refused):
            is_over = answer.is_permanent or pk in batch.tired
            rows.append((pk, "failed" if is_over else "planned", ""))
    with enter(SYSTEM):
        _answer(batch.year, rows, now=now, price=price)


def take_receipts(link: Link, come: Sequence[IncomingReceipt], *, price: Decimal) -> None:
    """Keep receipts and fold them, in one transaction: the provider is told that we have them only afterwards.

    Over the same line come receipts of what other rooms have sent: they are announced to them.
    """
    with enter(SYSTEM):
        named = receipts.keep(link, come)
        _fold(link, named, price=price)
        receipts.announce(link, [one for one in named if one.reference is not None and not _may_be_ours(one)])


@transaction.atomic
def sweep(*, may_doubt: bool = True) -> dict[str, int]:
    """Bring to an end what stays in between; return how many of each: ``lost`` goes again, ``given_up`` has gone again
    already and ends as unknown.

    Without ``may_doubt`` nothing is sent again: a worker that has just come up, or come back to the database, first
    gives providers the time to say what they have.
    """
    now = timezone.now()
    doubt = timedelta(seconds=settings.INFORMING_DOUBT_SECONDS) if may_doubt else timedelta(days=36_500)
    with enter(SYSTEM):
        running = list(Wave.objects.filter(state=WaveState.RUNNING).values_list("pk", flat=True))
        stopped = Wave.objects.filter(state=WaveState.STOPPED, finished_at__gt=now - 2 * CLAIMED)
        row = _sweep(
            now=now,
            today=timezone.localdate(),
            waves=running,
            stopped=list(stopped.values_list("pk", flat=True)),
            doubt=doubt,
            repeats=REPEATS,
            claimed=CLAIMED,
            silent_since=now - timedelta(hours=settings.INFORMING_SILENCE_HOURS),
        )[0]
    return dict(row._asdict())


@transaction.atomic
def finish_waves() -> int:
    """End the waves of which nothing waits or is on its way any more; return how many."""
    with enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute(text(SQL / "finish_waves.sql"), {"now": timezone.now()})
        return int(cursor.rowcount)


def fold_tally() -> None:
    with enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute(text(SQL / "fold_tally.sql"))


def _message(one: Going, row: Any, person: dict[str, str]) -> Outgoing:
    template = one.template(row.template_id)
    if template is None:
        raise TextRefused("У ступени нет текста.")
    values = merge.readable({**one.values.of(row.provider_id), **person}, template.channel)
    return Outgoing(
        UUID(int=row.id),
        row.address,
        merge.render(template.text, values),
        subject=merge.render(template.subject, values) if template.subject else "",
    )


def _answer(year: int, rows: Sequence[tuple[int, str, str]], *, now: datetime, price: Decimal) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            text(SQL / "answered.sql"),
            {
                "year": year,
                "answers": json.dumps(
                    [{"id": pk, "state": state, "message_id": message[:64]} for pk, state, message in rows]
                ),
                "now": now,
                "again": now + AGAIN,
                "price": price,
            },
        )


def _may_be_ours(one: IncomingReceipt) -> bool:
    """Our references are numbers of touches; whoever else sends through a provider uses longer ones."""
    if one.reference is not None:
        return one.reference.int < 2**63
    return bool(one.destination or one.message_id)


def _fold(link: Link, come: Sequence[IncomingReceipt], *, price: Decimal) -> None:
    ours = [one for one in come if _may_be_ours(one)]
    if not ours:
        return
    now = timezone.now()
    given: dict[str, Any] = {
        "receipts": json.dumps([_told(one) for one in ours]),
        "years": [now.year - 1, now.year, now.year + 1],
        "gateway": link.provider,
        "doubted_since": now - timedelta(days=3),
        "price": price,
    }
    with connection.cursor() as cursor:
        for name in ("receipts_after_doubt", "receipts"):
            cursor.execute(text(SQL / f"{name}.sql"), given)


def _told(one: IncomingReceipt) -> dict[str, Any]:
    state, outcome, weight = MEANS[one.state]
    return {
        "id": one.reference.int if one.reference else None,
        "destination": "" if one.reference else one.destination,
        "mark": None if one.reference else one.mark,
        "state": state,
        "outcome": outcome,
        "at": one.at.isoformat(),
        "message_id": one.message_id,
        "weight": weight,
    }
