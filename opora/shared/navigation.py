"""What the rail, the person menu and the search box hold: rooms register it in their ``apps.py``, roles filter it.

    def ready(self) -> None:
        register(Item("Застрахованные", "insured:search", "users", Right.INSURED_SEARCH, key="G P", order=20))

A ``key`` is a sequence of physical keys as ``static/opora/keys.js`` reads it: ``N``, ``G J``, ``/``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Literal, Protocol
from urllib.parse import unquote

from django.urls import get_script_prefix, reverse

COOKIE = "rail"
BAR = 4  # items of the bottom bar on a phone: the first of all
MANY = 20  # items; of so many those that are seldom needed are closed until somebody opens them
SELDOM = frozenset({"Управление", "Справочники"})


class Holder(Protocol):
    def holds(self, right: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the rail (or of the person menu). ``right`` None — for everybody who has signed in.

    ``active`` lists further view names or namespaces («insured:», «insured:card») under which the item is current.
    """

    label: str
    url_name: str
    icon: str
    right: str | None
    key: str = ""
    order: int = 100
    section: str = ""
    place: Literal["rail", "person"] = "rail"
    active: tuple[str, ...] = ()
    count: Callable[[Holder], int | None] | None = None
    short: str = ""  # where there is no room for the label

    @property
    def url(self) -> str:
        return _address(self.url_name, get_script_prefix())

    def is_current(self, view_name: str) -> bool:
        return view_name == self.url_name or any(
            view_name.startswith(name) if name.endswith(":") else view_name == name for name in self.active
        )


@dataclass(frozen=True, slots=True)
class Search:
    """The box in the top bar: it sends ``q`` by POST, so that no name stands in an address."""

    url_name: str
    placeholder: str
    right: str

    @property
    def url(self) -> str:
        return _address(self.url_name, get_script_prefix())


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as one page shows it."""

    label: str
    url: str
    icon: str
    key: str
    current: bool
    count: int | None
    short: str = ""
    in_bar: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Items under one title; ``is_closed`` — only the title shows on a wide page. The one she is in is never closed."""

    title: str
    entries: tuple[Entry, ...]
    is_closed: bool = False


_items: dict[str, Item] = {}
_searches: dict[str, Search] = {}


def register(*items: Item) -> None:
    """Add items; the same view registered again replaces the former one."""
    _items.update({item.url_name: item for item in items})


def register_search(search: Search) -> None:
    _searches[search.url_name] = search


def registered() -> tuple[Item, ...]:
    return tuple(sorted(_items.values(), key=lambda item: (item.order, item.label)))


def sections(
    holder: Holder, *, view_name: str, place: str = "rail", items: Iterable[Item] | None = None
) -> list[Section]:
    """Return what ``holder`` may use, grouped by section in the order of the first item of each."""
    allowed = [
        item
        for item in (registered() if items is None else items)
        if item.place == place and (item.right is None or holder.holds(item.right))
    ]
    first: dict[str, int] = {}
    for number, item in enumerate(allowed):
        first.setdefault(item.section, number)
    allowed.sort(key=lambda item: first[item.section])
    bar = {item.url_name for item in allowed[:BAR]}
    return [
        Section(title, tuple(_entry(item, holder, view_name, in_bar=item.url_name in bar) for item in group))
        for title, group in groupby(allowed, key=lambda item: item.section)
    ]


def folded(found: Iterable[Section], cookie: str | None) -> list[Section]:
    """Return the sections with those closed that ``cookie`` names («Приём|Справочники», percent-encoded).

    Without a cookie the seldom ones of a long rail are closed.
    """
    every = list(found)
    is_long = sum(len(section.entries) for section in every) > MANY
    closed = set(unquote(cookie).split("|")) if cookie is not None else SELDOM if is_long else set()
    return [
        replace(section, is_closed=section.title in closed - {""} and not any(one.current for one in section.entries))
        for section in every
    ]


def search_for(holder: Holder) -> Search | None:
    return next((search for search in _searches.values() if holder.holds(search.right)), None)


@lru_cache(maxsize=1024)
def _address(url_name: str, _prefix: str) -> str:
    """Every page shows them all, and they are the same as long as the program runs under one prefix."""
    return reverse(url_name)


def _entry(item: Item, holder: Holder, view_name: str, *, in_bar: bool) -> Entry:
    count = item.count(holder) if item.count else None
    current = item.is_current(view_name)
    return Entry(item.label, item.url, item.icon, item.key, current, count, item.short, in_bar)
