"""The third level's lists: who is found and why, who may look, what each look leaves, what a campaign may say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.deadlines.queries import calendar
from opora.informing import exporting, merge, recipients
from opora.informing.errors import TextRefused
from opora.informing.models import (
    Campaign,
    Export,
    Gap,
    Observation,
    PlanEntry,
    PlannedVisit,
    Referral,
    Roll,
    Template,
    Touch,
    Visit,
)
from opora.informing.observing import nightly
from opora.informing.rules import PRINTED, WRITTEN
from opora.informing.services import launch
from opora.informing.tests.crowd import people
from opora.insured.models import Person
from opora.organisations.models import Assignment
from opora.shared.jobs import alone

SignIn = Callable[[str | None], Client]
TODAY = timezone.localdate()
AGO = TODAY - timedelta(days=60)


@pytest.fixture
def roll(place: SimpleNamespace) -> Roll:
    return Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="GST.xml")


@pytest.fixture
def ill(place: SimpleNamespace, roll: Roll) -> dict[str, Person]:
    """One person for each reason, and some with none."""
    names = ("missed", "came", "ended", "with_reason", "unplanned", "third", "watched_third", "late", "waits", "bed")
    some = dict(zip(names, people(place, len(names), clinics=[place.clinic]), strict=True))

    def row(who: str) -> dict[str, Any]:
        common = {"roll": roll, "place": 1, "territory": "50000", "insurer": place.alfa, "provider": place.clinic}
        return {**common, "person": some[who], "measure": "observation"}

    for who in ("missed", "came"):
        Observation.objects.create(**row(who), diagnosis="I10", since=date(2020, 1, 1))
        PlannedVisit.objects.create(
            **row(who), diagnosis="I10", visit_from=TODAY - timedelta(days=30), visit_to=TODAY - timedelta(days=3),
            came_on=TODAY - timedelta(days=5) if who == "came" else None,
        )  # fmt: skip
    Observation.objects.create(**row("ended"), diagnosis="J45", since=date(2020, 1, 1), until=AGO)
    Observation.objects.create(
        **row("with_reason"), diagnosis="J45", since=date(2020, 1, 1), until=AGO, reason_out="выздоровление"
    )
    Observation.objects.create(**row("unplanned"), diagnosis="E11.9", since=date(2020, 1, 1))
    Observation.objects.create(**row("watched_third"), diagnosis="E11.9", since=date(2020, 1, 1), until=None)
    for who in ("third", "watched_third"):
        Visit.objects.create(**{**row(who), "measure": "screening"}, year=AGO.year, on=AGO, result="IIIа")
    Observation.objects.create(**row("late"), diagnosis="C50.1", diagnosed_on=AGO)
    Observation.objects.create(**row("waits"), diagnosis="D05", diagnosed_on=TODAY)
    Referral.objects.create(**{**row("bed"), "measure": "hospital"}, number="1", issued_on=AGO, diagnosis="C18")
    return some


def found() -> dict[str, set[int]]:
    lists: dict[str, set[int]] = {}
    for kind, person in Gap.objects.open().values_list("kind", "person"):
        lists.setdefault(kind, set()).add(person)
    return lists


def test_the_night_finds_each_reason_and_forgets_what_is_mended(ill: dict[str, Person], roll: Roll) -> None:
    nightly.find()
    nightly.find()
    assert found() == {
        "missed": {ill["missed"].pk},
        "ended": {ill["ended"].pk},
        "unplanned": {ill[who].pk for who in ("unplanned", "watched_third", "late", "waits")},
        "group_three": {ill["third"].pk},
        "cancer": {ill[who].pk for who in ("late", "waits", "bed")},
    }
    late = Gap.objects.get(kind="cancer", person=ill["late"])
    assert late.due_on == calendar("50000").add_working_days(AGO, 3)
    assert "3 рабочих дня" in late.why
    bed = Gap.objects.get(kind="cancer", person=ill["bed"])
    assert bed.due_on == calendar("50000").add_working_days(AGO, 7)
    PlannedVisit.objects.filter(person=ill["missed"]).update(came_on=TODAY)
    Observation.objects.filter(person=ill["waits"]).update(since=TODAY)
    Referral.objects.update(cancelled_on=TODAY)
    Person.objects.filter(pk=ill["ended"].pk).update(died_on=TODAY)
    nightly.find()
    assert "missed" not in found()
    assert "ended" not in found()
    assert found()["cancer"] == {ill["late"].pk}
    PlannedVisit.objects.filter(person=ill["missed"]).update(came_on=None)
    nightly.find()
    assert found()["missed"] == {ill["missed"].pk}


def test_who_may_look_and_what_a_look_leaves(signed_in: SignIn, cast: Any, ill: dict[str, Person]) -> None:
    nightly.find()
    page = signed_in("sp3")
    shown = page.get("/informing/observation/?kind=cancer").content.decode()
    assert "C50.1" in shown
    line = AuditLine.objects.get(action="informing.health.read")
    assert (line.employee_name, line.purpose, line.details["list"]) == (cast.sp3.full_name, "control", "cancer")
    assert set(line.details["people"]) == {ill[who].pk for who in ("late", "waits", "bed")}
    for who in ("alina", "boris", "timur", "admin"):
        assert signed_in(who).get("/informing/observation/").status_code == 403
        assert "C50.1" not in signed_in(who).get(f"/insured/{ill['late'].pk}/").content.decode()
        assert signed_in(who).get(f"/insured/{ill['late'].pk}/panels/observation/").status_code in {302, 404}
    own = page.get(f"/insured/{ill['late'].pk}/panels/observation/").content.decode()
    assert "C50.1" in own
    card = AuditLine.objects.filter(action="informing.health.read", subject_id=str(ill["late"].pk))
    assert card.get().details == {"part": "card"}
    with enter(cast.vera.scope):
        assert not Gap.objects.exists()


def test_taken_settled_and_gone(signed_in: SignIn, cast: Any, ill: dict[str, Person]) -> None:
    nightly.find()
    gap = Gap.objects.get(kind="missed")
    page = signed_in("sp3")
    page.post("/informing/observation/take/", {"gap": [gap.pk], "query": "kind=missed"})
    gap.refresh_from_db()
    assert gap.taken_by == cast.sp3
    assert "I10" in page.get("/informing/observation/?kind=missed&who=mine").content.decode()
    one = page.get(f"/informing/observation/{gap.pk}/").content.decode()
    assert "Что сказать" in one
    assert page.post(f"/informing/observation/{gap.pk}/", {"note": " "}).status_code == 422
    page.post(f"/informing/observation/{gap.pk}/", {"note": "Записан к терапевту"})
    nightly.find()
    assert "missed" not in found()


def test_a_campaign_for_those_marked_says_nothing_of_illness(
    signed_in: SignIn, place: SimpleNamespace, ill: dict[str, Person]
) -> None:
    nightly.find()
    answer = signed_in("sp3").post("/informing/observation/draft/", {"all": "1", "query": "kind=cancer"})
    made = Campaign.objects.get(measure="observation")
    assert answer.headers["Location"] == f"/informing/{made.pk}/"
    chosen = {ill[who].pk for who in ("late", "waits", "bed")}
    assert set(PlanEntry.objects.filter(measure="observation").values_list("person", flat=True)) == chosen
    assert made.state == "draft"
    assert not Touch.objects.exists()
    PlanEntry.objects.create(
        year=made.year, measure="observation", person=ill["missed"], insurer=place.alfa, territory="50000"
    )
    launch(made.pk, by=None)
    assert set(Touch.objects.values_list("person_id", flat=True)) == chosen
    PlanEntry.objects.filter(person=ill["missed"]).update(
        state="passed", passed_on=date(made.year, 1, 10), inform_by=AGO
    )
    signed_in("sp3").post("/informing/observation/draft/", {"all": "1", "query": "kind=missed"})
    again = Campaign.objects.exclude(pk=made.pk).get(measure="observation")
    launch(again.pk, by=None)
    assert [one.person_id for one in Touch.objects.filter(campaign_id=again.pk)] == [ill["missed"].pk]
    assert not ILL.search(made.title)
    assert not ILL.search(signed_in("boris").get(f"/informing/{made.pk}/").content.decode())


ILL = re.compile(r"\b[A-ZА-Я]\d\d\.\d|\b(?:C50|C18|D05)\b|диагноз|болезн|заболеван|онколог|(?<!Диспансерное )наблюден")


def test_no_text_of_observation_names_a_diagnosis(place: SimpleNamespace, ill: dict[str, Person]) -> None:
    """Every shipped text that others may read, with all fields filled, for a person with a diagnosis."""
    campaign = Campaign(insurer=place.alfa, territory="50000", measure="observation", year=TODAY.year)
    values = {**recipients.values(campaign).of(place.clinic.pk), **recipients.people([ill["late"].pk])[ill["late"].pk]}
    texts = Template.objects.filter(measure="observation", channel__in=[str(one) for one in WRITTEN | PRINTED])
    assert texts.exists()
    for text in texts:
        shape = merge.check(text.text, text.channel)
        filled = {name: values.get(name) or "слово" for name in shape.fields}
        assert not ILL.search(merge.render(text.text, filled)), text
        assert not ILL.search(text.subject), text
    for broken in ("{имя}, ваш диагноз {диагноз}", "{имя}, по E11.9 ждём вас", "ждём вас по С50.1"):
        with pytest.raises(TextRefused):
            merge.check(broken, "sms")


def test_the_list_as_a_file(
    signed_in: SignIn, cast: Any, place: Any, ill: dict[str, Person], settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    nightly.find()
    asked = {"what": "observation", "query": "kind=cancer"}
    assert signed_in("boris").post("/informing/exports/", asked).status_code == 403
    page = signed_in("sp3")
    page.post("/informing/exports/", asked)
    export = Export.objects.get()
    Export.objects.update(state=Export.State.RUNNING)  # the worker that began it died
    with alone(f"informing.export:{export.pk}"):
        assert exporting.write(export.pk) == exporting.end_left() == 0
    assert exporting.write(export.pk) == 3
    assert exporting.write(export.pk) == 0
    table = CalamineWorkbook.from_path(exporting.path_of(export)).get_sheet_by_index(0).to_python()
    assert {row[5] for row in table[1:]} == {"C50.1", "D05", "C18"}
    assert page.get(f"/informing/exports/{export.pk}/").status_code == 200
    assert page.get(f"/informing/exports/{export.pk}/file/").status_code == 200
    assert signed_in("boris").get(f"/informing/exports/{export.pk}/file/").status_code == 404
    former = cast.sp3.assignments.get()
    cast.sp3.assignments.update(until=date(2023, 1, 1))
    Assignment.objects.create(
        employee=cast.sp3, organisation=place.beta, role=former.role, since=date(2023, 1, 2)
    )  # the same right in another place: the file stays in the first
    assert signed_in("sp3").get(f"/informing/exports/{export.pk}/").status_code == 200
    assert signed_in("sp3").get(f"/informing/exports/{export.pk}/file/").status_code == 404
    Export.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert exporting.forget_old() == 1
    assert not exporting.path_of(export).exists()
