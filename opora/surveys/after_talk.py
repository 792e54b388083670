"""After a talk of the contact centre: the person says that he will rate it, and a link goes to his number.

The operator marks his word; the program looks after the rest: once in a round and no oftener than the round allows,
not to who asked for no messages, in decent hours (``links.send``). What he answers is joined to nobody, as anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Sees
from opora.appeals.actor import actor_of
from opora.appeals.models import Party
from opora.appeals.words import PartyRole
from opora.audit.services import record
from opora.channels.models import Provider
from opora.channels.words import Channel
from opora.classifiers.words import Channel as Door
from opora.insured import reach
from opora.insured.models import Consent, Contact
from opora.shared import phones
from opora.surveys.errors import SurveysError
from opora.surveys.links import payer_of
from opora.surveys.models import Invitee, Round
from opora.surveys.strata import ANYONE
from opora.surveys.words import InviteeState, Source

if TYPE_CHECKING:
    from opora.appeals.models import Appeal
    from opora.insured.models import Person
    from opora.organisations.models import Employee

BY_PHONE = {Door.HOT_LINE, Door.CALL}
FRESH = timedelta(hours=24)  # later nobody remembers the talk  # assumed
NEVER_REACHED = (InviteeState.UNSENT, InviteeState.FAILED)
MAY_TAKE_BACK = (InviteeState.WAITING, InviteeState.REFUSED)


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether the person of a talk may be asked. ``phone`` are digits; ``why_not`` is empty when he may be.

    ``invitee`` — what was marked already in this round.
    """

    round: Round
    person: Person | None = None
    phone: str = ""
    why_not: str = ""
    invitee: Invitee | None = None

    @property
    def tail(self) -> str:
        """The last digits: enough to make sure of the number, too few to learn it."""
        return self.phone[-4:]

    @property
    def may_take_back(self) -> bool:
        return self.invitee is not None and self.invitee.state in MAY_TAKE_BACK


def is_of_talk(appeal: Appeal, by: Employee) -> bool:
    """Tell whether the appeal was taken lately by phone in her organisation. No query."""
    actor = actor_of(by)
    ours = {actor.organisation.pk, actor.holder}
    is_fresh = appeal.registered_at > timezone.now() - FRESH
    return appeal.channel in BY_PHONE and is_fresh and appeal.organisation_id in ours


def round_for(by: Employee) -> Round | None:
    """Return the round that asks after talks of her organisation now. One query."""
    own = by.scope.insurer if by.scope.sees == Sees.INSURER else None
    rows = Round.objects.accessible_to(by).asking(timezone.localdate()).filter(source=Source.TALKS, insurer=own)
    return rows.filter(territory=actor_of(by).territory).select_related("insurer").order_by("-pk").first()


def offer(appeal: Appeal, by: Employee) -> Offer | None:
    """Return what can be offered after the talk of an appeal; None — nobody asks after such talks. Seven queries."""
    asked = round_for(by) if is_of_talk(appeal, by) else None
    if asked is None:
        return None
    party = Party.objects.filter(appeal=appeal, role=PartyRole.APPLICANT).select_related("person__territory").first()
    person = party.person if party else None
    if party is None or person is None:
        return Offer(asked, why_not="человек не найден в реестре")
    former = _former(asked, person)
    if former is not None and former.round_id == asked.pk:
        return Offer(asked, person, former.phone, invitee=former)
    phone = _mobile(party, person)
    return Offer(asked, person, phone, _why_not(asked, person, phone, former))


@transaction.atomic
def agree(appeal: Appeal, *, by: Employee) -> Offer:
    """Mark that the person will rate the talk: a link goes to him. Raises SurveysError, which says why it cannot."""
    found = _checked(appeal, by)
    if found.why_not:
        raise SurveysError(f"СМС не отправить: {found.why_not}.")
    return _marked(found, InviteeState.WAITING, by)


@transaction.atomic
def decline(appeal: Appeal, *, by: Employee) -> Offer:
    """Mark that he will not: he is counted among those who did not answer, and not asked again soon."""
    return _marked(_checked(appeal, by), InviteeState.REFUSED, by)


@transaction.atomic
def take_back(appeal: Appeal, *, by: Employee) -> bool:
    """Take a mark back, as long as nothing has left; False — it has."""
    found = offer(appeal, by)
    if found is None or found.invitee is None:
        return False
    gone, _ = Invitee.objects.filter(pk=found.invitee.pk, state__in=MAY_TAKE_BACK).delete()
    if gone:
        record("surveys.after_talk.take_back", ("surveys.round", str(found.round.pk)), by=by)
    return bool(gone)


def _checked(appeal: Appeal, by: Employee) -> Offer:
    if not by.holds(Right.APPEALS_REGISTER):
        raise RightMissing(right=Right.APPEALS_REGISTER)
    found = offer(appeal, by)
    if found is None:
        raise SurveysError("После этого разговора не спрашивают: опрос не идёт или прошло больше суток.")
    return found


def _marked(found: Offer, state: InviteeState, by: Employee) -> Offer:
    """Put the person into the list. Of two who mark at once the first is heard; a repeat changes nothing."""
    if found.invitee is not None:
        return found
    if found.person is None:
        raise SurveysError(f"Отметить нельзя: {found.why_not}.")
    person = found.person
    made, is_new = Invitee.objects.get_or_create(
        round=found.round,
        person=person,
        defaults={
            "cell": ANYONE,
            "rank": 0,
            "zone": person.zone.key,
            "phone": found.phone if state == InviteeState.WAITING else "",
            "state": state,
            "not_before": timezone.now(),
        },
    )
    if is_new:
        record("surveys.after_talk", ("surveys.invitee", str(made.pk)), by=by, details={"outcome": str(state)})
    return Offer(found.round, person, found.phone, invitee=made)


def _former(asked: Round, person: Person) -> Invitee | None:
    """Return his row in this round, else the last one of another round after talks that he has not rested from."""
    since = timezone.now() - timedelta(days=asked.rest_days)
    rows = Invitee.objects.filter(person=person, round__source=Source.TALKS, round__insurer=asked.insurer_id)
    mine: Invitee | None = rows.filter(round=asked).first()
    rested = rows.filter(not_before__gt=since).exclude(state__in=NEVER_REACHED)
    return mine or rested.order_by("-not_before").first()


def _mobile(party: Party, person: Person) -> str:
    """Return the digits an SMS goes to: the number he phones from, else the best mobile one of his card."""
    said = phones.parse(party.phone)
    if said is not None and said.kind == phones.Kind.MOBILE:
        return said.number.removeprefix("+")
    contacts = reach.by_quality(
        one for one in person.contacts.all() if one.kind == Contact.Kind.PHONE and one.is_usable and one.normalised
    )
    mobile = next((one for one in contacts if one.phone_kind == Contact.PhoneKind.MOBILE), None)
    return mobile.normalised.removeprefix("+") if mobile else ""


def _why_not(asked: Round, person: Person, phone: str, former: Invitee | None) -> str:
    today = timezone.localdate(timezone=person.zone)
    if former is not None:
        again = timezone.localdate(former.not_before, timezone=person.zone) + timedelta(days=asked.rest_days)
        return f"его уже спрашивали, снова можно с {again:%d.%m.%Y}"
    said = reach.answers(person.consents.all(), today)
    for purpose in (Consent.Purpose.SURVEY, Consent.Purpose.INFORMING):
        decision = said[Channel.SMS, purpose].decision
        if decision is not None and not decision.is_granted:
            return "человек просил не присылать СМС"
    if not phone:
        return "нет мобильного номера"
    payer = payer_of(asked)
    if payer is None or not Provider.objects.carrying(Channel.SMS, payer).exists():
        return "СМС не подключены"
    return ""
