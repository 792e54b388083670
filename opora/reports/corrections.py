"""Why two versions of a closed report differ, as a page tells it: subjects, what changed in them, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from opora.classifiers.models import Topic
from opora.organisations.models import Employee, Organisation
from opora.reports import proving, rows, titles
from opora.reports.cube import FactRow
from opora.reports.models import Seal
from opora.reports.models.facts import NOBODY
from opora.reports.proving import Cell, Moved, Told
from opora.reports.sources import SOURCES, Source
from opora.shared.typography import day, thousands

SHOWN = 100
HOW = {"came": "добавилось", "went": "ушло", "changed": "изменилось"}
MARKS = {"came": "now", "went": "none", "changed": "today"}
UNSAID = {"territory", "topic_id", "registered_hour"}  # follow from others or say nothing to a reader
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Reason:
    """One subject. ``changes`` are (what, was, became); ``number`` is empty where she may not see its appeal."""

    how: str
    mark: str
    what: str
    changes: list[tuple[str, str, str]]
    number: str
    link: str
    is_hidden: bool
    events: list[Told]


@dataclass(frozen=True, slots=True)
class Reasons:
    """``more`` — how many subjects beyond those shown."""

    shown: list[Reason]
    more: int


def reasons(later: Seal, former: Seal, cells: Sequence[Cell], employee: Employee) -> Reasons:
    """Return the subjects that moved some cells from one version to another, appeals by what she may see."""
    moved = proving.reasons(later, cells, employee, former=former)
    shown = moved[:SHOWN]
    names = _names(shown)
    ways = _ways(shown, employee)
    found = [_reason(one, names, *ways.get((one.source, one.key), ("", ""))) for one in shown]
    return Reasons(found, len(moved) - len(shown))


def _reason(one: Moved, names: Mapping[tuple[str, Any], str], number: str, link: str) -> Reason:
    source = SOURCES[one.source]
    changes = []
    if one.before is not None and one.after is not None:
        for name in one.after:
            was, became = one.before.get(name), one.after[name]
            if was != became and name not in UNSAID:
                title = titles.title_of(name, source)
                changes.append((title, _word(source, name, was, names), _word(source, name, became, names)))
    what = str(source.model._meta.verbose_name).removesuffix(" в отчётах")
    how = "появилось" if one.before is None else "удалено" if one.after is None else HOW[one.how]
    is_hidden = bool(source.appeal) and not number
    return Reason(how, MARKS[one.how], what, changes, number, link, is_hidden, one.events)


def _ways(moved: Iterable[Moved], employee: Employee) -> dict[tuple[str, str], tuple[str, str]]:
    """Number and address of each subject by its source and key."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    by_source: dict[str, list[FactRow]] = {}
    for one in moved:
        line = FactRow(one.key, date.min, one.appeal, one.after or one.before or {})
        by_source.setdefault(one.source, []).append(line)
    for name, lines in by_source.items():
        ways = rows.ways(lines, SOURCES[name], employee)
        found |= {(name, line.key): ways[at] for line in lines if (at := line.appeal or line.key) in ways}
    return found


def _names(moved: Iterable[Moved]) -> dict[tuple[str, Any], str]:
    """Names of organisations and topics that the facts name. Two queries."""
    values = [values for one in moved for values in (one.before, one.after) if values]
    organisations = {value for line in values for name, value in line.items() if _names_organisation(name) and value}
    topics = {line["topic_code"] for line in values if line.get("topic_code")}
    named: dict[tuple[str, Any], str] = {
        ("organisation", pk): name
        for pk, name in Organisation.objects.filter(pk__in=organisations).values_list("pk", "name")
    }
    newest = Topic.objects.filter(code__in=topics).order_by("edition__since", "pk")
    return named | {("topic", code): title for code, title in newest.values_list("code", "title")}


def _names_organisation(name: str) -> bool:
    return name in {"insurer_id", "about_id", "taken_by_id", "provider_id"}


def _word(source: Source, name: str, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    if value is None or value == "":
        return NOTHING
    if _names_organisation(name):
        nobody = "ТФОМС" if name == "insurer_id" else NOTHING
        return nobody if value == NOBODY else names.get(("organisation", value), str(value))
    if name == "topic_code":
        return names.get(("topic", value), str(value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | Decimal):
        return thousands(value)
    words = titles.words(name, source)
    if isinstance(value, list):
        return ", ".join(words.get(one, str(one)) for one in value) or NOTHING
    return words.get(value, str(value))
