"""The rule «appeal»: what has come is registered at once; what cannot be waits for an employee and says why."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, NewParty, Registered, register
from opora.appeals.models import Appeal, File
from opora.appeals.words import PartyRole
from opora.classifiers import queries as classifiers
from opora.classifiers.models import Topic
from opora.classifiers.words import Kind, Standing
from opora.doors import making, rules
from opora.doors.actor import DoorActor
from opora.doors.models import Message, MessageFile, Thread
from opora.doors.words import Direction, State
from opora.shared.errors import DomainError

LEFT = timedelta(minutes=1)  # a process that decides does it in a moment: one older than this has ended
NO_TOPIC = "Дверь не знает, по какой теме регистрировать."

log = structlog.get_logger(__name__)


def register_at_once(thread_id: UUID) -> Appeal | None:
    """Register what has come by a door whose rule is «appeal»; run twice it registers once.

    Returns the appeal, or None when it was decided before or cannot be registered: then the thread waits for an
    employee with the reason.
    """
    try:
        with enter(Scope.system("the rule of a door")):
            return _register(thread_id)
    except DomainError as fault:
        why = fault.sentence
        log.info("doors.not_registered", thread=str(thread_id), code=fault.code)
    with enter(Scope.system("the rule of a door")):
        Thread.objects.filter(pk=thread_id, is_decided=False).update(is_decided=True, undecided_why=why[:300])
    return None


def decide_left() -> int:
    """Decide what a process stored and did not live to decide; return how many."""
    with enter(Scope.system("rules of doors")):
        left = Thread.objects.filter(is_decided=False, opened_at__lt=timezone.now() - LEFT)
        keys = list(left.order_by("opened_at").values_list("pk", flat=True)[:200])
    return sum(register_at_once(key) is not None for key in keys)


def _register(thread_id: UUID) -> Appeal | None:
    rows = Thread.objects.select_for_update(of=("self",)).select_related("door__organisation__territory", "person")
    thread = rows.filter(pk=thread_id, is_decided=False).first()
    if thread is None:
        return None
    first = thread.messages.filter(direction=Direction.IN).order_by("received_at", "pk").first()
    if first is None:
        return None
    done = (making.maker_of(thread.door.kind) or _made)(thread, first)
    now = timezone.now()
    File.objects.bulk_create(
        File(
            appeal_id=done.id, name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256,
            added_at=now,
        )
        for file in MessageFile.objects.filter(message=first).exclude(sha256="")
    )  # fmt: skip
    Thread.objects.filter(pk=thread.pk).update(
        appeal_id=done.id,
        is_applicants=True,
        is_decided=True,
        state=State.REGISTERED,
        waiting_since=None,
        forget_at=rules.forget_at(thread.door.kind, State.REGISTERED, has_appeal=True, last_at=now),
    )
    return Appeal.objects.get(pk=done.id)


def _made(thread: Thread, first: Message) -> Registered:
    kind, topic = _about(thread)
    new = NewAppeal(
        kind=kind,
        topic=topic,
        channel=thread.door.channel,
        standing=Standing.IDENTIFIED if thread.is_identified else Standing.CONTACT,
        text=first.text,
        received_at=first.at,
        parties=[applicant(thread)],
    )
    return register(new, by=DoorActor(thread.door))


def _about(thread: Thread) -> tuple[str, Topic]:
    """Return the kind and the topic the message asks for, else those of the door. Raises DomainError."""
    kind = thread.wish.get("kind") or thread.door.appeal_kind or Kind.APPLICATION
    code = thread.wish.get("topic") or thread.door.topic
    today = timezone.localdate(timezone=thread.door.organisation.zone)
    edition = classifiers.current_edition(thread.territory, today)
    found = next((topic for topic in classifiers.topics_of(edition) if topic.code == code), None)
    if found is None:
        raise DomainError(NO_TOPIC)
    return kind, found


def applicant(thread: Thread) -> NewParty:
    """Who wrote, as the register knows him or as he called himself."""
    email = thread.correspondent if "@" in thread.correspondent else ""
    person = thread.person
    told = {"email": email, **thread.wish.get("applicant", {})}
    born = told.pop("birth_on", "")
    if person is None:
        named = told if told.get("surname") else {**told, "surname": thread.name[:100]}
        return NewParty(birth_on=date.fromisoformat(born) if born else None, **named)
    how = "дверь" if thread.is_identified else ""
    reach = {"email": told["email"], "phone": told.get("phone", "")}
    return NewParty.of_register(PartyRole.APPLICANT, person, identified_how=how, **reach)
