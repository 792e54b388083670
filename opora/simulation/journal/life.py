"""One life of an appeal: what happened to it until a moment, and the row it left. Pure but for the packs of terms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from opora.appeals import terms
from opora.appeals.intake import content_digest, form_of
from opora.appeals.words import ClockState, EventKind, Stage
from opora.classifiers.words import Channel, Flag, Form, Kind, Line, Outcome, Outside, Standing, Verdict
from opora.simulation.journal import mix, texts
from opora.simulation.journal.teller import Colleague, Life, Office, Setting, Teller, key, plain

HOUR, TICK = timedelta(hours=1), timedelta(seconds=1)
OLD = 65
NOT_TYPICAL = "Вопрос не типовой, человек на линии"
SETTLED = 0.6  # of justified complaints are settled before court; assumed
OUTCOMES = {
    Kind.CONSULTATION: Outcome.CONSULTED,
    Kind.OUT_OF_SCOPE: Outcome.CONSULTED,
    Kind.COMPLAINT: Outcome.COMPLAINT_CONSIDERED,
    Kind.PROPOSAL: Outcome.PROPOSAL_CONSIDERED,
    Kind.THANKS: Outcome.CONSIDERED,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a scenario decides of a life. Empty — chance does; ``by`` is the last moment it may be registered at.

    ``verdict`` is what is found of a complaint: it stays with who registered it, and with that the matter ends.
    ``on_the_call`` — the second level answers while the caller is still on the line.
    """

    kind: Kind
    by: datetime
    topic: str = ""
    verdict: str = ""
    on_the_call: bool = False


def lead(
    received_at: datetime,
    door: tuple[Office, Channel],
    person: dict[str, Any] | None,
    setting: Setting,
    chance: Random,
    wish: Wish | None = None,
) -> Life:
    """Return what became of one appeal that came through a door at a moment."""
    office, channel = door
    kind = wish.kind if wish else Kind(chance.choices(list(mix.KINDS), weights=list(mix.KINDS.values()))[0])
    ask = chance.choices(mix.asks(), cum_weights=_running())[0]
    code = ask.topic if kind == Kind.CONSULTATION else chance.choice(mix.OTHERS[kind])
    topic = setting.topics[wish.topic if wish and wish.topic else code]
    form = form_of(channel)
    registered_at = received_at + _until_registered(form, chance)
    if wish:
        registered_at = max(received_at, min(registered_at, wish.by))
    text = texts.said(kind, ask.question, chance)
    identity = key(registered_at, chance)
    parties = [person] if person else []
    first = chance.choice(office.first)
    is_spoken = form == Form.ORAL or channel == Channel.CHAT
    at_once = is_spoken and kind != Kind.COMPLAINT and chance.random() > mix.HANDED_UP
    line = office.lines[0]
    row: dict[str, Any] = {
        "kind": str(kind),
        "form": str(form),
        "channel": str(channel),
        "standing": str(Standing.IDENTIFIED if person else Standing.ANONYMOUS),
        "topic_id": topic.pk,
        "topic_code": topic.code,
        "flags": _flags(topic.flags, topic.code, person, registered_at.date(), chance),
        "received_at": received_at,
        "registered_at": registered_at,
        "organisation": office.id,
        "registered_by": first.id,
        "line_received": str(line),
        "line": str(line),
        "handler_id": office.id,
        "responsible": str(office.responsible),
        "owner_id": None,
        "stage": str(Stage.REGISTERED),
        "due_on": None,
        "due_at": None,
        "needs_answer": person is not None,
        "interim_answered_at": None,
        "answered_at": None,
        "closed_at": None,
        "outcome": "",
        "verdict": "",
        "outside": "",
        "outside_at": None,
        "call_id": "",
    }
    life = Life(identity, row, text, parties, grants={office.id: "registered"})
    life.verdict = wish.verdict if wish else ""
    if kind == Kind.COMPLAINT:
        clinic = chance.choice(setting.clinics) if setting.clinics and mix.is_about_clinic(topic.code) else None
        life.reasons.append({"topic_id": topic.pk, "topic_code": topic.code, "provider_id": clinic})
    teller = Teller(life, setting, chance)
    first_details = {
        "kind": str(kind),
        "topic": topic.code,
        "channel": str(channel),
        "flags": row["flags"],
        "received": plain(row["received_at"].astimezone(UTC)),
        "registered": plain(row["registered_at"].astimezone(UTC)),
        "needs_answer": row["needs_answer"],
        "responsible": row["responsible"],
        "content": content_digest(identity, text, parties),
    }
    if wish and wish.on_the_call:
        _answer_on_the_call(teller, office, first, ask, first_details)
    elif at_once:
        _answer_at_once(teller, office, first, line, ask, first_details)
    else:
        _carry(teller, office, first, ask, first_details)
    return life


def _answer_at_once(
    teller: Teller, office: Office, who: Colleague, line: Line, ask: mix.Ask, details: dict[str, Any]
) -> None:
    row = teller.life.row
    at = row["registered_at"]
    row["owner_id"], row["stage"] = who.id, str(Stage.CLOSED)
    row["answered_at"] = row["closed_at"] = at
    row["outcome"] = str(OUTCOMES.get(row["kind"], Outcome.GRANTED))
    told = {"stage": row["stage"], "handler": office.id, "line": str(line), "owner": who.id}
    teller.tell(at, EventKind.REGISTERED, office, who, line, **_both(details, told))
    moment = plain(at)
    _note(teller, at, EventKind.ANSWERED, office, who, line, answered=moment, card=ask.card, channel=row["channel"])
    _note(teller, at, EventKind.CLOSED, office, who, line, outcome=row["outcome"], verdict="", closed=moment)
    teller.life.answers.append(_said(teller, "final", ask.answer, ask.card, at, who, who))


def _answer_on_the_call(
    teller: Teller, office: Office, first: Colleague, ask: mix.Ask, details: dict[str, Any]
) -> None:
    """Not a typical question: the first level takes it down and gives it up, the second answers in the same talk."""
    chance, row = teller.chance, teller.life.row
    at: datetime = row["registered_at"]
    line, upper = office.lines[0], office.lines[1]
    second = chance.choice(office.second)
    main = terms.plan(
        terms.main_term(row["kind"], row["form"], row["channel"]), at, teller.setting.territory, teller.setting.zone,
        is_main=True,
    )  # fmt: skip
    row["due_on"], row["due_at"], row["owner_id"] = main.proof.due_on, main.due_at, first.id
    row["call_id"] = f"call-{teller.life.id.hex[-12:]}"
    told = {"stage": row["stage"], "handler": office.id, "line": str(line), "owner": first.id}
    teller.tell(
        at, EventKind.REGISTERED, office, first, line, **_both(details, told | {"due_on": plain(row["due_on"])})
    )
    clock = _clock(main)
    teller.life.clocks.append(clock)
    at += timedelta(seconds=chance.uniform(30, 150))
    given: dict[str, Any] = {"line": str(upper), "owner": second.id, "stage": str(Stage.ASSIGNED)}
    teller.tell(at, EventKind.HANDED_OVER, office, first, line, NOT_TYPICAL, **given, call_id=row["call_id"])
    at += timedelta(seconds=chance.uniform(5, 40))
    teller.tell(at, EventKind.TAKEN, office, second, upper, stage=str(Stage.IN_WORK))
    at += timedelta(seconds=chance.uniform(90, 600))
    teller.tell(at, EventKind.ANSWERED, office, second, upper, stage=str(Stage.ANSWERED), answered=at)
    teller.life.answers.append(_said(teller, "final", ask.answer, ask.card, at, second, second))
    outcome = str(OUTCOMES.get(row["kind"], Outcome.GRANTED))
    at += TICK
    teller.tell(at, EventKind.CLOSED, office, second, upper, stage=str(Stage.CLOSED), outcome=outcome, closed=at)
    _stop(clock, at, at)


def _carry(teller: Teller, office: Office, first: Colleague, ask: mix.Ask, details: dict[str, Any]) -> None:
    """The long way: a queue, somebody's hands, sometimes another body, an extension, an approval, an answer."""
    chance, row = teller.chance, teller.life.row
    at: datetime = row["registered_at"]
    is_complaint = row["kind"] == Kind.COMPLAINT
    handler, level = office, 2 if is_complaint else 1
    stays = bool(teller.life.verdict)
    others = [other for other in teller.setting.offices if other.id != office.id]
    if others and chance.random() < mix.TO_OTHER_BODY and not stays:
        handler = chance.choice(others)
    main = terms.plan(
        terms.main_term(row["kind"], row["form"], row["channel"]), at, teller.setting.territory, teller.setting.zone,
        is_main=True,
    )  # fmt: skip
    row["due_on"], row["due_at"] = main.proof.due_on, main.due_at
    line = office.lines[0]
    told = {
        "stage": row["stage"],
        "handler": office.id,
        "line": str(line),
        "owner": None,
        "due_on": plain(row["due_on"]),
    }
    teller.tell(at, EventKind.REGISTERED, office, first, line, **_both(details, told))
    clock = _clock(main)
    teller.life.clocks.append(clock)
    if row["form"] == Form.WRITTEN and row["channel"] != Channel.FEEDBACK:
        teller.life.clocks.append(_kept(teller, row["received_at"], at))
    who = chance.choice((handler.first, handler.second, handler.third)[level])
    why = chance.choice(texts.WHY_UP)
    at += chance.random() * HOUR
    given = {"handler": handler.id, "responsible": str(handler.responsible), "line": str(handler.lines[level])}
    if teller.tell(at, EventKind.HANDED_OVER, office, first, line, why, **given) and handler is not office:
        teller.life.grants[handler.id] = "handles"
    line = handler.lines[level]
    at += chance.expovariate(1 / 9) * HOUR  # waits in the queue of the line
    teller.tell(at, EventKind.TAKEN, handler, who, line, stage=str(Stage.IN_WORK), owner=who.id)
    if chance.random() < mix.OUTSIDE * (5 if is_complaint else 1) and not stays:
        _send_outside(teller, at + 20 * HOUR, handler, who, line, clock)
        return
    length = (main.due_at - at) / HOUR
    if chance.random() < mix.EXTENDED and length > 200:
        length = _extend(teller, main, at + timedelta(hours=length * 0.8), handler, who, line, clock) or length
    if chance.random() < mix.INTERIM and length > 200:
        moment = at + timedelta(hours=length * 0.5)
        if teller.tell(moment, EventKind.INTERIM_ANSWERED, handler, who, line, interim=moment):
            text = "Проверка продолжается, о результате сообщим."
            teller.life.answers.append(_said(teller, "interim", text, "", moment, who, who))
    is_late = chance.random() < mix.LATE
    hours = length * (1 + chance.expovariate(3)) if is_late else length * chance.betavariate(1.6, 1.8)
    _end(teller, at + timedelta(hours=hours), handler, who, line, clock, ask)
    if chance.random() < mix.REOPENED and teller.life.row["closed_at"] and not stays:
        _reopen(teller, handler, who, line, ask)


def _end(
    teller: Teller, at: datetime, office: Office, who: Colleague, line: Line, clock: dict[str, Any], ask: mix.Ask
) -> None:
    chance, row = teller.chance, teller.life.row
    is_complaint = row["kind"] == Kind.COMPLAINT
    verdict = teller.life.verdict or _verdict(chance)
    is_justified = verdict != Verdict.UNJUSTIFIED
    approver = who
    if is_complaint:
        approver = chance.choice(office.lead)
        before = at - 5 * HOUR
        teller.tell(before - 3 * HOUR, EventKind.ANSWER_PREPARED, office, who, line)
        teller.tell(before, EventKind.ANSWER_SUBMITTED, office, who, line, stage=str(Stage.PREPARED))
        teller.tell(at - HOUR, EventKind.ANSWER_APPROVED, office, approver, Line.OTHER, stage=str(Stage.APPROVED))
    channel = row["channel"]
    if not teller.tell(
        at, EventKind.ANSWERED, office, who, line, stage=str(Stage.ANSWERED), answered=at, channel=channel
    ):
        return
    text = texts.answered(row["kind"], ask.answer, is_justified, chance)
    teller.life.answers.append(_said(teller, "final", text, ask.card, at, who, approver))
    closed = at + chance.random() * HOUR
    verdict = verdict if is_complaint else ""
    granted = Outcome.GRANTED if chance.random() < 0.9 else Outcome.NOT_GRANTED
    outcome = str(OUTCOMES.get(row["kind"], granted))
    ending: dict[str, Any] = {"stage": str(Stage.CLOSED), "outcome": outcome, "verdict": verdict, "closed": closed}
    if teller.tell(closed, EventKind.CLOSED, office, who, line, **ending):
        row["closed_at"] = teller.life.events[-1]["at"]
        teller.life.events[-1]["details"]["closed"] = plain(row["closed_at"])
        for reason in teller.life.reasons:
            reason["verdict"] = verdict
        _stop(clock, at, row["closed_at"])


def _verdict(chance: Random) -> str:
    if chance.random() >= mix.JUSTIFIED:
        return str(Verdict.UNJUSTIFIED)
    return str(Verdict.PRETRIAL if chance.random() < SETTLED else Verdict.JUSTIFIED)


def _send_outside(
    teller: Teller, at: datetime, office: Office, who: Colleague, line: Line, clock: dict[str, Any]
) -> None:
    outside = str(teller.chance.choice([Outside.AUTHORITY, Outside.TERRITORY]))
    place: dict[str, Any] = {"stage": str(Stage.FORWARDED), "outside": outside, "outside_at": at}
    if not teller.tell(at, EventKind.FORWARDED, office, who, line, **place):
        return
    teller.tell(at, EventKind.NOTIFIED, office, who, line)
    teller.life.answers.append(
        _said(teller, "notice", "Ваше обращение направлено в орган, который решает этот вопрос.", "", at, who, who)
    )
    closed = at + HOUR
    ending: dict[str, Any] = {"stage": str(Stage.CLOSED), "outcome": str(Outcome.REDIRECTED), "closed": closed}
    if teller.tell(closed, EventKind.CLOSED, office, who, line, **ending):
        _stop(clock, closed, closed)


def _extend(
    teller: Teller, main: terms.Planned, at: datetime, office: Office, who: Colleague, line: Line, clock: dict[str, Any]
) -> float | None:
    """Extend by a fortnight with an order and a notice; return the hours that are left then."""
    days = 14
    proof = terms.recount(main.proof.term.code, main.proof.started_on, teller.setting.territory, extension=days)
    order = f"{teller.chance.randrange(10, 400)}-п"
    why = "Запрошены документы в клинике"
    if not teller.tell(at, EventKind.EXTENDED, office, who, line, why, due_on=proof.due_on, days=days, order=order):
        return None
    due_at = terms.end_of(proof.due_on, teller.setting.zone)
    teller.life.row["due_at"] = due_at
    clock |= {"extension": days, "order_number": order, "due_on": proof.due_on, "due_at": due_at}
    clock["warn_on"] = json.dumps([day.isoformat() for day in proof.warn_on])
    return (due_at - at) / HOUR


def _reopen(teller: Teller, office: Office, who: Colleague, line: Line, ask: mix.Ask) -> None:
    at = teller.life.row["closed_at"] + timedelta(days=teller.chance.uniform(2, 20))
    row = teller.life.row
    code = terms.main_term(row["kind"], row["form"], row["channel"])
    main = terms.plan(code, at, teller.setting.territory, teller.setting.zone, is_main=True)
    back = {
        "stage": str(Stage.ASSIGNED), "due_on": main.proof.due_on, "closed": None, "outcome": "", "verdict": "",
        "answered": None, "interim": None,
    }  # fmt: skip
    if not teller.tell(at, EventKind.REOPENED, office, who, line, teller.chance.choice(texts.WHY_AGAIN), **back):
        return
    row["due_at"] = main.due_at
    clock = _clock(main)
    teller.life.clocks.append(clock)
    teller.tell(at + HOUR, EventKind.TAKEN, office, who, line, stage=str(Stage.IN_WORK))
    _end(teller, at + (main.due_at - at) * teller.chance.uniform(0.2, 0.9), office, who, line, clock, ask)


def _note(
    teller: Teller, at: datetime, kind: EventKind, office: Office, who: Colleague, line: Line, **details: Any
) -> None:
    """Add an event of the same breath: the row has its end already, so the event says it in so many words."""
    teller.tell(at, kind, office, who, line)
    if not teller.is_over:
        teller.life.events[-1]["details"] |= details


def _both(details: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Return details of a first event: the row begins so, nothing is changed by it."""
    return {f"_{name}": value for name, value in {**details, **told}.items()}


def _clock(planned: terms.Planned) -> dict[str, Any]:
    proof = planned.proof
    return {
        "term": proof.term.code,
        "title": proof.term.title,
        "is_main": planned.is_main,
        "started_at": planned.started_at,
        "started_on": proof.started_on,
        "extension": 0,
        "order_number": "",
        "due_on": proof.due_on,
        "due_at": planned.due_at,
        "warn_on": json.dumps([day.isoformat() for day in proof.warn_on]),
        "law_version": proof.term.pack,
        "calendar_version": proof.calendar,
        "state": str(ClockState.RUNNING),
        "stopped_at": None,
    }


def _kept(teller: Teller, received_at: datetime, registered_at: datetime) -> dict[str, Any]:
    found = _clock(terms.plan(terms.REGISTRATION, received_at, teller.setting.territory, teller.setting.zone))
    _stop(found, registered_at, registered_at)
    return found


def _stop(clock: dict[str, Any], kept_at: datetime, stopped_at: datetime) -> None:
    clock["state"] = str(ClockState.KEPT if kept_at <= clock["due_at"] else ClockState.MISSED)
    clock["stopped_at"] = stopped_at


def _said(
    teller: Teller, kind: str, text: str, card: str, at: datetime, who: Colleague, approver: Colleague
) -> dict[str, Any]:
    return {
        "id": key(at, teller.chance),
        "kind": kind,
        "text": text,
        "card": card,
        "channel": teller.life.row["channel"],
        "at": at,
        "by": who.id,
        "approved_by": approver.id if approver is not who else None,
    }


def _flags(own: Sequence[str], topic: str, person: dict[str, Any] | None, on: date, chance: Random) -> list[str]:
    """Return the flags of the topic and those the person and the talk add: sixty-five and over, a child, an illness."""
    found = set(own)
    if person and on.year - int(person["birth_on"][:4]) >= OLD:
        found.add(Flag.AGE_65)
    group = topic.partition(".")[0]
    found |= {flag for flag, share in mix.FLAGGED.get(group, {}).items() if chance.random() < share}
    return sorted(str(flag) for flag in found)


def _until_registered(form: Form, chance: Random) -> timedelta:
    if form == Form.ORAL:
        return timedelta(seconds=chance.uniform(20, 420))
    return timedelta(hours=chance.uniform(0.2, 40))


def _running() -> Sequence[float]:
    if not _RUNNING:
        _RUNNING.extend(mix.ask_weights().cumsum().tolist())
    return _RUNNING


_RUNNING: list[float] = []
