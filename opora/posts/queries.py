"""Questions of the room: what a tablet needs for a day without a network, records of posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from opora.appeals.actor import Actor, actor_of
from opora.appeals.commonest import common_topics
from opora.classifiers import queries as classifiers
from opora.classifiers.words import Kind
from opora.knowledge import queries as knowledge
from opora.organisations.models import Post
from opora.posts.models import LATE, Arrival, Record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from opora.organisations.models import Employee

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """Envelopes that wait to be registered: how many, since when the first, whether that is too long."""

    number: int
    since: datetime | None
    is_late: bool


def posts_of(employee: Employee) -> QuerySet[Post]:
    """Posts of her organisation that work today, by the name of the clinic."""
    actor = actor_of(employee)
    today = actor.local(timezone.now()).date()
    works = (Q(since=None) | Q(since__lte=today)) & (Q(until=None) | Q(until__gte=today))
    mine = Post.objects.filter(works, organisation__in={actor.organisation.pk, actor.holder})
    return mine.select_related("site__organisation").order_by("site__organisation__name", "site__name", "pk")


def for_the_day(employee: Employee) -> dict[str, Any]:
    """What the tablet keeps: nobody's data, only topics, answers that are approved today, and her posts."""
    actor = actor_of(employee)
    today = actor.local(timezone.now()).date()
    edition = classifiers.current_edition(actor.territory, today)
    common = common_topics(actor, Kind.CONSULTATION, edition)
    answers = _answers(actor, employee.representative_level or 1, today)
    return {
        "posts": [{"id": post.pk, "title": _title(post)} for post in posts_of(employee)],
        "common": [topic.code for topic in common],
        "topics": [
            {"code": topic.code, "title": topic.title, "kinds": list(topic.kinds)} | answers.get(topic.code, {})
            for topic in classifiers.topics_of(edition)
        ],
    }


def latest(employee: Employee) -> tuple[list[Record], list[Record]]:
    """Return records that wait for somebody, the oldest first, and the latest of the others. Two queries."""
    rows = Record.objects.accessible_to(employee).select_related("post__site__organisation", "employee")
    waiting = rows.in_trouble().order_by("at", "key")[:SHOWN]
    return list(waiting), list(rows.filter(Q(appeal__isnull=False) | Q(settled_at__isnull=False))[:SHOWN])


def line(employee: Employee) -> Line:
    """Return how many envelopes of her organisation wait to be registered. One query."""
    rows = Arrival.objects.accessible_to(employee)
    found = rows.aggregate(number=Count("pk"), since=Min("arrived_at"))
    is_late = found["since"] is not None and found["since"] < timezone.now() - LATE
    return Line(found["number"], found["since"], is_late)


def _answers(actor: Actor, level: int, on: date) -> dict[str, dict[str, str]]:
    """Return the first answer this level may give to each topic, by its code. One query."""
    told: dict[str, dict[str, str]] = {}
    for found in knowledge.ready_cards(actor.territory, on, level):
        told.setdefault(found.text.topic_code, {"card": found.card.slug[:64], "answer": found.body})
    return told


def _title(post: Post) -> str:
    room = f", кабинет {post.room}" if post.room else ""
    return f"{post.site.organisation.name}, {post.site.name}{room}"
