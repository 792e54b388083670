"""What whoever asks narrows a report by: words of an address or of the command line become filters, and back.

A filter is ``channel=post`` or, of several values, ``channel=post,email``; the form says which there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opora.reports import titles
from opora.reports.definitions import ReportPack, Where
from opora.reports.errors import NoSuchFilter
from opora.reports.sources import SOURCES

BOOLEAN = {"yes": True, "no": False}

type Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as a page offers it. ``options`` are (value, words); ``chosen`` is the value in force, empty — all."""

    name: str
    title: str
    options: list[tuple[str, str]]
    chosen: str


def read(pack: ReportPack, given: Given) -> Where:
    """Return the filters among ``given``; what is no column of facts is another word of the address and left alone.

    Raises NoSuchFilter, saying what the form may be narrowed by.
    """
    found: Where = {}
    for name in sorted(_known() & given.keys()):
        wanted = [one for text in given[name] for one in text.split(",") if one]
        if not wanted:
            continue
        if name not in pack.filters:
            raise NoSuchFilter(f"«{pack.short}» по «{name}» не отбирают. {may_be(pack)}")
        options = dict(titles.options(name, pack))
        if strange := next((one for one in wanted if one not in options), None):
            listed = ", ".join(f"{value} ({words})" for value, words in options.items())
            raise NoSuchFilter(f"Отбора {name}={strange[:40]} нет. Бывают: {listed}.")
        chosen = [BOOLEAN.get(one, one) for one in dict.fromkeys(wanted)]
        found[name] = list(chosen)
    return found


def texts(also: Where) -> dict[str, str]:
    """Return filters as the address holds them, by name.

    >>> texts({"is_closed": [True], "channel": ["post", "email"]})
    {'channel': 'post,email', 'is_closed': 'yes'}
    """
    said = {}
    for name, wanted in sorted(also.items()):
        values = wanted if isinstance(wanted, list) else [wanted]
        said[name] = ",".join({True: "yes", False: "no"}.get(one, str(one)) for one in values)  # type: ignore[call-overload]
    return said


def given(said: Mapping[str, str]) -> Given:
    """Turn ``texts`` back into what ``read`` takes."""
    return {name: [text] for name, text in said.items()}


def offered(pack: ReportPack, also: Where) -> list[Filter]:
    """Return the filters of a form; several values that came by the address stand as one more option."""
    chosen, found = texts(also), []
    for name in pack.filters:
        options = titles.options(name, pack)
        now = chosen.get(name, "")
        if "," in now:
            words = dict(options)
            options = [*options, (now, ", ".join(words[one] for one in now.split(",")))]
        found.append(Filter(name, titles.title_of_filter(name, pack), options, now))
    return found


def _known() -> set[str]:
    return set().union(*(source.columns for source in SOURCES.values()))


def may_be(pack: ReportPack) -> str:
    if not pack.filters:
        return "У этого отчёта отборов нет."
    return f"Можно по: {', '.join(f'{name} ({titles.title_of_filter(name, pack)})' for name in pack.filters)}."
