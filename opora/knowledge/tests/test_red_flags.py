"""Danger is heard in any wording; typical questions do not raise an alarm."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.knowledge.packs import answers
from opora.knowledge.rules import Danger, red_flag, wordings


def examples() -> Iterator[tuple[Danger, str]]:
    """Every alternative of every line of the list, as a person would say it."""
    for danger, line in wordings():
        for choice in range(max([1, *(group.count("|") + 1 for group in re.findall(r"\([^)]*\)", line))])):
            said = re.sub(r"\(([^)]*)\)", lambda group: _pick(group[1], choice), line)  # noqa: B023
            yield danger, said.replace("*", "ы").replace(" … ", " ")


def _pick(group: str, choice: int) -> str:
    options = group.split("|")
    return options[choice % len(options)]


EXAMPLES = list(examples())
CALM = st.sampled_from(["Здравствуйте.", "Скажите, пожалуйста,", "у нас такое дело:", "Соседка говорит,", ""])
NOISE = st.sampled_from([" ", "  ", ", ", " — ", "\n", "... ", " «", "! "])


@given(st.sampled_from(EXAMPLES), CALM, CALM, NOISE, st.sampled_from([str.lower, str.upper, str.title]))
def test_danger_is_heard_in_any_writing(example, before, after, noise, letters) -> None:
    danger, said = example
    heard = red_flag(f"{before} {noise.join(letters(said).split(' '))}{noise}{after}")
    assert heard is not None
    assert list(Danger).index(heard.danger) <= list(Danger).index(danger)


SAID = [
    ("Я больше не хочу так жить", Danger.SUICIDE),
    ("Дочь наглоталась каких-то таблеток", Danger.SUICIDE),
    ("он сказал что покончит с собой", Danger.SUICIDE),
    ("муж меня снова бьёт", Danger.VIOLENCE),
    ("угрожает меня убить", Danger.VIOLENCE),
    ("скорая уже час не едет", Danger.EMERGENCY_REFUSED),
    ("нам отказали в экстренной госпитализации", Danger.EMERGENCY_REFUSED),
    ("в приёмном покое нас не приняли", Danger.EMERGENCY_REFUSED),
    ("МАМА НЕ ДЫШИТ", Danger.LIFE),
    ("сильная боль в груди у отца", Danger.LIFE),
    ("кровь никак не останавливается", Danger.LIFE),
    ("ребёнок без сознания", Danger.LIFE),
    ("у него перекосило лицо и отнялась рука", Danger.LIFE),
]


@pytest.mark.parametrize(("text", "danger"), SAID)
def test_people_say_it_like_this(text: str, danger: Danger) -> None:
    found = red_flag(text)
    assert found is not None
    assert found.danger is danger
    assert "112" in found.say + found.do


CALM_QUESTIONS = [
    "Сколько ждать скорую помощь по нормативу?",
    "Хочу поменять страховую компанию",
    "Умер мой полис или действует?",
    "Не хочу жить в этом районе без поликлиники, как открепиться?",
    "Мне отказали в выдаче справки",
    "Ножницы в процедурном кабинете",
    "Скорая помощь приехала вовремя, спасибо",
]


@pytest.mark.parametrize("text", [card.question for card in answers().cards])
def test_typical_questions_are_calm(text: str) -> None:
    assert red_flag(text) is None


@pytest.mark.parametrize("text", [text for text in CALM_QUESTIONS if "жить" not in text])
def test_calm_words_raise_no_alarm(text: str) -> None:
    assert red_flag(text) is None


def test_a_doubt_is_a_warning() -> None:
    """«Не хочу жить в этом районе» is taken for the worse: one warning too many is the price."""
    assert red_flag(CALM_QUESTIONS[3]) is not None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    red_flag(text)


def test_words_to_say_are_short_and_calm() -> None:
    for danger in Danger:
        flag = red_flag(next(said for of, said in EXAMPLES if of is danger))
        assert flag is not None
        assert len(flag.say.split()) <= 30
        assert "!" not in flag.say + flag.do
