"""How to reach a person: which contact first, may we phone now, what he allowed. Pure: rows in, words out, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from opora.insured.models import Consent, Contact

# Hours in which a call does not disturb. The acts on informing name none; these are the strictest written ones,
# for collectors: 230-FZ of 03.07.2016, art. 7, part 5 (working days 8–22, weekends 9–20).  # assumed
WORKDAY = (time(8), time(22))
WEEKEND = (time(9), time(20))

BROKEN = {Contact.State.WRONG, Contact.State.DEAD}
# So many messages in a row that did not arrive, and a number is doubtful: it is used after all the others.  # assumed
TIRED_AFTER = 3
# A number confirmed longer ago is asked for again.  # assumed
STALE_AFTER = timedelta(days=2 * 365)
OWNERS = [Contact.Owner.SELF, Contact.Owner.REPRESENTATIVE, Contact.Owner.RELATIVE, Contact.Owner.UNKNOWN]
PHONE_KINDS = [
    Contact.PhoneKind.MOBILE,
    Contact.PhoneKind.LANDLINE,
    Contact.PhoneKind.UNKNOWN,
    Contact.PhoneKind.SERVICE,
]


def by_quality(contacts: Iterable[Contact]) -> list[Contact]:
    """Return the contacts best first: usable, still arriving, chosen by the person, dialable, confirmed by him or by
    a delivery, lately, his own.
    """
    return sorted(contacts, key=_rank)


def best(contacts: Iterable[Contact], kind: str = Contact.Kind.PHONE) -> Contact | None:
    """Return the contact to use first; None when nothing of this kind can be used."""
    usable = by_quality(contact for contact in contacts if contact.kind == kind and contact.is_usable)
    return usable[0] if usable else None


def _rank(contact: Contact) -> tuple[object, ...]:
    confirmed = contact.state == Contact.State.CONFIRMED
    return (
        contact.state in BROKEN,
        contact.failures >= TIRED_AFTER,
        not contact.is_preferred,
        not contact.normalised,
        not confirmed,
        confirmed and contact.confirmed_by == Contact.Proof.DELIVERY,
        -(contact.confirmed_on or date.min).toordinal() if confirmed else 0,
        OWNERS.index(Contact.Owner(contact.owner)),
        PHONE_KINDS.index(Contact.PhoneKind(contact.phone_kind)),
        contact.pk or 0,
    )


def to_ask(contacts: Iterable[Contact], today: date) -> str:
    """Return why the phone should be asked for in the next talk; empty while there is a number to rely on."""
    phones = [contact for contact in contacts if contact.kind == Contact.Kind.PHONE]
    if not phones:
        return "телефона в карточке нет"
    first = best(phones)
    if first is None:
        return "все номера чужие или не обслуживаются"
    if not first.normalised:
        return "номер записан без кода города"
    if first.failures >= TIRED_AFTER:
        return f"подряд не дошло сообщений: {first.failures}"
    if first.state != Contact.State.CONFIRMED or first.confirmed_on is None:
        return "номер никто не подтверждал"
    if first.confirmed_on + STALE_AFTER < today:
        return f"номер проверяли давно, {first.confirmed_on:%d.%m.%Y}"
    return ""


@dataclass(frozen=True, slots=True)
class CallWindow:
    """Whether a call is decent at the person's ``now``; ``changes_at`` is when the answer becomes the other one."""

    now: datetime
    is_open: bool
    changes_at: datetime

    @property
    def words(self) -> str:
        clock = f"{self.changes_at:%H:%M}"
        if self.is_open:
            return f"звонить можно до {clock}"
        tomorrow = self.changes_at.date() != self.now.date()
        return f"звонить рано, можно {'завтра ' if tomorrow else ''}с {clock}"


def call_window(now: datetime) -> CallWindow:
    """Return the window at ``now``, an aware moment in the person's own zone."""
    opens, closes = _hours(now.date())
    if now.time() < opens:
        return CallWindow(now, False, _at(now, now.date(), opens))
    if now.time() < closes:
        return CallWindow(now, True, _at(now, now.date(), closes))
    tomorrow = now.date() + timedelta(days=1)
    return CallWindow(now, False, _at(now, tomorrow, _hours(tomorrow)[0]))


def _hours(day: date) -> tuple[time, time]:
    return WEEKEND if day.weekday() >= 5 else WORKDAY


def _at(now: datetime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=now.tzinfo)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said about one channel and one purpose; ``decision`` None — never asked, or it has run out."""

    channel: str
    purpose: str
    decision: Consent | None
    has_expired: bool = False

    @property
    def state(self) -> str:
        return "none" if self.decision is None else "done" if self.decision.is_granted else "late"

    @property
    def words(self) -> str:
        if self.decision is not None:
            return "разрешил" if self.decision.is_granted else "отказался"
        return "срок вышел" if self.has_expired else "не спрашивали"


def answers(consents: Iterable[Consent], today: date) -> dict[tuple[str, str], Answer]:
    """Return the answer for every channel × purpose; the latest decision counts, an expired one counts as none."""
    latest: dict[tuple[str, str], Consent] = {}
    for consent in sorted(consents, key=lambda row: (row.decided_on, row.pk or 0)):
        latest[consent.channel, consent.purpose] = consent
    found = {}
    for channel in Consent.Channel.values:
        for purpose in Consent.Purpose.values:
            decision = latest.get((channel, purpose))
            expired = decision is not None and decision.until is not None and decision.until < today
            found[channel, purpose] = Answer(channel, purpose, None if expired else decision, expired)
    return found


def refuses_calls(consents: Iterable[Consent], today: date) -> bool:
    """Tell whether the person asked not to be phoned even about what the law makes us tell."""
    decision = answers(consents, today)[Consent.Channel.CALL, Consent.Purpose.INFORMING].decision
    return decision is not None and not decision.is_granted
