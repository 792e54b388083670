"""Questions of the room: whether it is open, what was said after a line, who waits, who may take over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from opora.access.rights import Right
from opora.chat import rules
from opora.chat.models import Line, LineFile, Place, Talk
from opora.chat.words import Author, Kind, Level, State
from opora.classifiers import queries as classifiers
from opora.classifiers import words as classified
from opora.classifiers.errors import NoEdition
from opora.classifiers.models import Topic
from opora.knowledge import queries as knowledge
from opora.organisations.hours import ON_DAYS
from opora.organisations.models import Assignment, Employee
from opora.organisations.services.hours import opens_at

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_AT_ONCE = 200
MOST_CARDS = 8
MOST_RUNNING = 200


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether somebody answers now; ``opens`` is when they begin, None — nobody knows."""

    is_open: bool
    opens: datetime | None
    now: datetime

    @property
    def words(self) -> str:
        """«Мы на связи», «Ответим завтра с 9:00»."""
        if self.is_open:
            return "Мы на связи"
        if self.opens is None:
            return "Сейчас нас нет на связи"
        days = (self.opens.date() - self.now.date()).days
        clock = f"{self.opens.hour}:{self.opens.minute:02}"
        if days > 6:
            return f"Ответим {self.opens:%d.%m} с {clock}"
        when = {0: "сегодня", 1: "завтра"}.get(days, ON_DAYS[self.opens.weekday()])
        return f"Ответим {when} с {clock}"

    @property
    def away(self) -> str:
        """What a citizen is told who writes when nobody is there."""
        return f"Сейчас нас нет на связи, ваше сообщение мы сохранили. {self.words}: ответ появится здесь."


def hours_of(place: Place, now: datetime | None = None) -> Hours:
    """Return whether a place answers at a moment, in the clock of its organisation. Three queries at most."""
    at = now or timezone.now()
    zone = place.organisation.zone
    opens = opens_at(place.organisation, at, is_round_the_clock=place.is_round_the_clock)
    return Hours(opens == at, opens.astimezone(zone) if opens else None, at.astimezone(zone))


def place_of(slug: str) -> Place | None:
    """Return an open place, under a scope of the caller. One query."""
    rows = Place.objects.filter(slug=slug, organisation__closed_on=None)
    return rows.select_related("organisation__territory").first()


def lines_after(talk: Talk, after: int, *, is_citizen: bool) -> list[dict[str, Any]]:
    """Return what was said after a line, oldest first, as pages get it: at most 200 lines. Two queries."""
    rows: QuerySet[Line] = Line.objects.filter(talk=talk, number__gt=after).order_by("number")
    lines = list(rows.select_related("by").prefetch_related("files")[:MOST_AT_ONCE])
    return [_shown(line, is_citizen=is_citizen) for line in lines if not (is_citizen and line.kind == Kind.NOTE)]


def reach_of(talk: Talk, after: int) -> int:
    """Return the number of the last line that ``lines_after`` has looked at."""
    return min(talk.last, after + MOST_AT_ONCE)


def queue(employee: Employee, level: str = "") -> QuerySet[Talk]:
    """Talks nobody has taken, who waits longest first, each with the beginning of what was said last."""
    rows: QuerySet[Talk] = Talk.objects.accessible_to(employee).waiting().select_related("place")
    if level:
        rows = rows.filter(level=level)
    said = Line.objects.filter(talk=OuterRef("pk"), author=Author.CITIZEN).order_by("-number")
    return rows.annotate(begins=Subquery(said.values(start=Left("text", 120))[:1])).order_by("waiting_since", "pk")


def level_of(employee: Employee) -> str:
    """Return whose queue is hers first: the second level takes what was passed on to it."""
    return Level.SECOND if (employee.representative_level or 1) >= 2 else Level.FIRST


def talks_of(employee: Employee) -> QuerySet[Talk]:
    """Talks she has now, in the order she took them."""
    rows: QuerySet[Talk] = Talk.objects.accessible_to(employee).filter(owner=employee, state=State.TAKEN)
    return rows.select_related("place").order_by("taken_at", "pk")


def of_id(talk_id: UUID, employee: Employee) -> Talk | None:
    rows = Talk.objects.accessible_to(employee).select_related("place__organisation__territory", "owner", "appeal")
    return rows.filter(pk=talk_id).first()


@dataclass(frozen=True, slots=True)
class Running:
    """An open talk as its line shows it; ``asked_at`` is since when he has no answer, None — he has one."""

    talk: Talk
    asked_at: datetime | None
    state: str
    is_gone: bool


def with_asked(rows: QuerySet[Talk]) -> QuerySet[Any]:
    """Talks with ``answered``, the number of the last answer, and ``asked_at``, since when he has none."""
    said = Line.objects.filter(talk=OuterRef("pk"), kind=Kind.SAID)
    answered = said.filter(author=Author.EMPLOYEE).order_by("-number").values("number")[:1]
    asked = said.filter(author=Author.CITIZEN, number__gt=OuterRef("answered")).order_by("number").values("at")[:1]
    return rows.annotate(answered=Coalesce(Subquery(answered), 0)).annotate(asked_at=Subquery(asked))


def unanswered(employee: Employee, now: datetime) -> QuerySet[Any]:
    """Taken talks whose citizen has no answer for minutes: hers; of everybody for who may reassign."""
    rows = Talk.objects.accessible_to(employee).filter(state=State.TAKEN)
    if not employee.holds(Right.APPEALS_REASSIGN):
        rows = rows.filter(owner=employee)
    return with_asked(rows).filter(asked_at__lt=now - rules.UNANSWERED)


def running(employee: Employee) -> list[Running]:
    """Open talks she may see, who is longest without an answer first; at most 200. One query."""
    rows = Talk.objects.accessible_to(employee).exclude(state=State.CLOSED).select_related("place", "owner")
    found = with_asked(rows)
    now = timezone.now()
    return [
        Running(
            talk,
            talk.asked_at,
            rules.strain(now - talk.asked_at if talk.asked_at else None),
            now - talk.seen_at > rules.GONE,
        )
        for talk in found.order_by(F("asked_at").asc(nulls_last=True), "opened_at")[:MOST_RUNNING]
    ]


def past(employee: Employee) -> QuerySet[Talk]:
    """Talks that are over, the latest first."""
    rows: QuerySet[Talk] = Talk.objects.accessible_to(employee).filter(state=State.CLOSED)
    return rows.select_related("place", "owner", "appeal").order_by("-closed_at", "-pk")


def colleagues(talk: Talk, *, besides: Employee | None = None) -> QuerySet[Employee]:
    """Who may take over: employees of the organisation of the talk who answer in its chat."""
    held = Assignment.objects.current().filter(
        organisation=talk.organisation_id, role__rights__contains=[Right.CHAT_ANSWER], employee__is_active=True
    )
    rows = Employee.objects.filter(pk__in=held.values("employee"))
    return (rows.exclude(pk=besides.pk) if besides else rows).order_by("surname", "given_name", "pk")


def cards(text: str, employee: Employee) -> list[knowledge.Spoken]:
    """Approved answers that fit the words, for one who may read them."""
    if employee.assignment is None or not employee.holds(Right.KNOWLEDGE_VIEW):
        return []
    territory = employee.assignment.organisation.territory_id
    level, today = employee.representative_level or 1, timezone.localdate()
    if not text.strip():
        return knowledge.ready_cards(territory, today, level)[:MOST_CARDS]
    return knowledge.find_cards(text, territory=territory, level=level, on=today, most=MOST_CARDS)


def topics(talk: Talk) -> tuple[list[Topic], list[Topic]]:
    """Return topics of consultations that fit what the citizen said, and all of them. Three queries."""
    organisation = talk.place.organisation
    kind, today = classified.Kind.CONSULTATION, timezone.localdate(timezone=organisation.zone)
    try:
        every = classifiers.topics(organisation.territory_id, today, kind)
        said = " ".join(words_of(talk))[:500]
        fitting = classifiers.find_topics(said, organisation.territory_id, today, kind, limit=5) if said else []
    except NoEdition:
        return [], []
    picked = [topic for topic in every if topic.code == talk.topic_code]
    return list(dict.fromkeys([*picked, *fitting])), list(every)


def words_of(talk: Talk) -> Iterable[str]:
    rows = Line.objects.filter(talk=talk, author=Author.CITIZEN).order_by("number")
    return rows.values_list("text", flat=True)[:20]


def told(talk: Talk) -> list[rules.Told]:
    """Return a talk for its transcript; notes stay out of it. Two queries."""
    rows = Line.objects.for_citizen().filter(talk=talk).select_related("by").prefetch_related("files")
    found = []
    for line in rows.order_by("number"):
        who = {Author.CITIZEN: talk.name or "Гражданин", Author.PROGRAM: "Чат"}.get(Author(line.author), "")
        who = who or (line.by.full_name if line.by else "Сотрудник")
        found.append(rules.Told(line.at, who, line.text, tuple(file.name for file in line.files.all())))
    return found


def answers_of(talk: Talk) -> list[str]:
    """Return what employees have said, for the answer of a consultation."""
    rows = Line.objects.filter(talk=talk, author=Author.EMPLOYEE, kind=Kind.SAID).exclude(text="")
    return list(rows.order_by("number").values_list("text", flat=True))


def file_of(talk: Talk, file_id: int, *, is_citizen: bool = False) -> LineFile | None:
    rows = LineFile.objects.filter(pk=file_id, line__talk=talk)
    return (rows.exclude(line__kind=Kind.NOTE) if is_citizen else rows).first()


def ahead_of(talk: Talk) -> int:
    """Return how many wait before him; at most a hundred are looked at. One query by ``talk_queue``."""
    if talk.waiting_since is None:
        return 0
    rows = Talk.objects.waiting().filter(organisation=talk.organisation_id, level=talk.level)
    return rows.filter(waiting_since__lt=talk.waiting_since)[:100].count()


def _shown(line: Line, *, is_citizen: bool) -> dict[str, Any]:
    name = ""
    if line.author == Author.EMPLOYEE and line.by:
        name = line.by.given_name if is_citizen else f"{line.by.surname} {line.by.given_name}"
    files = [{"id": file.pk, "name": file.name, "size": file.size} for file in line.files.all()]
    return {
        "number": line.number,
        "id": str(line.client_id),
        "who": line.author,
        "kind": line.kind,
        "name": name,
        "text": line.text,
        "at": line.at.isoformat(timespec="seconds"),
        "files": files,
    }
