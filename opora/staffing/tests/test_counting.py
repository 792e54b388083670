"""Load follows the journal, once however often it is read; the exchange is believed over it."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import NewAppeal, register
from opora.staffing import counting
from opora.staffing.models import CountedCall, Line, Load


def call(cast: SimpleNamespace, topics: SimpleNamespace, who: str = "alina", channel: str = "hot_line") -> None:
    by = getattr(cast, who)
    received = timezone.now() - timedelta(minutes=2)
    with enter(by.scope):
        register(
            NewAppeal(
                text="Слова", mine=True, kind="consultation", topic=topics.policy, channel=channel, received_at=received
            ),
            by=by,
        )


def rows() -> list[tuple[int, object, int, int]]:
    return sorted(Load.objects.values_list("line__organisation", "at", "calls", "answered"))


def test_calls_of_the_journal_are_counted_once(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    for who in ("alina", "alina", "vera", "op1"):
        call(cast, topics, who)
    call(cast, topics, "alina", "messenger")
    while chain_batch():
        pass
    counting.follow()
    once = rows()
    assert sum(calls for *_, calls, _ in once) == 4
    assert all(calls == answered for *_, calls, answered in once)
    assert all(at.minute in {0, 30} for _, at, *_ in once)  # type: ignore[attr-defined]
    assert {line.insurer_id for line in Line.objects.all()} == {
        None,
        cast.alina.assignment.organisation_id,
        cast.vera.assignment.organisation_id,
    }
    counting.follow()
    assert rows() == once
    counting.rebuild()
    assert rows() == once
    assert CountedCall.objects.count() == 4


def test_the_exchange_is_believed(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    call(cast, topics)
    while chain_batch():
        pass
    counting.follow()
    load = Load.objects.get()
    told = counting.HalfHour(load.line_id, load.at, 30, 25, 5, 4500)
    counting.take_load([told])
    counting.take_load([told])
    counting.rebuild()
    load.refresh_from_db()
    assert (load.source, load.calls, load.answered, load.abandoned) == ("exchange", 30, 25, 5)


def test_a_neighbour_sees_no_load(busy: Line, cast: SimpleNamespace) -> None:
    with enter(cast.vera.scope):
        assert not Load.objects.exists()
        assert not Line.objects.exists()
    with enter(cast.op1.scope):
        assert Load.objects.exists()
    with enter(cast.clerk.scope):
        assert not Line.objects.exists()
        assert not Line.objects.accessible_to(cast.clerk).exists()
