"""Lists of ГИС ОМС and of Khakassia as far as the tables: whom they name is found, planned and reported."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from opora.exchange.engine import examine
from opora.exchange.lists import batch_of
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.informing.incoming import Batch, Named
from opora.informing.loading import Loaded, load
from opora.informing.models import Entry, Observation, PlanEntry, PlannedVisit, Reported
from opora.insured.models import Person

WHOLE = [
    "gst-dn-list",
    "gsm-dn-list-mo",
    "gpt-gpm-dn-plan",
    "gf-dn-check-result",
    "df-disp-status",
    "dspn-dn-informing",
    "prof-preventive-list",
]


def batch(path: Path) -> Batch:
    outcome, content = examine(path, CONTEXT)
    return batch_of(outcome, content)


def files(slug: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / slug).glob("*/*") if path.name != "expected.json")


def settle(place: SimpleNamespace, found: Batch) -> None:
    """Everybody a file names is a person of Alfa."""
    told = [*found.entries, *found.observations, *found.contacts]
    known = {one.who.enp or one.who.policy_number: one.who for one in told}
    Person.objects.bulk_create(_person(place, who) for who in known.values())


def _person(place: SimpleNamespace, who: Named) -> Person:
    return Person(
        territory=place.nsk,
        insurer=place.alfa,
        provider=place.clinic,
        surname=who.surname or "Найденова",
        given_name=who.given_name or "Анна",
        patronymic=who.patronymic,
        birth_on=who.birth_on or date(1960, 1, 1),
        sex=who.sex or 2,
        enp=who.enp or None,
    )


def take(place: SimpleNamespace, path: Path) -> Loaded:
    found = batch(path)
    settle(place, found)
    return load(found, organisation=place.alfa, format=path.parent.parent.name, name=path.name)


@pytest.mark.parametrize("slug", WHOLE)
def test_every_list_is_stored_and_finds_its_people(place: SimpleNamespace, slug: str) -> None:
    path = files(slug)[2]  # the odd one of each five
    loaded = take(place, path)
    outcome, _ = examine(path, CONTEXT)
    assert (loaded.records, loaded.unmatched) == (loaded.matched, 0)
    assert loaded.matched >= len(outcome.records)


def test_observation_plan_and_facts_of_dspn(place: SimpleNamespace) -> None:
    take(place, files("dspn-dn-informing")[2])
    assert Observation.objects.get().diagnosis == "I69.3"
    assert PlannedVisit.objects.get().visit_to == date(2026, 7, 31)
    assert sorted(Reported.objects.values_list("sequence", "channel")) == [("first", "sms"), ("repeat", "email")]
    plan = PlanEntry.objects.get()
    assert (plan.measure, plan.year, plan.month) == ("observation", 2026, 7)


def test_a_person_taken_off_is_observed_no_more_and_not_planned(place: SimpleNamespace) -> None:
    path = files("dspn-dn-informing")[4]
    removed = [one for one in batch(path).observations if one.until]
    take(place, path)
    assert Observation.objects.filter(until__isnull=False).count() == len(removed) == 1
    assert not PlanEntry.objects.filter(person__in=Observation.objects.filter(until__isnull=False).values("person"))


def test_prof_plans_each_measure_in_its_month(place: SimpleNamespace) -> None:
    take(place, files("prof-preventive-list")[2])
    assert sorted(Entry.objects.values_list("measure", "month")) == [("checkup", 3), ("screening", 9)]
    assert PlanEntry.objects.count() == 2
