"""What the desk is told: records of posts that wait for a person, and those that should not wait any longer."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Value
from django.urls import reverse

from opora.organisations.models import Employee
from opora.posts.models import Arrival, Record
from opora.shared.attention import MANY, Few, Matter

LATE, TROUBLE = "late", "trouble"


def in_trouble(employee: Employee) -> Iterator[Matter]:
    """Records that could not be registered by themselves; envelopes nobody registers. One query."""
    trouble = Record.objects.accessible_to(employee).in_trouble().annotate(what=Value(TROUBLE, CharField()))
    late = Arrival.objects.accessible_to(employee).late().annotate(what=Value(LATE, CharField()))
    sides = [rows.order_by().values_list("what", flat=True)[:MANY] for rows in (trouble, late)]
    found = list(sides[0].union(sides[1], all=True).order_by())
    if number := Few(found.count(LATE)):
        yield Matter("late", f"Записи постов давно ждут регистрации: {number}", reverse("posts:records"))
    if number := Few(found.count(TROUBLE)):
        yield Matter("today", f"Записи постов, которые нужно оформить: {number}", reverse("posts:records"))
