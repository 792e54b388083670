"""The year itself, month by month: lists, waves, visits, losses. A month is one transaction: it is there or not."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from opora.access.scope import Scope, enter
from opora.informing.dispatch.batches import fold_tally
from opora.informing.models import Campaign, PlanEntry, Roll, Template, TouchTally, Wave
from opora.informing.monthly.nightly import fold_year
from opora.informing.services import create, launch, stop
from opora.informing.words import CampaignState, Channel, Measure, Purpose
from opora.informing.yearly import YearOfStream, year_of_insurer
from opora.shared.partitions import add_months
from opora.simulation.akbars import lists, people, visits
from opora.simulation.akbars.carry import Quota, carry, close
from opora.simulation.akbars.errors import OtherYear, TooFewPeople
from opora.simulation.akbars.schedule import CAP_DAYS, DAYS, Season, Step, steps
from opora.simulation.akbars.targets import targets
from opora.simulation.akbars.world import HOME, World, found, insured_on, populate

ZONE = ZoneInfo("Europe/Moscow")
OPENS, CLOSES = 9, 19
LETTERS = {
    Measure.CHECKUP: "бесплатный профилактический осмотр",
    Measure.SCREENING: "бесплатная диспансеризация",
    Measure.OBSERVATION: "приём у вашего врача",
}
LETTER = (
    "{{имя_отчество}}, здравствуйте.\n\nВ {{год}} году вас ждёт {what}: {{клиника}}.\n"
    "С собой возьмите полис ОМС и паспорт."
)
FULL = "План года выполнен"
YEAR = Scope.system("the year of an insurer is lived")


def live(
    scale: float,
    seed: int,
    *,
    done: Callable[[int], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[World, list[YearOfStream]]:
    """Live the year at a scale; return the world and what is counted over its rows. Safe to stop and to go on.

    ``done`` hears people brought and months over, ``say`` what goes on. Raises OtherYear, OtherPeople, and TooFewPeople
    when the rows do not come to the published figures.
    """
    aims = targets(scale)
    world = found(aims, seed)
    with enter(YEAR):
        _remember(world, scale)
    say("Люди")
    populate(world, done=done)
    with enter(YEAR):
        people.gather(world)
        add_months("channels_receipt", date(aims.year, 1, 1), 14)
        _letters(world)
    for month in range(1, 13):
        say(f"Месяц {month} из 12")
        with enter(YEAR):
            if not Roll.objects.filter(insurer=world.insurer, name=visits.name(world, month)).exists():
                with transaction.atomic():
                    _month(world, month)
        _tidy()
        done(1)
    fold_year(aims.year)  # what the night does for these days only; reports count people over it
    with enter(YEAR):
        return world, _checked(world)


def _month(world: World, month: int) -> None:
    year = world.targets.year
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if month in lists.MONTHS:
        lists.receive(world, month, _at(year, month, 15 if month == 1 else 1, 7))
    if month == 1:
        lists.seal_plans(world, _at(year, 1, 22, 18))
    visits.draw(world, first, last)
    for step in steps():
        if step.month == month:
            _take(world, step)
    people.lose(world, first, last)
    visits.tell(world, month, _at(year, month, last.day, 23))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE coming")


def _take(world: World, step: Step) -> None:
    """Take the next rung of a season: launched by the service, carried to its end, closed."""
    now = _at(world.targets.year, step.month, step.day, OPENS - 1)
    campaign = Campaign.objects.filter(insurer=world.insurer, year=now.year, title=step.season.title).first()
    campaign = campaign or _draft(world, step.season, now)
    wave, planned = launch(campaign.pk, by=None, now=now)
    Wave.objects.filter(pk=wave.pk).update(made_at=now)
    if planned.people:
        wave = Wave.objects.select_related("campaign", "rung").get(pk=wave.pk)
        carried = carry(world, wave, _quota(world, step))
        if carried.is_full:
            stop(campaign.pk, why=FULL, by=None, now=carried.ends)
            return
        close(wave, carried)
        now = carried.ends
    if wave.rung.step == len(step.season.ladder):
        ended = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.RUNNING)
        ended.update(state=CampaignState.FINISHED, finished_at=now)


def _draft(world: World, season: Season, now: datetime) -> Campaign:
    planned = PlanEntry.objects.filter(
        year=now.year, measure=season.measure, insurer=world.insurer, month__in=season.months
    ).count()
    clinics = list(world.clinics[5:7]) if season.few else []
    campaign = create(
        insurer=world.insurer,
        title=season.title,
        measure=season.measure,
        year=now.year,
        ladder=season.ladder,
        audience={"months": list(season.months), "providers": clinics, "late_months": False},
        limits={"per_day": math.ceil(planned / DAYS[season.measure]) + 1, "cap_days": CAP_DAYS, "closes": CLOSES},
        by=None,
    )
    Campaign.objects.filter(pk=campaign.pk).update(made_at=now - timedelta(days=1))
    return campaign


def _quota(world: World, step: Step) -> Quota:
    """Return what is left of the year for a step that closes it: counted over the rows there are."""
    if not step.closes:
        return Quota()
    name = "observation" if step.season.measure == Measure.OBSERVATION else "prevention"
    aim = next(one for one in world.targets.streams if one.name == name)
    now = next(one for one in year_of_insurer(world.insurer, world.targets.year) if one.stream == name)
    return Quota(max(0, aim.informed - now.informed), max(0, aim.repeated - now.repeated))


def _remember(world: World, scale: float) -> None:
    """Keep scale and seed as the name of a list, so that a second run knows whether it may go on. Raises OtherYear."""
    name = f"god-{world.targets.year}-masshtab-{scale:g}-zerno-{world.seed}"
    kept = Roll.objects.filter(insurer=world.insurer, name__startswith=f"god-{world.targets.year}-").first()
    if kept is None:
        Roll.objects.create(
            territory_id=HOME,
            insurer=world.insurer,
            format=lists.FORMAT,
            name=name,
            year=world.targets.year,
            loaded_at=_at(world.targets.year, 1, 1, 0),
        )
    elif kept.name != name:
        raise OtherYear


def _letters(world: World) -> None:
    for measure, what in LETTERS.items():
        Template.objects.get_or_create(
            organisation=world.insurer,
            measure=measure,
            purpose=Purpose.INVITE,
            channel=Channel.LETTER,
            defaults={"text": LETTER.format(what=what)},
        )


def _checked(world: World) -> list[YearOfStream]:
    counted = year_of_insurer(world.insurer, world.targets.year)
    told = {one.stream: (one.planned, one.informed, one.repeated) for one in counted}
    aims = {one.name: (one.planned, one.informed, one.repeated) for one in world.targets.streams}
    if told != aims or insured_on(world, world.targets.insured_on) != world.targets.insured:
        raise TooFewPeople(f"Вышло {told}, а нужно {aims}: возьмите масштаб больше.")
    return counted


def _tidy() -> None:
    """Fold the counters and let the rows of the month be seen by the planner; outside of any transaction."""
    with enter(YEAR):
        while TouchTally.objects.count() > 20_000:
            fold_tally()
        fold_tally()
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) informing_touch, informing_planentry")


def _at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)
