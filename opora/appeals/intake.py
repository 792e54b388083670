"""Registering: an appeal, its people, clocks, grants and events in one round trip and one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from opora.appeals import registrable, terms, visibility, waits
from opora.appeals.actor import Actor, actor_of, first_line, responsible_for
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.waits import NewWait
from opora.appeals.words import ClockState, Depth, EventKind, GrantReason, PartyRole, Stage
from opora.audit.services import record, uuid7
from opora.classifiers.models import Topic
from opora.classifiers.words import Channel, Form, Origin, Standing
from opora.organisations.models import Employee, Organisation

if TYPE_CHECKING:
    from opora.insured.models import Person

REGISTER = "SELECT appeals_register(%s::jsonb)"  # sql/register.sql
SPOKEN = {Channel.HOT_LINE, Channel.VISIT, Channel.CLINIC_POST, Channel.CALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """One person of an appeal, as he called himself; ``person`` is the key of the insured person found for him."""

    role: PartyRole = PartyRole.APPLICANT
    person_id: int | None = None
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_on: date | None = None
    enp: str = ""
    insurer_id: int | None = None
    document_type: str = ""
    document_series: str = ""
    document_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    basis: str = ""
    identified_how: str = ""

    @classmethod
    def of_register(cls, role: PartyRole, person: Person, **more: Any) -> NewParty:
        """Return somebody as the register has him; ``more`` is how he is reached and how it was made sure."""
        return cls(
            role=role,
            person_id=person.pk,
            surname=person.surname,
            given_name=person.given_name,
            patronymic=person.patronymic,
            birth_on=person.birth_on,
            enp=person.enp or "",
            insurer_id=person.insurer_id,
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReason:
    """One reason of a complaint."""

    topic: Topic
    provider_id: int | None = None
    provider_name: str = ""
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """«Ответ дан»: what closes an appeal in the same breath. ``answer`` is what was said, ``card`` its answer card.

    ``why`` is for an appeal that is owed no answer: how it was withdrawn, to whom a call with a complaint went.
    """

    outcome: str
    answer: str = ""
    card: str = ""
    verdict: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppeal:
    """What is known when an appeal is registered. ``handler`` None — who registers answers for it.

    ``term`` is the code of the term of its answer where the door says it (fast track of the platform of feedback).

    ``line`` None — the line of who registers; ``owner_id`` None and not ``mine`` — the queue of ``handler`` × ``line``.
    """

    kind: str
    topic: Topic
    channel: str
    text: str = ""
    form: str = ""
    origin: str = Origin.DIRECT
    origin_name: str = ""
    standing: str = Standing.IDENTIFIED
    term: str = ""
    topic_note: str = ""
    flags: Sequence[str] = ()
    received_at: datetime | None = None
    parties: Sequence[NewParty] = ()
    reasons: Sequence[NewReason] = ()
    incoming_number: str = ""
    incoming_on: date | None = None
    call_id: str = ""
    is_repeat: bool = False
    handler: Organisation | None = None
    line: str | None = None
    owner_id: int | None = None
    mine: bool = False
    handed_over_why: str = ""
    closing: Closing | None = None
    leaves_at_once: bool = False  # handed over by the next command of the same transaction
    wait: NewWait | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What the citizen is told."""

    id: UUID
    number: str
    due_on: date | None


def register(new: NewAppeal, *, by: Employee | Any) -> Registered:
    """Register an appeal in the caller's transaction. Raises what ``registrable.check`` raises; nothing is stored then
    and no number is lost.

    The number is taken by the first statement of the function: the counter's row is held until this transaction ends,
    so call it last.
    """
    actor = actor_of(by)
    now = timezone.now()
    registrable.check(new, actor, now, form=new.form or form_of(new.channel), by=by)
    given = parameters(new, actor, now)
    today = actor.local(now).date()
    wait, judged = new.wait, None
    if wait is not None:
        judged = waits.judge(wait, on=today, territory=actor.territory, zone=actor.zone)
    with connections["default"].cursor() as cursor:
        cursor.execute(REGISTER, [document(given)])
        [number] = cursor.fetchone()
    if wait is not None and judged is not None:
        waits.note(given["id"], wait, judged, on=today)
    record("appeals.register", ("appeals.appeal", str(given["id"])), by=by)
    return Registered(given["id"], number, given["due_on"])


def document(given: dict[str, Any]) -> str:
    """Return ``parameters`` as ``sql/register.sql`` reads them: moments and days in ISO 8601, keys as text."""
    return json.dumps(given, ensure_ascii=False, default=_told)


def form_of(channel: str) -> Form:
    """Return how an appeal comes through a door unless somebody says otherwise."""
    return Form.ORAL if channel in SPOKEN else Form.WRITTEN


def content_digest(appeal: UUID, text: str, parties: Sequence[Mapping[str, Any]]) -> str:
    """Return what binds the text and the people of an appeal to its first event: sha256 over both, in hex."""
    people = sorted((dict(party) for party in parties), key=lambda party: str(party["role"]))
    whole = json.dumps([str(appeal), text, people], ensure_ascii=False, sort_keys=True, default=str)
    return sha256(whole.encode()).hexdigest()


def words_of(answer: UUID, text: str) -> dict[str, str]:
    """Return what binds the words of an answer to the event by which it left: its key and the sha256 of its text."""
    return {str(answer): sha256(text.encode()).hexdigest()}


def parameters(new: NewAppeal, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return all that one registering writes: what is known, the number's beginning, people, grants, clocks, events."""
    identity = uuid7()
    received_at = new.received_at or now
    handler = new.handler or actor.organisation
    handler_id = handler.parent_id or handler.pk
    form = new.form or form_of(new.channel)
    owner = actor.employee if new.mine or new.closing else new.owner_id
    line = new.line or (actor.line if handler_id == actor.holder else first_line(handler))
    clocks = [] if new.closing else _clocks(new, form, actor, received_at, now)
    main = min((clock for clock in clocks if clock.is_main), key=lambda clock: clock.due_at, default=None)
    closing = new.closing
    answered_at = now if closing and closing.outcome not in NO_ANSWER_NEEDED else None
    stage = Stage.CLOSED if closing else Stage.IN_WORK if new.mine else Stage.ASSIGNED if owner else Stage.REGISTERED
    parties = [_plain(asdict(party)) for party in new.parties]
    answer = uuid7() if answered_at and closing and closing.answer else None
    flags = sorted({*map(str, new.flags), *new.topic.flags})
    first = {
        "kind": str(new.kind),
        "topic": new.topic.code,
        "channel": str(new.channel),
        "flags": flags,
        "received": received_at.astimezone(UTC).isoformat(),
        "registered": now.astimezone(UTC).isoformat(),
        "stage": str(Stage.IN_WORK if closing else stage),
        "handler": handler_id,
        "responsible": str(responsible_for(handler)),
        "line": str(line),
        "owner": owner,
        "due_on": main.proof.due_on.isoformat() if main else None,
        "needs_answer": new.standing != Standing.ANONYMOUS,
        "content": content_digest(identity, new.text, parties),
    }
    fund = visibility.depths(actor.territory, GrantReason.FUND, Organisation.Kind.FUND, new.kind)
    return {
        "id": identity,
        "territory": actor.territory,
        "organisation": actor.organisation.pk,
        "year": actor.local(now).year,
        "prefix": f"{actor.organisation.code}-{actor.local(now):%y}-",
        "kind": str(new.kind),
        "form": str(form),
        "channel": str(new.channel),
        "origin": str(new.origin),
        "origin_name": new.origin_name,
        "standing": str(new.standing),
        "topic": new.topic.pk,
        "topic_code": new.topic.code,
        "topic_note": new.topic_note,
        "flags": flags,
        "received_at": received_at,
        "now": now,
        "employee": actor.employee,
        "line_received": str(actor.line),
        "line": str(line),
        "handler": handler_id,
        "holder": actor.holder,
        "responsible": str(responsible_for(handler)),
        "owner": owner,
        "stage": str(stage),
        "due_at": main.due_at if main else None,
        "due_on": main.proof.due_on if main else None,
        "needs_answer": new.standing != Standing.ANONYMOUS,
        "answered_at": answered_at,
        "closed_at": now if closing else None,
        "outcome": str(closing.outcome) if closing else "",
        "verdict": str(closing.verdict) if closing else "",
        "incoming_number": new.incoming_number,
        "incoming_on": new.incoming_on,
        "is_repeat": new.is_repeat,
        "call_id": new.call_id,
        "text": new.text,
        "parties": parties,
        "reasons": [_reason(reason) for reason in new.reasons],
        "grants": _grants(actor, handler, new.kind),
        **dict(zip(("fund1", "fund2", "fund3"), fund, strict=True)),
        "clocks": [_clock(clock) for clock in clocks],
        "answer": answer,
        "answer_text": closing.answer if closing else "",
        "answer_card": closing.card if closing else "",
        "events": _events(new, actor, now, first, answer),
        "actor_name": actor.name,
    }


def _clocks(new: NewAppeal, form: str, actor: Actor, received_at: datetime, now: datetime) -> list[terms.Planned]:
    """The term of the answer; for a written appeal also the term of registration, which this act keeps."""
    main = new.term or terms.main_term(new.kind, form, new.channel)
    start = received_at if main in terms.FROM_RECEIPT else now
    found = [terms.plan(main, start, actor.territory, actor.zone, is_main=True)]
    if form == Form.WRITTEN and new.channel != Channel.FEEDBACK:
        found.append(terms.plan(terms.REGISTRATION, received_at, actor.territory, actor.zone))
    return found


def _clock(planned: terms.Planned) -> dict[str, Any]:
    proof = planned.proof
    kept = ClockState.KEPT if timezone.now() <= planned.due_at else ClockState.MISSED
    return {
        "term": proof.term.code,
        "title": proof.term.title,
        "is_main": planned.is_main,
        "started_at": planned.started_at.isoformat(),
        "started_on": proof.started_on.isoformat(),
        "due_on": proof.due_on.isoformat(),
        "due_at": planned.due_at.isoformat(),
        "warn_on": [day.isoformat() for day in proof.warn_on],
        "law_version": proof.term.pack,
        "calendar_version": proof.calendar,
        "state": str(ClockState.RUNNING if planned.is_main else kept),
    }


def _grants(actor: Actor, handler: Organisation, kind: str) -> list[dict[str, Any]]:
    """Who sees a new appeal: who registered it and who answers for it; the statement adds the fund of the territory."""
    handler_id = handler.parent_id or handler.pk
    why = {handler_id: (GrantReason.HANDLES, handler.kind)}
    why[actor.holder] = (GrantReason.REGISTERED, actor.organisation.kind)
    found = []
    for organisation, (reason, organisation_kind) in why.items():
        depths = visibility.depths(actor.territory, reason, organisation_kind, kind)
        columns = dict(zip(("depth1", "depth2", "depth3"), map(int, depths), strict=True))
        found.append({"organisation_id": organisation, "reason": str(reason), **columns})
    return found


def _events(
    new: NewAppeal, actor: Actor, now: datetime, first: dict[str, Any], answer: UUID | None
) -> list[dict[str, Any]]:
    """What happened at once; together they hold every column that events tell (``rules.fold``)."""
    found: list[tuple[EventKind, dict[str, Any], str]] = [(EventKind.REGISTERED, first, "")]
    if new.handler is not None or new.handed_over_why:
        whence = {"from_handler": actor.holder, "from_line": str(actor.line), "from_owner": actor.employee}
        whither = {key: first[key] for key in ("handler", "line", "owner")}
        given = {"identity": _identity(new), "call_id": new.call_id}
        carried = {key: value for key, value in given.items() if value}
        found.append((EventKind.HANDED_OVER, {**whence, **whither, **carried}, new.handed_over_why))
    if new.closing is not None:
        if new.closing.outcome not in NO_ANSWER_NEEDED:
            answered: dict[str, Any] = {"card": new.closing.card, "by_channel": str(new.channel)}
            answered |= {"answered": now.isoformat()}
            answered |= {"said": words_of(answer, new.closing.answer)} if answer else {}
            found.append((EventKind.ANSWERED, answered, ""))
        ending = {"outcome": str(new.closing.outcome), "verdict": str(new.closing.verdict)}
        ending |= {"stage": str(Stage.CLOSED), "closed": now.isoformat()}
        found.append((EventKind.CLOSED, ending, new.closing.why.strip()))
    return [
        {
            "at": (now + timedelta(microseconds=step)).isoformat(),
            "id": str(uuid7()),
            "kind": str(kind),
            "depth": int(Depth.TEXT if text else Depth.STAGE),
            "details": details,
            "text": text,
        }
        for step, (kind, details, text) in enumerate(found)
    ]


def _identity(new: NewAppeal) -> str:
    """Return how the applicant was identified; empty — nobody asked."""
    return next((party.identified_how for party in new.parties if party.role == PartyRole.APPLICANT), "")


def _reason(reason: NewReason) -> dict[str, Any]:
    return {
        "topic_id": reason.topic.pk,
        "topic_code": reason.topic.code,
        "provider_id": reason.provider_id,
        "provider_name": reason.provider_name,
        "note": reason.note,
        "details": dict(reason.details),
    }


def _told(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(party: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in party.items()}
