"""From a plan to the touches of a wave: who is written to, who is not and why, when each may go, what it costs.

A dry run and a launch are one judgement (``sql/judge.sql``): what was shown is what happens. Set-based; the rows of a
wave never pass through the program.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from opora.channels.queries import expected_price
from opora.channels.segments import OF_MANY, ONE, Alphabet
from opora.deadlines.queries import calendar
from opora.informing import merge, pacing, recipients, sharing
from opora.informing.audience import Audience
from opora.informing.errors import LadderEnded, NoText, NothingToPlan
from opora.informing.models import Campaign, Rung, Template, Wave
from opora.informing.pacing import Layout, Limits, Taken
from opora.informing.rules import PRINTED, WRITTEN
from opora.informing.sharing import Others, Sharer
from opora.informing.words import Channel, Exclude, Lane, Measure
from opora.insured.models import Contact
from opora.organisations import capacity
from opora.organisations.models import Territory
from opora.shared.sql import question, text
from opora.shared.statistics import refresh

SQL = Path(__file__).parent / "sql"
judged = question(SQL, "judged")
people_of_audience = question(SQL, "audience")
# As many are judged by their keys; more by sets, each table swept once. Their ids go with the statement.
FEW = 5_000
NOBODY = [0]
LOOKED_AT = ("insured_person", "insured_contact", "insured_consent", "informing_planentry", "informing_touch")
CONTACT = {Channel.EMAIL: Contact.Kind.EMAIL, Channel.LETTER: Contact.Kind.ADDRESS, Channel.VISIT: Contact.Kind.ADDRESS}
CONSENT = {Channel.ROBOT: "call", Channel.VISIT: "letter"}
ONLY_MOBILE = frozenset({Channel.SMS, Channel.MESSENGER})
ALPHABET = Alphabet.UCS2  # texts are Russian
NEEDS_CONTACT = WRITTEN | PRINTED | {Channel.CALL, Channel.ROBOT, Channel.VISIT}
HALF = timedelta(minutes=30)
KOPECK = Decimal("0.01")
DEFAULT_LANGUAGE = "ru"


@dataclass(frozen=True, slots=True)
class ByClinic:
    provider_id: int | None
    people: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a launch would do. Shares and times are estimates, counts are counts.

    ``cost`` is in roubles, by the prices and shares of providers today; None — nobody carries the channel yet.
    ``languages`` are people by the language of their text, none where the channel carries no text. ``operators_needed``
    are those of the busiest hour, for other campaigns too and — where shifts are known — for ``usual_an_hour``, the
    calls the line gets anyway; ``shared`` says which take operators and clinics on those days, ``behind`` which will
    make room.
    """

    people: int
    excluded: dict[Exclude, int]
    segments: int
    longest: int
    cost: Decimal | None
    clinics: list[ByClinic]
    starts: datetime
    ends: datetime
    an_hour: int
    callbacks_an_hour: float
    operators: int
    operators_needed: int
    usual_an_hour: float = 0.0
    letters: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    shared: list[Sharer] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)

    @property
    def planned(self) -> int:
        """People of the plan looked at."""
        return self.people + sum(self.excluded.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "excluded": {str(reason): count for reason, count in self.excluded.items()},
            "segments": self.segments,
            "letters": self.letters,
            "languages": self.languages,
            "cost": None if self.cost is None else str(self.cost),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "an_hour": self.an_hour,
            "callbacks_an_hour": self.callbacks_an_hour,
            "operators": self.operators,
            "operators_needed": self.operators_needed,
            "usual_an_hour": self.usual_an_hour,
            "shared": [{**asdict(one), "until": one.until.isoformat()} for one in self.shared],
            "behind": self.behind,
        }


@dataclass
class Step:
    """One rung of a campaign about to be taken: everything that the statements ask for."""

    campaign: Campaign
    rung: Rung
    round: int
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def limits(self) -> Limits:
        return Limits.read(self.campaign.limits, self.campaign.lane, self.rung.channel)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self._territory.time_zone)

    @cached_property
    def values(self) -> recipients.Values:
        return recipients.values(self.campaign)

    @cached_property
    def template(self) -> Template | None:
        """The rung's own text, else the one in force for the measure: the insurer's before the shipped one."""
        if self.rung.template:
            return self.rung.template
        found = Template.objects.filter(
            measure=self.campaign.measure,
            purpose=self.rung.purpose,
            channel=self.rung.channel,
            is_current=True,
            language=DEFAULT_LANGUAGE,
        )
        own = found.filter(organisation=self.campaign.insurer).first()
        return own or found.filter(organisation=None).first()

    @cached_property
    def templates(self) -> dict[str, Template]:
        """The texts by language: first the one of ``template``, for whoever has no text in his own language; the others
        are those in force for the same measure, purpose and channel, the insurer's before the shipped ones."""
        base = self.template
        if base is None:
            return {}
        alike = Template.objects.filter(
            Q(organisation=None) | Q(organisation=self.campaign.insurer),
            measure=base.measure,
            purpose=base.purpose,
            channel=base.channel,
            is_current=True,
        ).exclude(language=base.language)
        shipped_first = sorted(alike, key=lambda one: (one.organisation_id is not None, one.language))
        return {base.language: base, **{one.language: one for one in shipped_first}}

    @cached_property
    def shapes(self) -> dict[str, merge.Shape]:
        """The shapes of the texts, in their order. Raises NoText where the channel carries a text and there is none."""
        if self.templates:
            return {one: merge.check(text.text, self.rung.channel) for one, text in self.templates.items()}
        if Channel(self.rung.channel) in WRITTEN | PRINTED:
            raise NoText(f"Для ступени {self.rung.step} нет текста: «{self.rung.get_channel_display()}».")
        return {DEFAULT_LANGUAGE: merge.Shape(0, {})}

    @cached_property
    def shifts(self) -> pacing.Shifts:
        """Operators of the insurer by hour of each day that shifts tell of, the fewer of its two half-hours; nothing
        where no touch comes to them."""
        if not self.limits.take_operators:
            return {}
        midnight = datetime.combine(self.local.date(), time(), tzinfo=self.zone)
        found: dict[date, list[int]] = {}
        week_ago, year_on = midnight - 7 * pacing.DAY, midnight + pacing.LONGEST * pacing.DAY
        there = capacity.on_shift(self.campaign.insurer_id, week_ago, year_on)
        for day in {at.astimezone(self.zone).date() for at in there}:
            begins = datetime.combine(day, time(), tzinfo=self.zone)
            halves = [there.get(begins + half * HALF, 0) for half in range(48)]
            found[day] = [min(pair) for pair in zip(halves[::2], halves[1::2], strict=True)]
        return pacing.foreseen(found, self.local.date(), self.works)

    def usual(self, since: datetime, until: datetime) -> float:
        """Calls of the line in the busiest hour between two moments of its territory's clock, as many as if each were
        a call back: a forecast, so a wave is not laid by it."""
        begins, ends = since.replace(tzinfo=self.zone), until.replace(tzinfo=self.zone)
        found = capacity.usual(self.campaign.insurer_id, begins, ends)
        return max(found.values(), default=0.0) * 2 / self.limits.talk_seconds

    @cached_property
    def gone(self) -> dict[int, int]:
        """Touches of the campaign that went today by the clock of the territory, by clinic; asked where a day has a
        limit. They count although the day is laid anew: after a pause, and by the next rung."""
        if not (self.limits.per_day or self.limits.per_clinic_day):
            return {}
        own = Campaign.objects.filter(pk=self.campaign.pk)
        return sharing.went_today(own, now=self.now, zone=self.zone)

    @cached_property
    def others(self) -> Others:
        """Waves of the insurer that this one leaves room for."""
        return sharing.others(self.campaign, self.limits, now=self.now, zone=self.zone)

    @property
    def is_paced(self) -> bool:
        """Whether a day has a limit."""
        return self.limits.are_set or bool(self.shifts)

    @cached_property
    def works(self) -> Callable[[date], bool]:
        return calendar(self.campaign.territory).works

    @property
    def local(self) -> datetime:
        """Now by the clock of the territory, without a zone."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    @cached_property
    def _territory(self) -> Territory:
        return Territory.objects.get(pk=self.campaign.territory)

    def lay(self, people: Mapping[int, int]) -> Layout:
        """Lay people of clinics over days, in what other waves leave of operators and clinics."""
        promised = self.others.promised
        return pacing.lay(self.limits, self.local, people, self.works, self.shifts, self.gone, promised)

    def judge(self) -> dict[str, Any]:
        """Return the parameters of ``judge.sql``; ``people`` are the audience where it is small."""
        campaign, limits, channel = self.campaign, self.limits, Channel(self.rung.channel)
        audience = Audience.read(campaign.audience)
        clinics = {pk: self.values.of(pk) for pk in self.values.clinics}
        shapes = self.shapes.values()
        given: dict[str, Any] = {
            "year": campaign.year,
            "measure": campaign.measure,
            "insurer": campaign.insurer_id,
            "territory": campaign.territory,
            "campaign": campaign.pk,
            "zone": self._territory.time_zone,
            "today": self.local.date(),
            "consent": CONSENT.get(channel, str(channel)),
            "contact": CONTACT.get(channel, Contact.Kind.PHONE),
            "only_mobile": channel in ONLY_MOBILE,
            "needs_contact": channel in NEEDS_CONTACT,
            "holdout": campaign.holdout,
            "capped": limits.cap_days > 0 and campaign.lane != Lane.URGENT,
            "waited_since": self.now - timedelta(days=self.rung.wait_days),
            "capped_since": self.now - timedelta(days=limits.cap_days),
            "months": list(audience.all_months),
            "providers": list(audience.providers),
            "people": list(audience.people),
            "sequence": audience.sequence,
            # Somebody who came in spring and missed the visit of autumn is called by name.
            "again": bool(audience.people) and campaign.measure == Measure.OBSERVATION,
            "clinics": list(clinics),
            "fixed": [_fixed(shape, one) for one in clinics.values() for shape in shapes],
            "lacks": [bool(merge.missing(shape, one, merge.MAY_LACK)) for one in clinics.values() for shape in shapes],
            "languages": list(self.shapes),
            "templates": [text.pk for text in self.templates.values()] or [None],
            "fixed_here": [_fixed(shape, self.values.campaign) for shape in shapes],
            "lacks_here": [bool(merge.missing(shape, self.values.campaign, merge.MAY_LACK)) for shape in shapes],
            "names": [shape.fields.get("имя", 0) for shape in shapes],
            "full_names": [shape.fields.get("имя_отчество", 0) for shape in shapes],
            "longest": _characters(limits.longest) if channel in ONLY_MOBILE else 0,
            "one": ONE[ALPHABET] if channel is Channel.SMS else 0,
            "of_many": OF_MANY[ALPHABET],
        }
        found = [row.person_id for row in people_of_audience(**given, most=FEW)]
        return given | {"people": found or NOBODY} if len(found) <= FEW else given


def next_step(campaign: Campaign, now: datetime | None = None) -> Step:
    """Return the step a campaign takes now: the rung after those of its waves. Raises LadderEnded."""
    taken = Wave.objects.filter(campaign=campaign).order_by("-round").values_list("round", "rung__step").first()
    last_round, last_step = taken or (0, 0)
    rung = campaign.rungs.filter(step__gt=last_step).select_related("template").first()
    if rung is None:
        raise LadderEnded
    return Step(campaign, rung, last_round + 1, now or timezone.now())


def look_at_tables() -> None:
    """Let the planner of the database know what stands in the tables a judgement reads; after a load it does not."""
    refresh(LOOKED_AT)


def dry_run(step: Step) -> DryRun:
    """Say what a launch of this step would do, and leave nothing behind. Inside a transaction of the caller."""
    with _judged(step) as (found, _):
        return found


def plan(step: Step, wave: Wave) -> DryRun:
    """Write the touches and the exclusions of a wave; return what was done. Raises NothingToPlan."""
    with _judged(step, is_kept=True) as (found, laid), connection.cursor() as cursor:
        if not found.planned:
            raise NothingToPlan
        parameters = {**_common(step, wave), **as_parameters(laid)}
        cursor.execute(text(SQL / "plan_exclusions.sql"), parameters)
        if found.people:
            name = "plan_touches" if step.is_paced else "plan_at_once"
            cursor.execute(text(SQL / f"{name}.sql"), parameters)
        return found


@contextmanager
def _judged(step: Step, *, is_kept: bool = False) -> Iterator[tuple[DryRun, Layout]]:
    """Judge everybody into the table ``judged`` and lay those who are written to over days; ends with the table.

    What ``is_kept`` is laid alone: the wave of another campaign sees it or is seen by it.
    """
    look_at_tables()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.judged")
        cursor.execute(text(SQL / "judge.sql"), step.judge())
        if step.limits.one_per_number and Channel(step.rung.channel) in ONLY_MOBILE:
            cursor.execute(text(SQL / "judge_numbers.sql"))
        rows = judged()
        people = Counter[int]()
        for row in rows:
            if not row.reason:
                people[row.provider_id or 0] += row.people
        if is_kept:
            sharing.hold(step.campaign.insurer_id, step.campaign.lane)
        laid = step.lay(people)
        yield _told(step, rows, laid), laid
        cursor.execute("DROP TABLE pg_temp.judged")


def _told(step: Step, rows: Sequence[Any], laid: Layout) -> DryRun:
    limits, channel = step.limits, Channel(step.rung.channel)
    going = [row for row in rows if not row.reason]
    excluded, clinics, languages = Counter[str](), Counter[int | None](), Counter[str]()
    for row in rows:
        excluded[row.reason] += row.people
    for row in going:
        clinics[row.provider_id] += row.people
        languages[row.language] += row.people
    people, segments = excluded.pop("", 0), sum(row.segments for row in going)
    an_hour = laid.busiest_hour if step.is_paced else people
    callbacks = an_hour * limits.taken.calls
    usual = step.usual(*laid.hours_then) if people and laid.operators_then else 0.0
    taken = Taken(laid.taken_then.calls + usual, laid.taken_then.talks)
    return DryRun(
        people=people,
        excluded={reason: excluded[reason] for reason in Exclude if excluded[reason]},
        segments=segments,
        longest=max((row.longest for row in going), default=0),
        cost=_cost(step, segments),
        clinics=[ByClinic(pk, count) for pk, count in clinics.most_common()],
        starts=laid.opens[0].replace(tzinfo=step.zone),
        ends=laid.ends.replace(tzinfo=step.zone),
        an_hour=an_hour,
        callbacks_an_hour=callbacks,
        operators=laid.operators_then or limits.operators,
        operators_needed=limits.operators_for(an_hour, taken) if people else 0,
        usual_an_hour=usual,
        letters=people if channel in PRINTED else 0,
        languages=dict(languages.most_common()) if step.templates else {},
        shared=step.others.between(laid.opens[0].date(), laid.ends.date()) if people else [],
        behind=step.others.behind if people else [],
    )


def _cost(step: Step, segments: int) -> Decimal | None:
    channel = Channel(step.rung.channel)
    if channel not in WRITTEN:
        return Decimal(0)
    price = expected_price(channel, step.campaign.insurer)
    return None if price is None else (price * segments).quantize(KOPECK)


def as_parameters(laid: Layout) -> dict[str, Any]:
    """Return a layout as the statements want it: for each clinic the running totals of its days."""
    return {
        "opens": list(laid.opens),
        "hours": [float(one) for one in laid.hours],  # a list of 2 and 4.0 is no array for the driver
        "first": laid.opens[0],
        "laid": json.dumps([{"clinic": one, "totals": list(accumulate(row))} for one, row in laid.shares.items()]),
    }


def _common(step: Step, wave: Wave) -> dict[str, Any]:
    campaign = step.campaign
    return {
        "year": campaign.year,
        "campaign": campaign.pk,
        "wave": wave.pk,
        "round": wave.round,
        "channel": step.rung.channel,
        "territory": campaign.territory,
        "insurer": campaign.insurer_id,
        "measure": campaign.measure,
        "purpose": step.rung.purpose,
        "lane": campaign.lane,
        "now": step.now,
    }


def _fixed(shape: merge.Shape, values: dict[str, str]) -> int:
    """Characters of a text that do not depend on the person."""
    return shape.length(values, without=merge.OF_PERSON)


def _characters(segments: int) -> int:
    return ONE[ALPHABET] if segments == 1 else segments * OF_MANY[ALPHABET]
