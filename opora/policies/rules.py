"""Decisions of the room without a database: who may have a policy brought, when somebody is in, what time it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from opora.policies.errors import NoRight
from opora.policies.packs import Category
from opora.shared.errors import DomainError

MOST_WINDOWS = 3
SHORTEST = 30  # minutes
_WINDOW = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:[-–—]|до)\s*(\d{1,2})(?:[:.](\d{2}))?")
type Window = tuple[int, int]


class WindowNotUnderstood(DomainError):
    """Не поняли, когда человек дома. Напишите, например: 10–13, 17:30–20."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the right to a delivery is judged by. ``insurer`` is who insures now, ``categories`` those of the card."""

    born_on: date
    died_on: date | None
    insurer: int | None
    categories: frozenset[str]
    has_policy: bool


def check_right(facts: Facts, category: Category, *, insurer: int | None, proof: str, today: date) -> None:
    """Raise NoRight with the sentence for the operator. ``insurer`` None — the fund asks for whoever insures."""
    if facts.died_on is not None:
        raise NoRight(f"Человек умер {facts.died_on:%d.%m.%Y}: доставлять некому.")
    if not facts.has_policy or facts.insurer is None:
        raise NoRight("Действующего полиса в регистре нет. Сначала человек подаёт заявление на полис.")
    if insurer is not None and facts.insurer != insurer:
        raise NoRight("Человека сейчас страхует другая страховая: доставка — у неё.")
    if not fits(facts, category, today) and not proof.strip():
        raise NoRight(f"В карточке нет категории «{category.title}». Назовите документ, который её подтверждает.")


def fits(facts: Facts, category: Category, today: date) -> bool:
    """Whether the card itself says that the person is of the category."""
    if facts.categories & {str(code) for code in category.from_card}:
        return True
    return category.from_age is not None and age(facts.born_on, today) >= category.from_age


def age(born_on: date, today: date) -> int:
    """Return full years.

    >>> age(date(1950, 11, 23), date(2026, 11, 22)), age(date(1950, 11, 22), date(2026, 11, 22))
    (75, 76)
    """
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def parse_windows(text: str) -> list[Window]:
    """Return when somebody is at home, in minutes of the day, in order; empty — at any time.

    >>> parse_windows("17:30-20, с 10 до 13"), parse_windows("")
    ([(600, 780), (1050, 1200)], [])

    Raises WindowNotUnderstood.
    """
    parts = [part.strip() for part in re.split(r"[,;]| и ", text.casefold().replace("с ", " ")) if part.strip()]
    found = []
    for part in parts:
        match = _WINDOW.fullmatch(part)
        if match is None:
            raise WindowNotUnderstood
        opens, closes = (int(match[n]) * 60 + int(match[n + 1] or 0) for n in (1, 3))
        if closes > 24 * 60 or closes - opens < SHORTEST:
            raise WindowNotUnderstood(f"«{part}»: время должно идти вперёд и длиться хотя бы полчаса.")
        found.append((opens, closes))
    if len(found) > MOST_WINDOWS:
        raise WindowNotUnderstood(f"Хватит {MOST_WINDOWS} промежутков: оставьте самые удобные.")
    return sorted(found)


def show_windows(windows: list[Window]) -> str:
    """Return windows as they are written.

    >>> show_windows([(600, 780), (1050, 1200)]), show_windows([])
    ('10:00–13:00, 17:30–20:00', '')
    """
    return ", ".join(f"{show_clock(opens)}–{show_clock(closes)}" for opens, closes in windows)


def show_clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
