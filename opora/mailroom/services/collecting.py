"""Answers that leave by post are picked up from the journal, a second after they were sent there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from opora.appeals.events import Chained
from opora.appeals.letters import TO_OTHERS
from opora.appeals.models import Answer, Party
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


def collect(events: Sequence[Chained], **_: Any) -> None:
    """Pick up letters of these events; runs in the chainer. One query for a batch that holds no letter."""
    whose = {event.appeal_id: event.organisation_id for event in events if event.kind in HEARD}
    if not whose:
        return
    here = Outgoing.objects.filter(answer=OuterRef("pk"))
    answers = Answer.objects.filter(appeal__in=whose, channel=Channel.POST, state=AnswerState.SENT)
    found = list(answers.exclude(Exists(here)).select_related("appeal", "to_organisation"))
    if not found:
        return
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
