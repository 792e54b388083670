"""What programs send and get. Words of closed lists are those of ``GET /classifiers/words``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from opora.appeals.words import ClockState, EventKind, PartyRole, Stage
from opora.classifiers.words import (
    Channel,
    Flag,
    Form,
    Kind,
    Line,
    Origin,
    Outcome,
    Outside,
    Standing,
    Verdict,
)

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"  # PostgreSQL has no place for NUL, a letter none for the others


def limited(longest: int, shortest: int = 0) -> StringConstraints:
    return StringConstraints(max_length=longest, min_length=shortest, pattern=PRINTABLE, strip_whitespace=True)


Code = Annotated[str, limited(14, 1)]
Words = Annotated[str, limited(20_000)]
Why = Annotated[str, limited(2_000, 1)]
WhyClosed = Annotated[
    str,
    limited(2_000),
    Field(description="Нужно отозванному и переадресованному звонку с жалобой: кто отозвал, кому переадресовали"),
]
Short = Annotated[str, limited(100)]
OrganisationCode = Annotated[str, StringConstraints(pattern=r"^\d{1,20}$")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 1, 1))]


class Strict(Schema):
    """An unknown field is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class PartyIn(Strict):
    """One person as he called himself. ``person_id`` comes from ``POST /insured/search``."""

    role: PartyRole = PartyRole.APPLICANT
    person_id: Id | None = None
    surname: Short = Field("", examples=["Соловьёва"])
    given_name: Short = Field("", examples=["Полина"])
    patronymic: Short = Field("", examples=["Андреевна"])
    birth_on: Day | None = Field(None, examples=["1985-03-14"])
    enp: Annotated[str, StringConstraints(pattern=r"^(\d{16})?$")] = Field("", examples=["5476410835001236"])
    phone: Annotated[str, limited(20)] = Field("", examples=["+79000000001"])
    email: Annotated[str, limited(254)] = ""
    address: Annotated[str, limited(500)] = ""
    basis: Annotated[str, limited(200)] = Field("", description="На каком основании действует представитель")
    identified_how: Annotated[str, limited(40)] = Field("", examples=["ЕНП и дата рождения"])


class ReasonIn(Strict):
    """One reason of a complaint and the clinic it concerns."""

    topic: Code = Field(examples=["5.1"])
    provider: OrganisationCode | None = Field(None, description="Код клиники в F003")
    provider_name: Annotated[str, limited(200)] = ""
    note: Annotated[str, limited(500)] = ""


class ClosingIn(Strict):
    """What closes an appeal when it is registered: the answer was given in the same talk."""

    outcome: Outcome = Field(examples=["consulted"])
    answer: Words = Field("", examples=["Полис действует, менять его не нужно."])
    card: Annotated[str, limited(64)] = ""
    verdict: Verdict | None = None
    why: WhyClosed = ""


class AppealIn(Strict):
    """A new appeal."""

    kind: Kind = Field(examples=["consultation"])
    topic: Code = Field(examples=["2.2"])
    channel: Channel = Field(examples=["hot_line"])
    text: Words = Field("", examples=["Действует ли бумажный полис?"])
    form: Form | None = None
    origin: Origin = Origin.DIRECT
    origin_name: Annotated[str, limited(250)] = ""
    standing: Standing = Standing.IDENTIFIED
    topic_note: Annotated[str, limited(500)] = ""
    flags: list[Flag] = Field(default_factory=list, max_length=len(Flag))
    received_at: datetime | None = Field(None, description="С часовым поясом; без него — сейчас")
    parties: list[PartyIn] = Field(default_factory=list, max_length=3)
    reasons: list[ReasonIn] = Field(default_factory=list, max_length=20)
    incoming_number: Annotated[str, limited(50)] = ""
    incoming_on: Day | None = None
    call_id: Annotated[str, limited(64)] = ""
    is_repeat: bool = False
    handler: OrganisationCode | None = Field(None, description="Код организации, которая ответит; без него — своя")
    line: Line | None = None
    handed_over_why: Annotated[str, limited(2_000)] = ""
    closing: ClosingIn | None = None


class RegisteredOut(Schema):
    id: UUID
    number: str = Field(examples=["54001-26-000123"])
    due_on: date | None = Field(description="Последний день ответа; пусто у закрытых")


class AppealOut(Schema):
    """An appeal as far as the organisation may see it: ``text`` and ``parties`` are null where it may not."""

    id: UUID
    number: str
    version: int = Field(description="Передайте в команду, чтобы не затереть чужую правку")
    kind: Kind
    form: Form
    channel: Channel
    origin: Origin
    topic: str
    flags: list[str]
    stage: Stage
    line: Line
    handler: str = Field(description="Код организации, которая отвечает")
    received_at: datetime
    registered_at: datetime
    due_on: date | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str
    verdict: str
    text: str | None
    parties: list[PartyOut] | None


class PartyOut(Schema):
    role: PartyRole
    person_id: int | None
    surname: str
    given_name: str
    patronymic: str
    birth_on: date | None
    enp: str
    phone: str


class AppealsOut(Schema):
    """A page of the list, the newest first; ``next`` is for the parameter ``after``."""

    appeals: list[AppealBrief]
    next: str | None


class AppealBrief(Schema):
    id: UUID
    number: str
    kind: Kind
    topic: str
    stage: Stage
    registered_at: datetime
    due_on: date | None
    closed_at: datetime | None


class EventOut(Schema):
    at: datetime
    id: UUID
    kind: EventKind
    line: str
    details: dict[str, object]
    text: str


class ClockOut(Schema):
    term: str
    title: str
    state: ClockState
    started_on: date
    due_on: date
    is_main: bool
    law_version: str
    calendar_version: str
    why: list[str] = Field(description="Почему эта дата, предложениями")


class NoteIn(Strict):
    text: Annotated[str, limited(4_000, 1)]


class Versioned(Strict):
    version: int | None = Field(None, ge=1, le=2**31 - 1, description="Версия, которую вы видели")


class HandOverIn(Versioned):
    """To whom: another organisation, its line."""

    handler: OrganisationCode | None = None
    line: Line | None = None
    why: Why = Field(examples=["Застрахован в другой организации"])
    draft: Words = ""
    identity: Annotated[str, limited(200)] = ""
    callback_at: datetime | None = None
    call_id: Annotated[str, limited(64)] = ""


class AnswerIn(Versioned):
    """The final answer: written and sent; ``delivered`` when it was said aloud or its arrival is known."""

    text: Annotated[str, limited(20_000, 1)]
    channel: Channel
    card: Annotated[str, limited(64)] = ""
    outgoing_number: Annotated[str, limited(50)] = ""
    outgoing_on: Day | None = None
    delivered: bool = False


class InterimIn(Versioned):
    text: Annotated[str, limited(20_000, 1)]
    channel: Channel


class ClosureIn(Versioned):
    outcome: Outcome
    verdict: Verdict | None = None
    why: WhyClosed = ""


class WhyIn(Versioned):
    why: Why


class ExtensionIn(Versioned):
    days: Annotated[int, Field(ge=1, le=366)]
    order_number: Annotated[str, limited(100, 1)]
    order_on: Day
    why: Why
    notice_text: Annotated[str, limited(20_000, 1)]


class ForwardingIn(Versioned):
    """Outside: the cover letter and the notice to the citizen leave with it."""

    outside: Outside
    organisation: OrganisationCode | None = None
    name: Annotated[str, limited(300)] = ""
    cover_text: Annotated[str, limited(20_000, 1)]
    notice_text: Annotated[str, limited(20_000, 1)]


class DoneOut(Schema):
    """The appeal after a command."""

    number: str
    version: int
    stage: Stage
    due_on: date | None


class FileOut(Schema):
    """An attached file; its bytes are at ``/files/{id}/content``."""

    id: UUID
    name: str = Field(examples=["направление.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[48213], description="Байт")
    sha256: str
    added_at: datetime


class ChangeOut(Schema):
    """One event of an appeal the organisation sees."""

    cursor: int
    at: datetime
    event: UUID
    appeal: UUID
    number: str
    kind: EventKind
    organisation: str = Field(description="Код организации, которая это сделала")
    details: dict[str, object]


class ChangesOut(Schema):
    """``next`` goes into ``after`` of the next request, also when ``changes`` is empty. Nothing is skipped."""

    changes: list[ChangeOut]
    next: int
    has_more: bool


class Problem(Schema):
    """problem+json (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message: str


AppealOut.model_rebuild()
AppealsOut.model_rebuild()
