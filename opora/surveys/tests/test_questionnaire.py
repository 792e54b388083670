"""What is asked next, what is an answer, what contradicts; and the surveys that come with the program."""

from typing import Any

import pytest

from opora.deadlines.packs import read_pack
from opora.surveys.errors import AnswerRefused, QuestionnaireRefused
from opora.surveys.models import Survey
from opora.surveys.packs import SHIPPED
from opora.surveys.questionnaire import read
from opora.surveys.tests.conftest import ANSWERS, QUESTIONS

WHOLE = read(QUESTIONS)
LEVEL_1 = {
    "polyclinic-short": [
        "quality", "premises", "equipment", "booking", "waiting", "terms", "tests", "diagnostics", "therapists",
        "specialists", "doctors",
    ],
    "day-hospital-short": ["quality", "premises", "place", "services", "equipment", "drugs", "support", "doctor"],
    "hospital-short": ["quality", "premises", "ward", "food", "equipment", "drugs", "terms", "support", "doctor"],
}  # fmt: skip


def put(answers: dict[str, list[str]]) -> list[str]:
    return [one.code for one in WHOLE.put(answers)]


def test_an_answer_leads_past_questions() -> None:
    assert put(ANSWERS) == ["came", "doctor", "why", "again"]
    assert put({**ANSWERS, "again": ["yes"]})[-1] == "days"


def test_what_was_not_put_is_not_kept() -> None:
    assert "days" not in WHOLE.check({**ANSWERS, "days": ["3"]})


REFUSED = [
    ("came", []), ("came", ["maybe"]), ("came", ["yes", "no"]), ("why", ["speed", "none"]), ("doctor", ["6"]),
    ("again", ["yes"]),  # and then a number is asked for
]  # fmt: skip


@pytest.mark.parametrize(("code", "given"), REFUSED)
def test_what_is_no_answer_is_refused(code: str, given: list[str]) -> None:
    with pytest.raises(AnswerRefused):
        WHOLE.check({**ANSWERS, code: given})


@pytest.mark.parametrize("given", ["-1", "366", "1,5", "много", "²", "9" * 50])
def test_a_number_is_a_number(given: str) -> None:
    with pytest.raises(AnswerRefused):
        WHOLE.check({**ANSWERS, "again": ["yes"], "days": [given]})


def test_contradictions_are_said_in_words() -> None:
    assert WHOLE.against({"came": ["no"], "doctor": ["4"]}) == ["Не обращались, но оценили врача."]
    assert WHOLE.against(ANSWERS) == []


def test_digits_of_paper() -> None:
    why = WHOLE.question("why")
    assert why is not None
    assert why.of_digits("1, 2") == ["speed", "care"]
    with pytest.raises(AnswerRefused, match="Вариантов 3"):
        why.of_digits("4")


def broken(**changes: Any) -> dict[str, Any]:
    return {**QUESTIONS, "questions": [{**QUESTIONS["questions"][2], **changes}], "contradictions": []}


BROKEN = [
    {**QUESTIONS, "questions": []},
    {**QUESTIONS, "questions": [QUESTIONS["questions"][0]] * 2},
    {**QUESTIONS, "contradictions": [{"first": {"x": []}, "second": {"came": []}, "words": "?"}]},
    broken(options=[]),
    broken(jumps=[{"answers": ["speed"], "to": "why"}]),
    broken(jumps=[{"answers": ["nobody"], "to": "end"}]),
    broken(good=["nobody"]),
    broken(kind="riddle"),
    broken(source=""),
    [],
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_questionnaire_is_refused(content: Any) -> None:
    with pytest.raises(QuestionnaireRefused):
        read(content)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_a_shipped_survey_is_whole(path: Any) -> None:
    file = read_pack(path)
    whole = read(file.content["questionnaire"])
    assert all(question.source for question in whole.questions)
    assert file.content["is_verified"] is False


@pytest.mark.parametrize("name", LEVEL_1)
def test_the_short_ones_ask_what_the_handbook_lists(name: str) -> None:
    [path] = SHIPPED.glob(f"{name}-2026*.json")
    questions = read(read_pack(path).content["questionnaire"]).questions
    assert [one.code for one in questions] == [*LEVEL_1[name], "ambulance", "ambulance_quality", "sex", "age"]
    assert all(one.kind == "words" for one in questions[: len(LEVEL_1[name])])
    assert all(one.is_obligatory for one in questions)


def test_they_are_there_after_migrate(system: None) -> None:
    assert Survey.objects.filter(insurer=None, territory="").count() == len(list(SHIPPED.glob("*.json")))
