"""Who is to be admitted is reminded once, who was or will not be is left alone; observation obeys its dates."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from opora.informing.incoming import Batch, IncomingObservation, IncomingReferral, Named
from opora.informing.loading import load
from opora.informing.models import Exclusion, PlanEntry, PlannedVisit, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people
from opora.informing.words import Sequence
from opora.insured.models import Person

TODAY = timezone.localdate()
YEAR = TODAY.year


def named(person: Person) -> Named:
    return Named(surname=person.surname, given_name=person.given_name, birth_on=person.birth_on)


def given(place: SimpleNamespace, *told: IncomingReferral) -> None:
    load(Batch(referrals=list(told)), organisation=place.alfa, format="test", name="I01.xml")


def referral(n: int, person: Person | None = None, *, days: int = 0, **fields: Any) -> IncomingReferral:
    open_ones = {"issued_on": TODAY - timedelta(days=3), "planned_on": TODAY + timedelta(days=days)} if days else {}
    who = named(person) if person else Named()
    return IncomingReferral(place=n, key=f"g{n}", number=f"g{n}", who=who, **{**open_ones, **fields})


def test_an_ended_referral_stops_its_reminder(place: SimpleNamespace) -> None:
    stays, cancelled, admitted, twice = people(place, 4)
    given(
        place,
        *(referral(n, one, days=3) for n, one in enumerate((stays, cancelled, admitted, twice), start=1)),
        referral(5, twice, days=4),
    )
    plan = PlanEntry.objects.filter(measure="hospital")
    assert {one.person_id: one.inform_by for one in plan} == {
        one.pk: TODAY + timedelta(days=2) for one in (stays, cancelled, admitted, twice)
    }
    ladder = [{"channel": "call", "purpose": "remind"}, {"channel": "call", "purpose": "remind"}]
    made = campaign(place, measure="hospital", year=plan[0].year, ladder=ladder)
    launch(made.pk, by=None)
    assert Touch.objects.filter(state="planned").count() == 4
    given(
        place,
        referral(2, cancelled_on=TODAY, cancel_reason="3"),
        referral(3, admitted_on=TODAY),
        referral(4, cancelled_on=TODAY, cancel_reason="9"),
    )
    ends = {one.person_id: (one.state, one.outcome) for one in Touch.objects.all()}
    assert ends == {
        stays.pk: ("planned", ""),
        cancelled.pk: ("cancelled", "withdrawn"),
        admitted.pk: ("cancelled", "passed"),
        twice.pk: ("planned", ""),
    }
    Touch.objects.filter(state="planned").update(state="cancelled")
    made.waves.update(state="finished")
    launch(made.pk, by=None)
    why = dict(Exclusion.objects.values_list("person_id", "reason"))
    assert why == {cancelled.pk: "withdrawn", admitted.pk: "passed"}
    given(place, referral(6, cancelled, days=5))
    again = PlanEntry.objects.get(person=cancelled)
    assert (again.state, again.excluded, again.inform_by) == ("open", "", TODAY + timedelta(days=4))


def test_observation_is_told_of_the_nearest_visit_in_time(place: SimpleNamespace) -> None:
    """END_DATE_INF and PRIMARY_INF of GPT: the next visit of the year says until when, and whether again."""
    first, again, late, done = people(place, 4)
    for n, (person, sequence, by) in enumerate(
        [(first, "first", 5), (again, "repeat", 4), (late, "first", -1), (done, "first", 6)], start=1
    ):
        told = IncomingObservation(
            place=n, key=str(n), who=named(person), diagnosis="E11.9", sequence=Sequence(sequence),
            visit_from=TODAY + timedelta(days=1), visit_to=TODAY + timedelta(days=9),
            inform_by=TODAY + timedelta(days=by),
        )  # fmt: skip
        load(Batch(observations=[told]), organisation=place.alfa, format="test", name=f"GPT{n}.xml")
    PlanEntry.objects.filter(person=again).update(state="passed", passed_on=date(YEAR, 1, 10))
    PlanEntry.objects.filter(person=done).update(state="passed", passed_on=TODAY)
    PlannedVisit.objects.filter(person=done).update(came_on=TODAY)
    year = PlanEntry.objects.values_list("year", flat=True)[0]
    known: dict[str, Any] = {"measure": "observation", "year": year, "ladder": [{"channel": "call"}]}
    launch(campaign(place, title="Все", **known).pk, by=None)
    assert {one.person_id: one.until for one in Touch.objects.all()} == {
        first.pk: TODAY + timedelta(days=5),
        again.pk: TODAY + timedelta(days=4),
    }
    assert dict(Exclusion.objects.values_list("person_id", "reason")) == {late.pk: "too_late", done.pk: "passed"}
    Touch.objects.update(state="cancelled")
    only = campaign(place, title="Повторные", audience={"sequence": "repeat"}, **known)
    launch(only.pk, by=None)
    assert [one.person_id for one in Touch.objects.filter(campaign_id=only.pk)] == [again.pk]
    chosen = campaign(place, title="Поимённо", audience={"people": [first.pk]}, **known)
    launch(chosen.pk, by=None)
    assert [one.person_id for one in Touch.objects.filter(campaign_id=chosen.pk)] == [first.pk]
