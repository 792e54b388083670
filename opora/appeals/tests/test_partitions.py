"""Months of the words of the search: made ahead, folded into quarters when they are old."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from opora.appeals import partitions
from opora.appeals.models import Words
from opora.shared.partitions import add_months, fold_quarter

pytestmark = pytest.mark.django_db
TABLE = "appeals_words"
FIRST = date(2019, 4, 1)


def put(month: int, day: int = 3) -> UUID:
    row = Words.objects.create(
        registered_at=datetime(2019, month, day, tzinfo=UTC), appeal_id=uuid4(), part=Words.Part.CONTENT, words=[7]
    )
    return row.appeal_id


def where() -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT appeal_id, tableoid::regclass::text FROM {TABLE}")
        return dict(cursor.fetchall())


def indexes(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(indexdef, ' USING ', 2) FROM pg_indexes WHERE tablename = %s ORDER BY 1", [table]
        )
        return [name for (name,) in cursor.fetchall()]


def test_three_months_become_a_quarter_with_their_rows_and_indexes() -> None:
    add_months(TABLE, FIRST, 4)
    april, may, july = put(4), put(5, 31), put(7)
    of_month = indexes(f"{TABLE}_201904")
    assert fold_quarter(TABLE, FIRST)
    assert where() == {april: f"{TABLE}_2019q2", may: f"{TABLE}_2019q2", july: f"{TABLE}_201907"}
    assert indexes(f"{TABLE}_2019q2") == of_month
    june = put(6)
    assert where()[june] == f"{TABLE}_2019q2"
    assert not fold_quarter(TABLE, FIRST)
    assert Words.objects.filter(words__contains=[7]).count() == 4


def test_rows_of_a_month_that_was_never_made_come_along() -> None:
    add_months(TABLE, FIRST, 1)
    april, june = put(4), put(6)
    assert where()[june] == f"{TABLE}_rest"
    assert fold_quarter(TABLE, FIRST)
    assert where() == {april: f"{TABLE}_2019q2", june: f"{TABLE}_2019q2"}


def test_months_of_a_folded_quarter_are_not_made_again() -> None:
    add_months(TABLE, FIRST, 3)
    fold_quarter(TABLE, FIRST)
    assert add_months(TABLE, FIRST, 4) == [f"{TABLE}_201907"]


def test_a_quarter_is_closed_to_whoever_asks_for_it_by_its_own_name() -> None:
    add_months(TABLE, FIRST, 3)
    fold_quarter(TABLE, FIRST)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = '{TABLE}_2019q2'")
        assert cursor.fetchone() == (True, True)


def test_the_night_folds_what_is_over_for_a_year_and_leaves_the_rest() -> None:
    today = timezone.now().date()
    since = partitions.months_since(today)
    add_months(TABLE, since.replace(year=since.year - 1), 30)
    partitions.fold_old_quarters()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree(%s) WHERE isleaf", [TABLE])
        names = {name.removeprefix(f"{TABLE}_") for (name,) in cursor.fetchall()}
    assert f"{since.year - 1}q{since.month // 3 + 1}" in names
    assert f"{since:%Y%m}" in names
    assert not [name for name in names if name.isdigit() and name < f"{since:%Y%m}"]


def test_a_quarter_that_somebody_reads_is_left_to_another_night(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bool:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(partitions, "fold_quarter", refuse)
    assert partitions.fold_old_quarters() == 0
