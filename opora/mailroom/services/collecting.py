"""Answers that leave by post are picked up from the journal, a second after they were sent there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.events import Chained
from opora.appeals.letters import TO_OTHERS
from opora.appeals.models import Answer, Event, Party
from opora.appeals.words import AnswerState, EventKind, PartyRole
from opora.audit.services import uuid7
from opora.classifiers.words import Channel
from opora.mailroom.models import Outgoing, PaperEvent
from opora.mailroom.words import EventKind as Happened
from opora.organisations.models import Organisation
from opora.shared.declension import Case, PersonName, decline

# What may leave a letter: an answer, a word to the applicant, a letter or a request to another body.
HEARD = frozenset(
    {
        EventKind.ANSWERED,
        EventKind.INTERIM_ANSWERED,
        EventKind.NOTIFIED,
        EventKind.FORWARDED,
        EventKind.PAUSED,
        EventKind.EXTENDED,
    }
)
HEARD_WITHIN = timedelta(minutes=1)  # the chainer is quicker by far; both at once would pick up one letter twice
MISSED_SINCE = timedelta(days=3)  # a worker that stood over a weekend; what is older somebody has sent by hand


def collect_left(now: datetime | None = None) -> int:
    """Pick up letters of the last days that were not heard of; return how many. Run twice it picks up nothing more.

    They are found by the events, which lie by organisation and moment.
    """
    now = now or timezone.now()
    with enter(Scope.system("letters of the journal nobody has picked up")):
        everybody = Organisation.objects.values("pk")
        told = Event.objects.filter(organisation_id__in=everybody, kind__in=HEARD)
        told = told.filter(at__gt=now - MISSED_SINCE, at__lt=now - HEARD_WITHIN)
        left = _by_post(told.values("appeal")).filter(sent_at__gt=now - MISSED_SINCE).values("appeal")
        return _collect({event.appeal_id: event.organisation_id for event in told.filter(appeal__in=left)})


def collect(events: Sequence[Chained], **_: Any) -> None:
    """Pick up letters of these events; runs in the chainer. One query for a batch that holds no letter."""
    _collect({event.appeal_id: event.organisation_id for event in events if event.kind in HEARD})


def _by_post(appeals: Any) -> QuerySet[Answer]:
    here = Outgoing.objects.filter(answer=OuterRef("pk"))
    sent = Answer.objects.filter(appeal__in=appeals, channel=Channel.POST, state=AnswerState.SENT)
    return sent.exclude(Exists(here))


def _collect(whose: dict[UUID, int]) -> int:
    """Pick up what leaves these appeals by post; ``whose`` names the organisation whose event it was."""
    if not whose:
        return 0
    found = list(_by_post(list(whose)).select_related("appeal", "to_organisation"))
    if not found:
        return 0
    applicants = {
        party.appeal_id: party
        for party in Party.objects.filter(appeal__in=[one.appeal_id for one in found], role=PartyRole.APPLICANT)
    }
    houses = Organisation.objects.in_bulk({whose[one.appeal_id] for one in found})
    made = [_letter(one, houses[whose[one.appeal_id]], applicants.get(one.appeal_id)) for one in found]
    Outgoing.objects.bulk_create(made)
    PaperEvent.objects.bulk_create(
        PaperEvent(organisation=one.organisation, outgoing=one, kind=Happened.PICKED) for one in made
    )
    return len(made)


def _letter(answer: Answer, house: Organisation, party: Party | None) -> Outgoing:
    addressee, address = _to(answer, party)
    sent_at = answer.sent_at or timezone.now()
    return Outgoing(
        pk=uuid7(),
        territory=house.territory_id,
        organisation=house,
        answer=answer,
        appeal=answer.appeal,
        number=answer.outgoing_number,
        dated=answer.outgoing_on or timezone.localdate(sent_at, house.zone),
        what=answer.get_kind_display(),
        addressee=addressee[:300],
        address=address[:500],
    )


def _to(answer: Answer, party: Party | None) -> tuple[str, str]:
    if answer.kind in TO_OTHERS:
        place = answer.to_organisation
        return (place.full_name or place.name, place.address) if place else (answer.to_name, "")
    if party is None or not party.surname:
        return "", party.address if party else ""
    return decline(PersonName(party.surname, party.given_name, party.patronymic), Case.DATIVE), party.address
