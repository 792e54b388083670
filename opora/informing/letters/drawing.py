"""The work behind a print run: touches are taken and frozen, then paper is written part by part.

Every step is committed and leaves a run that can be gone on with: whoever comes after a killed worker takes up where he
was. Memory holds a thousand letters, never a run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.informing import merge, recipients
from opora.informing.errors import TextRefused
from opora.informing.letters import addresses
from opora.informing.letters.words import ENDS, ItemState, RunState, Why
from opora.informing.models import LetterItem, PrintRun, Template, Wave
from opora.informing.pacing import Limits
from opora.informing.rules import PRINTED
from opora.informing.words import CampaignState, WaveState
from opora.organisations.models import Organisation
from opora.shared.declension import Case, PersonName, decline
from opora.shared.sql import question, text

SQL = Path(__file__).parent.parent / "sql"
BATCH = 1_000
AGAIN = timedelta(days=1)
SYSTEM = Scope.system("letters of an insurer are drawn up in the background")

_claim = question(SQL, "claim_letters")


def draw(run_id: int) -> bool:
    """Bring a run from its first touch to paper; False when it is not being drawn up. Twice does nothing more."""
    with enter(SYSTEM):
        run = PrintRun.objects.select_related("insurer__territory").filter(pk=run_id, state=RunState.DRAWING).first()
    if run is None:
        return False
    if not run.is_collected and not _collect(run):
        return False
    from opora.informing.letters import inking  # the library of PDF costs a second: only who writes one pays it

    return inking.write(run)


@dataclass
class _Waves:
    """The waves letters are taken from, with what does not depend on the person; read once for a batch of work."""

    insurer: Organisation

    @cached_property
    def waves(self) -> list[Wave]:
        return list(letter_waves([self.insurer.pk]))

    @cached_property
    def values(self) -> dict[int, recipients.Values]:
        return {one.campaign_id: recipients.values(one.campaign) for one in self.waves}

    @cached_property
    def templates(self) -> dict[int, Template]:
        return {}

    def template(self, pk: int | None) -> Template:
        if pk is None:
            raise TextRefused("У ступени нет текста.")
        if pk not in self.templates:
            self.templates[pk] = Template.objects.get(pk=pk)
        return self.templates[pk]

    def parameters(self, now: datetime, most: int) -> dict[str, Any]:
        campaigns = {one.campaign_id: one.campaign for one in self.waves}
        caps = [now - timedelta(days=Limits.read(one.limits).cap_days) for one in campaigns.values()]
        return {
            "years": sorted({one.year for one in campaigns.values()}),
            "waves": [one.pk for one in self.waves],
            "campaigns": list(campaigns),
            "capped_since": caps,
            "insurer": self.insurer.pk,
            "territory": self.insurer.territory_id,
            "now": now,
            "today": now.astimezone(ZoneInfo(self.insurer.territory.time_zone)).date(),
            "most": most,
        }


def letter_waves(insurers: Collection[int]) -> Any:
    """Waves whose letters may be printed: what is paused or stopped stays where it is."""
    return Wave.objects.filter(
        state=WaveState.RUNNING,
        campaign__state=CampaignState.RUNNING,
        campaign__insurer__in=insurers,
        rung__channel__in=[str(one) for one in PRINTED],
    ).select_related("campaign__insurer", "rung")


def _collect(run: PrintRun) -> bool:
    """Take touches until the run is full or nothing is due; False — the run was cancelled or nothing got in."""
    source = _Waves(run.insurer)
    taken = 1
    while taken:
        with enter(SYSTEM):
            held = PrintRun.objects.select_for_update().filter(pk=run.pk, state=RunState.DRAWING).first()
            if held is None:
                return False
            taken = _take(held, source, min(BATCH, held.most - held.drawn))
    with enter(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute(text(SQL / "place_letters.sql"), {"run": run.pk})
        open_ones = PrintRun.objects.filter(pk=run.pk, state=RunState.DRAWING)
        empty = {"state": RunState.CANCELLED, "why": "Ни одно письмо не вошло.", "cancelled_at": timezone.now()}
        if open_ones.filter(drawn=0).update(is_collected=True, **empty):
            return False
        return bool(open_ones.update(is_collected=True, beat_at=timezone.now()))


def _take(run: PrintRun, source: _Waves, most: int) -> int:
    """Take a batch of touches; return how many were looked at."""
    if most <= 0 or not source.waves:
        return 0
    now = timezone.now()
    rows = _claim(**source.parameters(now, most))
    people = recipients.people([row.person_id for row in rows if not row.reason])
    items = [_item(run, row, source, people.get(row.person_id, {})) for row in rows]
    with connection.cursor() as cursor:
        states = [_becomes(item) for item in items]
        years, ids = [item.year for item in items], [item.touch_id for item in items]
        parameters: dict[str, Any] = {"years": years, "ids": ids, "states": states, "marker": run.marker, "now": now}
        cursor.execute(text(SQL / "take_letters.sql"), {**parameters, "again": now + AGAIN})
    LetterItem.objects.bulk_create(items)
    drawn = states.count("claimed")
    PrintRun.objects.filter(pk=run.pk).update(
        drawn=F("drawn") + drawn, refused=F("refused") + len(items) - drawn, beat_at=now
    )
    return len(rows)


def _becomes(item: LetterItem) -> str:
    if item.state == ItemState.READY:
        return "claimed"
    return "cancelled" if item.refused_for in ENDS else "planned"


def _item(run: PrintRun, row: Any, source: _Waves, person: dict[str, str]) -> LetterItem:
    """Freeze one letter, or say why there is none."""
    name = PersonName(row.surname, row.given_name, row.patronymic)
    item = LetterItem(
        run=run,
        year=row.year,
        touch_id=row.id,
        campaign_id=row.campaign_id,
        person_id=row.person_id,
        contact_id=row.contact_id,
        contact=row.contact,
        template_id=row.template_id,
        addressee=decline(name, Case.DATIVE),
    )
    where = Why(row.reason) if row.reason else addresses.parse(row.contact)
    if isinstance(where, addresses.Address):
        item.postcode, item.address = where.postcode, where.place
        own = {**source.values[row.campaign_id].of(row.provider_id), **person}
        try:
            template = source.template(row.template_id)
            values = merge.readable(own, template.channel)
            item.text = merge.render(template.text, values)
            item.subject = merge.render(template.subject, values)[:300] if template.subject else ""
        except TextRefused:
            where = Why.EMPTY_FIELD
    if isinstance(where, Why):
        item.state, item.refused_for = ItemState.REFUSED, where
    return item
