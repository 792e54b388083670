"""Whatever row is tampered with, in whatever way, the proof finds it; put back, it accuses nobody."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.appeals.chain.verify import verify
from opora.appeals.models import ChainLink, Event

# what becomes of a row: a column of it, or the row itself
EVENT_COLUMNS = {
    "kind": "kind || 'x'",
    "employee_id": "coalesce(employee_id, 0) + %(n)s",
    "employee_name": "employee_name || %(word)s",
    "territory": "'0' || %(n)s",
    "organisation_id": "organisation_id + %(n)s",
    "line": "'l' || %(n)s",
    "depth": "depth + %(n)s",
    "details": "details || jsonb_build_object('x', %(n)s::int)",
    "text": "text || %(word)s",
    "at": "at + %(n)s * interval '1 microsecond'",
    "id": "gen_random_uuid()",
}
LINK_COLUMNS = {
    "hash": "sha256(hash || %(word)s::bytea)",
    "position": "position + 1000 * %(n)s",
    "event_id": "gen_random_uuid()",
    "event_at": "event_at + %(n)s * interval '1 microsecond'",
    "organisation_id": "organisation_id + 1000 * %(n)s",
}
CHANGES = st.one_of(
    st.tuples(st.just("appeals_event"), st.sampled_from(sorted(EVENT_COLUMNS))),
    st.tuples(st.just("appeals_chainlink"), st.sampled_from(sorted(LINK_COLUMNS))),
    st.tuples(st.sampled_from(["appeals_event", "appeals_chainlink"]), st.just("")),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(change=CHANGES, row=st.integers(0, 8), n=st.integers(1, 5), word=st.sampled_from(["x", "слово", " "]))
def _tamper(history: Any, forge: Callable[..., int], change: Any, row: int, n: int, word: str) -> None:
    table, column = change
    key = "id" if table == "appeals_event" else "event_id"
    rows = Event.objects.values_list("id") if table == "appeals_event" else ChainLink.objects.values_list("event_id")
    (identity,) = rows.order_by(key)[row]
    columns = EVENT_COLUMNS if table == "appeals_event" else LINK_COLUMNS
    act = f"UPDATE {table} SET {column} = {columns[column]}" if column else f"DELETE FROM {table}"
    with transaction.atomic():
        assert forge(f"{act} WHERE {key} = %(key)s", {"key": identity, "n": n, "word": word}) == 1
        assert not verify(with_data=False).is_clean, f"{act} went unseen"
        transaction.set_rollback(True)
    assert verify(with_data=False).is_clean


def test_any_tampering_is_found(history: SimpleNamespace, forge: Callable[..., int]) -> None:
    _tamper(history, forge)
