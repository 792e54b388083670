"""Suits of recourse and public informing in reports: facts follow them, a seal keeps them, numbers open into them."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.complaints import services as recourse
from opora.complaints.models import Recourse
from opora.informing.public import services as public
from opora.organisations.models import Employee
from opora.reports import following, proving, rows
from opora.reports.counting import Report
from opora.reports.models import Change, PublicFact, RecourseFact, Stale
from opora.reports.periods import Period
from opora.reports.services.sealing import seal
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject
from opora.reports.tests.desk import become
from opora.reports.tests.forms import golden

pytestmark = pytest.mark.django_db
QUARTER = Period.read("2026-Q1")
TOLD: dict[str, Any] = {"on": date(2026, 3, 31), "kind": "talk", "subject": "healthy", "title": "Завод", "times": 2}
SUED: dict[str, Any] = {"filed_on": date(2026, 2, 2), "court": "Районный суд", "care": Decimal("100.50")}


def as_(who: Employee, service: Any, *given: Any, **more: Any) -> Any:
    with enter(who.scope):
        return service(*given, **more, by=who)


@pytest.fixture
def suit(cast: SimpleNamespace) -> Recourse:
    """Filed in the first quarter, won and paid in part."""
    made = as_(cast.sp3, recourse.file_recourse, **SUED)
    as_(cast.sp3, recourse.decide_recourse, made.pk, outcome="satisfied", decided_on=date(2026, 3, 1))
    as_(cast.sp3, recourse.pay_recourse, made.pk, on=date(2026, 3, 5), care=Decimal(40), costs=Decimal(2))
    return made  # type: ignore[no-any-return]


def table(place: SimpleNamespace, code: str, insurer: int | None = None) -> dict[str, list[Any]]:
    whole = Subject(place.nsk.code, insurer, "", "")
    report = Report(golden.pack("pg-b"), whole, QUARTER)
    return {row.code: [cell.value for cell in row.cells] for row in report.table(code).counted().rows}


def test_facts_follow_a_suit_and_its_money(cast: SimpleNamespace, place: SimpleNamespace, suit: Recourse) -> None:
    assert set(Stale.objects.values_list("source", "key")) == {("recourse", str(suit.pk))}
    following.follow()
    assert table(place, "4") == {
        "1": [1, None], "2": [Decimal("100.50"), 42], "2.1": [Decimal("100.50"), 40], "2.2": [0, 0], "2.3": [0, 2],
    }  # fmt: skip
    assert table(place, "4", place.beta.pk)["1"] == [0, None]
    paid = suit.payments.get()
    as_(cast.sp3, recourse.take_payment_back, paid.pk, why="Не то дело")
    as_(cast.sp3, recourse.correct_recourse, suit.pk, why="Опечатка", **(SUED | {"filed_on": date(2025, 12, 31)}))
    following.follow()
    assert table(place, "4")["1"] == [0, None]
    assert [(fact.step, f"{fact.on}") for fact in RecourseFact.objects.all()] == [("filed", "2025-12-31")]
    as_(cast.sp3, recourse.withdraw_recourse, suit.pk, why="Дважды")
    following.follow()
    assert not RecourseFact.objects.exists()
    assert {one.source: one.differed for one in following.rebuild()}["recourse"] == 0


def test_facts_follow_what_is_told_in_public(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    talk = as_(cast.sp2, public.tell_public, **TOLD)
    as_(cast.filial, public.tell_public, **(TOLD | {"kind": "stand", "times": 3}))
    assert Stale.objects.filter(source="public").count() == 2
    following.follow()
    told = table(place, "13", place.alfa.pk)
    assert [told[code] for code in ("2", "2.4", "2.5", "2.6", "2.7")] == [[5], [2], [0], [2], [3]], "a branch is Alfa"
    as_(cast.sp2, public.correct_public, talk.pk, why="Две", **(TOLD | {"subject": "preventive", "times": 1}))
    following.follow()
    told = table(place, "13")
    assert [told[code] for code in ("2", "2.4", "2.5", "2.6")] == [[4], [1], [1], [0]]
    as_(cast.sp2, public.withdraw_public, talk.pk, why="Не наша")
    following.follow()
    assert PublicFact.objects.get().kind == "stand"
    assert {one.source: one.differed for one in following.rebuild()}["public"] == 0


def test_a_seal_keeps_them_as_they_lay(cast: SimpleNamespace, place: SimpleNamespace, suit: Recourse) -> None:
    talk = as_(cast.sp2, public.tell_public, **TOLD)
    analyst = become(cast.timur, "analyst")
    alfa = Subject(place.nsk.code, place.alfa.pk, place.alfa.name, place.alfa.code)
    with enter(analyst.scope):
        first = seal("pg-b", alfa, QUARTER, by=analyst)
    as_(cast.sp3, recourse.pay_recourse, suit.pk, on=date(2026, 3, 6), expertise=Decimal(9))
    as_(cast.sp2, public.withdraw_public, talk.pk, why="Не наша")
    following.follow()
    assert set(Change.objects.values_list("source", flat=True)) == {"recourse", "public"}
    assert proving.verify_seals().faults == ()
    with enter(analyst.scope):
        second = seal("pg-b", alfa, QUARTER, by=analyst)
        moved = proving.reasons(second, [("4", "2", "paid"), ("13", "2.4", "people")], analyst, former=first)
    changed = {(one["table"], one["row"], one["column"]): (one["was"], one["now"]) for one in second.corrections}
    assert changed["4", "2", "paid"] == ("42.00", "51.00")
    assert changed["13", "2.4", "people"] == ("2", "0")
    assert {(one.source, one.how) for one in moved} == {("recourse", "came"), ("public", "went")}


@pytest.mark.parametrize(
    ("who", "role", "links"), [("timur", "analyst", True), ("op1", "analyst", True), ("alina", "sp1", False)]
)
def test_numbers_open_into_rows_by_rights(
    cast: SimpleNamespace, place: SimpleNamespace, suit: Recourse, who: str, role: str, links: bool
) -> None:
    talk = as_(cast.sp2, public.tell_public, **TOLD)
    following.follow()
    employee = become(getattr(cast, who), role)
    with enter(employee.scope):
        report = Report(golden.pack("pg-b"), Subject(place.nsk.code, None, "", ""), QUARTER)
        [part] = report.table("4").behind("2", "paid")
        [shown] = rows.page(part, SOURCES["recourse"], employee, after=None, field="total")
        [told_part] = report.table("13").behind("2.6", "people")
        [told] = rows.page(told_part, SOURCES["public"], employee, after=None, field="times")
    assert (shown.amount, shown.words, shown.organisation) == (42, ["Взыскано", "Удовлетворён"], place.alfa.name)
    assert bool(shown.link) is links
    assert (told.kind, told.topic, told.amount) == ("Выступление в коллективе", "Здоровый образ жизни", 2)
    assert told.link == f"/informing/public/{talk.pk}/"


@pytest.mark.parametrize("who", ["vera", "clerk", "far"])
def test_facts_of_others_do_not_exist(cast: SimpleNamespace, suit: Recourse, who: str) -> None:
    as_(cast.sp2, public.tell_public, **TOLD)
    following.follow()
    employee = getattr(cast, who)
    with enter(employee.scope):
        for model in (RecourseFact, PublicFact):
            assert model.objects.exists() is model.objects.accessible_to(employee).exists() is False


def test_the_page_of_a_number(signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, suit: Recourse) -> None:
    become(cast.timur, "analyst")
    following.follow()
    client: Client = signed_in("timur")
    at = f"/reports/pg-b/rows/?of={place.alfa.code}&period=2026-Q1&cell="
    page = client.get(f"{at}4/2/filed").content.decode()
    assert f"/complaints/recourse/{suit.pk}/" in page
    assert "100,50" in page
