"""Rows behind a number: facts in words, with a way to what they are about where she may go there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import reverse

from opora.access.rights import Right
from opora.appeals.models import Appeal
from opora.classifiers.models import Topic
from opora.complaints.models import Claim, Recourse
from opora.informing.models import PublicInforming
from opora.organisations.models import Employee, Organisation
from opora.policies.models import Delivery
from opora.reports import cube
from opora.reports.counting import Part
from opora.reports.sources import Source
from opora.shared.pages import Page
from opora.surveys.models import Round

SIZE = 50
FUND = "ТФОМС"
SHOWN = (
    "step", "verdict", "outcome", "how", "track", "decision", "category", "state", "settled", "survey_code", "question",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact. ``number`` is empty when she may not see its appeal; ``link`` — when there is no page for her.

    ``words`` are its verdict, outcome and the like; ``amount`` — what a number that is a sum adds up.
    """

    day: date
    kind: str
    topic: str
    organisation: str
    clinic: str
    words: list[str]
    amount: Decimal | None
    number: str
    link: str
    is_hidden: bool


def page(part: Part, source: Source, employee: Employee, *, after: str | None, field: str = "") -> Page[Shown]:
    """Return a page of the facts of a part; ``field`` — the one that its number adds up. Few queries for any page."""
    return page_of(partial(cube.rows, part.cube, part.groups), source, employee, after=after, field=field)


def page_of(
    asked: Callable[..., list[cube.FactRow]], source: Source, employee: Employee, *, after: str | None, field: str = ""
) -> Page[Shown]:
    """Return a page of the facts that ``asked`` gives by day and key: after one, so many, or back from it."""
    mark = _read(after)
    back = mark is not None and mark[0] == "-"
    found = asked(after=mark[1:] if mark else None, limit=SIZE + 1, back=back)
    more, found = len(found) > SIZE, found[:SIZE]
    if back:
        found.reverse()
    if not found:
        return Page([])
    has_next, has_previous = (True, more) if back else (more, mark is not None)
    return Page(
        _shown(found, source, employee, field),
        next=_mark("+", found[-1]) if has_next else None,
        previous=_mark("-", found[0]) if has_previous else None,
    )


def _shown(found: list[cube.FactRow], source: Source, employee: Employee, field: str) -> list[Shown]:
    opened = ways(found, source, employee)
    topics = _topics(row.values.get("topic_code") for row in found)
    names = _names(
        {row.values[name] for row in found for name in ("insurer_id", "provider_id") if row.values.get(name)}
    )
    amounts = _amounts(found, field)
    shown = []
    for row in found:
        values = row.values
        number, link = opened.get(row.appeal or row.key, ("", ""))
        words = [_word(source, name, values[name]) for name in SHOWN if values.get(name)]
        shown.append(
            Shown(
                row.day,
                _word(source, "kind", values["kind"]) if values.get("kind") else "",
                _topic(source, values, topics),
                names.get(values["insurer_id"], FUND),
                names.get(values.get("provider_id", 0), ""),
                words,
                amounts.get(row.key),
                number,
                link,
                bool(source.appeal) and not number,
            )
        )
    return shown


def ways(found: list[cube.FactRow], source: Source, employee: Employee) -> dict[str, tuple[str, str]]:
    """Return number and address of what the rows are about, where she may see it, by key of the row. One query."""
    if source.appeal and employee.holds(Right.APPEALS_VIEW):
        keys = [UUID(row.appeal) for row in found if row.appeal]
        numbers = Appeal.objects.accessible_to(employee).filter(pk__in=keys).values_list("pk", "number")
        return {str(pk): (number, reverse("appeals:card", args=[number])) for pk, number in numbers}
    if source.name == "claims" and employee.holds(Right.COMPLAINTS_CLAIMS):
        seen = _seen(Claim.objects.accessible_to(employee), [UUID(row.key) for row in found])
        return {key: ("Претензия", reverse("complaints:claim", args=[key])) for key in seen}
    if source.name == "deliveries" and employee.holds(Right.POLICIES_VIEW):
        seen = _seen(Delivery.objects.accessible_to(employee), [int(row.key) for row in found])
        return {key: ("Заявка", reverse("policies:delivery", args=[key])) for key in seen}
    if source.name == "surveys" and employee.holds(Right.SURVEYS_VIEW):
        rounds = {row.key: str(row.values["round_id"]) for row in found}
        seen = _seen(Round.objects.accessible_to(employee), list(rounds.values()))
        return {
            key: ("Итоги опроса", reverse("surveys:results", args=[pk])) for key, pk in rounds.items() if pk in seen
        }
    if source.name == "recourse" and employee.holds(Right.COMPLAINTS_VIEW):
        suits = {row.key: row.key.split(":")[1] for row in found}
        seen = _seen(Recourse.objects.accessible_to(employee), list(suits.values()))
        return {key: ("Иск", reverse("complaints:recourse", args=[pk])) for key, pk in suits.items() if pk in seen}
    if source.name == "public" and employee.holds(Right.INFORMING_VIEW):
        seen = _seen(PublicInforming.objects.accessible_to(employee), [row.key for row in found])
        return {key: ("Запись", reverse("informing:public-row", args=[key])) for key in seen}
    return {}


def _amounts(found: list[cube.FactRow], field: str) -> dict[str, Decimal]:
    return {row.key: row.values[field] for row in found} if field else {}


def _seen(rows: models.QuerySet[Any], keys: Collection[Any]) -> set[str]:
    return {str(pk) for pk in rows.filter(pk__in=keys).values_list("pk", flat=True)}


def _topics(codes: Iterable[str | None]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    return dict(Topic.objects.filter(code__in=wanted).order_by("edition__since", "pk").values_list("code", "title"))


def _topic(source: Source, values: Mapping[str, Any], topics: Mapping[str, str]) -> str:
    """What a fact is about: its topic, or the subject of what was told in public."""
    if values.get("subject"):
        return _word(source, "subject", values["subject"])
    code = values.get("topic_code", "")
    return topics.get(code, code)


def _names(numbers: Collection[Any]) -> Mapping[int, str]:
    return dict(Organisation.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}


def _word(source: Source, name: str, value: Any) -> str:
    """A value of a closed list in its own words."""
    choices = getattr(source.model._meta.get_field(name), "choices", None)
    return str(dict(choices).get(value, value)) if choices else str(value)


def _mark(direction: str, row: cube.FactRow) -> str:
    return f"{direction}{row.day.isoformat()}~{row.key}"


def _read(token: str | None) -> tuple[str, date, str] | None:
    """Read a mark of the address; None for what is none."""
    if not token or len(token) > 200 or "\x00" in token:
        return None
    day, _, key = token[1:].partition("~")
    try:
        return token[0], date.fromisoformat(day), key
    except ValueError:
        return None
