"""Who may pass what this year, and why: the age of the calendar year, categories, lists, and what the pack says."""

from datetime import date, timedelta
from typing import Any

import pytest

from opora.deadlines.packs import read_pack
from opora.insured.eligibility import (
    Book,
    Decision,
    Known,
    Measure,
    Reason,
    Status,
    aloud,
    decide,
    explain,
    read_book,
)
from opora.insured.eligibility.packs import SHIPPED

TODAY = date(2026, 11, 22)
COUNTRY = read_pack(SHIPPED / "eligibility-2026.2.json").content
BOOK = read_book([COUNTRY], on=TODAY)


def known(birth_on: date, **facts: Any) -> Known:
    return Known(**{"birth_on": birth_on, "sex": 2, "where": "Поликлиника № 1", **facts})


def found(person: Known, measure: Measure, *, on: date = TODAY, book: Book | None = None) -> Decision:
    (decision,) = decide(person, book or read_book([COUNTRY], on=on), on, [measure])
    return decision


def said(person: Known, measure: Measure, *, on: date = TODAY, book: Book | None = None) -> str:
    opened = book or read_book([COUNTRY], on=on)
    return explain(found(person, measure, on=on, book=opened), opened, on).replace("\xa0", " ")


def test_the_published_years_of_birth() -> None:
    """In 2020 those born in 2002, 1999 … 1981 came, and everybody born in 1980 and before. Source: handbook 07 §2."""
    on = date(2021, 12, 1)
    due = {
        year
        for year in range(1940, 2010)
        if found(known(date(year, 6, 1)), Measure.SCREENING, on=on).status is Status.DUE
    }
    assert due == {*range(1940, 1982), 1982, 1985, 1988, 1991, 1994, 1997, 2000, 2003}


def test_the_years_of_birth_of_2026() -> None:
    due = {year for year in range(1985, 2012) if found(known(date(year, 1, 1)), Measure.SCREENING).status is Status.DUE}
    assert due == {1985, 1986, 1987, 1990, 1993, 1996, 1999, 2002, 2005, 2008}


@pytest.mark.parametrize("category", ["disabled_2", "working_pensioner", "pre_pension", "war_invalid", "camp_survivor"])
def test_some_come_every_year(category: str) -> None:
    young = date(1998, 3, 1)
    assert found(known(young), Measure.SCREENING).reason is Reason.OTHER_YEAR
    assert found(known(young, categories=frozenset({category})), Measure.SCREENING).status is Status.DUE


def test_a_decision_names_rule_pack_source_and_place() -> None:
    decision = found(known(date(1981, 3, 1)), Measure.SCREENING)
    assert (decision.rule and decision.rule.code, decision.pack) == ("screening_yearly", "eligibility 2026.2")
    assert (decision.due_year, decision.earliest_on, decision.where) == (2026, TODAY, "Поликлиника № 1")
    assert "404н" in decision.source


EXPLAINED = [
    (
        known(date(1981, 3, 1)),
        Measure.SCREENING,
        "Положена диспансеризация: в 2026 году исполняется 45 лет, с 40 лет — каждый год (404н, п. 5).",
    ),
    (
        known(date(1998, 3, 1)),
        Measure.SCREENING,
        "Диспансеризация в этом году не положена: в 2026 году исполняется 28 лет, "
        "от 18 до 39 лет — раз в 3 года, когда возраст делится на 3.",
    ),
    (
        known(date(1970, 3, 1)),
        Measure.FERTILITY,
        "Проверка репродуктивного здоровья не положена: в 2026 году исполняется 56 лет, "
        "а правила такие: от 18 до 49 лет — каждый год.",
    ),
    (
        known(date(2015, 3, 1)),
        Measure.CHECKUP,
        "Профилактический осмотр — с года, в котором исполняется 18 лет; в 2026 году исполняется 11 лет.",
    ),
    (
        known(date(1981, 3, 1), visits={"screening": date(2026, 4, 2)}),
        Measure.CHECKUP,
        "Профилактический осмотр пройден 02.04.2026: входит в другое мероприятие (диспансеризация). "
        "Следующий раз — в 2027 году.",
    ),
    (
        known(date(1981, 3, 1)),
        Measure.SCREENING_2,
        "Второй этап диспансеризации — только по списку: направление врача после первого этапа. "
        "В списках, которые у нас есть, человека нет.",
    ),
    (
        known(date(1981, 3, 1), listed={"extended": date(2026, 11, 1)}),
        Measure.EXTENDED,
        "Положена углублённая диспансеризация: человек в списке от 01.11.2026 (Программа госгарантий).",
    ),
    (
        known(date(1998, 3, 1), listed={"screening_2": date(2026, 11, 1)}),
        Measure.SCREENING_2,
        "Второй этап диспансеризации бывает после того, как пройдена диспансеризация: "
        "в этом году она не положена и не пройдена.",
    ),
    (
        known(date(1981, 3, 1), refused={"": date(2026, 2, 12)}),
        Measure.SCREENING,
        "Диспансеризация: 12.02.2026 человек отказался письменно. Сообщаем только по его просьбе.",
    ),
    (known(date(1981, 3, 1), is_dead=True), Measure.SCREENING, "Диспансеризация — не предлагаем: умер."),
    (
        known(date(1981, 3, 1), insured_in="50000", asked_by="01000"),
        Measure.SCREENING,
        "Диспансеризация — не предлагаем: застрахован в другой территории.",
    ),
]


@pytest.mark.parametrize(("person", "measure", "sentence"), EXPLAINED)
def test_it_explains_itself(person: Known, measure: Measure, sentence: str) -> None:
    assert said(person, measure) == sentence


REASONS = [
    ({"is_dead": True, "has_policy": False}, Reason.DEAD),
    ({"has_policy": False}, Reason.NO_POLICY),
    ({"attached_in": "01000", "insured_in": "50000"}, Reason.ATTACHED_ELSEWHERE),
    ({"visits": {"screening": date(2026, 1, 9)}, "in_hospital": True}, Reason.PASSED),
    ({"in_hospital": True, "refused": {"screening": date(2026, 1, 9)}}, Reason.REFUSED),
    ({"refused": {"fertility": date(2026, 1, 9)}}, Reason.DUE),  # he refused something else
    ({"in_hospital": True}, Reason.IN_HOSPITAL),
]


@pytest.mark.parametrize(("facts", "reason"), REASONS)
def test_what_excludes(facts: dict[str, Any], reason: Reason) -> None:
    assert found(known(date(1981, 3, 1), **facts), Measure.SCREENING).reason is reason


def test_who_is_not_due_is_not_said_to_be_in_hospital() -> None:
    assert found(known(date(1998, 3, 1), in_hospital=True), Measure.SCREENING).reason is Reason.OTHER_YEAR


def test_a_passed_first_stage_opens_the_second() -> None:
    person = known(date(1998, 3, 1), visits={"screening": date(2026, 3, 1)}, listed={"screening_2": date(2026, 3, 2)})
    assert found(person, Measure.SCREENING_2).reason is Reason.LISTED


def test_a_rule_may_wait_after_the_day_of_the_list() -> None:
    book = read_book([edition(rules=[rule(measure="extended", by_list="список", wait_days=60)])], on=TODAY)
    person = known(date(1981, 3, 1), listed={"extended": date(2026, 11, 1)})
    assert found(person, Measure.EXTENDED, book=book).earliest_on == date(2026, 12, 31)
    assert said(person, Measure.EXTENDED, book=book).endswith("Приглашать не раньше 31.12.2026.")


def test_after_the_order_has_ended_nothing_is_promised() -> None:
    on = date(2028, 2, 1)
    assert found(known(date(1985, 1, 1)), Measure.SCREENING, on=on).reason is Reason.NO_RULES
    assert found(known(date(1997, 3, 14)), Measure.SCREENING).due_year == 2027
    assert found(known(date(1999, 3, 14)), Measure.SCREENING, on=date(2027, 3, 1)).due_year is None


# packs one over another


def edition(**changes: Any) -> dict[str, Any]:
    return {**COUNTRY, **changes}


def rule(**changes: Any) -> dict[str, Any]:
    return {"code": "r", "title": "Р", "measure": "checkup", "ages": [18, 125], "clause": "закон региона", **changes}


def test_a_new_edition_begins_on_its_day_and_the_old_one_stays() -> None:
    later = edition(version="2027.1", since="2026-06-01", rules=[rule(measure="screening", ages=[35, 125])])
    before, after = (read_book([COUNTRY, later], on=day) for day in (date(2026, 5, 31), date(2026, 6, 1)))
    young = known(date(1999, 1, 1))
    assert found(young, Measure.SCREENING, on=date(2026, 5, 31), book=before).status is Status.DUE
    assert found(young, Measure.SCREENING, on=date(2026, 6, 1), book=after).reason is Reason.TOO_YOUNG
    assert {line.until for line in before.rules if line.code == "checkup"} == {date(2026, 5, 31)}


def test_a_territory_replaces_the_measures_it_names_and_no_others() -> None:
    own = edition(
        territory="50000",
        version="54.1",
        rules=[rule(measure="fertility", ages=[18, 44], every=2)],
        exclusions=[{"reason": "in_hospital", "is_applied": False}],
    )
    there = read_book([COUNTRY, own], on=TODAY, territory="50000")
    elsewhere = read_book([COUNTRY, own], on=TODAY, territory="01000")
    of_45 = known(date(1981, 1, 1), in_hospital=True)
    assert found(of_45, Measure.FERTILITY, book=there).reason is Reason.NOT_CONCERNED
    assert found(of_45, Measure.FERTILITY, book=elsewhere).reason is Reason.IN_HOSPITAL
    assert found(of_45, Measure.SCREENING, book=there).reason is Reason.DUE
    assert [line.pack for line in there.of(Measure.FERTILITY, TODAY)] == ["eligibility 50000 54.1"]


def test_a_span_without_a_change_is_one_rule() -> None:
    own = edition(territory="50000", version="54.1", since="2025-01-01", until="2025-12-31", rules=[rule()])
    book = read_book([COUNTRY, own], on=TODAY, territory="50000")
    assert [(line.since, line.until) for line in book.rules if line.code == "screening_young"] == [
        (date(2021, 7, 1), date(2027, 6, 30))
    ]
    assert sorted((line.pack, line.since) for line in book.rules if line.measure is Measure.CHECKUP) == [
        ("eligibility 2026.2", date(2021, 7, 1)),
        ("eligibility 2026.2", date(2026, 1, 1)),
        ("eligibility 50000 54.1", date(2025, 1, 1)),
    ]


# the line to say aloud

SENTENCES = [
    (date(1985, 3, 14), "В этом году положена диспансеризация и проверка репродуктивного здоровья."),
    (date(1950, 3, 14), "В этом году положена диспансеризация."),
    (date(1998, 3, 14), "В этом году положен профосмотр и проверка репродуктивного здоровья."),
]


@pytest.mark.parametrize(("birth_on", "sentence"), SENTENCES)
def test_the_sentence_is_honest_about_what_is_not_known(birth_on: date, sentence: str) -> None:
    decisions = decide(known(birth_on), BOOK, TODAY)
    assert aloud(decisions) == f"{sentence} Был ли человек на осмотре, мы не знаем: спросите."
    assert aloud(decisions, visits_are_known=True) == sentence


def spoken(person: Known, on: date = TODAY) -> str:
    return aloud(decide(person, read_book([COUNTRY], on=on), on))


def test_what_is_said_of_others() -> None:
    born = date(1985, 3, 14)
    assert "диспансеризация — в 2027 году" in spoken(known(date(1997, 3, 14)), date(2025, 2, 1))
    assert (
        spoken(known(born, visits={"screening": date(2026, 4, 2)}))
        == "В этом году диспансеризация пройдена 02.04.2026."
    )
    assert "педиатр" in spoken(known(date(2015, 1, 1)))
    assert spoken(known(born, has_policy=False)) == ""
    assert spoken(known(born, in_hospital=True)) == ""
    assert "отказался письменно" in spoken(known(born, refused={"": date(2026, 4, 2)}))
    assert "Правил осмотров на этот год" in spoken(known(born), date(2028, 2, 1))


def test_every_shipped_rule_has_its_facts_and_dates() -> None:
    assert all(line.source and line.clause and (line.until is None or line.until > line.since) for line in BOOK.rules)
    assert all(TODAY + timedelta(days=1) > line.since for line in BOOK.rules)
    assert {line.measure for line in BOOK.rules} == set(Measure)
