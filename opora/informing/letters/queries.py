"""Questions of print runs. How many wait comes from counters, never from touches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from opora.informing.letters.words import Why
from opora.informing.models import Campaign, LetterItem, PrintRun, TouchTally
from opora.informing.words import CampaignState, Channel, TouchState
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

SQL = Path(__file__).parent.parent / "sql"
_late = question(SQL, "late_letters")


@dataclass(frozen=True, slots=True)
class Waiting:
    insurer: Organisation
    letters: int


@dataclass(frozen=True, slots=True)
class Late:
    """A letter that should not go any more; ``is_ended`` — its touch has ended already."""

    pk: int
    reason: str

    @property
    def is_ended(self) -> bool:
        return self.reason == "ended"

    @property
    def words(self) -> str:
        return "Кампания остановлена или контакт отменён" if self.is_ended else str(Why(self.reason).label)


def waiting(employee: Employee) -> list[Waiting]:
    """Letters of running campaigns that wait for paper, by insurer. Two queries."""
    campaigns = Campaign.objects.accessible_to(employee).filter(state=CampaignState.RUNNING).select_related("insurer")
    running = {one.pk: one.insurer for one in campaigns}
    sums = (
        TouchTally.objects.filter(campaign_id__in=running, channel=Channel.LETTER, state=TouchState.PLANNED)
        .values("campaign_id")
        .annotate(n=Sum("change"))
    )
    letters: dict[Organisation, int] = {}
    for row in sums:
        insurer = running[row["campaign_id"]]
        letters[insurer] = letters.get(insurer, 0) + row["n"]
    return [Waiting(one, count) for one, count in letters.items() if count]


def late(run: PrintRun) -> list[Late]:
    """Letters of a run that should be taken out of the pile before it goes to the post, in the order of the pile."""
    today = timezone.localdate(timezone=run.insurer.zone)
    return [Late(row.id, row.reason) for row in _late(run=run.pk, marker=run.marker, today=today)]


def latest_returns(employee: Employee, count: int = 20) -> list[LetterItem]:
    """What she has marked last, the newest first."""
    mine = LetterItem.objects.accessible_to(employee).filter(returned_by=employee, state="returned")
    return list(mine.select_related("run").defer("text").order_by("-returned_at")[:count])
