"""Facts of an exchange come in: once by key, in any order; calls are folded anew and everybody concerned is told."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.live.news import News, publish
from opora.shared.sql import question
from opora.telephony.fold import LOST, fold
from opora.telephony.models import Agent, Call, CallEvent, Known
from opora.telephony.ports import Kind, PbxEvent
from opora.telephony.services import asking, recordings, tasks
from opora.telephony.services.commands import tell_state
from opora.telephony.words import AgentState, Break

SQL = Path(__file__).parent.parent / "sql"
BATCH = 500
SLACK = timedelta(days=2)  # how far a fact of a call may lie before what is known of the call
SILENT = timedelta(hours=2)  # a call nobody has said a word about for so long has ended without our knowing
KEPT = timedelta(days=90)
FARTHEST = timedelta(days=30)  # how much of a log is read after a silence; keys are known for longer
OWN = "opora:"  # keys of facts that no exchange told
WHY = "the exchange knows no employee"
OURS = {AgentState.WRAP, AgentState.AWAY}  # reasons we gave the exchange ourselves: no break of hers

_know = question(SQL, "know")
_write_calls = question(SQL, "write_calls")
_agents_follow = question(SQL, "agents_follow")
_agents_told = question(SQL, "agents_told")


def take_in(events: Sequence[PbxEvent]) -> int:
    """Take facts in and return how many were new. A repeat is harmless, the order does not matter.

    What is given of a call is taken at once, so nothing follows from half of it: no task of somebody who was answered
    later in the same portion. Commits before it tells open desks, so call it outside of a transaction. Raises
    ValueError for a moment without a time zone.
    """
    if any(event.at.tzinfo is None for event in events):
        raise ValueError("a fact of an exchange has a moment with a time zone")
    taken = 0
    for batch in _batches(events):
        with enter(Scope.system(WHY)):
            number, news = _take(batch)
        taken += number
        publish(news)
    return taken


def _batches(events: Sequence[PbxEvent]) -> Iterator[list[PbxEvent]]:
    """Yield whole calls by the order of their first facts, about ``BATCH`` facts at a time; a longer one alone."""
    calls: dict[tuple[str, ...], list[PbxEvent]] = {}
    for event in events:  # the state of an agent belongs to no call
        calls.setdefault((event.pbx, event.call) if event.call else (event.pbx, "", event.key), []).append(event)
    batch: list[PbxEvent] = []
    for facts in calls.values():
        if batch and len(batch) + len(facts) > BATCH:
            yield batch
            batch = []
        batch += facts
    if batch:
        yield batch


def close_lost(pbx: str, now: datetime | None = None) -> int:
    """End the calls nobody has told of for long: «конец неизвестен», until the exchange tells the real end."""
    now = now or timezone.now()
    with enter(Scope.system(WHY)):
        live = Call.objects.live().filter(pbx=pbx, began_at__lt=now - SILENT)
        names = dict(live.values_list("call", "began_at"))
        if not names:
            return 0
        facts = CallEvent.objects.filter(pbx=pbx, call__in=list(names), at__gte=min(names.values()) - SLACK)
        latest = facts.values_list("call").annotate(at=Max("at"))
        silent = [(call, at) for call, at in latest if at < now - SILENT]
    return take_in(
        [PbxEvent(pbx, f"{OWN}lost:{call}", call, Kind.ENDED, at, data={"cause": LOST}) for call, at in silent]
    )


def asked_since(pbx: str, now: datetime | None = None, margin: timedelta = timedelta(minutes=10)) -> datetime:
    """Return the moment from which the exchange's own log is to be asked after a reconnect; a month back at most.

    What we wrote ourselves says nothing of what was heard. Facts of a log are taken in the order of calls, so where a
    listener died in the middle of them the latest arrival is as far as it came.
    """
    now = now or timezone.now()
    with enter(Scope.system(WHY)):
        told = Known.objects.filter(pbx=pbx).exclude(key__startswith=OWN)
        heard = told.aggregate(at=Max("taken_at"))["at"] or now
        arrivals = CallEvent.objects.filter(pbx=pbx, kind=Kind.ARRIVED).order_by("-at")
        arrived = arrivals.values_list("at", flat=True).first() or heard
        began = Call.objects.live().filter(pbx=pbx).aggregate(at=Min("began_at"))["at"] or now
    return max(min(heard, arrived, began) - margin, now - FARTHEST)


def forget_keys() -> int:
    """Forget keys that no log of an exchange tells any more."""
    with enter(Scope.system(WHY)):
        return Known.objects.filter(taken_at__lt=timezone.now() - KEPT).delete()[0]


def _take(batch: Sequence[PbxEvent]) -> tuple[int, list[News]]:
    with connection.cursor() as cursor:
        for pbx in sorted({event.pbx for event in batch}):  # two listeners of one exchange do not fold past each other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('opora.telephony'), hashtext(%s))", [pbx])
    told = {(event.pbx, event.key): event for event in reversed(batch)}
    keys = list(told)
    new = {(row.pbx, row.key) for row in _know(pbxs=[pbx for pbx, _ in keys], keys=[key for _, key in keys])}
    fresh = [event for name, event in told.items() if name in new]
    if not fresh:
        return 0, []
    CallEvent.objects.bulk_create(_row(event) for event in fresh)
    agents = _told(fresh)
    names = {(event.pbx, event.call) for event in fresh if event.call and event.kind is not Kind.AGENT}
    rung, calls = _fold(names, min(event.at for event in fresh))
    if calls:
        writing = [row.id for row in _agents_follow(calls=calls)]
        for agent in Agent.objects.filter(pk__in=writing).select_related("employee"):
            if agent.employee:
                tell_state(agent, AgentState.WRAP, by=agent.employee)
        agents += writing
        tasks.follow(calls)
        recordings.follow(calls)
        asking.follow(calls)
    return len(fresh), _news(calls, rung, agents)


def _row(event: PbxEvent) -> CallEvent:
    data = {name: value for name, value in event.data.items() if isinstance(value, (str, int, float, bool))}
    return CallEvent(
        at=event.at,
        pbx=event.pbx,
        key=event.key,
        call=event.call,
        kind=str(event.kind),
        line=event.line,
        caller=event.caller[:20],
        agent=event.agent,
        data=data,
    )


def _told(fresh: Iterable[PbxEvent]) -> list[int]:
    said = [
        {
            "pbx": event.pbx,
            "agent": event.agent,
            "at": event.at.isoformat(),
            "ready": bool(event.data.get("ready")),
            "reason": event.data["reason"] if event.data.get("reason") in Break.values else Break.OTHER,
        }
        for event in fresh
        if event.kind is Kind.AGENT and event.data.get("reason") not in OURS
    ]
    return [row.id for row in _agents_told(told=json.dumps(said))] if said else []


def _fold(names: Collection[tuple[str, str]], earliest: datetime) -> tuple[dict[str, set[str]], list[int]]:
    """Fold the calls anew; return the extensions they rang at before, by exchange, and the keys of the calls."""
    by_pbx: dict[str, list[str]] = defaultdict(list)
    for pbx, call in names:
        by_pbx[pbx].append(call)
    rung: dict[str, set[str]] = defaultdict(set)
    folded: list[dict[str, Any]] = []
    for pbx, calls in by_pbx.items():
        known = list(Call.objects.filter(pbx=pbx, call__in=calls).only("began_at", "ringing", "extension", "aside"))
        since = min([earliest, *(call.began_at for call in known)]) - SLACK
        for former in known:
            rung[pbx] |= {*former.ringing, former.extension, former.aside}
        facts: dict[str, list[PbxEvent]] = defaultdict(list)
        for row in CallEvent.objects.filter(pbx=pbx, call__in=calls, at__gte=since):
            facts[row.call].append(fact_of(row))
        folded += [asdict(fold(facts[call])) for call in sorted(facts)]
    if not folded:
        return rung, []
    return rung, [row.id for row in _write_calls(calls=json.dumps(folded, default=_plain))]


def fact_of(row: CallEvent) -> PbxEvent:
    """Return a row as it was told."""
    return PbxEvent(row.pbx, row.key, row.call, Kind(row.kind), row.at, row.line, row.caller, row.agent, row.data)


def _news(calls: list[int], rung: dict[str, set[str]], agents: list[int]) -> list[News]:
    """Say to whom it rings and to whom no more, and that lines have changed. No number in it."""
    found = Call.objects.filter(pk__in=calls).values_list(
        "pbx", "ringing", "extension", "aside", "organisation", "served"
    )
    places: set[int] = set()
    for pbx, ringing, extension, aside, organisation, served in found:
        rung[pbx] |= {*ringing, extension, aside}
        places |= {one for one in (organisation, served) if one}
    people = Agent.objects.filter(employee__isnull=False)
    told = set(people.filter(pk__in=agents).values_list("employee", flat=True))
    for pbx, extensions in rung.items():
        told |= set(people.filter(pbx=pbx, extension__in=extensions - {""}).values_list("employee", flat=True))
    news = [News((f"emp:{employee}",), "call") for employee in sorted(told)]
    return [*news, *(News((f"org:{place}:line",), "line") for place in sorted(places))]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
