"""The link in an SMS: sent once, answered once. The link itself is kept nowhere, only its hash and beside no answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Link, Outgoing, Refused, gateway
from opora.channels.services import storing
from opora.insured import reach
from opora.organisations.models import Organisation
from opora.shared.errors import DomainError
from opora.shared.sql import question
from opora.surveys.errors import LinkUnknown, LinkUsed, QuotaFull, RoundOver
from opora.surveys.models import Attempt, Invitee, Round
from opora.surveys.receipts import reference_of
from opora.surveys.services.answers import hold_running, take_sheet
from opora.surveys.services.rounds import digest
from opora.surveys.words import InviteeState, Mode, Outcome, RoundState

log = structlog.get_logger(__name__)
SYSTEM = Scope.system("links of surveys are sent and answered without a sign-in")
claim_links = question(Path(__file__).parent / "sql", "claim_links")
BATCH = 200
# More links at once than free places would ask people in vain; fewer would take weeks.  # assumed
OUT_FOR_A_PLACE = 3
USED = {InviteeState.DONE, InviteeState.OVER}
OUT = (InviteeState.SENDING, InviteeState.SENT, InviteeState.ARRIVED)
TALK_KEPT = timedelta(days=2)  # assumed


def text_of(asked: Round, address: str) -> str:
    who = asked.insurer.name if asked.insurer else "ТФОМС"
    if asked.is_after_talks:
        return f"{who}: вы согласились оценить разговор. Короткий опрос, без имени: {address}"
    return f"{who}: короткий опрос о медицинской помощи, без имени. {address}"


def payer_of(asked: Round) -> Organisation | None:
    """Return who pays for the messages of a round: the insurer, or the fund of its territory."""
    return asked.insurer or Organisation.objects.filter(kind=Organisation.Kind.FUND, territory=asked.territory).first()


def find(token: str, *, begins: bool = False) -> Invitee:
    """Return whose link it is. Raises LinkUsed, LinkUnknown. Inside ``SYSTEM``.

    ``begins`` — he is about to: after the last day of the round that is RoundOver; who has begun may end.
    """
    rows = Invitee.objects.select_related("round__version", "round__survey", "round__insurer")
    invitee = rows.filter(token_hash=digest(token)).first() if "\x00" not in token else None
    if invitee is None or invitee.round.state != RoundState.RUNNING:
        raise LinkUnknown
    if invitee.state in USED:
        raise LinkUsed
    if begins and invitee.round.is_overdue:
        raise RoundOver
    return invitee


@transaction.atomic
def finish(token: str, version: int, answers: Mapping[str, Sequence[str]]) -> bool:
    """Take the answers of a link; False — enough of such answers are there already. Inside ``SYSTEM``.

    Raises LinkUsed, LinkUnknown, AnswerRefused, RoundNotRunning.
    """
    found = find(token)
    hold_running(found.round_id)
    # The row is locked before it is looked at again: of two browsers with one link the first is heard.
    invitee = Invitee.objects.select_for_update(of=("self",)).select_related("round").get(pk=found.pk)
    if invitee.state in USED:
        raise LinkUsed
    is_counted = True
    try:
        with transaction.atomic():
            take_sheet(invitee.round, version, answers, cell=invitee.cell)
    except QuotaFull:
        is_counted = False
    Attempt.objects.create(invitee=invitee, outcome=Outcome.DONE if is_counted else Outcome.OVER)
    state = InviteeState.DONE if is_counted else InviteeState.OVER
    Invitee.objects.filter(pk=invitee.pk).update(state=state, attempts=invitee.attempts + 1)
    return is_counted


def send(round_id: int) -> int:
    """Send the next links of a round; return how many left.

    Nothing goes at night, after its last day, without a provider or an address.
    """
    with enter(SYSTEM):
        asked = Round.objects.select_related("insurer").filter(pk=round_id, state=RoundState.RUNNING).first()
        if asked is None or asked.is_overdue or Mode.LINK not in asked.modes or not asked.address:
            return 0
        if asked.is_after_talks:
            _give_up(asked)
        payer = payer_of(asked)
        provider = Provider.objects.carrying("sms", payer).order_by("-share").first() if payer else None
        if provider is None:
            return 0
        link, people = provider.link(), _taken(asked)
    if not people:
        return 0
    return _carry(asked, link, people)


def _taken(asked: Round) -> list[tuple[int, str]]:
    now = timezone.now()
    rows = Invitee.objects.filter(round=asked, state=InviteeState.WAITING).order_by()
    zones = [
        zone
        for zone in rows.values_list("zone", flat=True).distinct()
        if reach.call_window(now.astimezone(ZoneInfo(zone))).is_open
    ]
    most = BATCH if asked.is_after_talks else min(BATCH, _room(asked, now))
    if not zones or most <= 0:
        return []
    return [(row.id, row.phone) for row in claim_links(round=asked.pk, zones=zones, most=most, now=now)]


def _room(asked: Round, now: datetime) -> int:
    """Return how many more links may be out at once."""
    out = Invitee.objects.filter(round=asked, state__in=OUT, claimed_at__gt=now - timedelta(days=2)).count()
    return sum(max(0, (cell.planned or 0) - cell.done) for cell in asked.cells.all()) * OUT_FOR_A_PLACE - out


def _give_up(asked: Round) -> None:
    """A link that could not leave for days is not sent any more: the talk is forgotten."""
    late = Invitee.objects.filter(round=asked, state=InviteeState.WAITING, not_before__lt=timezone.now() - TALK_KEPT)
    late.update(state=InviteeState.UNSENT)


def _carry(asked: Round, link: Link, people: Sequence[tuple[int, str]]) -> int:
    keys = {pk: secrets.token_urlsafe(12) for pk, _ in people}
    # The hash is there before the message is: who answers at once is known.
    with enter(SYSTEM):
        for pk, key in keys.items():
            Invitee.objects.filter(pk=pk).update(token_hash=digest(key))
    messages = [
        Outgoing(reference_of(pk), phone, text_of(asked, asked.address + reverse("surveys:link", args=[keys[pk]])))
        for pk, phone in people
    ]
    try:
        answers = asyncio.run(_send(link, messages))
    except DomainError as fault:
        log.warning("surveys.provider_away", provider=link.provider, reason=fault.code)
        with enter(SYSTEM):  # the line was never open: nothing has left
            _mark([pk for pk, _ in people], InviteeState.WAITING)
        return 0
    sent = [pk for (pk, _), one in zip(people, answers, strict=True) if not isinstance(one, Refused)]
    refused = [(pk, one) for (pk, _), one in zip(people, answers, strict=True) if isinstance(one, Refused)]
    with enter(SYSTEM):
        _mark(sent, InviteeState.SENT)
        _mark([pk for pk, one in refused if one.is_permanent], InviteeState.UNSENT)
        _mark([pk for pk, one in refused if not one.is_permanent], InviteeState.WAITING)
    return sum(isinstance(one, Accepted) for one in answers)


def _mark(people: Sequence[int], state: InviteeState) -> None:
    Invitee.objects.filter(pk__in=people, state=InviteeState.SENDING).update(state=state)


async def _send(link: Link, messages: Sequence[Outgoing]) -> list[Answer]:
    async with gateway(link.kind).session(link, storing(link)) as session:
        return await session.send_all(messages)
