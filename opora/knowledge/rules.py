"""Words that come before any card: somebody's life is at stake. Pure.

Better one warning too many than one too few: a flag only shows the words to say and never closes a call.
Source: domain handbook 12, «Use in the software»; 02 §5.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "packs" / "red_flags.txt"
BETWEEN = r"(?:\w+ ){0,3}"
LETTERS = re.compile(r"\w+")


class Danger(StrEnum):
    """What is heard in the words of the caller, the gravest first."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    EMERGENCY_REFUSED = "emergency_refused"
    LIFE = "life"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A danger: its name for the screen, what to say aloud, what to do, and the words that gave it away."""

    danger: Danger
    title: str
    say: str
    do: str
    heard: str


_WORDS = {
    Danger.SUICIDE: (
        "Человек говорит о смерти",
        "Я слышу, как вам тяжело. Спасибо, что сказали. Побудьте со мной на линии: я подключу того, кто поможет.",
        "Не кладите трубку. Спросите, где человек и один ли он. Коллега звонит 112. Потом второй уровень.",
    ),
    Danger.VIOLENCE: (
        "Насилие",
        "Вы можете сейчас говорить? Если вам угрожают, наберите 112 или скажите «да», и помощь вызовем мы.",
        "Узнайте адрес. Сразу 112, потом второй уровень. О звонке никому из близких не сообщайте.",
    ),
    Danger.EMERGENCY_REFUSED: (
        "Отказ в экстренной помощи",
        "Экстренную помощь обязаны оказать без полиса и без условий. Наберите 112 или 103, я подключу представителя.",
        "112 или 103, затем второй уровень, не прерывая разговор. Запишите больницу, время и кто отказал.",
    ),
    Danger.LIFE: (
        "Угроза жизни",
        "Сначала помощь: наберите 112 или 103 прямо сейчас. Я остаюсь на связи и запишу всё остальное.",
        "Убедитесь, что скорую вызвали. Затем второй уровень. Медицинских советов не давайте.",
    ),
}


def red_flag(text: str) -> RedFlag | None:
    """Return the gravest danger heard in a text, or None.

    >>> red_flag("Мужу плохо, он ЗАДЫХАЕТСЯ!").danger
    <Danger.LIFE: 'life'>
    >>> red_flag("Сколько ждать приёма терапевта?") is None
    True
    """
    plain = _plain(text)
    for danger, pattern in _patterns().items():
        if found := pattern.search(plain):
            return RedFlag(danger, *_WORDS[danger], heard=found[0].strip())
    return None


def wordings() -> Iterator[tuple[Danger, str]]:
    """Yield the lines of the list with the danger they tell of."""
    danger = None
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            danger = Danger(line.strip("[]"))
        elif danger and line.strip() and not line.startswith("#"):
            yield danger, line.strip()


@cache
def _patterns() -> dict[Danger, re.Pattern[str]]:
    found: dict[Danger, list[str]] = {danger: [] for danger in Danger}
    for danger, wording in wordings():
        found[danger].append(_pattern(wording))
    return {danger: re.compile(r"(?<!\w)(?:" + "|".join(lines) + r")(?!\w)") for danger, lines in found.items()}


def _pattern(wording: str) -> str:
    """Return the expression of one line: ``*`` any ending, ``…`` up to three words between, ``(a|b)`` one of."""
    return wording.replace(" … ", f" {BETWEEN}").replace("*", r"\w*")


def _plain(text: str) -> str:
    """Small letters, ё as е, one blank instead of everything that is no letter or digit."""
    return " ".join(LETTERS.findall(text.lower().replace("ё", "е").replace("\u0301", "")))
