"""One appeal as it travels between journals: our own words, moments with seconds, people, where it came from.

A format knows its codes, the journal knows its tables; both know this record and neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from opora.classifiers.words import Channel, Form, Kind, Line, Origin, Outcome, Outside, Responsible, Verdict

WRITTEN = frozenset({Channel.INTERNET, Channel.LETTER, Channel.POST, Channel.FEEDBACK, Channel.EMAIL})


@dataclass(frozen=True, slots=True)
class Someone:
    """The applicant or the person concerned. ``insurer`` is the code of an organisation, ``document_kind`` of F011."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_on: date | None = None
    enp: str = ""
    insurer: str = ""
    document_kind: str = ""
    document_series: str = ""
    document_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""

    @property
    def is_nobody(self) -> bool:
        return self == NOBODY

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


NOBODY = Someone()


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """Moments are aware. ``has_time`` and ``redirected_has_time`` are false where only the day was given.

    ``key`` is the number in the partner's system; ``topic`` a code of our classifier; ``responsible_code`` a code of
    an organisation; ``taken_by`` and ``handled_by`` are GUIDs of employees.
    """

    key: str
    kind: Kind
    received_at: datetime
    origin: Origin
    channel: Channel
    topic: str
    responsible: Responsible
    responsible_code: str
    taken_by: str
    due_on: date
    has_time: bool = True
    origin_name: str = ""
    topic_note: str = ""
    flags: frozenset[str] = frozenset()
    text: str = ""
    verdict: Verdict | None = None
    taken_line: Line | None = None
    handled_by: str = ""
    handled_line: Line | None = None
    closed_on: date | None = None
    outcome: Outcome | None = None
    applicant: Someone = field(default=NOBODY)
    person: Someone = field(default=NOBODY)
    outside: Outside | None = None
    redirected_at: datetime | None = None
    redirected_has_time: bool = True

    @property
    def form(self) -> Form:
        return Form.WRITTEN if self.channel in WRITTEN else Form.ORAL

    @property
    def is_anonymous(self) -> bool:
        return self.applicant.is_nobody


@dataclass(frozen=True, slots=True)
class Told:
    """What some outward formats ask beside the record: numbers on paper, dates of answers, the answer itself."""

    incoming_number: str = ""
    outgoing_number: str = ""
    accepted_on: date | None = None
    interim_on: date | None = None
    answered_on: date | None = None
    answer: str = ""
    answer_channel: str = ""
    taker_email: str = ""
    handler_email: str = ""
    topic_title: str = ""
    sstu_code: str = ""
    region: str = ""
    district: str = ""
    insurer_name: str = ""
    person_insurer_name: str = ""
    reply_name: str = ""
    reply: bytes = b""


@dataclass(frozen=True, slots=True)
class Leaving:
    """One appeal on its way out: the record and what is told beside it."""

    record: JournalRecord
    told: Told = field(default_factory=Told)
