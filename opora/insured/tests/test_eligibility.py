"""Who is due which check-up in a year, and what is said about it."""

from datetime import date

import pytest

from opora.insured.eligibility import Measure, Status, decide, rules, sentence

TODAY = date(2026, 11, 22)


def status(birth_on: date, measure: Measure, on: date = TODAY, **given: object) -> Status:
    found = {one.measure: one.status for one in decide(birth_on, on, **given)}  # type: ignore[arg-type]
    return found[measure]


@pytest.mark.parametrize("year", [2008, 2005, 2002, 1999, 1996, 1993, 1990, 1987])
def test_the_published_years_of_birth_are_due_in_2026(year: int) -> None:
    assert status(date(year, 12, 31), Measure.SCREENING) is Status.DUE


def test_between_eighteen_and_forty_only_every_third_year() -> None:
    due = [year for year in range(1987, 2009) if status(date(year, 6, 1), Measure.SCREENING) is Status.DUE]
    assert due == [1987, 1990, 1993, 1996, 1999, 2002, 2005, 2008]


@pytest.mark.parametrize("year", [1986, 1985, 1950, 1920])
def test_from_forty_every_year(year: int) -> None:
    assert status(date(year, 1, 1), Measure.SCREENING) is Status.DUE


def test_another_year_follows_the_same_arithmetic() -> None:
    on = date(2023, 5, 1)
    due = {year for year in range(1970, 2006) if status(date(year, 1, 1), Measure.SCREENING, on) is Status.DUE}
    assert due == {*range(1970, 1984), 1984, 1987, 1990, 1993, 1996, 1999, 2002, 2005}


def test_the_disabled_come_every_year() -> None:
    young = date(1998, 3, 1)
    assert status(young, Measure.SCREENING) is Status.NOT_DUE
    assert status(young, Measure.SCREENING, categories={"disabled_2"}) is Status.DUE


SENTENCES = [
    (date(1985, 3, 14), "В этом году положена диспансеризация и проверка репродуктивного здоровья."),
    (date(1950, 3, 14), "В этом году положена диспансеризация."),
    (date(1998, 3, 14), "В этом году положен профосмотр и проверка репродуктивного здоровья."),
]


@pytest.mark.parametrize(("birth_on", "said"), SENTENCES)
def test_the_sentence_is_honest_about_what_is_not_known(birth_on: date, said: str) -> None:
    found = sentence(decide(birth_on, TODAY), birth_on, TODAY)
    assert found == f"{said} Был ли человек на осмотре, мы не знаем: спросите."


def test_a_later_year_is_named_while_the_order_is_in_force() -> None:
    born = date(1997, 3, 14)
    on = date(2025, 2, 1)
    assert "диспансеризация — в 2027 году" in sentence(decide(born, on), born, on)


def test_a_known_visit_is_told() -> None:
    born = date(1985, 3, 14)
    found = decide(born, TODAY, passed={"screening": date(2026, 4, 2)})
    assert sentence(found, born, TODAY) == "В этом году диспансеризация пройдена 02.04.2026."


def test_a_visit_of_last_year_counts_for_nothing() -> None:
    passed = {"screening": date(2025, 4, 2)}
    assert status(date(1985, 3, 14), Measure.SCREENING, passed=passed) is Status.DUE


def test_children_and_the_excluded() -> None:
    child, born = date(2015, 1, 1), date(1985, 1, 1)
    assert "педиатр" in sentence(decide(child, TODAY), child, TODAY)
    assert sentence(decide(born, TODAY, is_excluded=True), born, TODAY) == ""


def test_after_the_order_has_ended_nothing_is_promised() -> None:
    born, on = date(1985, 1, 1), date(2028, 2, 1)
    assert "Правил осмотров на этот год" in sentence(decide(born, on), born, on)


def test_every_rule_has_a_source_and_dates() -> None:
    assert all(rule.source and (rule.until is None or rule.until > rule.since) for rule in rules())
