"""Names of lines that the facts themselves give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opora.classifiers.models import Topic
from opora.deadlines.models import Pack
from opora.organisations.models import Organisation
from opora.reports.definitions import Dynamic, ReportPack, Where
from opora.reports.models.facts import NOBODY
from opora.reports.periods import MONTHS
from opora.reports.sources import SOURCES, Source
from opora.surveys.models import Survey

NOT_NAMED = "Не указано"
CLOSED: dict[object, str] = {True: "только закрытые", False: "только в работе"}
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def of(dynamic: Dynamic, source: Source, values: Sequence[Any]) -> dict[Any, str]:
    """Return a title for each value. One query for topics and organisations, none for words."""
    match dynamic.titles:
        case "topics":
            newest = Topic.objects.filter(code__in=[str(one) for one in values]).order_by("edition__since", "pk")
            named: dict[Any, str] = dict(newest.values_list("code", "title"))
        case "organisations":
            named = dict(Organisation.objects.filter(pk__in=[one for one in values if one]).values_list("pk", "name"))
            named[NOBODY] = "ТФОМС" if dynamic.by != "provider_id" else "Клиника не названа"
        case "surveys":
            named = dict(Survey.objects.filter(code__in=values).order_by("pk").values_list("code", "title"))
        case "categories":
            packs = Pack.objects.filter(kind="delivery").order_by("since", "pk").values_list("content", flat=True)
            named = {one["code"]: one["title"] for content in packs for one in content["categories"]}
        case "words":
            named = words(dynamic.by, source)
        case _:
            named = {one: str(one) for one in values}
    return {one: named.get(one) or (str(one) if one else NOT_NAMED) for one in values}


def filters(also: Where, pack: ReportPack) -> list[str]:
    """Return what a report is narrowed by, a line each: «способ: Почта», «только закрытые»."""
    source = _source(pack)
    if source is None:
        return []
    lines = []
    for name, wanted in sorted(also.items()):
        values = wanted["not"] if isinstance(wanted, dict) else wanted if isinstance(wanted, list) else [wanted]
        if name == "is_closed" and len(values) == 1:
            lines.append(CLOSED[values[0]])
            continue
        named = words(name, source)
        said = ", ".join(named.get(one) or named.get(str(one)) or str(one) for one in values)
        lines.append(f"{title_of(name, source)}: {'кроме ' if isinstance(wanted, dict) else ''}{said}")
    return lines


def options(name: str, pack: ReportPack) -> list[tuple[str, str]]:
    """Return what a filter may be, as (value, words); nothing for a column without a closed list."""
    source = _source(pack)
    if name == "is_closed":
        return [("yes", CLOSED[True]), ("no", CLOSED[False])]
    named = words(name, source) if source else {}
    return [(value, title) for value, title in named.items() if isinstance(value, str)]


def title_of_filter(name: str, pack: ReportPack) -> str:
    source = _source(pack)
    return title_of(name, source) if source else name


def _source(pack: ReportPack) -> Source | None:
    """The facts of a form; its filters are columns of all of them."""
    asks = next((asks for table in pack.tables for asks in table.asks), None)
    return SOURCES[asks.facts] if asks else None


def title_of(name: str, source: Source) -> str:
    """Return what a column of the facts is called."""
    made = {
        "is_closed": "закрыто",
        "registered_month": "месяц регистрации",
        "closed_month": "месяц закрытия",
        "month_of_year": "месяц",
    }
    return made.get(name) or str(source.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def words(by: str, source: Source) -> dict[Any, str]:
    """Return the closed list of a column, value → words."""
    if by == "month_of_year":
        return {f"{number:02}": name for number, name in enumerate(MONTHS, start=1)}
    if by == "registered_weekday":
        return dict(enumerate(WEEKDAYS, start=1))
    if by.endswith(("_month", "_hour")) or by == "is_closed":
        return {True: "да", False: "нет"}
    field = source.model._meta.get_field(by)
    choices = getattr(getattr(field, "base_field", field), "choices", None)
    return {str(value): str(title) for value, title in choices or ()} | {True: "да", False: "нет"}
