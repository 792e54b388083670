"""Search by what has an index of its own: a number, its tail or the incoming one, a phone, a policy, a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from opora.appeals.models import Appeal, Party
from opora.appeals.models.grant import GrantQuerySet
from opora.appeals.words import Depth
from opora.organisations.models import Organisation
from opora.shared import phones

if TYPE_CHECKING:
    from opora.appeals.listing.filter import Filter
    from opora.organisations.models import Employee

YEARS = 3
TAIL = 7
LONGEST = 50  # characters of an incoming number
WHOLE = re.compile(r"\d{3,20}-\d\d-\d{6,9}")  # shorter is a telephone: 8900000-00-00


def is_number(text: str) -> bool:
    """Whether what was typed is a number of an appeal or its tail, which may stand in an address.

    >>> is_number("54001-26-000123"), is_number("123"), is_number("8900000-00-00"), is_number("полис")
    (True, True, False, False)
    """
    return bool(WHOLE.fullmatch(text)) or (text.isascii() and text.isdigit() and len(text) <= TAIL)


def named(rows: GrantQuerySet, employee: Employee, chosen: Filter) -> GrantQuerySet:
    """Return those of ``rows`` that a number, a person, a phone or a policy names."""
    if chosen.number:
        rows = rows.filter(appeal__in=_numbered(chosen.number, employee))
    if chosen.person:
        rows = _of_party(rows, employee, person=chosen.person)
    if chosen.find and not any(map(str.isalpha, chosen.find)):
        digits = re.sub(r"\D", "", chosen.find)
        if len(digits) == 16:
            return _of_party(rows, employee, enp=digits)
        return _of_party(rows, employee, phone=phones.normalise(chosen.find) or "—")
    return rows


def _of_party(rows: GrantQuerySet, employee: Employee, **named_by: object) -> GrantQuerySet:
    """People are looked for only where her grants show them."""
    deep = rows.of_depth(employee.scope, Depth.PERSONAL)
    return deep.filter(appeal__in=Party.objects.filter(**named_by).values("appeal"))


def has_come_under(number: str, employee: Employee) -> bool:
    """Whether she sees an appeal whose letter has this incoming number, as it is written there. One query by index."""
    return bool(number) and Appeal.objects.accessible_to(employee).filter(incoming_number=number).exists()


def _numbered(number: str, employee: Employee) -> QuerySet[Appeal, Any]:
    """By the whole number or the incoming one; a short tail is looked for in each organisation of the last years too.

    Halves of a union, each by an index of its own: one condition of all would be met by reading every appeal.
    """
    came = Appeal.objects.filter(incoming_number=number).values("pk")
    if not (number.isascii() and number.isdigit() and len(number) <= TAIL):
        return Appeal.objects.filter(number=number).values("pk").union(came)
    year = timezone.localdate().year
    ours = Appeal.objects.filter(
        organisation__in=Organisation.objects.accessible_to(employee).exclude(kind="provider").values("pk"),
        year__in=range(year - YEARS + 1, year + 1),
        sequence=int(number),
    )
    return ours.values("pk").union(came)
