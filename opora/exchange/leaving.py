"""Appeals of a period as an organisation sees them, on their way out. Read in pieces, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from opora.appeals.actor import holder_id
from opora.appeals.models import Answer, Appeal, Grant, Party
from opora.appeals.words import AnswerKind, AnswerState, Depth, PartyRole
from opora.classifiers.words import Channel, Kind, Line, Origin, Outcome, Outside, Responsible, Verdict
from opora.exchange.fields import EMAIL
from opora.exchange.models import Provenance
from opora.exchange.models.provenance import Family
from opora.exchange.record import NOBODY, JournalRecord, Leaving, Someone, Told
from opora.organisations.models import Assignment, Organisation

PIECE = 2000
DEFAULT_TERM = timedelta(days=30)  # an appeal closed at once has no clock; 59-FZ, art. 12, part 1
SAID = (AnswerState.SENT, AnswerState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the organisation's clock, both inclusive, by which appeals were registered."""

    since: date
    until: date

    def moments(self, organisation: Organisation) -> tuple[datetime, datetime]:
        zone = organisation.zone
        return (
            datetime.combine(self.since, time(), zone),
            datetime.combine(self.until + timedelta(days=1), time(), zone),
        )


def seen_by(organisation: Organisation, period: Period) -> QuerySet[Grant]:
    """Grants of the appeals that the organisation sees whole: people and text go out with them."""
    since, until = period.moments(organisation)
    return Grant.objects.filter(
        organisation=holder_id(organisation),
        depth3__gte=Depth.PERSONAL,
        registered_at__gte=since,
        registered_at__lt=until,
        **({"territory": organisation.territory_id} if organisation.kind != Organisation.Kind.FUND else {}),
    ).order_by("registered_at", "appeal")


def leaving(organisation: Organisation, period: Period) -> Iterator[Leaving]:
    """Yield appeals in the order they were registered; a few queries for each two thousand."""
    stand_in: dict[int, str] = {}
    ids = list(seen_by(organisation, period).values_list("appeal", flat=True))
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        found = {appeal.pk: appeal for appeal in _whole(piece)}
        keys = _keys(organisation, piece)
        for pk in piece:
            yield _leaving(found[pk], keys.get(pk, str(pk)), stand_in)


def _whole(ids: list[UUID]) -> QuerySet[Appeal]:
    people = Party.objects.select_related("insurer")
    said = Answer.objects.filter(state__in=SAID, kind__in=(AnswerKind.FINAL, AnswerKind.INTERIM)).order_by("sent_at")
    return (
        Appeal.objects.filter(pk__in=ids)
        .select_related("content", "topic", "handler", "organisation__territory", "registered_by", "owner")
        .prefetch_related(Prefetch("parties", people), Prefetch("answers", said))
    )


def _keys(organisation: Organisation, ids: list[UUID]) -> dict[UUID, str]:
    """Return the numbers the partner himself gave: he finds his records by them."""
    found = Provenance.objects.filter(organisation=organisation, family=Family.JOURNAL, subject_id__in=ids)
    return {subject: key for subject, key in found.values_list("subject_id", "key") if len(key) <= 36}


def _leaving(appeal: Appeal, key: str, stand_in: dict[int, str]) -> Leaving:
    zone = appeal.organisation.zone
    parties = {party.role: party for party in appeal.parties.all()}
    applicant, concerned = parties.get(PartyRole.APPLICANT), parties.get(PartyRole.CONCERNED)
    received = appeal.received_at.astimezone(zone)
    closed_on = appeal.closed_at.astimezone(zone).date() if appeal.closed_at else None
    record = JournalRecord(
        key=key,
        kind=Kind(appeal.kind),
        received_at=appeal.received_at.replace(microsecond=0),
        origin=Origin(appeal.origin),
        origin_name=appeal.origin_name,
        channel=Channel(appeal.channel),
        topic=appeal.topic_code,
        topic_note=appeal.topic_note,
        flags=frozenset(appeal.flags),
        text=appeal.content.text,
        verdict=Verdict(appeal.verdict) if appeal.verdict else None,
        responsible=Responsible(appeal.responsible),
        responsible_code=appeal.handler.code,
        taken_by=_taker(appeal, stand_in),
        taken_line=Line(appeal.line_received),
        handled_by=str(appeal.owner.guid) if appeal.owner else "",
        handled_line=Line(appeal.line),
        due_on=max(appeal.due_on or received.date() + DEFAULT_TERM, received.date()),
        closed_on=closed_on,
        outcome=Outcome(appeal.outcome) if appeal.outcome else None,
        applicant=_someone(applicant),
        person=_someone(concerned),
        outside=Outside(appeal.outside) if appeal.outside else None,
        redirected_at=appeal.outside_at.replace(microsecond=0) if appeal.outside_at else None,
    )
    return Leaving(record, _told(appeal, applicant, concerned))


def _told(appeal: Appeal, applicant: Party | None, concerned: Party | None) -> Told:
    zone = appeal.organisation.zone
    final = next((one for one in appeal.answers.all() if one.kind == AnswerKind.FINAL), None)

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(zone).date() if moment else None

    return Told(
        incoming_number=appeal.incoming_number or appeal.number,
        outgoing_number=appeal.outgoing_number,
        accepted_on=day(appeal.registered_at),
        interim_on=day(appeal.interim_answered_at),
        answered_on=day(appeal.answered_at),
        answer=final.text if final else "",
        answer_channel=final.channel if final else "",
        taker_email=appeal.registered_by.email if appeal.registered_by else "",
        handler_email=appeal.owner.email if appeal.owner else "",
        topic_title=appeal.topic.title,
        region=appeal.organisation.territory.name,
        insurer_name=applicant.insurer.name if applicant and applicant.insurer else "",
        person_insurer_name=concerned.insurer.name if concerned and concerned.insurer else "",
    )


def _taker(appeal: Appeal, stand_in: dict[int, str]) -> str:
    """The format asks for an employee always: one that a program registered is signed by the house's oldest hand."""
    if appeal.registered_by:
        return str(appeal.registered_by.guid)
    if appeal.owner:
        return str(appeal.owner.guid)
    house = appeal.organisation_id
    if house not in stand_in:
        oldest = Assignment.objects.current().filter(organisation=house).order_by("pk")
        stand_in[house] = str(oldest.values_list("employee__guid", flat=True).first() or "")
    return stand_in[house]


def _someone(party: Party | None) -> Someone:
    if party is None:
        return NOBODY
    return Someone(
        surname=party.surname,
        given_name=party.given_name,
        patronymic=party.patronymic,
        birth_on=party.birth_on,
        enp=party.enp,
        insurer=party.insurer.code if party.insurer else "",
        document_kind=party.document_type,
        document_series=party.document_series,
        document_number=party.document_number,
        address=party.address,
        phone=party.phone,
        email=party.email if EMAIL.fullmatch(party.email) else "",
    )
