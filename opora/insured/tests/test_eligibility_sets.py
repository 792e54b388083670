"""The rules in SQL: the same decision as in Python for anybody under any rules; criticism of lists; row security."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.access.rights import Right
from opora.access.scope import enter
from opora.deadlines.packs import read_pack
from opora.insured.eligibility import Known, Measure, Reason, Status, decide, facts, read_book, sets
from opora.insured.eligibility.facts import Kind, Source
from opora.insured.eligibility.packs import SHIPPED
from opora.insured.eligibility.words import AFTER_RULES, BEFORE_RULES
from opora.insured.models import Person, PersonCategory, Policy

TODAY = date(2026, 11, 22)
COUNTRY = read_pack(SHIPPED / "eligibility-2026.2.json").content
CODES = ["disabled_1", "working_pensioner", "large_family"]
BOUNDS = [date(2025, 3, 1), date(2026, 11, 22), date(2027, 12, 31), None]


@pytest.fixture
def told() -> Iterator[Any]:
    """Register facts as rooms above would: rows of (kind, person, measure, day)."""

    def tell(*rows: tuple[Kind, int, str, date], right: Right | None = None) -> None:
        for kind in Kind:
            values = ", ".join(
                f"({person}, '{measure}', date '{day}')" for of, person, measure, day in rows if of is kind
            )
            sql = f"SELECT * FROM (VALUES {values}) v" if values else "SELECT 1, '', date '2026-01-01' WHERE false"
            facts.register(Source(slug=f"test.{kind}", kind=kind, sql=sql, right=right))

    yield tell
    for kind in Kind:
        facts.unregister(f"test.{kind}")


# strategies: small worlds, so that rules and people meet often

days_of_year = st.integers(0, 364).map(lambda day: date(2026, 1, 1) + timedelta(days=day))


@st.composite
def rule_lines(draw: Any, number: int) -> dict[str, Any]:
    first = draw(st.integers(0, 40))
    since, until = draw(st.sampled_from(BOUNDS)), draw(st.sampled_from(BOUNDS))
    return {
        "code": f"r{number}",
        "title": "Правило",
        "measure": draw(st.sampled_from(list(Measure)[:4])),
        "ages": [first, first + draw(st.integers(0, 40))],
        "every": draw(st.sampled_from([1, 1, 2, 3])),
        "sex": draw(st.sampled_from([None, None, 1, 2])),
        "categories": draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True)),
        "by_list": draw(st.sampled_from(["", "", "список"])),
        "wait_days": draw(st.sampled_from([0, 60])),
        "since": since and since.isoformat(),
        "until": until.isoformat() if until and (since is None or since <= until) else None,
        "clause": "закон",
    }


@st.composite
def books(draw: Any) -> Any:
    lines = [draw(rule_lines(number)) for number in range(draw(st.integers(1, 6)))]
    reasons = draw(st.lists(st.sampled_from([*BEFORE_RULES, *AFTER_RULES]), unique=True))
    content = {
        **COUNTRY,
        "rules": lines,
        "exclusions": [{"reason": str(reason)} for reason in reasons],
        "within": draw(st.sampled_from([{}, {"checkup": ["screening", "extended"]}])),
        "follows": draw(st.sampled_from([{}, {"screening_2": "screening"}])),
    }
    return read_book([content], on=TODAY)


@st.composite
def people(draw: Any) -> dict[str, Any]:
    noted = st.dictionaries(st.sampled_from([*map(str, list(Measure)[:4]), ""]), days_of_year, max_size=2)
    return {
        "birth_on": date(2026 - draw(st.integers(0, 70)), draw(st.integers(1, 12)), 28),
        "sex": draw(st.sampled_from([1, 2])),
        "is_dead": draw(st.integers(0, 9)) == 0,
        "has_policy": draw(st.integers(0, 9)) > 0,
        "insured_in": draw(st.sampled_from(["50000", "50000", "50000", "01000"])),
        "attached": draw(st.sampled_from([None, "clinic", "clinic", "far"])),
        "categories": draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True)),
        "visits": draw(noted),
        "listed": draw(noted),
        "refused": draw(noted),
        "in_hospital": draw(st.integers(0, 5)) == 0,
    }


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(book=books(), crowd=st.lists(people(), min_size=1, max_size=6))
def test_python_and_sql_agree(place: SimpleNamespace, told: Any, book: Any, crowd: list[dict[str, Any]]) -> None:
    far = place.clinic2
    type(far).objects.filter(pk=far.pk).update(territory=place.alt)
    rows = [written(place, one) for one in crowd]
    told(*(fact for row, one in zip(rows, crowd, strict=True) for fact in facts_of(row.pk, one)))

    found = sets.about("p.id = ANY (%(people)s)", {"people": [row.pk for row in rows]}, "50000", TODAY, book=book)
    answered = {(one.person, one.decision.measure): one.decision for one in found.rows()}

    for row, one in zip(rows, crowd, strict=True):
        for decision in decide(known(one), book, TODAY):
            same = answered[row.pk, decision.measure]
            assert same == decision, one
    assert len(answered) == len(rows) * len(Measure)


def written(place: SimpleNamespace, one: dict[str, Any]) -> Person:
    provider = {"clinic": place.clinic, "far": place.clinic2}.get(one["attached"])
    person = Person.objects.create(
        territory_id=one["insured_in"],
        surname="Кто-то",
        birth_on=one["birth_on"],
        sex=one["sex"],
        died_on=TODAY if one["is_dead"] else None,
        insurer=place.alfa if one["has_policy"] else None,
        provider=provider,
    )
    PersonCategory.objects.bulk_create(PersonCategory(person=person, code=code) for code in one["categories"])
    # Not in force on the day: must change nothing.
    PersonCategory.objects.create(person=person, code="disabled_2", until=TODAY - timedelta(days=1))
    return person


def facts_of(person: int, one: dict[str, Any]) -> Iterator[tuple[Kind, int, str, date]]:
    for kind, name in ((Kind.VISIT, "visits"), (Kind.LISTED, "listed"), (Kind.REFUSED, "refused")):
        yield from ((kind, person, measure, day) for measure, day in one[name].items())
    if one["in_hospital"]:
        yield (Kind.HOSPITAL, person, "", TODAY)


def known(one: dict[str, Any]) -> Known:
    return Known(
        birth_on=one["birth_on"],
        sex=one["sex"],
        categories=frozenset(one["categories"]),
        is_dead=one["is_dead"],
        has_policy=one["has_policy"],
        insured_in=one["insured_in"],
        attached_in={"clinic": "50000", "far": "01000"}.get(one["attached"], ""),
        asked_by="50000",
        visits=one["visits"],
        listed=one["listed"],
        refused=one["refused"],
        in_hospital=one["in_hospital"],
    )


# the door


@pytest.fixture
def crowd(place: SimpleNamespace) -> SimpleNamespace:
    def insured(name: str, year: int, **fields: Any) -> Person:
        person = Person.objects.create(
            territory=place.nsk, surname=name, birth_on=date(year, 5, 1), sex=1, **{"provider": place.clinic, **fields}
        )
        Policy.objects.create(person=person, kind=4, number=str(person.pk), insurer=place.alfa, since=date(2015, 1, 1))
        return person

    return SimpleNamespace(
        due=insured("Должный", 1981),
        young=insured("Молодой", 1998),
        dead=insured("Умерший", 1970, died_on=date(2026, 1, 1)),
        passed=insured("Бывший", 1970),
    )


def test_a_list_is_criticised(crowd: SimpleNamespace, told: Any) -> None:
    told((Kind.VISIT, crowd.passed.pk, "screening", date(2026, 3, 2)))
    people = (crowd.due, crowd.young, crowd.dead, crowd.passed)
    rows = [sets.Listed(person.pk, Measure.SCREENING, 2026) for person in people]
    rows += [sets.Listed(crowd.young.pk, Measure.SCREENING, 2027), sets.Listed(crowd.due.pk, Measure.SCREENING_2, 2026)]
    wrong = sets.criticise(rows, territory="50000", today=TODAY)
    assert [(one.row.person, one.row.year, one.reason) for one in wrong] == [
        (crowd.young.pk, 2026, Reason.OTHER_YEAR),
        (crowd.dead.pk, 2026, Reason.DEAD),
        (crowd.passed.pk, 2026, Reason.PASSED),
        (crowd.young.pk, 2027, Reason.OTHER_YEAR),
    ]
    assert "исполняется 28 лет" in wrong[0].sentence.replace("\xa0", " ")
    assert wrong[2].sentence.startswith("Диспансеризация пройдена 02.03.2026.")


def test_a_list_of_another_territory_is_told_so(crowd: SimpleNamespace) -> None:
    wrong = sets.criticise([sets.Listed(crowd.due.pk, Measure.SCREENING, 2026)], territory="01000", today=TODAY)
    assert [one.reason for one in wrong] == [Reason.INSURED_ELSEWHERE]


def test_counts_and_plan_come_from_the_same_question(place: SimpleNamespace, crowd: SimpleNamespace) -> None:
    found = sets.question("50000", TODAY, insurer=place.alfa.pk, measures=[Measure.SCREENING])
    assert found.counts() == {
        (Measure.SCREENING, Reason.DUE): 2,
        (Measure.SCREENING, Reason.OTHER_YEAR): 1,
        (Measure.SCREENING, Reason.DEAD): 1,
    }
    assert {one.person for one in found.rows("d.status = 'due'")} == {crowd.due.pk, crowd.passed.pk}
    assert not sets.question("50000", TODAY, insurer=place.beta.pk).counts()


def test_row_security_stands_below(cast: SimpleNamespace, crowd: SimpleNamespace) -> None:
    rows = [sets.Listed(crowd.young.pk, Measure.SCREENING, 2026)]
    with enter(cast.alina.scope):
        assert len(sets.criticise(rows, territory="50000", today=TODAY)) == 1
    with enter(cast.vera.scope):
        assert sets.criticise(rows, territory="50000", today=TODAY) == []


def test_health_data_need_their_right(crowd: SimpleNamespace, told: Any) -> None:
    told((Kind.LISTED, crowd.due.pk, "observation", date(2026, 3, 2)), right=Right.AUDIT_VIEW)
    people, measures = [crowd.due.pk], [Measure.OBSERVATION]
    seen = sets.question("50000", TODAY, people=people, measures=measures, holds=lambda right: True)
    unseen = sets.question("50000", TODAY, people=people, measures=measures, holds=lambda right: False)
    assert [one.decision.status for one in seen.rows()] == [Status.DUE]
    assert [one.decision.status for one in unseen.rows()] == [Status.BY_LIST]
