"""What a group of synonyms does to the search: a sample question asked with it and without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from opora.knowledge import queries, synonyms
from opora.shared import lookup

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """Questions of the cards that a sample finds with a group and without it, the best first."""

    without: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.without == self.given


def effect(text: str, names: Sequence[str], *, territory: str) -> Effect:
    """Return what a sample question finds without a group and with it; nothing is changed."""
    mark = synonyms.mark_of(names)
    acting = [one.names for one in synonyms.groups(territory) if not one.is_removed and one.mark != mark]
    index = queries.shelf_of(territory, timezone.localdate())

    def best(chosen: Iterable[Sequence[str]]) -> tuple[str, ...]:
        tried = replace(index.ranking, words=replace(index.ranking.words, synonyms=lookup.synonyms(chosen)))
        return tuple(index.ready[key].question for key in tried.found(text, most=SHOWN))

    return Effect(best(acting), best([*acting, tuple(names)]))
