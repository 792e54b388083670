"""What partners tell us about informing, in one shape: a format knows its codes, this room its tables.

The six facts of every list: person, measure, month, channel, date, first or repeat. Pure records; dates without time,
``place`` is the number of the record in the file from 1, ``key`` the partner's own id of it (unique in the file).
Nobody changes a record; they are not frozen because a frozen one takes twice as long to make, and a list has 50 000.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason, Sequence


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Named:
    """The person as the partner wrote him: whatever is known. ``sex`` 1 male, 2 female; ``policy_kind`` by F008.

    The document (kind by F011), the place of birth and ``okato`` of the address only travel: no table keeps them.
    """

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_on: date | None = None
    sex: int | None = None
    enp: str = ""
    snils: str = ""
    policy_kind: str = ""
    policy_series: str = ""
    policy_number: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    okato: str = ""
    insurer_code: str = ""
    document_kind: str = ""
    document_series: str = ""
    document_number: str = ""
    birth_place: str = ""


@dataclass(slots=True, kw_only=True)
class Incoming:
    place: int
    key: str
    who: Named = field(default_factory=Named)


@dataclass(slots=True, kw_only=True)
class IncomingEntry(Incoming):
    """One person to be informed of one measure. ``month`` and ``quarter`` are None where the list names none."""

    measure: Measure
    year: int
    month: int | None = None
    quarter: int | None = None
    provider_code: str = ""
    sequence: Sequence | None = None
    inform_by: date | None = None
    visit_from: date | None = None
    visit_to: date | None = None
    doctor_snils: str = ""
    note: str = ""


@dataclass(slots=True, kw_only=True)
class IncomingContact(Incoming):
    """A fact of informing or a talk that took place elsewhere (``on`` None — the partner gave no date).

    ``replaces``: the partner corrects what he told before of this person and measure.
    """

    measure: Measure
    channel: Channel
    on: date | None
    purpose: Purpose = Purpose.INVITE
    sequence: Sequence | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    provider_code: str = ""
    note: str = ""
    replaces: bool = False


@dataclass(slots=True, kw_only=True)
class IncomingVisit(Incoming):
    """A person came; ``began_on`` is the first day where the partner tells it apart from ``on``, the last one.

    ``replaces``: the partner corrects what he told before: his former visits of this person for this measure in the
    year of ``on`` (of observation — the one under the same key) do not stand any more.

    With a ``diagnosis`` it is a case of care that a list of observation tells of: a visit only where one was planned
    for that diagnosis, within its days or up to thirty days after them; elsewhere it says nothing and is not kept.
    """

    measure: Measure
    on: date
    provider_code: str = ""
    result: str = ""
    diagnosis: str = ""
    began_on: date | None = None
    replaces: bool = False


@dataclass(slots=True, kw_only=True)
class IncomingObservation(Incoming):
    """Dispensary observation: health data, kept in tables with rights of their own."""

    diagnosis: str
    since: date | None = None
    until: date | None = None
    diagnosed_on: date | None = None
    reason_in: str = ""
    reason_out: str = ""
    specialty: str = ""
    provider_code: str = ""
    doctor_snils: str = ""
    visit_from: date | None = None
    visit_to: date | None = None
    inform_by: date | None = None
    sequence: Sequence | None = None


@dataclass(slots=True, kw_only=True)
class IncomingReferral(Incoming):
    """A referral to a planned admission, or its fate: ``cancelled_on`` with ``cancel_reason``, ``admitted_on``.

    A fate told apart from the referral has no ``issued_on`` and finds it by the partner's ``key``.
    """

    number: str = ""
    issued_on: date | None = None
    planned_on: date | None = None
    diagnosis: str = ""
    from_code: str = ""
    hospital_code: str = ""
    profile: str = ""
    bed_profile: str = ""
    form: str = ""
    cancelled_on: date | None = None
    cancel_reason: str = ""
    admitted_on: date | None = None


@dataclass(slots=True, kw_only=True)
class IncomingVolume(Incoming):
    """A line of a year plan: how many people of a clinic, of which area, in which month (None — the whole year)."""

    measure: Measure
    provider_code: str
    year: int
    month: int | None
    quantity: int
    area: str = ""
    group: str = ""


@dataclass(slots=True, kw_only=True)
class IncomingConsent(Incoming):
    """A consent to be informed, or its withdrawal."""

    on: date
    is_granted: bool = True
    how: str = ""


@dataclass(slots=True, kw_only=True)
class IncomingAnswer(Incoming):
    """What the receiver said about a record we had sent in the file ``answered_file``."""

    answered_file: str
    is_accepted: bool
    codes: tuple[str, ...] = ()
    text: str = ""
    enp: str = ""
    insurer_code: str = ""


@dataclass(slots=True)
class Batch:
    """All a file brought. ``year`` and ``month`` of the list itself where its header names them."""

    entries: list[IncomingEntry] = field(default_factory=list)
    contacts: list[IncomingContact] = field(default_factory=list)
    visits: list[IncomingVisit] = field(default_factory=list)
    observations: list[IncomingObservation] = field(default_factory=list)
    referrals: list[IncomingReferral] = field(default_factory=list)
    volumes: list[IncomingVolume] = field(default_factory=list)
    consents: list[IncomingConsent] = field(default_factory=list)
    answers: list[IncomingAnswer] = field(default_factory=list)
    year: int | None = None
    month: int | None = None

    @property
    def is_answer(self) -> bool:
        """Whether the file says nothing but what became of ours."""
        told = (
            self.entries,
            self.contacts,
            self.visits,
            self.observations,
            self.referrals,
            self.volumes,
            self.consents,
        )
        return bool(self.answers) and not any(told)
