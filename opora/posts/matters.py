"""What the desk is told: records of posts that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from opora.organisations.models import Employee
from opora.posts.models import Record
from opora.shared.attention import Matter, few


def in_trouble(employee: Employee) -> Iterator[Matter]:
    """Records that could not be registered by themselves. One query."""
    if number := few(Record.objects.accessible_to(employee).in_trouble()):
        yield Matter("today", f"Записи постов, которые нужно оформить: {number}", reverse("posts:records"))
