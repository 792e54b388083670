"""Rows of people behind a measure, by the rights of whoever asks: a number may be open where its people are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.urls import reverse

from opora.access.rights import Right
from opora.informing.models import Campaign, Informed, PlanEntry, Touch
from opora.informing.monthly.words import ways
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.reports.measures.opened import Opened
from opora.shared.pages import Page, RowComparison, keyset

SIZE = 50
UNSEEN = ("", "", "")
MARK = re.compile(r"[+-][0-9]{1,18}(~[0-9]{1,18})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """One row. ``name`` is empty for somebody whom she may not see (any more); ``contacts`` — how many of them are one
    row; ``way``, ``measure``, ``campaign`` and ``link`` to it are those of the first."""

    name: str
    card: str
    enp: str
    day: date | None
    measure: str = ""
    way: str = ""
    mark: str = ""
    contacts: int = 1
    cost: Decimal | None = None
    campaign: str = ""
    link: str = ""


def may_see(opened: Opened, employee: Employee) -> bool:
    """Whether she may see who the people of a number are."""
    return employee.holds(needed(opened))


def needed(opened: Opened) -> Right:
    return Right.INSURED_VIEW if opened.kind == "insured" else Right.INFORMING_VIEW


def page(opened: Opened, employee: Employee, *, after: str | None, size: int = 0) -> Page[Shown]:
    """Return a page of rows, in the scope of the employee. A few queries for any page."""
    size = size or SIZE
    match opened.kind:
        case "contacts":
            found = keyset(opened.found, order=opened.order, after=after, size=size)
            return Page(_contacts(list(found), employee, {}), found.next, found.previous)
        case "plan":
            found = keyset(opened.found, order=opened.order, after=after, size=size, is_total=True)
            return Page(_plan(list(found), employee), found.next, found.previous)
    found = _each(opened.found, opened.order, after, size)
    return Page(_people(opened, list(found), employee), found.next, found.previous)


def _each(rows: QuerySet[Any, Any], order: Sequence[str], after: str | None, size: int) -> Page[dict[str, Any]]:
    """A page of groups by their whole-numbered keys."""
    mark = after if after and MARK.fullmatch(after) and after.count("~") == len(order) - 1 else ""
    back = mark.startswith("-")
    rows = rows.order_by(*(f"-{name}" if back else name for name in order))
    if mark:
        values = [Value(int(one), output_field=BigIntegerField()) for one in mark[1:].split("~")]
        rows = rows.filter(RowComparison([F(name) for name in order], "<" if back else ">", values))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    if not found:
        return Page([])
    has_next, has_previous = (True, more) if back else (more, bool(mark))

    def token(way: str, row: dict[str, Any]) -> str:
        return way + "~".join(str(row[name]) for name in order)

    return Page(found, token("+", found[-1]) if has_next else None, token("-", found[0]) if has_previous else None)


def _people(opened: Opened, found: list[dict[str, Any]], employee: Employee) -> list[Shown]:
    if opened.contacts is None:
        persons = _persons([one["person_id"] for one in found], employee)
        return [Shown(*persons.get(one["person_id"], UNSEEN), one["first"]) for one in found]
    of = Q(pk__in=[])
    for one in found:
        of |= Q(**{name: one[name] for name in opened.order})
    first = opened.contacts.filter(of).order_by(*opened.order, "on", "touch_id").distinct(*opened.order)
    counts = {tuple(one[name] for name in opened.order): one["contacts"] for one in found}
    return _contacts(
        list(first), employee, {row.pk: counts[tuple(getattr(row, n) for n in opened.order)] for row in first}
    )


def _contacts(found: list[Informed], employee: Employee, counts: dict[int, int]) -> list[Shown]:
    persons = _persons([one.person_id for one in found], employee)
    campaigns = _campaigns(found, employee)
    words = ways()
    return [
        Shown(
            *persons.get(one.person_id, UNSEEN),
            one.on,
            str(one.get_measure_display()),
            words[one.way].title if one.way in words else one.way,
            _mark(one),
            counts.get(one.pk, 1),
            None if counts else one.cost,
            *campaigns.get(one.pk, ("", "")),
        )
        for one in found
    ]


def _mark(one: Informed) -> str:
    said = "впервые" if one.is_first else "повторно" if one.is_informing else "не дошло"
    return f"{said}, пришёл после" if one.came else said


def _plan(found: list[PlanEntry], employee: Employee) -> list[Shown]:
    persons = _persons([one.person_id for one in found], employee)
    return [
        Shown(
            *persons.get(one.person_id, UNSEEN),
            one.passed_on,
            str(one.get_measure_display()),
            mark=str(one.get_state_display()),
        )
        for one in found
    ]


def _persons(ids: Iterable[int], employee: Employee) -> dict[int, tuple[str, str, str]]:
    """Names of whom she may see with the way to the card, where she may open it, and policy numbers. One query."""
    opens = employee.holds(Right.INSURED_VIEW)
    people = Person.objects.accessible_to(employee).filter(pk__in=set(ids))
    return {
        one.pk: (one.full_name, reverse("insured:card", args=[one.pk]) if opens else "", one.enp or "")
        for one in people
    }


def _campaigns(found: list[Informed], employee: Employee) -> dict[int, tuple[str, str]]:
    """Titles of the campaigns of contacts with the way to them, by contact. Two queries."""
    touches = Touch.objects.filter(year__in={one.year for one in found}, id__in=[one.pk for one in found])
    of = dict(touches.values_list("id", "campaign_id"))
    campaigns = Campaign.objects.accessible_to(employee).filter(pk__in=set(of.values()))
    told = {one.pk: (one.title, reverse("informing:campaign", args=[one.pk])) for one in campaigns}
    return {touch: told[campaign] for touch, campaign in of.items() if campaign in told}
