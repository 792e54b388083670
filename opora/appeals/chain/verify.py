"""The whole proof: every chain, every event, the heads given away, and the house's invariants over the data.

One snapshot (repeatable read) for all of it, so that work going on meanwhile accuses nobody; ranges of links, days of
events and thousands of appeals are read one after another, so that memory does not grow with the journal.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from opora.access.scope import Scope, enter
from opora.appeals.chain import invariants, links
from opora.appeals.chain.digest import SQL, require_utf8
from opora.appeals.chain.findings import ChainEnd, Finding, Report
from opora.appeals.models import ChainHead, DailyHead
from opora.shared.sql import question

type Tell = Callable[[str, int, int], None]  # what is looked at, how much of it is done, of how much

_owners = question(SQL, "chain_owners")
_strays = question(SQL, "chain_strays")
_marks = question(SQL, "chain_marks")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain on a day, as somebody wrote it down."""

    organisation: int
    on: date
    position: int
    hash: str
    witness: str = ""  # who kept it; empty — this installation itself


def verify(
    organisations: Sequence[int] | None = None,
    *,
    heads: Iterable[Head] = (),
    tell: Tell = lambda what, done, total: None,
    with_data: bool = True,
) -> Report:
    """Check the chains of ``organisations`` (None — all) against themselves, their heads and the data."""
    report = Report()
    with snapshot():
        owners = [row.organisation_id for row in _owners()]
        chosen = owners if organisations is None else list(organisations)
        counts = _Counts()
        _check_chains(report, chosen, list(heads), counts, tell)
        _check_events(report, None if organisations is None else set(chosen), counts, tell)
        if with_data:
            report.appeals = invariants.check(report.findings, organisations, tell)
    return report


@contextmanager
def snapshot() -> Iterator[None]:
    """See everything as it stands at one moment. Inside a transaction (a test) it is that of the transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not connection.savepoint_ids:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        require_utf8()
        with enter(Scope.system("the history is proved")):
            yield


class _Counts:
    """How many events each organisation has, and how many of them wait for their place; ``marks`` is the sum of the
    marks of those that should have one, from which those of the links are taken away."""

    def __init__(self) -> None:
        self.seed = secrets.randbits(63)
        self.events: dict[int, int] = {}
        self.waiting: dict[int, int] = {}
        self.marks: Counter[int] = Counter()
        for row in _marks(seed=self.seed):
            (self.waiting if row.waits else self.events)[row.organisation_id] = row.number
            self.marks[row.organisation_id] += -int(row.marks) if row.waits else int(row.marks)

    def placed(self, owner: int) -> int:
        return self.events.get(owner, 0) - self.waiting.get(owner, 0)

    def differ(self, owners: set[int] | None) -> bool:
        """Whether events that do not wait are not the very ones the links have."""
        return any(left for owner, left in self.marks.items() if owners is None or owner in owners)

    def share(self, owner: int) -> float:
        return self.events.get(owner, 0) / max(1, sum(self.events.values()))


def _check_chains(report: Report, owners: Sequence[int], heads: list[Head], counts: _Counts, tell: Tell) -> None:
    ends = {head.organisation_id: head for head in ChainHead.objects.filter(pk__in=owners)}
    total, done = sum(head.position for head in ends.values()), 0

    def step(more: int) -> None:
        nonlocal done
        done += more
        tell("звенья", done, max(total, done))

    for owner in owners:
        end, count, marks, found = links.prove(owner, counts.share(owner), counts.seed, step)
        counts.marks[owner] -= marks
        report.ends.append(end)
        report.findings += found
        report.findings += _tail(end, ends.get(owner))
        kept = [*_daily(owner), *(head for head in heads if head.organisation == owner)]
        report.findings += _heads(end, kept)
        report.findings += _doubles(owner, count, counts.placed(owner))


def _tail(end: ChainEnd, head: ChainHead | None) -> Iterator[Finding]:
    if head is None:
        if end.position:
            yield Finding("head_removed", end.organisation, "Нет записи о конце цепочки.", end.position)
    elif head.position > end.position:
        lost = head.position - end.position
        yield Finding(
            "tail_cut", end.organisation,
            f"Хвост цепочки отрезан: последнее звено {end.position}, а было {head.position} — не хватает {lost}.",
            end.position + 1,
        )  # fmt: skip
    elif head.position < end.position:
        text = f"За концом цепочки ({head.position}) стоят звенья до {end.position}: их приписали мимо программы."
        yield Finding("links_added", end.organisation, text, head.position + 1)
    elif bytes(head.hash).hex() != end.hash:
        text = "Отпечаток конца цепочки не совпадает с последним звеном: одно из двух подменено."
        yield Finding("head_forged", end.organisation, text, end.position)


def _daily(owner: int) -> list[Head]:
    rows = DailyHead.objects.filter(organisation_id=owner, is_foreign=False).order_by("on")
    return [Head(owner, row.on, row.position, bytes(row.hash).hex()) for row in rows.iterator()]


def _heads(end: ChainEnd, heads: list[Head]) -> Iterator[Finding]:
    """Name the earliest head that the chain no longer passes through: a chain rewritten as a whole is found here."""
    stored = links.hashes_at(end.organisation, sorted({head.position for head in heads}))
    for head in sorted(heads, key=lambda one: (one.position, one.on)):
        if head.position == 0:
            continue
        whose = f"который сохранил {head.witness}" if head.witness else "записанный тогда же"
        about = f"конец цепочки за {head.on:%d.%m.%Y}, {whose}"
        if head.position not in stored:
            text = f"Звена {head.position} нет, а {about}, его называет: хвост отрезан."
            yield Finding("tail_cut", end.organisation, text, head.position)
            return
        if stored[head.position].hex() != head.hash:
            text = f"Звено {head.position} не то, что называет {about}: цепочку переписали после этого дня."
            yield Finding("rewritten", end.organisation, text, head.position)
            return


def _doubles(owner: int, count: int, placed: int) -> Iterator[Finding]:
    """Each link has its event and each event its link; equal numbers leave no room for one event in two places."""
    if placed < count:
        text = f"Звеньев {count}, а событий с местом {placed}: событие удалено или стоит в цепочке дважды."
        yield Finding("counts_differ", owner, text)


def _check_events(report: Report, owners: set[int] | None, counts: _Counts, tell: Tell) -> None:
    """Every event has a place or waits for one; what waits is there."""
    report.events = sum(number for owner, number in counts.events.items() if owners is None or owner in owners)
    report.waiting = sum(number for owner, number in counts.waiting.items() if owners is None or owner in owners)
    if counts.differ(owners):  # only then is it worth naming them: a fifth of the time
        strays = _without_place(sum(counts.events.values()), tell)
        report.findings += [one for one in strays if owners is None or one.organisation in owners]
    report.findings += [one for one in _without_event() if owners is None or one.organisation in owners]


def _without_place(events: int, tell: Tell) -> Iterator[Finding]:
    """Look at days that hold a range of events together, one day at least; days without events are passed over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at), max(at) FROM appeals_event")
        at, last = cursor.fetchone()
    since, whole = at, (last - at).days + 1 if at else 0
    step = DAY * max(1, whole * links.RANGE // max(1, events))
    while at is not None and at <= last:
        for row in _strays(since=at, until=at + step):
            text = "Событие вставлено мимо программы: у него нет места в цепочке, и оно его не ждёт."
            yield Finding(
                "event_inserted", row.organisation_id, text, None, str(row.id), links.number_of(row.appeal_id)
            )
        tell("события по дням", min(whole, (at + step - since).days), whole)
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(at) FROM appeals_event WHERE at >= %s", [at + step])
            at = cursor.fetchone()[0]


def _without_event() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.organisation_id, u.id FROM appeals_unchained u"
            " WHERE NOT EXISTS (SELECT 1 FROM appeals_event e WHERE e.at = u.at AND e.id = u.id) LIMIT 100"
        )
        for owner, identity in cursor.fetchall():
            text = "Событие удалено раньше, чем получило место в цепочке."
            yield Finding("event_removed", owner, text, None, str(identity))
