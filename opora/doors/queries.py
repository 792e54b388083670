"""Questions of the room: what waits, one thread as a whole, who may be writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.utils import timezone

from opora.appeals.models import Answer, Appeal
from opora.appeals.words import AnswerKind, AnswerState
from opora.doors import codes
from opora.doors.flood_models import UNDONE_WITHIN, FloodDecision
from opora.doors.models import Door, Message, MessageFile, Thread
from opora.doors.words import UNFINISHED, Direction, Fate, MessageKind, State
from opora.insured.models import Contact, Person
from opora.shared import enp, phones
from opora.shared.attention import Few, few

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST_PEOPLE = 10
MOST_MESSAGES = 200
MOST_OF_PERSON = 5
MOST_SENDERS = 5  # of a flood, by whom a decision may be narrowed
_ENP = re.compile(r"(?<!\d)(?:\d[ -]?){15}\d(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+7|8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be writing and how he was found."""

    person: Person
    by: str


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """Everything the page of a thread shows. ``person`` None — not named, or not one she sees."""

    thread: Thread
    messages: list[Message]
    person: Person | None
    candidates: list[Candidate]
    appeal: Appeal | None
    given_up: set[UUID]


def listed(
    employee: Employee, *, state: str, mine: bool = False, door: int | None = None, is_flood: bool = False
) -> QuerySet[Thread]:
    """Threads of a state with the beginning of their last message; «waiting» are those nobody has finished.

    Of those that wait a flood lies apart: ``is_flood`` asks for it.
    """
    found: QuerySet[Thread] = Thread.objects.accessible_to(employee).select_related("door", "owner", "person", "appeal")
    is_waiting = state == State.WAITING
    found = found.filter(state__in=UNFINISHED, is_flood=is_flood) if is_waiting else found.filter(state=state)
    if mine:
        found = found.filter(owner=employee)
    if door is not None:
        found = found.filter(door=door)
    came = Message.objects.filter(thread=OuterRef("pk"), direction=Direction.IN, kind=MessageKind.MESSAGE)
    return found.annotate(begins=Subquery(came.order_by("-received_at", "-pk").values(start=Left("text", 160))[:1]))


def flood(employee: Employee) -> Few:
    """Return how many threads lie apart as a flood."""
    return few(Thread.objects.accessible_to(employee).filter(state__in=UNFINISHED, is_flood=True))


@dataclass(frozen=True, slots=True)
class Flood:
    """Letters of one door that lie apart: how many, since when, who wrote most of them and how many each."""

    door: Door
    number: int
    since: datetime
    senders: list[tuple[str, int]]


def floods(employee: Employee) -> list[Flood]:
    """Return what lies apart by its door, the largest first. One query and one for each door."""
    rows = flood_of(None, employee).values("door").annotate(number=Count("pk"), since=Min("waiting_since"))
    found = list(rows.order_by("-number", "door"))
    known = {door.pk: door for door in doors(employee)}
    return [
        Flood(known[row["door"]], row["number"], row["since"], _senders(flood_of(known[row["door"]], employee)))
        for row in found
        if row["door"] in known
    ]


def flood_of(door: Door | None, employee: Employee) -> QuerySet[Thread]:
    """Letters of a door, of all doors without one, that lie apart and are not tied to an appeal."""
    rows = Thread.objects.accessible_to(employee).filter(state=State.WAITING, is_flood=True, appeal=None)
    return rows if door is None else rows.filter(door=door)


def _senders(rows: QuerySet[Thread]) -> list[tuple[str, int]]:
    most = rows.values("correspondent").annotate(number=Count("pk")).filter(number__gt=1)
    return list(most.order_by("-number", "correspondent").values_list("correspondent", "number")[:MOST_SENDERS])


def flood_decisions(employee: Employee) -> QuerySet[FloodDecision]:
    """Decisions of the week in which they are undone, the latest first."""
    rows = FloodDecision.objects.accessible_to(employee).filter(at__gt=timezone.now() - UNDONE_WITHIN)
    return rows.select_related("door", "by", "undone_by")


def of_id(thread_id: UUID, employee: Employee) -> Thread | None:
    rows = Thread.objects.accessible_to(employee).select_related("door", "owner", "closed_by")
    return rows.filter(pk=thread_id).first()


def shown(thread: Thread, employee: Employee) -> ThreadShown:
    """Read the page of a thread. Five queries, two more when the person is not named, one where an answer failed."""
    rows = thread.messages.select_related("by", "delivery").prefetch_related("files")
    messages = list(rows.order_by("-received_at", "-pk")[:MOST_MESSAGES])[::-1]
    person = None
    if thread.person_id is not None:
        person = Person.objects.accessible_to(employee).filter(pk=thread.person_id).first()
    candidates = [] if thread.person_id is not None else people(thread, messages, employee)
    failed = [one.pk for one in messages if one.is_ours and one.delivery.state == Fate.FAILED]
    return ThreadShown(thread, messages, person, candidates, tied_to(thread, employee), given_up(failed))


def given_up(messages: list[UUID]) -> set[UUID]:
    """Return which of these messages of ours are final answers that the card has given up: another is sent from it."""
    if not messages:
        return set()
    final = Answer.objects.filter(pk__in=messages, kind=AnswerKind.FINAL, state=AnswerState.FAILED)
    return set(final.values_list("pk", flat=True))


def tied_to(thread: Thread, employee: Employee) -> Appeal | None:
    """Return the appeal of a thread, if it has one and she sees it."""
    if thread.appeal_id is None:
        return None
    return Appeal.objects.accessible_to(employee).filter(pk=thread.appeal_id).first()


def people(thread: Thread, messages: list[Message], employee: Employee) -> list[Candidate]:
    """Return who may be writing: by a policy number or a phone in his words, by his address. Only those she sees."""
    words = " ".join(message.text for message in messages if not message.is_ours)[:20_000]
    numbers = {number for found in _ENP.findall(words) if enp.is_valid(number := re.sub(r"\D", "", found))}
    called = {
        (phones.normalise(found) or "").removeprefix("+") for found in [*_PHONE.findall(words), thread.correspondent]
    } - {""}
    seen = Person.objects.accessible_to(employee)
    found: dict[int, Candidate] = {}
    if numbers:
        for person in seen.filter(enp__in=numbers)[:MOST_PEOPLE]:
            found[person.pk] = Candidate(person, "ЕНП")
    address = thread.correspondent if "@" in thread.correspondent else ""
    reach = Q(kind=Contact.Kind.PHONE, normalised__in=called)
    if address:
        reach |= Q(kind=Contact.Kind.EMAIL, normalised=address)
    if called or address:
        contacts = Contact.objects.filter(reach, person__in=seen).select_related("person")
        for contact in contacts.order_by("person_id")[: MOST_PEOPLE * 2]:
            by = "почта" if contact.kind == Contact.Kind.EMAIL else "телефон"
            found.setdefault(contact.person_id, Candidate(contact.person, by))
    return list(found.values())[:MOST_PEOPLE]


def file_of(thread: Thread, file_id: int) -> MessageFile | None:
    return MessageFile.objects.filter(pk=file_id, message__thread=thread).exclude(sha256="").first()


def by_code(code: str) -> Thread | None:
    """Return the thread a citizen's code opens, under a scope of the caller; None for a wrong one. One query."""
    if len(codes.plain(code)) != codes.LENGTH:
        return None
    return Thread.objects.select_related("door", "appeal").filter(code_digest__in=codes.digests(code)).first()


def doors(employee: Employee) -> QuerySet[Door]:
    found: QuerySet[Door] = Door.objects.accessible_to(employee).select_related("organisation")
    return found.order_by("title", "pk")


def person_panel(person: Person, employee: Employee) -> dict[str, Any]:
    """What he wrote, newest first, for the page of a person. One query."""
    rows = Thread.objects.accessible_to(employee).filter(person=person).select_related("door")
    return {"threads": list(rows.order_by(F("last_at").desc(), "-pk")[:MOST_OF_PERSON])}
