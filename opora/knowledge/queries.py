"""Cards as the desk asks for them: the one to say aloud, those that fit the words, their history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Sum

from opora.deadlines import queries as deadlines
from opora.deadlines.clock import Term
from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.waiting import Suspicion, WaitingLimit, choose
from opora.knowledge import fields, packs, ranking
from opora.knowledge.models import AnswerCard, CardText

MOST = 10
SUSPICIONS = {suspicion.value for suspicion in Suspicion}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A card ready to be said: its wording with dates, ages and limits of the day put in."""

    card: AnswerCard
    text: CardText
    body: str
    next_step: str

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
    """Return the answer to say for a topic, or None: the territory's own first, then the lowest level, then the order.

    ``level`` is the employee's: a card of a higher level is for somebody else.
    """
    return next(iter(cards_for(topic_code, territory, level, on)), None)


def cards_for(topic_code: str, territory: str, level: int, on: date) -> list[Spoken]:
    """Return every answer to a topic that this level may give; one query and those of the terms."""
    return _spoken([card for card in _in_force(territory, on) if _fits(card, topic_code, level)], Table(on, territory))


def find_cards(text: str, *, territory: str, level: int, on: date, most: int = MOST) -> list[Spoken]:
    """Return the answers that fit the words of a question, the best first. Budget: 5 ms with 500 cards."""
    index = _index(territory)
    cards = {card.pk: card for card in _in_force(territory, on) if _level(card) <= level}
    keys = [key for key in index.found(text, most=most * 2) if key in cards]
    return _spoken([cards[key] for key in keys[:most]], Table(on, territory))


def spoken(card: AnswerCard, *, territory: str, on: date) -> Spoken | None:
    """Return one card ready to be said, or None when it must not be: not approved, out of date, a field is empty."""
    text = card.approved
    if text is None or card.withdrawn_at or text.valid_since > on or (text.valid_until and text.valid_until < on):
        return None
    return next(iter(_spoken([card], Table(on, territory))), None)


def _in_force(territory: str, on: date) -> list[AnswerCard]:
    """Cards that act on the day; a territory's own card stands instead of the common one with the same code."""
    cards = AnswerCard.objects.in_force(on).filter(territory__in={"", territory}).select_related("approved")
    by_slug: dict[str, AnswerCard] = {}
    for card in sorted(cards, key=lambda card: card.territory):
        by_slug[card.slug] = card
    return sorted(by_slug.values(), key=lambda card: (_level(card), card.position, card.pk))


def _fits(card: AnswerCard, topic_code: str, level: int) -> bool:
    return card.approved is not None and card.approved.topic_code == topic_code and card.approved.level <= level


def _level(card: AnswerCard) -> int:
    return card.approved.level if card.approved else 3


def _spoken(cards: list[AnswerCard], table: Table) -> list[Spoken]:
    """Fill the fields; a card with one that has no value today is not shown: a made-up term would be worse."""
    ready = []
    for card in cards:
        text = card.approved
        if text is None or fields.faults(f"{text.body}\n{text.next_step}", table.why_not):
            continue
        body, step = fields.filled(text.body, table.value), fields.filled(text.next_step, table.value)
        ready.append(Spoken(card, text, body, step))
    return ready


_indexes: dict[str, tuple[tuple[Any, ...], ranking.Ranking]] = {}


def _index(territory: str) -> ranking.Ranking:
    """The index of approved wordings, built again when any card has changed: one small question tells."""
    cards = AnswerCard.objects.filter(territory__in={"", territory}).exclude(approved=None)
    stamp = tuple(cards.aggregate(Count("pk"), Sum("version"), Sum("approved_id")).values())
    known = _indexes.get(territory)
    if known is None or known[0] != stamp:
        rows = cards.values_list("pk", "approved__question", "approved__words")
        known = _indexes[territory] = stamp, ranking.build(ranking.Entry(*row) for row in rows)
    return known[1]


def _name(limit: WaitingLimit) -> str:
    return f"waiting:{limit.service}" + (f":{limit.suspicion}" if limit.suspicion else "")


def _title(limit: WaitingLimit) -> str:
    return limit.title + (f" — подозрение: {limit.suspicion.words}" if limit.suspicion else "")


def filled_or_faults(text: str, territory: str, on: date) -> tuple[str, list[fields.Fault]]:
    """Return a draft as it would be said, and what in it cannot be filled today."""
    table = Table(on, territory)
    faults = fields.faults(text, table.why_not)
    return (text if faults else fields.filled(text, table.value)), faults
