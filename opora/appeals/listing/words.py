"""A filter in words: its chips, and the lists its longer selects are filled from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.appeals.listing.filter import LISTS, Filter
from opora.classifiers.models import Topic
from opora.classifiers.words import Flag
from opora.organisations.models import Assignment, Employee, Organisation
from opora.shared.typography import day

if TYPE_CHECKING:
    from django.db.models import QuerySet


def chips(chosen: Filter) -> list[dict[str, str]]:
    """Return each word of the list as a chip with the address of the list without it. A query for each name."""
    found = [(name, str(known(getattr(chosen, name)).label)) for name, known in LISTS.items() if getattr(chosen, name)]
    if chosen.topic:
        title = Topic.objects.filter(code=chosen.topic).order_by("-pk").values_list("title", flat=True).first()
        found.append(("topic", title or chosen.topic))
    if chosen.handler:
        name = Organisation.objects.filter(pk=chosen.handler).values_list("name", flat=True).first()
        found.append(("handler", name or "организация"))
    if chosen.owner:
        owner = Employee.objects.filter(pk=chosen.owner).first()
        found.append(("owner", owner.short_name if owner else "сотрудник"))
    found += [("since", f"с {day(chosen.since)}")] if chosen.since else []
    found += [("until", f"по {day(chosen.until)}")] if chosen.until else []
    found += [("number", f"№ {chosen.number}")] if chosen.number else []
    found += [("person", "обращения человека")] if chosen.person else []
    found += [("find", f"«{chosen.find}»")] if chosen.find else []
    result = [{"label": label, "query": chosen.without(name).query} for name, label in found]
    for flag in chosen.flags:
        rest = chosen.but(flags=tuple(other for other in chosen.flags if other != flag))
        result.append({"label": str(Flag(flag).label).lower(), "query": rest.query})
    return result


def choices(employee: Employee) -> dict[str, Any]:
    """Return topics, organisations that may answer, and colleagues. Three queries."""
    topics: dict[str, str] = {}
    for code, title in Topic.objects.order_by("position", "code", "-pk").values_list("code", "title"):
        topics.setdefault(code, title)
    return {"topics": topics.items(), "handlers": _handlers(employee), "owners": colleagues(employee)}


def _handlers(employee: Employee) -> QuerySet[Organisation]:
    return Organisation.objects.accessible_to(employee).current().exclude(kind="branch").order_by("kind", "name")


def colleagues(employee: Employee) -> list[Employee]:
    """Return who works now in the organisation whose appeals she reads, by name."""
    holder = actor_of(employee).holder
    current = Assignment.objects.current(timezone.localdate()).filter(organisation__in=_houses(holder))
    people = Employee.objects.filter(pk__in=current.values("employee"), is_active=True)
    return list(people.order_by("surname", "given_name", "pk"))


def _houses(holder: int) -> QuerySet[Organisation, Any]:
    from django.db.models import Q

    return Organisation.objects.filter(Q(pk=holder) | Q(parent=holder)).values("pk")
