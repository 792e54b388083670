"""Cards as the desk asks for them: the one to say aloud, those that fit the words, their history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from opora.classifiers import queries as classifiers
from opora.classifiers.errors import NoEdition
from opora.deadlines import queries as deadlines
from opora.deadlines.clock import Term
from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.waiting import Suspicion, WaitingLimit, choose
from opora.knowledge import fields, packs, ranking, synonyms
from opora.knowledge.models import AnswerCard, CardText
from opora.shared.sql import question

MOST = 10
SUSPICIONS = {suspicion.value for suspicion in Suspicion}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A card ready to be said: its wording with dates, ages and limits of the day put in."""

    card: AnswerCard
    text: CardText
    body: str
    next_step: str
    full_text: str = ""

    @property
    def question(self) -> str:
        return self.text.question


class Table:
    """What merge fields of answers are filled from on one day, for one territory. Asks the database once."""

    def __init__(self, on: date, territory: str = "") -> None:
        self.on, self.territory = on, territory

    def value(self, name: str) -> str:
        """Return the words for ``waiting:SPEC``, ``waiting:SPEC:oncology``, ``term:consideration``, ``fact:…``.

        Raises LookupError with a sentence.
        """
        kind, _, rest = name.partition(":")
        reader = self._readers.get(kind)
        if reader is None or not rest:
            raise LookupError("такого поля нет. Бывают {waiting:…}, {term:…} и {fact:…}")
        return reader(rest)

    def why_not(self, name: str) -> str:
        try:
            self.value(name)
        except LookupError as fault:
            return str(fault.args[0])
        return ""

    def known(self) -> list[tuple[str, str, str]]:
        """Return (field, what it is, its words today) of everything an editor may use."""
        waits = [(_name(limit), _title(limit), limit.in_words) for limit in self._limits]
        terms = [(f"term:{term.code}", term.title, term.in_words) for term in self._terms.values()]
        facts = [(f"fact:{fact.code}", fact.title, fact.words) for fact in self._facts.values()]
        return [*waits, *terms, *facts]

    @cached_property
    def _readers(self) -> dict[str, Callable[[str], str]]:
        return {"waiting": self._waiting, "term": self._term, "fact": self._fact}

    @cached_property
    def _packs(self) -> list[Any]:
        return deadlines.waiting_packs(self.territory)

    @cached_property
    def _limits(self) -> list[WaitingLimit]:
        found: dict[str, WaitingLimit] = {}
        for pack in self._packs:
            if pack.covers(self.on, self.territory):
                found |= {_name(limit): limit for limit in pack.limits}
        return list(found.values())

    @cached_property
    def _terms(self) -> dict[str, Term]:
        found = deadlines.terms(on=self.on, territory=self.territory)
        found.sort(key=lambda pack: pack[0].territory != "")
        return {term.code: term for _, terms in found for term in terms}

    @cached_property
    def _facts(self) -> dict[str, packs.Fact]:
        return packs.facts(self.on).by_code

    def _waiting(self, rest: str) -> str:
        service, _, suspicion = rest.partition(":")
        if suspicion not in SUSPICIONS:
            raise LookupError("подозрение пишется oncology или cardiovascular")
        try:
            limit, _ = choose(
                self._packs, service=service, on=self.on, suspicion=Suspicion(suspicion), territory=self.territory
            )
        except NoSuchLimit:
            raise LookupError(f"предельного срока ожидания «{rest}» на {self.on:%d.%m.%Y} нет") from None
        return limit.in_words

    def _term(self, code: str) -> str:
        if code not in self._terms:
            raise LookupError(f"срока «{code}» на {self.on:%d.%m.%Y} нет")
        return self._terms[code].in_words

    def _fact(self, code: str) -> str:
        if code not in self._facts:
            raise LookupError(f"факта «{code}» на {self.on:%d.%m.%Y} нет")
        return self._facts[code].words


def card_for(topic_code: str, territory: str, level: int, on: date) -> Spoken | None:
    """Return the answer to say for a topic, or None: the lowest level first, then the order of the cards.

    ``level`` is the employee's: a card of a higher level is for somebody else.
    """
    return next(iter(cards_for(topic_code, territory, level, on)), None)


def cards_for(topic_code: str, territory: str, level: int, on: date) -> list[Spoken]:
    """Return every answer to a topic that this level may give. One small query."""
    ready = shelf_of(territory, on).ready.values()
    return [found for found in ready if found.text.topic_code == topic_code and found.text.level <= level]


def ready_cards(territory: str, on: date, level: int) -> list[Spoken]:
    """Return every answer that may be given on a day at this level, in the order of the cards. One small query."""
    return [found for found in shelf_of(territory, on).ready.values() if found.text.level <= level]


def find_cards(text: str, *, territory: str, level: int, on: date, most: int = MOST) -> list[Spoken]:
    """Return the answers that fit the words of a question, the best first. One small query."""
    shelf = shelf_of(territory, on)
    best = (shelf.ready[key] for key in shelf.ranking.found(text, most=len(shelf.ready)))
    return [found for found in best if found.text.level <= level][:most]


def spoken(card: AnswerCard, *, territory: str, on: date) -> Spoken | None:
    """Return one card ready to be said, or None when it must not be: not approved, out of date, a field is empty."""
    if card.withdrawn_at or card.approved is None or not card.approved.is_verified or not _acts(card.approved, on):
        return None
    return _filled(card, Table(on, territory))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Answers that may be said on one day in one territory, by card, and the index over their questions."""

    stamp: tuple[Any, ...]
    ready: dict[int, Spoken]
    ranking: ranking.Ranking


_shelves: dict[tuple[str, date], Shelf] = {}
DAYS_KEPT = 8
_stamp = question(Path(__file__).parent / "sql", "stamp")


def shelf_of(territory: str, on: date) -> Shelf:
    """The shelf of a day, kept in the process and filled again when a card or a pack has changed."""
    stamp = tuple(_stamp(territory=territory)[0])
    known = _shelves.get((territory, on))
    if known is None or known.stamp != stamp:
        if len(_shelves) >= DAYS_KEPT:
            _shelves.clear()
        known = _shelves[territory, on] = _fill(stamp, territory, on)
    return known


def _fill(stamp: tuple[Any, ...], territory: str, on: date) -> Shelf:
    """A territory's own card stands instead of the common one with the same code."""
    cards = AnswerCard.objects.in_force(on).filter(territory__in={"", territory}).select_related("approved")
    by_slug = {card.slug: card for card in sorted(cards, key=lambda card: card.territory)}
    table = Table(on, territory)
    ready = [found for card in by_slug.values() if (found := _filled(card, table))]
    ready.sort(key=lambda found: (found.text.level, found.card.position, found.card.pk))
    topics = topic_words(territory, on)
    entries = (entry_of(found.card.pk, found.text, topics.get(found.text.topic_code, "")) for found in ready)
    return Shelf(stamp, {found.card.pk: found for found in ready}, ranking.build(entries, synonyms.acting(territory)))


def entry_of(key: int, text: CardText, topic: str) -> ranking.Entry:
    """Return a wording as the search sees it."""
    return ranking.Entry(key, text.question, text.variants, text.words, text.body, text.next_step, topic)


def topic_words(territory: str, on: date) -> dict[str, str]:
    """Return for each topic in force its title with its search words: cards are found by them too. One query."""
    try:
        return {topic.code: f"{topic.title} {topic.words}" for topic in classifiers.topics(territory, on)}
    except NoEdition:
        return {}


def _filled(card: AnswerCard, table: Table) -> Spoken | None:
    """Fill the fields; a card with one that has no value today is not said: a made-up term would be worse."""
    text = card.approved
    if text is None or fields.faults(f"{text.body}\n{text.next_step}\n{text.full_text}", table.why_not):
        return None
    said = (fields.filled(part, table.value) for part in (text.body, text.next_step, text.full_text))
    return Spoken(card, text, *said)


def _acts(text: CardText, on: date) -> bool:
    return text.valid_since <= on and (text.valid_until is None or on <= text.valid_until)


def _name(limit: WaitingLimit) -> str:
    return f"waiting:{limit.service}" + (f":{limit.suspicion}" if limit.suspicion else "")


def _title(limit: WaitingLimit) -> str:
    return limit.title + (f" — подозрение: {limit.suspicion.words}" if limit.suspicion else "")


def filled_or_faults(text: str, territory: str, on: date) -> tuple[str, list[fields.Fault]]:
    """Return a draft as it would be said, and what in it cannot be filled today."""
    table = Table(on, territory)
    faults = fields.faults(text, table.why_not)
    return (text if faults else fields.filled(text, table.value)), faults
