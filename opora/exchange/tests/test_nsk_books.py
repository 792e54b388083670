"""Workbooks of Novosibirsk: what the samples do not show — traps of the peer, controls, answers that contradict."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from opora.exchange.context import Context
from opora.exchange.engine import check, examine
from opora.exchange.findings import Severity
from opora.exchange.formats import nsk
from opora.exchange.formats.nsk_books import (
    CONSENTS,
    EXPERT,
    INFORMED,
    REFUSALS,
    SATISFACTION,
    WITHDRAWALS,
    NskConsent,
    NskExpert,
    NskInforming,
    NskSurvey,
)
from opora.exchange.formats.nsk_survey import SurveyAnswer, contradictions
from opora.exchange.tests.nsk_books import MAN, book
from opora.exchange.tests.test_samples import CONTEXT

GOOD = (*MAN, 1, "10.06.2026", 1, "")
EXPERT_GOOD = (540001, "ГП № 1", *MAN, 22, 0, "", "", "", "", "", 1, 1, 1, 2, 2, "")


def informing(path: Path, *rows: Any, kind: str = INFORMED, insurer: Any = 1, context: Context = CONTEXT) -> Any:
    return check(book(path / "inform.xlsx", NskInforming(), kind, rows, insurer=insurer), context)


def named(outcome: Any) -> list[tuple[str | None, str]]:
    return [(found.record, found.field) for found in outcome.findings]


def test_a_blank_number_is_a_blank_and_never_a_thousand(tmp_path: Path) -> None:
    outcome = informing(tmp_path, (*MAN, None, "10.06.2026", None, ""))
    assert outcome.records[0].values["stage"] == ""
    assert named(outcome) == [("5", "Этап информирования"), ("5", "Тип информирования")]
    assert not outcome.is_accepted


def test_rows_after_an_empty_one_and_the_last_row_are_read(tmp_path: Path) -> None:
    other = ("ЦОЙ", "ЮРИЙ", "НИКОЛАЕВИЧ", "24.07.2001", 3, "10.06.2026", 2, "")
    last = ("АЛИЕВ", "ЭЛЬДАР", "МАМЕД ОГЛЫ", "12.09.1973", 4, "10.06.2026", 9, "")
    outcome = informing(tmp_path, GOOD, (), (), other, (None,) * 8, last)
    assert [record.key for record in outcome.records] == ["5", "8", "10"]
    assert named(outcome) == [("10", "Тип информирования")]


def test_a_row_that_begins_with_eight_empty_cells_is_not_the_end(tmp_path: Path) -> None:
    row = (*EXPERT_GOOD[:2], *[""] * 6, *EXPERT_GOOD[8:])
    path = book(tmp_path / "e.xlsx", NskExpert(), EXPERT, [[""] * 8 + list(EXPERT_GOOD[8:]), EXPERT_GOOD, row])
    assert len(check(path, CONTEXT).records) == 3


BAD_CELLS = [
    ((*MAN, 13, "10.06.2026", 1, ""), "Этап информирования"),
    ((*MAN, "первый", "10.06.2026", 1, ""), "Этап информирования"),
    ((*MAN, 1, "15.04.2026", 1, ""), "Дата информирования"),  # 61 days back
    ((*MAN, 1, "16.06.2026", 1, ""), "Дата информирования"),
    ((*MAN, 1, "31.06.2026", 1, ""), "Дата информирования"),
    ((*MAN, 1, "10.06.2026", 1, "01.06.26-30.06.26"), "Примечание"),
    (("КИМ", "ВИКТОР", "", "26.09.1962", 1, "10.06.2026", 1, ""), "Отчество"),
    (("КИМ", "ВИКТОР", "НЕТ", "26.09.2062", 1, "10.06.2026", 1, ""), "Дата рождения"),
]


@pytest.mark.parametrize(("row", "heading"), BAD_CELLS)
def test_one_bad_cell_refuses_the_book(tmp_path: Path, row: tuple[Any, ...], heading: str) -> None:
    outcome = informing(tmp_path, GOOD, row)
    assert named(outcome) == [("6", heading)]
    assert not outcome.is_accepted


def test_sixty_days_back_are_still_in_time(tmp_path: Path) -> None:
    assert informing(tmp_path, (*MAN, 1, "16.04.2026", 1, "")).is_accepted


def test_a_date_cell_is_a_date(tmp_path: Path) -> None:
    path = tmp_path / "inform.xlsx"
    book(path, NskInforming(), INFORMED, [(*MAN[:3], date(1962, 9, 26), 1, date(2026, 6, 10), 1, "")])
    assert examine(path, CONTEXT)[1].records[0].values["on"] == "2026-06-10"


def test_headings_and_header_are_held_to_the_format(tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", NskConsent(), INFORMED, [GOOD], insurer=7)
    outcome = check(path, CONTEXT)
    assert {found.field for found in outcome.findings if found.scope == "file"} == {
        "Смо", "Этап информирования", "Дата информирования", "Тип информирования", "Примечание",
    }  # fmt: skip
    assert not outcome.is_accepted


def test_the_same_row_twice_is_told_and_a_latin_letter_too(tmp_path: Path) -> None:
    latin = ("КИM", *GOOD[1:])
    outcome = informing(tmp_path, GOOD, GOOD, latin, kind="  инфод-УЧЕТ ")
    assert outcome.is_accepted
    assert outcome.warned == 2
    assert named(outcome) == [("6", "Фамилия"), ("7", "Фамилия")]


def test_other_reason_needs_words(tmp_path: Path) -> None:
    path = book(tmp_path / "s.xlsx", NskSurvey(), REFUSALS, [(*MAN, "12.06.2026", 18, "")])
    assert named(check(path, CONTEXT)) == [("5", "Примечание")]


def test_withdrawals_are_read_as_the_book_of_consents(tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", NskConsent(), WITHDRAWALS, [(*MAN, "12.06.2026"), (*MAN, "12.07.2026")])
    assert named(check(path, CONTEXT)) == [("6", "Дата отзыва")]  # nobody withdraws tomorrow


def test_ways_of_consent_end_with_six(tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", NskConsent(), CONSENTS, [(*MAN, "12.06.2026", 7)])
    assert named(check(path, CONTEXT)) == [("5", "Способ получения согласия")]


BAD_CONTROLS = [
    ({7: 2}, "Результат ЭКМП  (0 - нарушения не выявлены, 1 - нарушения выявлены)"),
    ({6: "22"}, "Группа здоровья (22 - 3а; 23 - 3б)"),  # a text in a number cell
    ({6: 21}, "Группа здоровья (22 - 3а; 23 - 3б)"),
    ({13: ""}, "в случае отсутствия нарушений: причина, по которой отсутствует нарушение"),
    ({0: 10**30}, "код МО"),
    ({14: 3}, "индивидуальное согласие (1 - дано, нет - 2)"),
]


@pytest.mark.parametrize(("change", "heading"), BAD_CONTROLS)
def test_expert_control(tmp_path: Path, change: dict[int, Any], heading: str) -> None:
    row = [(change | {2: "ЦОЙ"}).get(place, cell) for place, cell in enumerate(EXPERT_GOOD)]
    outcome = check(book(tmp_path / "e.xlsx", NskExpert(), EXPERT, [EXPERT_GOOD, row]), CONTEXT)
    assert named(outcome) == [("6", heading)]


def test_as_many_codes_as_violations(tmp_path: Path) -> None:
    row = [{7: 1, 8: 2, 9: "3.2.1", 12: 1, 13: ""}.get(place, cell) for place, cell in enumerate(EXPERT_GOOD)]
    outcome = check(book(tmp_path / "e.xlsx", NskExpert(), EXPERT, [row]), CONTEXT)
    assert outcome.is_accepted
    assert outcome.findings[0].severity is Severity.WARNING


def test_fifty_thousand_rows_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nsk.MOST_ROWS == 49_999
    monkeypatch.setattr(nsk, "MOST_ROWS", 3)
    assert informing(tmp_path, *[GOOD] * 3).is_accepted
    outcome = informing(tmp_path, *[GOOD] * 4)
    assert [(found.scope, found.field) for found in outcome.findings] == [("file", "EXCEL")]


JUNE, JULY = date(2026, 6, 3), date(2026, 7, 3)
TWELVE = [
    ("A the same in a month", (JUNE, 1), (JUNE + timedelta(4), 1), "дважды в одном месяце"),
    ("A the same in two months", (JUNE, 1), (JULY, 1), "дважды в разных месяцах"),
    ("A different in a month", (JUNE, 1), (JUNE, 5), "Разные ответы в одном месяце"),
    ("A different in two months", (JUNE, 1), (JULY, 5), "Разные ответы в разных месяцах"),
    ("B the same in a month", (JUNE, 104), (JUNE + timedelta(4), 104), "дважды в одном месяце"),
    ("B the same in two months", (JUNE, 104), (JULY, 104), "дважды в разных месяцах"),
    ("B different in a month", (JUNE, 102), (JUNE, 104), "Разные ответы в одном месяце"),
    ("B different in two months", (JUNE, 102), (JULY, 104), "Разные ответы в разных месяцах"),
    ("A and 101 on one date", (JUNE, 1), (JUNE, 101), "причина отказа, и ответ 101"),
    ("A and 111 on one date", (JUNE, 111), (JUNE, 19), "причина отказа, и ответ 111"),
    ("pairs of B", (JUNE, 101), (JULY, 102), "исключают друг друга"),
    ("100 on two dates", (JUNE, 100), (JULY, 100), "100 дан на разные даты"),
]


@pytest.mark.parametrize(("name", "former", "later", "words"), TWELVE, ids=[one[0] for one in TWELVE])
def test_answers_that_contradict(name: str, former: tuple[date, int], later: tuple[date, int], words: str) -> None:
    answers = [SurveyAnswer(("ким",), *former, place=1), SurveyAnswer(("ким",), *later, place=2)]
    assert [(answer.place, words in sentence) for answer, sentence in contradictions(answers)] == [(2, True)]


@pytest.mark.parametrize("pair", [(100, 101), (100, 102), (100, 111), (101, 102), (101, 111), (102, 111)])
def test_every_pair_that_excludes(pair: tuple[int, int]) -> None:
    answers = [SurveyAnswer(("ким",), JUNE, pair[0]), SurveyAnswer(("ким",), JULY, pair[1], place=1)]
    assert "исключают" in next(contradictions(answers))[1]


def test_hard_to_say_is_not_an_answer_for_who_did_not_pass() -> None:
    assert len(list(contradictions([SurveyAnswer(("ким",), JUNE, 111, "Не проходил в этом году")]))) == 1


PEACEFUL = [
    [((JUNE, 103), ("ким",)), ((JUNE, 107), ("ким",)), ((JULY, 110), ("ким",))],  # several complaints
    [((JUNE, 1), ("ким",)), ((JUNE, 1), ("цой",))],  # two people
    [((JUNE, 1), ("ким",)), ((JULY, 101), ("ким",))],  # another day
    [((JUNE, 1), ("ким",)), ((JUNE, 102), ("ким",))],  # 102 is none of the two
]


@pytest.mark.parametrize("given", PEACEFUL)
def test_answers_that_stand_side_by_side(given: list[Any]) -> None:
    answers = [SurveyAnswer(who, *what, place=place) for place, (what, who) in enumerate(given)]
    assert list(contradictions(answers)) == []


def test_contradictions_of_a_book_are_warnings(tmp_path: Path) -> None:
    rows = [(*MAN, "12.06.2026", 101, ""), (*MAN, "13.06.2026", 102, "")]
    outcome = check(book(tmp_path / "s.xlsx", NskSurvey(), SATISFACTION, rows), CONTEXT)
    assert outcome.is_accepted
    assert [(found.record, found.severity) for found in outcome.findings] == [("6", Severity.WARNING)]
