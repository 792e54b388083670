"""Answers that came back: a matter of the desk until a later one has left or somebody has said what was done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from opora.access.scope import Scope
from opora.appeals.actor import actor_of
from opora.appeals.models import Answer, Grant
from opora.appeals.words import Depth
from opora.shared.attention import MANY, Few, Matter
from opora.shared.prepared import prepared

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def of_hers(employee: Employee) -> Iterator[Matter]:
    """Final answers of her appeals, open and closed. One query by ``answer_undelivered``."""
    if number := Few(len(_of_owner(employee.scope, employee.pk))):
        yield _matter(f"Ответы не дошли до заявителей: {number}", "whose=mine")


def of_house(employee: Employee) -> Iterator[Matter]:
    """The same of all appeals her organisation answers for, whoever has them or had. One query."""
    if employee.assignment is None:
        return
    holder = actor_of(employee).holder
    if number := Few(len(_of_handler(employee.scope, holder))):
        yield _matter(f"Ответы организации не дошли до заявителей: {number}", f"handler={holder}")


def _matter(text: str, words: str) -> Matter:
    return Matter("late", text, f"{reverse('appeals:list')}?answer=undelivered&{words}")


@prepared
def _of_owner(scope: Scope, owner: int) -> QuerySet[Grant, object]:
    return _seen(scope).filter(owner_id=owner).values_list("pk", flat=True)[:MANY]


@prepared
def _of_handler(scope: Scope, holder: int) -> QuerySet[Grant, object]:
    return _seen(scope).filter(handler_id=holder).values_list("pk", flat=True)[:MANY]


def _seen(scope: Scope) -> QuerySet[Grant]:
    lost = Answer.objects.undelivered().values("appeal")
    return Grant.objects.within(scope).of_depth(scope, Depth.TEXT).filter(appeal__in=lost)
