"""What holds on a day: topics, partners' codes, rows of reports.

An edition never changes, so everything made of one is kept in the process by its number; a call costs the one query
that says which edition holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from opora.classifiers import search
from opora.classifiers.book import Book, book
from opora.classifiers.errors import NoEdition, NoRow, NoSuchTopic
from opora.classifiers.models import Edition, Mapping, Topic
from opora.classifiers.packs import MAPPING, TOPICS
from opora.classifiers.rules import report_rows
from opora.shared.sql import question

_edition_in_force = question(Path(__file__).parent / "sql", "edition_in_force")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Topics of one edition, ready to be looked up."""

    topics: tuple[Topic, ...]
    by_code: dict[str, Topic]
    index: search.Index


def current_edition(territory: str, on: date, code: str = TOPICS) -> Edition:
    """Return the edition in force on a day: the territory's own before the country's, the newest of them.

    Raises NoEdition. One query.
    """
    found = _in_force(territory, on, code)
    if found is None:
        raise NoEdition(f"На {on:%d.%m.%Y} классификатор «{code}» не загружен.")
    return _edition(found)


def editions(territory: str, code: str = TOPICS) -> list[Edition]:
    """Return all editions that a territory may use, the newest first."""
    found = Edition.objects.filter(code=code, territory__in=["", territory])
    return list(found.order_by("-since", "-loaded_at", "-pk"))


def topics(territory: str, on: date, kind: str | None = None) -> list[Topic]:
    """Return topics in force on a day in their order, for one kind of appeals or all. One query."""
    shelf = _shelf(current_edition(territory, on).pk)
    return [topic for topic in shelf.topics if kind is None or kind in topic.kinds]


def topics_of(edition: Edition) -> tuple[Topic, ...]:
    return _shelf(edition.pk).topics


def topic_for(code: str, territory: str, on: date) -> Topic:
    """Return a topic by its code. Raises NoSuchTopic, NoEdition. One query."""
    edition = current_edition(territory, on)
    found = _shelf(edition.pk).by_code.get(code)
    if found is None:
        raise NoSuchTopic(f"Темы «{code}» нет в версии {edition.version} классификатора.")
    return found


def find_topics(text: str, territory: str, on: date, kind: str | None = None, *, limit: int = 10) -> list[Topic]:
    """Return topics by code, by a row number of a form («ж7») or by words as a caller says them, the best first.

    Endings, one slip and the wrong keyboard layout are forgiven; the last word may be half typed. One query, < 5 ms.
    """
    return find_in(current_edition(territory, on), text, kind, limit=limit)


def find_in(
    edition: Edition,
    text: str,
    kind: str | None = None,
    *,
    limit: int = 10,
    also: search.Also | None = None,
) -> list[Topic]:
    """The same in one edition; ``also`` — by code, 0 to 1, what else speaks for a topic: it moves what is found."""
    shelf = _shelf(edition.pk)
    found = (shelf.topics[place] for place in shelf.index.find(text, limit=len(shelf.topics), also=also))
    return [topic for topic in found if kind is None or kind in topic.kinds][:limit]


def rows_of(topic: Topic, kind: str, flags: Collection[str], generation: str) -> tuple[str, ...]:
    """Return the rows that an appeal on this topic is counted in, whatever edition the topic is of.

    An edition older than the form says nothing of it: then a later edition is asked, under the same code or under the
    one its ``moved`` gives. Raises NoRow when none knows. At most two queries; for many appeals see ``rows_book``.
    """
    return _rows(topic, kind, flags, generation, _later(topic.edition))


def rows_book(topics: Iterable[Topic], generation: str) -> dict[int, dict[str, dict[str, str]]]:
    """Return for each topic by its number the ``rows`` that answer for ``generation``: what ``report_rows`` takes.

    Topics want ``edition`` loaded. A few queries in all, whatever the number of topics.
    """
    topics = list(topics)
    found = topics_answering(topics, generation)
    if missing := next((topic for topic in topics if topic.pk not in found), None):
        raise _no_row(missing, generation)
    return {pk: topic.rows for pk, topic in found.items()}


def topics_answering(topics: Iterable[Topic], generation: str) -> dict[int, Topic]:
    """Return for each topic by its number the one whose rows count: itself or its successor in a later edition.

    Topics that no edition counts are left out. They want ``edition`` loaded; a query for each edition and no more.
    """
    later: dict[int, list[Edition]] = {}
    found = {}
    for topic in topics:
        if topic.edition_id not in later:
            later[topic.edition_id] = _later(topic.edition)
        with suppress(NoRow):
            found[topic.pk] = _answering(topic, generation, later[topic.edition_id])
    return found


def codes(system: str, on: date) -> Book:
    """Return a partner's codes in force on a day as a two-way book: one query, then none per record.

    An unknown partner has an empty book.
    """
    edition = _in_force("", on, f"{MAPPING}-{system}")
    return _book(edition, system) if edition else Book(system)


def our_code(system: str, of: str, theirs: str, on: date) -> str | None:
    """Return our word for a partner's code (for a topic without the flags it means). For many records: ``codes``."""
    found = codes(system, on).ours(of, theirs)
    return found.partition("+")[0] if found else None


def partner_code(system: str, of: str, ours: str, on: date) -> str | None:
    """Return a partner's code for our word. For many records: ``codes``."""
    return codes(system, on).theirs(of, ours)


def forget() -> None:
    """Drop what the process keeps: for tests that empty the database."""
    _edition.cache_clear()
    _shelf.cache_clear()
    _book.cache_clear()


def _in_force(territory: str, on: date, code: str) -> int | None:
    """The number of the edition. By hand: the ORM takes twenty times as long to ask for one number."""
    found = _edition_in_force(code=code, territory=territory, day=on)
    return found[0].id if found else None


def _later(edition: Edition) -> list[Edition]:
    """Editions after this one that its appeals may be counted by, the oldest first."""
    found = Edition.objects.filter(code=edition.code, territory__in=["", edition.territory]).exclude(pk=edition.pk)
    return list(found.filter(since__gte=edition.since).order_by("since", "loaded_at", "pk"))


def _rows(topic: Topic, kind: str, flags: Collection[str], generation: str, later: list[Edition]) -> tuple[str, ...]:
    answering = _answering(topic, generation, later)
    return report_rows(answering.rows, kind, {*flags, *topic.flags, *answering.flags}, generation)


def _answering(topic: Topic, generation: str, later: list[Edition]) -> Topic:
    """Return the topic whose rows count: itself, or its successor in the first later edition that knows the form."""
    found, code = topic, topic.code
    for edition in later:
        if generation in found.rows:
            break
        code = edition.moved.get(code, code)
        found = _shelf(edition.pk).by_code.get(code, found)
    if generation not in found.rows:
        raise _no_row(topic, generation)
    return found


def _no_row(topic: Topic, generation: str) -> NoRow:
    return NoRow(f"Тема «{topic.code} {topic.title}»: строка «{generation}» не задана ни в одной версии.")


@lru_cache(maxsize=64)
def _edition(pk: int) -> Edition:
    return Edition.objects.get(pk=pk)


@lru_cache(maxsize=64)
def _shelf(edition: int) -> _Shelf:
    found = tuple(Topic.objects.filter(edition=edition).select_related("edition").order_by("position", "code"))
    made = search.index(found, [topic.words for topic in found])
    return _Shelf(found, {topic.code: topic for topic in found}, made)


@lru_cache(maxsize=64)
def _book(edition: int, system: str) -> Book:
    return book(system, Mapping.objects.filter(edition=edition).order_by("pk"))
