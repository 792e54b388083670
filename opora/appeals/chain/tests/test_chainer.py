"""Every committed event gets one place; what was announced is what was chained; counters stay right when folded."""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from opora.appeals.chain.chainer import chain_batch, fold_tally, oldest_waiting
from opora.appeals.chain.digest import EVENT, GENESIS, link_hash
from opora.appeals.events import Chained, chained
from opora.appeals.models import ChainHead, ChainLink, Event, Tally, Unchained
from opora.audit.models import AuditLine
from opora.audit.services import record as leave_line


@pytest.fixture
def heard() -> Any:
    """The batches that were announced."""
    batches: list[list[Chained]] = []

    def listen(sender: Any, events: list[Chained], **_: Any) -> None:
        batches.append(list(events))

    chained.connect(listen)
    yield batches
    chained.disconnect(listen)


def test_each_organisation_has_its_own_chain(history: SimpleNamespace, place: SimpleNamespace) -> None:
    ends = dict(ChainHead.objects.values_list("organisation_id", "position"))
    assert ends == {place.alfa.pk: 8, place.beta.pk: 1}
    assert not Unchained.objects.exists()
    linked = set(ChainLink.objects.values_list("event_at", "event_id"))
    assert linked == set(Event.objects.values_list("at", "id"))


def test_a_link_holds_the_hash_of_the_one_before(history: SimpleNamespace, place: SimpleNamespace) -> None:
    former = GENESIS
    for link in ChainLink.objects.filter(organisation_id=place.alfa.pk).order_by("position"):
        event = Event.objects.get(at=link.event_at, id=link.event_id)
        assert bytes(link.hash) == link_hash(former, link.position, digest_outside(event))
        former = bytes(link.hash)
    assert former == bytes(ChainHead.objects.get(pk=place.alfa.pk).hash)


def digest_outside(event: Event) -> bytes:
    """The digest counted without the database, byte by byte as docs/journal-proof.md describes it."""
    moment = (event.at - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT details::text FROM appeals_event WHERE at = %s AND id = %s", [event.at, event.id])
        details = cursor.fetchone()[0]
    fields: list[tuple[int, bytes | None]] = [
        (1184, moment.to_bytes(8, "big", signed=True)),
        (2950, event.id.bytes),
        (2950, event.appeal_id.bytes),
        (25, event.territory.encode()),
        (20, event.organisation_id.to_bytes(8, "big", signed=True)),
        (25, event.kind.encode()),
        (20, None if event.employee_id is None else event.employee_id.to_bytes(8, "big", signed=True)),
        (25, event.employee_name.encode()),
        (25, event.line.encode()),
        (23, event.depth.to_bytes(4, "big", signed=True)),
        (3802, b"\x01" + details.encode()),
        (25, event.text.encode()),
    ]
    whole = len(fields).to_bytes(4, "big")
    for kind, value in fields:
        whole += kind.to_bytes(4, "big") + (
            (-1).to_bytes(4, "big", signed=True) if value is None else len(value).to_bytes(4, "big") + value
        )
    return sha256(whole).digest()


def test_no_two_events_share_bytes(db: None) -> None:
    """Moving letters between fields, NULL for an empty text, another time zone of the session: the digest tells."""

    def digest(**changed: str) -> bytes:
        fields = {
            "at": "'2026-03-01 10:00:00.000001+07'::timestamptz",
            "id": "'00000000-0000-7000-8000-000000000001'::uuid",
            "appeal_id": "'00000000-0000-7000-8000-000000000002'::uuid",
            "territory": "'50000'",
            "organisation_id": "7::bigint",
            "kind": "'noted'",
            "employee_id": "NULL::bigint",
            "employee_name": "'Аня'",
            "line": "'sp1'",
            "depth": "2::smallint",
            "details": '\'{"a": 1, "b": [1, 2]}\'::jsonb',
            "text": "'слова'",
        } | changed
        with connection.cursor() as cursor:
            row = ", ".join(f"{value} AS {name}" for name, value in fields.items())
            cursor.execute(f"SELECT {EVENT} FROM (SELECT {row}) e")
            return bytes(cursor.fetchone()[0])

    plain = digest()
    assert plain == digest(at="'2026-03-01 03:00:00.000001+00'::timestamptz")
    assert plain == digest(details='\'{"b": [1,2], "a": 1}\'::jsonb')
    others = [
        digest(employee_name="'Ан'", line="'яsp1'"),
        digest(employee_id="0::bigint"),
        digest(at="'2026-03-01 10:00:00.000002+07'::timestamptz"),
        digest(details='\'{"a": 1, "b": [2, 1]}\'::jsonb'),
        digest(details='\'{"a": "1", "b": [1, 2]}\'::jsonb'),
        digest(text="'слова '"),
        digest(text="''"),
    ]
    assert len({plain, *others}) == len(others) + 1


def test_a_place_is_given_once(history: SimpleNamespace, place: SimpleNamespace) -> None:
    link = ChainLink.objects.filter(organisation_id=place.alfa.pk).first()
    assert link is not None
    with pytest.raises(DatabaseError, match="chain_place_once"), transaction.atomic():
        ChainLink.objects.create(
            organisation_id=place.beta.pk, position=2, event_at=link.event_at, event_id=link.event_id, hash=GENESIS
        )


def test_batches_are_announced_in_chain_order(
    cast: SimpleNamespace, write: Callable[..., Any], heard: list[list[Chained]]
) -> None:
    done = write(cast.alina, closed=True)
    assert oldest_waiting() is not None
    assert [chain_batch(most=2), chain_batch(most=2), chain_batch(most=2)] == [2, 1, 0]
    told = [event for batch in heard for event in batch]
    assert [event.kind for event in told] == ["registered", "answered", "closed"]
    assert [event.position for event in told] == [1, 2, 3]
    assert {event.appeal_id for event in told} == {done.id}
    assert oldest_waiting() is None


def test_a_listener_that_fails_spoils_nothing(cast: SimpleNamespace, write: Callable[..., Any]) -> None:
    def break_the_transaction(sender: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    write(cast.alina)
    chained.connect(break_the_transaction)
    try:
        assert chain_batch() == 1
    finally:
        chained.disconnect(break_the_transaction)
    assert ChainLink.objects.count() == 1


@pytest.mark.parametrize("is_swallowed", [False, True], ids=["said", "swallowed"])
def test_what_one_listener_has_spoilt_is_undone_alone(
    cast: SimpleNamespace, write: Callable[..., Any], is_swallowed: bool
) -> None:
    def leave(sender: Any, **_: Any) -> None:
        leave_line("test.heard", ("appeals.appeal", "1"), by=cast.alina)

    def spoil(sender: Any, **_: Any) -> None:
        leave_line("test.spoilt", ("appeals.appeal", "1"), by=cast.alina)
        with suppress(DatabaseError) if is_swallowed else nullcontext(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    def leave_too(sender: Any, **_: Any) -> None:
        leave(sender)

    listeners = (leave, spoil, leave_too)
    write(cast.alina)
    for listener in listeners:
        chained.connect(listener)
    try:
        assert chain_batch() == 1
    finally:
        for listener in listeners:
            assert chained.disconnect(listener)
    assert AuditLine.objects.filter(action="test.heard").count() == 2
    assert not AuditLine.objects.filter(action="test.spoilt").exists()


def test_counters_keep_their_sums_when_folded(cast: SimpleNamespace, write: Callable[..., Any]) -> None:
    for number in range(4):
        write(cast.alina, mine=number == 3)
    before = sums()
    assert sorted(before.values()) == [1, 3]
    assert Tally.objects.count() == 4
    assert fold_tally() == 1  # three waiting in the queue become one row; one of her own stays as it is
    assert sums() == before
    assert Tally.objects.count() == 2
    assert fold_tally() == 0


def sums() -> dict[int, int]:
    rows = Tally.objects.values("owner_id").annotate(sum=Sum("change"))
    return {row["owner_id"]: row["sum"] for row in rows}
