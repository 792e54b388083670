"""Search by what has an index of its own: a number or its tail, a phone, a policy, a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
WHOLE = re.compile(r"\d{3,20}-\d\d-\d{1,9}")


def is_number(text: str) -> bool:
    """Whether what was typed is a number of an appeal or its tail, which may stand in an address.

    >>> is_number("54001-26-000123"), is_number("123"), is_number("8 900 000-00-00"), is_number("полис")
    (True, True, False, False)
    """
    return bool(WHOLE.fullmatch(text)) or (text.isascii() and text.isdigit() and len(text) <= TAIL)


def named(rows: GrantQuerySet, employee: Employee, chosen: Filter) -> GrantQuerySet:
    """Return those of ``rows`` that a number, a person, a phone or a policy names."""
    if chosen.number:
        rows = rows.filter(appeal__in=_numbered(chosen.number, employee).values("pk"))
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


def _numbered(number: str, employee: Employee) -> QuerySet[Appeal]:
    """By the whole number or the incoming one; a short tail is looked for in each organisation of the last years."""
    if not (number.isascii() and number.isdigit() and len(number) <= TAIL):
        return Appeal.objects.filter(number=number)
    year = timezone.localdate().year
    return Appeal.objects.filter(
        organisation__in=Organisation.objects.accessible_to(employee).exclude(kind="provider").values("pk"),
        year__in=range(year - YEARS + 1, year + 1),
        sequence=int(number),
    )
