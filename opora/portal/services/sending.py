"""A finished question leaves through the door of its site; sent twice it is one message with one number and code."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from opora.access.scope import enter
from opora.doors.models import Door, Thread
from opora.doors.services import receive
from opora.doors.shapes import Attached, Incoming
from opora.insured.models import Person
from opora.organisations.models import Organisation
from opora.portal import steps
from opora.portal.errors import NotTaken
from opora.portal.models import Ask
from opora.portal.services.drafts import SYSTEM
from opora.portal.services.sites import door_of
from opora.portal.words import Way
from opora.shared.names import NameNotUnderstood, clean_name, name_key

SUBJECTS = {Way.QUESTION: "Вопрос с сайта", Way.DELIVERY: "Доставка полиса"}


def send(ask: Ask) -> Ask:
    """Hand a question over and keep its number and code for an hour. Raises NotTaken.

    Outside of any transaction: the message is committed by the door before anything of the draft is erased.
    """
    with enter(SYSTEM):
        row = Ask.objects.select_related("site__organisation").get(pk=ask.pk)
        if row.sent_at is not None:
            return row
        door = _door(row.site.organisation)
        incoming = _incoming(row)
    received = receive(door, incoming)
    with enter(SYSTEM):
        number = (
            number_of(Thread.objects.select_related("appeal").get(pk=received.thread.pk)) if received.thread else ""
        )
        files = row.files.all()
        files.delete()
        row.answers, row.sent_at = {}, timezone.now()
        row.number, row.code = number, received.code
        row.save(update_fields=["answers", "sent_at", "number", "code"])
    return row


def number_of(thread: Thread) -> str:
    """Return the number a citizen is told: that of his appeal, or of the message until there is one."""
    return thread.appeal.number if thread.appeal and thread.is_applicants else f"С-{thread.pk.hex[-8:].upper()}"


def _door(organisation: Organisation) -> Door:
    """Return the open door of the site. Raises NotTaken where it is shut."""
    found = door_of(organisation)
    if not found.is_active:
        raise NotTaken
    return found


def _incoming(row: Ask) -> Incoming:
    answers, way = row.answers, Way(row.way)
    contact = answers.get("contact", {})
    return Incoming(
        external_id=f"site:{row.pk}",
        sender=contact.get("email") or contact.get("phone") or "",
        text=steps.text_of(way, answers, row.site.territory_id),
        subject=SUBJECTS[way],
        files=[Attached(file.name, bytes(file.content)) for file in row.files.all()],
        name=steps.name_of(answers),
        person=_person(row),
        meta={"applicant": {**answers.get("name", {}), **answers.get("policy", {}), **contact}},
    )


def _person(row: Ask) -> Person | None:
    """Return the insured whose number, name and birth date were all typed right, of those this organisation serves.

    Whoever types them may be another, so he is not taken for identified: an employee asks.
    """
    named, policy = row.answers.get("name", {}), row.answers.get("policy", {})
    if not (policy.get("enp") and policy.get("birth_on")):
        return None
    try:
        keys = {
            "surname_key": name_key(clean_name(named.get("surname", ""))),
            "given_key": name_key(clean_name(named.get("given_name", ""))),
        }
    except NameNotUnderstood:
        return None
    own = row.site.organisation
    served: QuerySet[Person] = Person.objects.filter(territory=row.site.territory_id)
    if own.kind != Organisation.Kind.FUND:
        served = served.filter(insurer=own.parent_id or own.pk)
    return served.filter(enp=policy["enp"], birth_on=date.fromisoformat(policy["birth_on"]), **keys).first()
