"""What lists say reaches the decision who is due: a visit, a list, an observation only for who may see it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from opora.access.rights import Right
from opora.informing.incoming import Batch, IncomingEntry, IncomingObservation, IncomingVisit, Named
from opora.informing.loading import load
from opora.informing.models import Entry
from opora.informing.words import Measure
from opora.insured import eligibility
from opora.insured.eligibility import Status
from opora.insured.models import Person

POLINA = Named(enp="5476410835001236", surname="Соловьёва-Седая", given_name="Полина", birth_on=date(1985, 3, 14))
TODAY = timezone.localdate()


def take(place: SimpleNamespace, batch: Batch) -> Any:
    return load(batch, organisation=place.alfa, format="test", name="list.xml")


def statuses(person: Person, *rights: Right) -> dict[str, Status]:
    decisions, _ = eligibility.of_person(person, TODAY, holds=lambda right: right in rights)
    return {str(one.measure): one.status for one in decisions}


def test_a_visit_and_a_list_change_what_is_due(place: SimpleNamespace, polina: Person) -> None:
    before = statuses(polina)
    assert (before["screening"], before["screening_2"]) == (Status.DUE, Status.BY_LIST)
    visit = IncomingVisit(place=1, key="1", who=POLINA, measure=Measure.SCREENING, on=TODAY)
    second = IncomingEntry(place=2, key="2", who=POLINA, measure=Measure.SCREENING_2, year=TODAY.year)
    take(place, Batch(visits=[visit], entries=[second]))
    after = statuses(polina)
    assert (after["screening"], after["checkup"], after["screening_2"]) == (Status.PASSED, Status.PASSED, Status.DUE)
    assert Entry.objects.get().critique == ""


def test_a_list_of_the_passed_is_criticised(place: SimpleNamespace, polina: Person) -> None:
    take(place, Batch(visits=[IncomingVisit(place=1, key="1", who=POLINA, measure=Measure.SCREENING, on=TODAY)]))
    again = IncomingEntry(place=1, key="1", who=POLINA, measure=Measure.SCREENING, year=TODAY.year)
    assert take(place, Batch(entries=[again])).not_due == 1
    assert Entry.objects.get().critique == "passed"


def test_observation_is_told_only_to_who_may_know(place: SimpleNamespace, polina: Person) -> None:
    row = IncomingObservation(place=1, key="1", who=POLINA, diagnosis="I10", since=date(TODAY.year, 1, 1))
    take(place, Batch(observations=[row]))
    assert statuses(polina)["observation"] is Status.BY_LIST
    assert statuses(polina, Right.INFORMING_HEALTH)["observation"] is Status.DUE
