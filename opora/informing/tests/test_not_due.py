"""«В списке, но не подлежит»: the rules tell, a person decides for the list, and may change her mind."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.informing import planning
from opora.informing.models import Entry, PlanEntry, Roll, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.insured.models import Person

SignIn = Callable[[str | None], Client]


@pytest.fixture
def roll(place: SimpleNamespace) -> Roll:
    return Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="list.xml")


@pytest.fixture
def listed(place: SimpleNamespace, roll: Roll) -> list[Person]:
    """Four people of a list, two of them not due this year."""
    some = people(place, 4)
    planned(place, some)
    year = timezone.localdate().year
    for number, person in enumerate(some, start=1):
        Entry.objects.create(
            roll=roll, place=number, key=str(number), territory="50000", insurer=place.alfa, person=person, year=year,
            measure="checkup", state="matched", critique="age" if number > 2 else "",
        )  # fmt: skip
    return some


def test_who_is_not_due_goes_out_of_the_plan_and_comes_back(
    signed_in: SignIn, place: SimpleNamespace, listed: list[Person], roll: Roll
) -> None:
    made = campaign(place)
    launch(made.pk, by=None)
    page, address = signed_in("boris"), f"/informing/lists/{roll.pk}/"
    shown = page.get(f"{address}?only=not_due").content.decode()
    assert "План приглашает\n        2\u00a0человек" in shown
    answer = page.post(f"{address}not-due/", {"what": "spare"}, follow=True)
    assert "Исключено из плана: 2\u00a0человека." in answer.content.decode()
    out = PlanEntry.objects.filter(state="excluded", excluded="not_due")
    assert set(out.values_list("person_id", flat=True)) == {one.pk for one in listed[2:]}
    waits = Touch.objects.filter(state="planned").values_list("person_id", flat=True)
    assert set(waits) == {one.pk for one in listed[:2]}
    assert planning.dry_run(planning.next_step(campaign(place, title="ещё"))).excluded[planning.Exclude.NOT_DUE] == 2
    line = AuditLine.objects.get(action="informing.roll.spare")
    assert (line.details["people"], line.details["messages"]) == (2, 2)
    again = page.post(f"{address}not-due/", {"what": "spare"}, follow=True)
    assert "в плане уже нет" in again.content.decode()

    page.post(f"{address}not-due/", {"what": "invite"})
    assert not PlanEntry.objects.exclude(state="open").exists()
    assert "никого не исключали" in page.post(f"{address}not-due/", {"what": "invite"}, follow=True).content.decode()


def test_who_has_come_stays_as_he_is(signed_in: SignIn, listed: list[Person], roll: Roll) -> None:
    came = {"state": "passed", "passed_on": timezone.localdate()}
    PlanEntry.objects.filter(person_id=listed[3].pk).update(**came)
    signed_in("boris").post(f"/informing/lists/{roll.pk}/not-due/", {"what": "spare"})
    assert PlanEntry.objects.get(person_id=listed[3].pk).state == "passed"
    assert PlanEntry.objects.get(person_id=listed[2].pk).excluded == "not_due"


def test_whose_list_it_is(signed_in: SignIn, listed: list[Person], roll: Roll) -> None:
    address = f"/informing/lists/{roll.pk}/not-due/"
    assert signed_in("vera").post(address, {"what": "spare"}).status_code in {403, 404}
    assert signed_in("alina").post(address, {"what": "spare"}).status_code == 403
    assert signed_in(None).post(address, {"what": "spare"}).status_code == 302
    assert not PlanEntry.objects.filter(state="excluded").exists()


def test_of_a_list_of_many_insurers_each_moves_her_own(
    signed_in: SignIn, place: SimpleNamespace, listed: list[Person], roll: Roll
) -> None:
    """Rows of a neighbour in a file that is mine are no more mine than anywhere else."""
    Entry.objects.filter(person_id=listed[3].pk).update(insurer=place.beta)
    PlanEntry.objects.filter(person_id=listed[3].pk).update(insurer=place.beta)
    signed_in("boris").post(f"/informing/lists/{roll.pk}/not-due/", {"what": "spare"})
    assert [one.person_id for one in PlanEntry.objects.filter(state="excluded")] == [listed[2].pk]
