"""One chain from its first link to its last, range by range, and what is wrong with a broken one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from opora.appeals.chain.digest import GENESIS, link_hash, statement
from opora.appeals.chain.findings import ChainEnd, Finding

RANGE = 50_000
CROWD = 4  # how many times more events in the same time make looking them up one by one the cheaper way
WIDER = 8
NEIGHBOURS = 200  # how far a displaced event is looked for


class Link(NamedTuple):
    position: int
    hash: bytes
    event_at: Any
    event_id: Any
    organisation_id: int | None
    appeal_id: Any
    digest: bytes | None


class Proved(NamedTuple):
    """A chain that was walked: its end as it is stored, its links, the sum of the marks of their events, findings."""

    end: ChainEnd
    links: int
    marks: int
    findings: list[Finding]


def prove(organisation: int, share: float, seed: int, step: Callable[[int], None]) -> Proved:
    """Prove every link of a chain.

    ``share`` is that of the organisation in all events: where it is large, a range's events are read in one sweep of
    their time, else one by one. Of several broken links the first is named, with the number of the others.
    """
    after, former, count, broken, first, width, sum_of_marks = 0, GENESIS, 0, 0, None, None, 0
    while True:
        upto, since, until, links = _ask(statement("chain_span"), organisation=organisation, after=after, most=RANGE)
        if not links:
            break
        # A range many times wider than the last holds an event far from its neighbours: do not read all between them.
        sweep = share * CROWD >= 1 and (width is None or until - since <= WIDER * width)
        width = until - since
        _choose_plan(sweep=sweep)
        bounds = (since, until) if sweep else ("-infinity", "infinity")
        _, wrong, place, marks = _ask(
            statement("chain_range"), organisation=organisation, after=after, upto=upto, former=former,
            since=bounds[0], until=bounds[1], seed=seed,
        )  # fmt: skip
        count += links
        sum_of_marks += int(marks)
        broken += wrong
        first = place if first is None else first
        after, former = upto, _hash_at(organisation, upto)
        step(links)
    _choose_plan(sweep=False)
    found = [] if first is None else [_with_others(diagnose(organisation, first), broken - 1)]
    return Proved(ChainEnd(organisation, after, former.hex()), count, sum_of_marks, found)


def diagnose(organisation: int, position: int) -> Finding:
    """Say what is wrong with the link that was found broken first: all before it are whole."""
    near = {link.position: link for link in _near(organisation, position)}
    link = near[position]
    number = number_of(link.appeal_id)

    def finding(what: str, sentence: str) -> Finding:
        return Finding(what, organisation, sentence, position, str(link.event_id), number)

    former = near.get(position - 1)
    if former is None and position > 1:
        since = _last_before(organisation, position) + 1
        missing = f"{since}" if since == position - 1 else f"{since}–{position - 1}"
        return finding("gap", f"Из цепочки вырезаны звенья: нет позиций {missing}.")
    if link.digest is None:
        return finding("event_removed", "Звено есть, а события нет: событие удалено из журнала.")
    if link.organisation_id != organisation:
        return finding("event_foreign", "Звено держит событие другой организации: событие переписано или подложено.")
    before = former.hash if former else GENESIS
    owner = next(
        (one for one in near.values() if one.digest and link_hash(before, position, one.digest) == link.hash), None
    )
    if owner is not None:
        return finding("reordered", f"Порядок изменён: на этом месте стояло событие с позиции {owner.position}.")
    if _next_trusts(organisation, link, near.get(position + 1)):
        return finding("event_changed", "Событие изменено после записи: его содержание не даёт прежнего отпечатка.")
    return finding("link_forged", "Звено подменено: отпечаток не выводится ни из события, ни из предыдущего звена.")


def number_of(appeal: Any) -> str:
    """Return the number of an appeal, empty when it is not there."""
    if appeal is None:
        return ""
    row = _ask("SELECT min(number) FROM appeals_appeal WHERE id = %(appeal)s", appeal=appeal)
    return row[0] or ""


def hashes_at(organisation: int, positions: list[int]) -> dict[int, bytes]:
    """Return the stored hashes at some positions of a chain."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, hash FROM appeals_chainlink WHERE organisation_id = %s AND position = ANY(%s)",
            [organisation, positions],
        )
        return {position: bytes(value) for position, value in cursor.fetchall()}


def _next_trusts(organisation: int, link: Link, following: Link | None) -> bool:
    """Whether the stored hash of ``link`` is the one that was there: the next link, or the head, was made from it."""
    if following is None:
        row = _ask("SELECT max(hash) FROM appeals_chainhead WHERE organisation_id = %(of)s AND position = %(at)s",
                   of=organisation, at=link.position)  # fmt: skip
        return row[0] is not None and bytes(row[0]) == link.hash
    return following.digest is not None and link_hash(link.hash, following.position, following.digest) == following.hash


def _with_others(finding: Finding, others: int) -> Finding:
    if not others:
        return finding
    text = f"{finding.sentence} Дальше не сходятся ещё звенья: {others}."
    return Finding(finding.what, finding.organisation, text, finding.position, finding.event, finding.number)


def _near(organisation: int, position: int) -> Iterator[Link]:
    with connection.cursor() as cursor:
        since, until = position - NEIGHBOURS, position + NEIGHBOURS
        cursor.execute(statement("chain_near"), {"organisation": organisation, "since": since, "until": until})
        for row in cursor.fetchall():
            link = Link(*row)
            yield link._replace(hash=bytes(link.hash), digest=None if link.digest is None else bytes(link.digest))


def _hash_at(organisation: int, position: int) -> bytes:
    return hashes_at(organisation, [position])[position]


def _last_before(organisation: int, position: int) -> int:
    row = _ask(
        "SELECT coalesce(max(position), 0) FROM appeals_chainlink WHERE organisation_id = %(of)s AND position < %(at)s",
        of=organisation, at=position,
    )  # fmt: skip
    return int(row[0])


def _choose_plan(*, sweep: bool) -> None:
    """Row security hides from the planner how many links a range has; we know it, and say how to join."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_nestloop', %s, true)", ["off" if sweep else "on"])


def _ask(question: str, **parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchone()
