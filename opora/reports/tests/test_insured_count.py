"""People insured on the last day before a year: as last night counted them, each once, by the same rules as now."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import Scope, enter
from opora.insured.models import Person, Policy
from opora.reports.insured import YEARS, count_insured
from opora.reports.measures import insured
from opora.reports.measures.registry import Asked
from opora.reports.models import InsuredCount
from opora.reports.periods import Period
from opora.reports.subjects import Subject
from opora.reports.words import Span

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 5, 4, 2, 41, tzinfo=UTC)


@pytest.fixture
def register(place: SimpleNamespace) -> SimpleNamespace:
    """Who held what on 31.12.2025: Alfa two and her branch one, Beta one of Alfa's as well; one dead, one too late."""
    with enter(Scope.system("a register of a test")):
        some = Person.objects.bulk_create(
            Person(
                territory=place.nsk,
                surname=f"Замеров{one}",
                given_name="Пётр",
                birth_on=date(1980, 1, 1),
                sex=Person.Sex.MALE,
            )
            for one in "абвгд"
        )
        some[3].died_on = date(2025, 12, 31)
        some[3].save(update_fields=["died_on"])
        held = [
            (0, place.alfa, "2020-01-01", None), (1, place.alfa, "2025-12-31", None),
            (2, place.branch, "2021-01-01", "2025-12-31"), (1, place.beta, "2020-01-01", "2025-12-31"),
            (3, place.alfa, "2020-01-01", None), (4, place.alfa, "2026-01-01", None),
        ]  # fmt: skip
        Policy.objects.bulk_create(
            Policy(
                person=some[who], insurer=insurer, kind=Policy.Kind.UNIFORM, number=f"54000000000000{number:02}",
                since=since, until=until,
            )
            for number, (who, insurer, since, until) in enumerate(held)
        )  # fmt: skip
    return SimpleNamespace(people=some, place=place)


def counted(place: SimpleNamespace, insurer: Any) -> int:
    subject = Subject(place.nsk.pk, insurer and insurer.pk, "", "")
    with enter(Scope.system("a test reads a measure")):
        value = insured.at_start(Asked(subject, Period.read("2026").days(Span.YEAR), {"column": "value"})).value
    assert isinstance(value, int)
    return value


WHOSE = [("alfa", 3), ("beta", 1), ("", 3)]


@pytest.mark.parametrize(("whose", "people"), WHOSE)
def test_the_night_counts_as_the_register_does(register: SimpleNamespace, whose: str, people: int) -> None:
    place = register.place
    insurer = getattr(place, whose) if whose else None
    now = counted(place, insurer)
    assert count_insured(NIGHT) >= len(WHOSE)
    with enter(Scope.system("a test")):
        kept = InsuredCount.objects.get(
            day="2025-12-31", territory=place.nsk.pk, insurer_id=insurer.pk if insurer else 0
        )
    assert (now, kept.people, counted(place, insurer)) == (people, people, people)


def test_what_changes_in_the_day_is_counted_at_night(register: SimpleNamespace) -> None:
    place = register.place
    count_insured(NIGHT)
    with enter(Scope.system("a test")):
        Policy.objects.filter(insurer=place.beta).delete()
    assert (counted(place, place.beta), counted(place, None)) == (1, 3)
    count_insured(NIGHT)
    assert (counted(place, place.beta), counted(place, None)) == (0, 3)


def test_years_before_are_counted_too(register: SimpleNamespace) -> None:
    count_insured(NIGHT)
    with enter(Scope.system("a test")):
        days = set(InsuredCount.objects.values_list("day", flat=True))
    assert days == {date(2025 - back, 12, 31) for back in range(YEARS)}
