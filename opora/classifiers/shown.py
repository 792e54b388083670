"""Editions as their pages say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from opora.classifiers import words
from opora.classifiers.book import TOPIC, Book
from opora.classifiers.differences import Change, Difference
from opora.classifiers.models import Edition, Topic
from opora.classifiers.models import Mapping as Pair
from opora.classifiers.rules import report_rows
from opora.classifiers.tables import generations, table
from opora.classifiers.words import Flag, Kind

VOCABULARIES: dict[str, Any] = {
    "kind": ("Вид обращения", words.Kind),
    "form": ("Форма", words.Form),
    "channel": ("Способ", words.Channel),
    "answer_channel": ("Канал ответа", words.Channel),
    "origin": ("Источник", words.Origin),
    "standing": ("Статус по 59-ФЗ", words.Standing),
    "line": ("Линия", words.Line),
    "verdict": ("Сведения о жалобе", words.Verdict),
    "outcome": ("Исход", words.Outcome),
    "responsible": ("Ответственная организация", words.Responsible),
    "outside": ("Направлено за пределы", words.Outside),
    "provider": ("Клиники", None),
    "insurer": ("Страховые", None),
}
CHANGES = {
    Change.GONE: "Убрано",
    Change.ADDED: "Добавлено",
    Change.ROWS: "Другая строка отчёта",
    Change.RETITLED: "Названо иначе",
    Change.KINDS: "Другие виды обращений",
    Change.FLAGS: "Другие признаки",
    Change.TYPICAL: "Другой уровень",
    Change.PARENT: "В другом разделе",
    Change.CODES: "Другой код партнёра",
}
GROUP_PREFIX = "0002.0014.0143."


class TopicRow:
    """One line of the tree."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.flags = [Flag(flag).label for flag in topic.flags]
        self.cells = [(code, table(code).short, _cell(topic, code)) for code in generations()]


class TopicCard(TopicRow):
    """One topic in the panel: each kind with its row in each form, and what partners call it."""

    def __init__(self, topic: Topic, books: list[tuple[str, Book]]) -> None:
        super().__init__(topic)
        kinds = [kind for kind in Kind if kind in topic.kinds]
        self.kinds = [(kind.label, [_said(topic, kind, generation) for generation in generations()]) for kind in kinds]
        self.partners = [(title, _themes(book, topic, kinds)) for title, book in books]


def state(edition: Edition, today: date, current: int | None) -> tuple[str, str]:
    """Return the badge of an edition: state and word."""
    if edition.pk == current:
        return "done", "действует"
    if edition.since > today:
        return "today", f"с {edition.since:%d.%m.%Y}"
    return "none", "прежняя"


def lists(pairs: Iterable[Pair], topics: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str, Pair]]]]:
    """Return lists of a partner with our words named; ``topics`` are titles by code."""
    found = []
    for of, group in groupby(pairs, key=lambda pair: pair.of):
        title, vocabulary = VOCABULARIES.get(of, ("Темы", None))
        kind = of.partition(":")[2]
        name = f"{title}: {Kind(kind).label.lower()}" if kind else title
        found.append((name, [(pair.ours, _name(pair.ours, vocabulary, topics), pair) for pair in group]))
    return found


def by_change(differences: Iterable[Difference]) -> list[tuple[str, list[Difference]]]:
    """Return differences under headings, losses first."""
    listed = list(differences)
    found = [(title, [one for one in listed if one.change == change]) for change, title in CHANGES.items()]
    return [(title, ones) for title, ones in found if ones]


def _name(ours: str, vocabulary: Any, topics: Mapping[str, str]) -> str:
    if vocabulary is not None:
        return str(vocabulary(ours).label)
    code, *flags = ours.split("+")
    return ", ".join([topics.get(code, ""), *(Flag(flag).label.lower() for flag in flags)])


def _cell(topic: Topic, generation: str) -> str:
    """Rows of all its kinds, without repeating: «4.5 · ж7»."""
    found = [_row(topic, kind, generation) for kind in Kind if kind in topic.kinds]
    return " · ".join(dict.fromkeys(row.removeprefix(GROUP_PREFIX) for row in found if row))


def _said(topic: Topic, kind: str, generation: str) -> tuple[str, str, str]:
    """The form, the row and the title of the row."""
    form, row = table(generation), _row(topic, kind, generation)
    return form.short, row, form.rows[row].title if row else ""


def _row(topic: Topic, kind: str, generation: str) -> str:
    rows = report_rows(topic.rows, kind, topic.flags, generation)
    return rows[0] if rows else ""


def _themes(book: Book, topic: Topic, kinds: list[Kind]) -> str:
    found = [book.theme(topic.code, kind) for kind in kinds]
    return " · ".join(dict.fromkeys(theme for theme in found if theme)) if TOPIC in book.known else ""
