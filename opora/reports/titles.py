"""Names of lines that the facts themselves give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opora.classifiers.models import Topic
from opora.organisations.models import Organisation
from opora.reports.definitions import Dynamic
from opora.reports.sources import Source

NOT_NAMED = "Не указано"
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def of(dynamic: Dynamic, source: Source, values: Sequence[Any]) -> dict[Any, str]:
    """Return a title for each value. One query for topics and organisations, none for words."""
    match dynamic.titles:
        case "topics":
            newest = Topic.objects.filter(code__in=[str(one) for one in values]).order_by("edition__since", "pk")
            named: dict[Any, str] = dict(newest.values_list("code", "title"))
        case "organisations":
            named = dict(Organisation.objects.filter(pk__in=[one for one in values if one]).values_list("pk", "name"))
        case "words":
            named = _words(dynamic.by, source)
        case _:
            named = {one: str(one) for one in values}
    return {one: named.get(one) or (str(one) if one else NOT_NAMED) for one in values}


def _words(by: str, source: Source) -> dict[Any, str]:
    if by == "registered_weekday":
        return dict(enumerate(WEEKDAYS, start=1))
    if by.endswith(("_month", "_hour")):
        return {}
    field = source.model._meta.get_field(by)
    choices = getattr(getattr(field, "base_field", field), "choices", None)
    return {str(value): str(title) for value, title in choices or ()} | {True: "да", False: "нет"}
