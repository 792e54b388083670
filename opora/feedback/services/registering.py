"""A message becomes an appeal: the topic by the table of the door, the insurer of the person, the track's own term."""

from __future__ import annotations

from django.utils import timezone

from opora.appeals.intake import NewAppeal, Registered, register
from opora.appeals.models import Appeal
from opora.classifiers import queries as classifiers
from opora.classifiers.models import Topic
from opora.classifiers.words import Channel, Kind, Standing
from opora.doors.actor import DoorActor
from opora.doors.models import Message, Thread
from opora.doors.services.deciding import applicant
from opora.feedback import routes
from opora.feedback.errors import FeedbackError
from opora.feedback.models import PosMessage
from opora.feedback.services._step import tell
from opora.feedback.words import TERMS, StepKind, Track
from opora.insured.models import Person
from opora.organisations.models import Organisation

NO_TOPIC = "В таблице двери нет темы для этой категории, и общей темы у двери нет."
BY_TABLE = "Госуслуги: так сказано в таблице категорий."
BY_PERSON = "Госуслуги: это страховая человека."


def make(thread: Thread, first: Message) -> Registered:
    """Register what came by the platform with its place, its term and its first step. See ``doors.making``.

    Raises FeedbackError when there is no topic for it.
    """
    told = thread.wish.get("platform", {})
    door, by = thread.door, DoorActor(thread.door)
    category, subcategory = told.get("category", ""), told.get("subcategory", "")
    way = routes.find(door.settings.get("routes", {}), category, subcategory)
    topic = _topic(thread, way.topic if way else "")
    wished = door.appeal_kind or Kind.APPLICATION
    kind = wished if wished in topic.kinds else topic.kinds[0]
    handler, why = _place(thread, way, kind=kind, topic=topic)
    track = Track(told["track"]) if told.get("track") in Track.values else Track.ORDINARY
    done = register(
        NewAppeal(
            kind=kind,
            topic=topic,
            channel=Channel.FEEDBACK,
            term=TERMS[track],
            standing=Standing.IDENTIFIED if thread.is_identified else Standing.CONTACT,
            text=first.text,
            received_at=first.at,
            parties=[applicant(thread)],
            incoming_number=thread.key[:50],
            handler=handler,
            handed_over_why=why,
        ),
        by=by,
    )
    message: PosMessage = PosMessage.objects.create(
        territory=thread.territory,
        organisation_id=thread.organisation_id,
        handler=_holder(handler or door.organisation),
        door=door,
        thread=thread,
        appeal_id=done.id,
        external_id=thread.key,
        category=category,
        subcategory=subcategory,
        is_known_category=way is not None,
        track=track,
        received_at=first.at,
        due_at=Appeal.objects.get(pk=done.id).due_at or first.at,
    )
    tell(message, StepKind.RECEIVED, who=by.name, text=why, number=done.number)
    return done


def _topic(thread: Thread, code: str) -> Topic:
    """Return the topic of the table, else that of the door. Raises FeedbackError."""
    edition = classifiers.current_edition(thread.territory, timezone.localdate(timezone=thread.door.organisation.zone))
    known = {topic.code: topic for topic in classifiers.topics_of(edition)}
    found = known.get(code) or known.get(thread.door.topic)
    if found is None:
        raise FeedbackError(NO_TOPIC)
    return found


def _place(thread: Thread, way: routes.Way | None, *, kind: str, topic: Topic) -> tuple[Organisation | None, str]:
    """Return who answers if it is not who has the door, and why."""
    own = thread.door.organisation
    is_for_fund = kind == Kind.COMPLAINT and topic.is_on_insurer
    if way is not None and way.handler:
        found = Organisation.objects.current().filter(code=way.handler, territory=own.territory_id).first()
        if found is not None and found.pk != own.pk and not is_for_fund:
            return found, BY_TABLE
        return None, ""
    person: Person | None = thread.person
    insurer = person.insurer if person else None
    is_ours = insurer is not None and insurer.territory_id == own.territory_id and insurer.closed_on is None
    if own.kind == Organisation.Kind.FUND and insurer is not None and is_ours and not is_for_fund:
        return insurer, BY_PERSON
    return None, ""


def _holder(organisation: Organisation) -> Organisation:
    return organisation.parent or organisation
