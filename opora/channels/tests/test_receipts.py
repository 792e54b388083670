"""What providers said is kept, named, and never rewritten."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from opora.access.scope import enter
from opora.channels import receipts, services
from opora.channels.models import Provider, Receipt
from opora.channels.ports import IncomingReceipt, Link, mark_of
from opora.channels.words import State

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def link(place: SimpleNamespace) -> Link:
    return Provider.objects.create(
        organisation=place.alfa, slug="smsc", title="Центр", kind="standin", channel="sms"
    ).link()


def said(state: State, message_id: str = "1", **fields: object) -> IncomingReceipt:
    return IncomingReceipt(state, NOW, message_id, **fields)  # type: ignore[arg-type]


def test_an_answer_names_the_receipts_that_follow(link: Link) -> None:
    ours = uuid4()
    receipts.keep(link, [said(State.ACCEPTED, reference=ours)])
    (named,) = receipts.keep(link, [said(State.DELIVERED, destination="79130000001", mark=7)])
    assert named.reference == ours
    assert set(Receipt.objects.values_list("reference", "destination", "mark")) == {(ours, "", None)}


def test_within_one_batch_too(link: Link) -> None:
    ours = uuid4()
    named = receipts.keep(link, [said(State.DELIVERED), said(State.ACCEPTED, reference=ours)])
    assert [one.reference for one in named] == [ours, ours]


def test_a_receipt_before_its_answer_is_told_again(link: Link) -> None:
    ours = uuid4()
    (orphan,) = receipts.keep(link, [said(State.DELIVERED, destination="79130000001", mark=mark_of(ours))])
    assert orphan.reference is None
    again = receipts.keep(link, [said(State.ACCEPTED, reference=ours)])
    assert [(one.state, one.reference) for one in again] == [(State.DELIVERED, ours), (State.ACCEPTED, ours)]


def test_an_unknown_id_and_a_doubled_receipt_are_harmless(link: Link) -> None:
    kept = receipts.keep(link, [said(State.DELIVERED, "nobody's"), said(State.DELIVERED, "nobody's")])
    assert [one.reference for one in kept] == [None, None]
    assert Receipt.objects.count() == 2


def test_another_providers_ids_are_not_ours(link: Link, place: SimpleNamespace) -> None:
    other = Provider.objects.create(organisation=place.alfa, slug="b", title="Б", kind="standin", channel="sms").link()
    receipts.keep(other, [said(State.ACCEPTED, reference=uuid4())])
    (kept,) = receipts.keep(link, [said(State.DELIVERED)])
    assert kept.reference is None


def test_an_old_id_has_been_given_to_somebody_else(link: Link) -> None:
    receipts.keep(link, [said(State.ACCEPTED, reference=uuid4())], now=NOW - receipts.MEMORY - timedelta(hours=1))
    (kept,) = receipts.keep(link, [said(State.DELIVERED)], now=NOW)
    assert kept.reference is None


def test_receipts_are_append_only(link: Link) -> None:
    receipts.keep(link, [said(State.DELIVERED)])
    for change in (lambda: Receipt.objects.update(state="read"), lambda: Receipt.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_months_are_there_ahead(link: Link) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'channels_receipt'::regclass")
        assert cursor.fetchone()[0] >= 13


def test_beta_sees_neither_provider_nor_receipts(link: Link, cast: SimpleNamespace) -> None:
    receipts.keep(link, [said(State.DELIVERED)])
    with enter(cast.vera.scope):
        assert not Provider.objects.exists()
        assert not Receipt.objects.exists()
    with enter(cast.alfa_admin.scope):
        assert Provider.objects.exists()
        assert Receipt.objects.exists()


def test_a_mark_fits_sixteen_bits_and_is_never_nothing() -> None:
    assert mark_of(UUID(int=0)) == 1
    assert all(1 <= mark_of(uuid4()) <= 0xFFFF for _ in range(100))


def test_only_a_centre_that_was_given_something_is_listened_to(place: SimpleNamespace) -> None:
    """One that does not answer is left for the next time; nobody waits for it."""
    made = Provider.objects.create(
        organisation=place.alfa, slug="far", title="Центр", kind="smpp", channel="sms",
        settings={"host": "127.0.0.1", "port": 1, "system_id": "x"},
    )  # fmt: skip
    tried: list[str] = []
    listen = services._listen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "_listen", lambda link, seconds: tried.append(link.slug) or listen(link, seconds))
        assert services.collect(seconds=0) == 0
        assert tried == []
        receipts.keep(made.link(), [said(State.ACCEPTED, reference=uuid4())])
        assert services.collect(seconds=0) == 0
        assert tried == ["far"]
