"""Many appeals of a partner's file at once: set-based, with the same rows and promises as registering one.

Newcomers get numbers in one step, known ones take what the file says, every change leaves an event whose author is the
file. A closed appeal is not reopened by a file. The caller holds the transaction: all of it or nothing.
Source: domain handbook 20 §3.1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from opora.appeals import staging, terms, visibility
from opora.appeals.actor import Actor, holder_id
from opora.appeals.errors import AppealsError
from opora.appeals.intake import NewParty, content_digest, form_of
from opora.appeals.models import Appeal
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.words import EventKind, PartyRole, Stage
from opora.audit.services import record, uuid7
from opora.classifiers.words import Line, Standing
from opora.organisations.models import Organisation
from opora.shared.sql import question
from opora.shared.sql import text as statement

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent / "sql"
PLAN = "file_plan"  # a term of no law pack: the day is the partner's word and no calendar moves it
PLAN_TITLE = "Плановая дата из файла"
PARTY_FIELDS = [field.name for field in fields(NewParty)]
STAGED_PARTY = list(staging.PARTY)
CODES = (
    "kind", "form", "channel", "origin", "topic_code", "received_at", "line_received", "line", "handler_id",
    "responsible", "owner_id", "due_on", "needs_answer", "closed_at", "outcome", "verdict", "outside", "outside_at",
    "registered_by_id",
)  # fmt: skip
WORDS = ("origin_name", "topic_note", "text")

type Story = Iterable[tuple[EventKind, dict[str, Any]]]
"""What has happened to one appeal, in its order."""

numbers = question(SQL, "import_numbers")
present = question(SQL, "import_now")


class Reopened(AppealsError):
    """Закрытое обращение нельзя открыть файлом."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAppeal:
    """One record of a file, in our words and ids. ``known`` is the appeal its key stands for, None — a new one.

    ``place`` is its number in the file, ``due_on`` and ``closed_on`` are days of the organisation's clock.
    """

    key: str
    place: int
    known: UUID | None = None
    kind: str
    channel: str
    origin: str
    origin_name: str = ""
    topic_id: int
    topic_code: str
    topic_note: str = ""
    flags: Sequence[str] = ()
    text: str = ""
    received_at: datetime
    taken_by: int | None = None
    taken_line: str = Line.OTHER
    handled_by: int | None = None
    handled_line: str = ""
    handler_id: int
    responsible: str
    due_on: date
    closed_on: date | None = None
    outcome: str = ""
    verdict: str = ""
    outside: str = ""
    outside_at: datetime | None = None
    parties: Sequence[NewParty] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a record: ``done`` is new, changed or same."""

    key: str
    place: int
    id: UUID
    number: str
    done: str


@dataclass(frozen=True, slots=True)
class Source:
    """The file as events name it: ``title`` is their author, ``parcel`` its number in the exchange."""

    title: str
    parcel: int
    by: Employee | None = None


def closed_among(ids: Collection[UUID]) -> set[UUID]:
    """Return those of the appeals that are closed: a file may not bring them open. One query."""
    return set(Appeal.objects.filter(pk__in=ids, closed_at__isnull=False).values_list("pk", flat=True))


def intake_many(records: Sequence[IncomingAppeal], *, organisation: Organisation, source: Source) -> list[Taken]:
    """Insert and update appeals in the caller's transaction, under the system's scope. Raises Reopened.

    A constant number of statements, whatever the number of records. The counter's row is held till the transaction
    ends, so that call it last.
    """
    employee = source.by.pk if source.by else None
    actor = Actor(organisation, holder_id(organisation), employee, source.title[:300], Line.OTHER)
    work = _Work(records, actor, source)
    work.compare()
    work.stage()
    with ThreadPoolExecutor(1) as beside:
        events = beside.submit(work.tell)  # while PostgreSQL writes newcomers
        taken = work.write()
        work.write_events(events.result())
    counts = {name: sum(1 for one in taken if one.done == name) for name in ("new", "changed", "same")}
    record("appeals.import", ("exchange.parcel", str(source.parcel)), by=source.by, details=counts)
    return taken


class _Work:
    """One file on its way into the journal."""

    def __init__(self, records: Sequence[IncomingAppeal], actor: Actor, source: Source) -> None:
        self._records = records
        self._actor = actor
        self._source = source
        self._now = timezone.now()
        self._ids = [one.known or uuid7() for one in records]
        self._former: dict[UUID, Any] = {}
        self._rows: list[dict[str, Any]] = []
        self._parties: list[tuple[object, ...]] = []
        self._stories: list[tuple[dict[str, Any], Callable[[], Story]]] = []
        self._done: list[str] = []

    def compare(self) -> None:
        """Tell newcomers from changed ones and from those that are as they were."""
        known = [one.known for one in self._records if one.known]
        self._former = {row.id: row for row in present(ids=known)} if known else {}
        for one, identity in zip(self._records, self._ids, strict=True):
            former = self._former.get(identity)
            row = self._row(one, identity, former)
            if former is None:
                self._newcomer(one, row)
            else:
                self._known(one, row, former)

    def stage(self) -> None:
        with connection.cursor() as cursor:
            staging.prepare(cursor)
            columns = list(staging.TABLES["appeal"])
            staging.copy(cursor, "appeal", (tuple(row[name] for name in columns) for row in self._rows))
            staging.copy(cursor, "party", self._parties)
            staging.analyse(cursor)

    def write(self) -> list[Taken]:
        local = self._actor.local(self._now)
        count = sum(1 for done in self._done if done == "new")
        year, former = local.year, 0
        if count:
            [[former]] = numbers(organisation=self._actor.organisation.pk, year=year, count=count)
        prefix = f"{self._actor.organisation.code}-{local:%y}-"
        funds = self._funds()
        common = {**self._common(), "sight": self._sight(funds)}
        new = {"year": year, "prefix": prefix, "former": former, "funds": funds}
        if count:
            _run("import_new", {**common, **new})
        if "changed" in self._done:
            _run("import_changed", common)
        return list(self._taken(prefix, former))

    def tell(self) -> list[tuple[object, ...]]:
        """Return the rows of the events; asks the database nothing, so that it may run beside ``write``."""
        return [
            (
                self._now + timedelta(microseconds=step),
                uuid7(),
                row["id"],
                str(kind),
                row["line_received"],
                json.dumps(details, ensure_ascii=False),
            )
            for row, story in self._stories
            for step, (kind, details) in enumerate(story())
        ]

    def write_events(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Store what ``tell`` has told, after the appeals it names."""
        if not rows:
            return
        with connection.cursor() as cursor:
            staging.copy(cursor, "event", rows)
            staging.analyse_events(cursor)
        _run("import_events", self._common())

    def _common(self) -> dict[str, Any]:
        return {
            "organisation": self._actor.organisation.pk,
            "holder": self._actor.holder,
            "territory": self._actor.territory,
            "now": self._now,
            "employee": self._actor.employee,
            "actor_name": self._actor.name,
        }

    def _taken(self, prefix: str, sequence: int) -> Iterator[Taken]:
        for one, identity, done in zip(self._records, self._ids, self._done, strict=True):
            if done == "new":
                sequence += 1
                number = f"{prefix}{sequence:06d}"
            else:
                number = self._former[identity].number
            yield Taken(one.key, one.place, identity, number, done)

    def _funds(self) -> list[int]:
        funds = Organisation.objects.filter(kind=Organisation.Kind.FUND, territory_id=self._actor.territory)
        return list(funds.values_list("pk", flat=True))

    def _sight(self, funds: list[int]) -> str:
        """How deep whoever gets a grant may see, by the rules of the territory: as when one appeal is registered."""
        holders = {self._actor.holder, *funds, *(row["handler_id"] for row in self._rows)}
        kinds = dict(Organisation.objects.filter(pk__in=holders).values_list("pk", "kind"))
        return visibility.sight(self._actor.territory, kinds)

    def _row(self, one: IncomingAppeal, identity: UUID, former: Any) -> dict[str, Any]:
        registered_at = max(self._now, one.received_at) if former is None else former.registered_at
        received_at = min(one.received_at, registered_at)
        closed_at = self._closed_at(one, received_at, former) if one.closed_on else None
        is_answered = closed_at is not None and one.outcome not in NO_ANSWER_NEEDED
        is_anonymous = not any(party.role == PartyRole.APPLICANT for party in one.parties)
        return {
            "line_number": one.place,
            "key": one.key,
            "id": identity,
            "is_new": former is None,
            "kind": str(one.kind),
            "form": str(form_of(one.channel)),
            "channel": str(one.channel),
            "origin": str(one.origin),
            "origin_name": one.origin_name,
            "standing": str(Standing.ANONYMOUS if is_anonymous else Standing.IDENTIFIED),
            "topic_id": one.topic_id,
            "topic_code": one.topic_code,
            "topic_note": one.topic_note,
            "flags": list(one.flags),
            "received_at": received_at,
            "registered_by_id": one.taken_by,
            "line_received": str(one.taken_line),
            "line": str(one.handled_line or one.taken_line),
            "handler_id": one.handler_id,
            "responsible": str(one.responsible),
            "owner_id": one.handled_by,
            "stage": _stage(one, former),
            "due_at": terms.end_of(one.due_on, self._actor.zone),
            "due_on": one.due_on,
            "needs_answer": not is_anonymous,
            "answered_at": closed_at if is_answered else None,
            "closed_at": closed_at,
            "outcome": str(one.outcome),
            "verdict": str(one.verdict),
            "outside": str(one.outside),
            "outside_at": (one.outside_at or received_at) if one.outside else None,
            "text": one.text,
            **self._clock(one, received_at),
        }

    def _clock(self, one: IncomingAppeal, received_at: datetime) -> dict[str, Any]:
        """The term of the law where the file agrees with it; else the day is the partner's word."""
        law = terms.plan(terms.ANSWER, received_at, self._actor.territory, self._actor.zone).proof
        found = {"started_on": law.started_on, "term": PLAN, "title": PLAN_TITLE, "warn_on": "[]"}
        found |= {"law_version": self._source.title[:90], "calendar_version": ""}
        if law.due_on == one.due_on:
            warn_on = json.dumps([day.isoformat() for day in law.warn_on])
            found |= {"term": law.term.code, "title": law.term.title, "warn_on": warn_on}
            found |= {"law_version": law.term.pack, "calendar_version": law.calendar}
        return found

    def _closed_at(self, one: IncomingAppeal, received_at: datetime, former: Any) -> datetime:
        """The file knows the day: the moment we know of it, else its last second; not in the future, not too early."""
        assert one.closed_on is not None  # noqa: S101
        if former is not None and former.closed_at and self._actor.local(former.closed_at).date() == one.closed_on:
            return max(former.closed_at, received_at)
        return max(min(terms.end_of(one.closed_on, self._actor.zone), self._now), received_at)

    def _newcomer(self, one: IncomingAppeal, row: dict[str, Any]) -> None:
        parties = [_plain(party) for party in one.parties]
        registered_at = max(self._now, one.received_at)

        def story() -> Story:
            yield (
                EventKind.REGISTERED,
                {
                    "kind": row["kind"],
                    "topic": row["topic_code"],
                    "channel": row["channel"],
                    "flags": sorted(row["flags"]),
                    "received": row["received_at"].astimezone(UTC).isoformat(),
                    "registered": registered_at.astimezone(UTC).isoformat(),
                    "due_on": row["due_on"].isoformat(),
                    "needs_answer": row["needs_answer"],
                    "stage": row["stage"],
                    "handler": row["handler_id"],
                    "line": row["line"],
                    "owner": row["owner_id"],
                    "content": content_digest(row["id"], one.text, parties),
                },
            )
            yield EventKind.IMPORTED, {"parcel": self._source.parcel, "place": one.place, "key": one.key}
            if row["outside"]:
                yield EventKind.FORWARDED, _outside(row)
            if row["closed_at"]:
                yield from _ending(row)

        self._put(row, parties, story, "new")

    def _known(self, one: IncomingAppeal, row: dict[str, Any], former: Any) -> None:
        if former.closed_at and not row["closed_at"]:
            raise Reopened(f"Обращение {former.number} закрыто: файлом его не открыть.")
        given, kept = [_plain(party) for party in one.parties], json.loads(former.parties)
        roles = {party["role"] for party in given}
        parties = [*(party for party in kept if party["role"] not in roles), *given]
        fields_changed = {
            name: [_code(getattr(former, name)), _code(row[name])]
            for name in CODES
            if _code(getattr(former, name)) != _code(row[name]) and not (name == "registered_by_id" and not row[name])
        }
        deep = [name for name in WORDS if getattr(former, name) != row[name]]
        if _by_role(kept) != _by_role(parties):
            deep.append("parties")
        if not fields_changed and not deep:
            self._done.append("same")
            return
        details = {"fields": fields_changed, "deep": deep, "parcel": self._source.parcel, "place": one.place}

        def story() -> Story:
            if {"text", "parties"} & set(deep):
                details["content"] = content_digest(row["id"], one.text, parties)
            yield EventKind.AMENDED, details
            if row["outside"] and row["outside"] != former.outside:
                yield EventKind.FORWARDED, _outside(row)
            if row["closed_at"] and not former.closed_at:
                yield from _ending(row)

        self._put(row, given, story, "changed")

    def _put(
        self,
        row: dict[str, Any],
        parties: list[dict[str, Any]],
        story: Callable[[], Story],
        done: str,
    ) -> None:
        self._done.append(done)
        self._rows.append(row)
        self._parties += [(row["id"], party["role"], *(party[name] for name in STAGED_PARTY)) for party in parties]
        self._stories.append((row, story))


def _run(name: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement(SQL / f"{name}.sql"), parameters)
        while cursor.nextset():
            pass


def _stage(one: IncomingAppeal, former: Any) -> str:
    if one.closed_on:
        return str(Stage.CLOSED)
    if one.outside:
        return str(Stage.FORWARDED)
    if former is not None and former.stage not in {Stage.REGISTERED, Stage.ASSIGNED}:
        return str(former.stage)
    return str(Stage.ASSIGNED if one.handled_by else Stage.REGISTERED)


def _ending(row: dict[str, Any]) -> Story:
    if row["answered_at"]:
        yield EventKind.ANSWERED, {"card": "", "channel": row["channel"]}
    closed = row["closed_at"].astimezone(UTC).isoformat()
    yield EventKind.CLOSED, {"outcome": row["outcome"], "verdict": row["verdict"], "closed": closed}


def _outside(row: dict[str, Any]) -> dict[str, Any]:
    return {"outside": row["outside"], "at": row["outside_at"].isoformat()}


def _plain(party: NewParty) -> dict[str, Any]:
    found = {name: getattr(party, name) for name in PARTY_FIELDS}
    found["role"] = str(party.role)
    found["birth_on"] = party.birth_on.isoformat() if party.birth_on else None
    return found


def _by_role(parties: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(party["role"]): party for party in parties}


def _code(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_default_timezone()).isoformat()
    return value.isoformat() if isinstance(value, date) else value
