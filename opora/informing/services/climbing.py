"""The ladder by itself: whose wave is over and whose time of waiting has passed goes to the next rung."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.informing import planning
from opora.informing.errors import InformingError, LadderEnded
from opora.informing.models import Campaign
from opora.informing.services.campaigns import GOES_ON, launch
from opora.informing.words import CampaignState

log = structlog.get_logger(__name__)


def climb() -> int:
    """Launch the next wave of every campaign whose time has come, end those whose ladder is over; return how many."""
    with enter(Scope.system("ladders climb by themselves")):
        found = list(Campaign.objects.filter(state=CampaignState.RUNNING).exclude(waves__state__in=GOES_ON))
    moved = 0
    for campaign in found:
        try:
            with transaction.atomic(), enter(Scope.system("a ladder climbs by itself")):
                moved += _climb(campaign)
        except InformingError as refusal:
            # A person has to look: a text is missing, or limits are too tight. The others go on.
            log.warning("informing.not_climbed", campaign=campaign.pk, reason=type(refusal).__name__)
    return moved


def _climb(campaign: Campaign) -> bool:
    now = timezone.now()
    try:
        step = planning.next_step(campaign)
    except LadderEnded:
        ended = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.RUNNING)
        return bool(ended.update(state=CampaignState.FINISHED, finished_at=now))
    last = campaign.waves.order_by("-round").first()
    if last is None or last.finished_at is None or last.finished_at + timedelta(days=step.rung.wait_days) > now:
        return False
    launch(campaign.pk, by=None)
    return True
