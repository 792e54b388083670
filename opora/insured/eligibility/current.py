"""The book in force and the decisions about one person at hand."""

from __future__ import annotations

import time as clock_time
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from opora.access.rights import Right
from opora.deadlines.models import Pack
from opora.insured.eligibility import facts
from opora.insured.eligibility.book import Book, open_book
from opora.insured.eligibility.deciding import Decision, Known, decide
from opora.insured.eligibility.explanation import aloud
from opora.insured.eligibility.facts import Kind
from opora.insured.eligibility.packs import EligibilityPack, read
from opora.insured.models import Person

if TYPE_CHECKING:
    from opora.insured.card import Card

FRESH = 30.0  # seconds a process believes that no other has loaded new rules


def book(territory: str, on: date) -> Book:
    """Return the rules of a territory as they stand for a day. One query in half a minute."""
    return _opened(_editions(territory, int(clock_time.monotonic() / FRESH)), territory, on)


def of_card(card: Card, *, holds: Callable[[Right], bool] | None = None) -> str:
    """Return the sentence to say aloud for a person whose card is at hand."""
    person = card.person
    decisions = decide(_known(person, card.today, holds), book(person.territory_id, card.today), card.today)
    return aloud(decisions, visits_are_known=facts.knows_visits())


def of_person(person: Person, on: date, *, holds: Callable[[Right], bool] | None = None) -> tuple[list[Decision], Book]:
    """Return the decisions of the year and the book they follow. ``person`` has his clinic loaded; one query."""
    rules = book(person.territory_id, on)
    return decide(_known(person, on, holds), rules, on), rules


def _known(person: Person, on: date, holds: Callable[[Right], bool] | None) -> Known:
    told = facts.of_person(person.pk, on, holds)
    provider = person.provider
    return Known(
        birth_on=person.birth_on,
        sex=person.sex,
        categories=told.categories,
        is_dead=person.died_on is not None,
        has_policy=person.insurer_id is not None,
        insured_in=person.territory_id,
        attached_in=provider.territory_id if provider else "",
        where=provider.name if provider else "",
        visits=told.days[Kind.VISIT],
        listed=told.days[Kind.LISTED],
        refused=told.days[Kind.REFUSED],
        in_hospital=bool(told.days[Kind.HOSPITAL]),
    )


def forget(**_: Any) -> None:
    """Believe nothing that was read: a pack has been loaded in this process."""
    _editions.cache_clear()


@lru_cache(maxsize=256)
def _editions(territory: str, _moment: int) -> tuple[int, ...]:
    packs = Pack.objects.filter(kind=Pack.Kind.ELIGIBILITY, territory__in=["", territory])
    return tuple(packs.newest().values_list("pk", flat=True))


@lru_cache(maxsize=64)
def _opened(packs: tuple[int, ...], territory: str, on: date) -> Book:
    return open_book([_read(pk) for pk in packs], on=on, territory=territory)


@lru_cache(maxsize=64)
def _read(pk: int) -> EligibilityPack:
    return read(Pack.objects.values_list("content", flat=True).get(pk=pk))
