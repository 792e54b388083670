"""No query can join an answer to a person: not by a key, a column, an order, a moment or a transaction."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.surveys import sealing
from opora.surveys.models import Invitee, Sheet, Waiting
from opora.surveys.services.release import LEAST_TOGETHER, together
from opora.surveys.tests.conftest import ANSWERS, crowd
from opora.surveys.tests.test_rounds import TOWN, VILLAGE, end, interviewed, take

COLUMNS = {
    "surveys_sheet": {
        "id": "uuid", "round_id": "bigint", "version_id": "bigint", "cell": "smallint", "on": "date",
        "answers": "jsonb",
    },
    "surveys_waiting": {"id": "uuid", "round_id": "bigint", "sealed": "text"},
}  # fmt: skip
# Whole surveys, never one talk: these may be known of an answer.
OF_EVERYBODY = {
    "surveys_round", "surveys_surveyversion", "surveys_survey", "organisations_organisation", "organisations_territory",
    "organisations_employee",
}  # fmt: skip
PEOPLE = 8


@pytest.fixture
def asked(place: SimpleNamespace, cast: SimpleNamespace, running: Any) -> Any:
    """Eight of the town and two of the village have been asked, each with an answer of his own."""
    crowd(place, PEOPLE)
    crowd(place, 2, village=True)
    made = running(wanted=PEOPLE + 2, reserve=1)
    for number in range(PEOPLE + 2):
        who = (cast.alina, cast.sp2)[number % 2]
        call = take(who)
        interviewed(who, call, {**ANSWERS, "again": ["yes"], "days": [str(call.person.pk % 365)]})
    return made


def references(table: str) -> set[str]:
    """Return the tables that rows of ``table`` name, as the database itself knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def referring(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_row_of_answers_holds_these_columns_and_no_more(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        assert dict(cursor.fetchall()) == COLUMNS[table]


@pytest.mark.parametrize("table", COLUMNS)
def test_foreign_keys_lead_to_nobody(db: None, table: str) -> None:
    seen, ahead = set(), references(table)
    while ahead:
        seen |= ahead
        ahead = {found for one in ahead for found in references(one)} - seen
    assert seen & {"insured_person", "surveys_invitee", "surveys_attempt", "surveys_cell"} == set()
    assert references(table) <= OF_EVERYBODY
    assert referring(table) == set(), "nobody may name a sheet"


def test_no_column_of_the_house_can_hold_the_key_of_a_sheet(db: None) -> None:
    rooms = [model for model in apps.get_models() if model._meta.app_label == "surveys"]
    people = [model for model in rooms if model.__name__ in {"Invitee", "Attempt"}]
    kinds = {type(field) for model in people for field in model._meta.concrete_fields}
    assert models.UUIDField not in kinds
    assert models.JSONField not in kinds


def test_after_the_end_all_sheets_are_of_one_transaction(asked: Any, cast: SimpleNamespace) -> None:
    """In the tests everything is one transaction, so the argument is made by commands: they tell even nested ones."""
    before = _marks("surveys_invitee")
    assert len(set(before.values())) > 1, "talks are told apart by their transactions"
    end(cast.boris, asked)
    sheets = _marks("surveys_sheet")
    assert len({xmin for xmin, _ in sheets.values()}) == 1
    assert not set(sheets.values()) & set(before.values())
    assert Sheet.objects.values("on").distinct().count() == 1
    assert not Waiting.objects.exists()


def test_sheets_lie_in_no_order_of_talks(asked: Any, cast: SimpleNamespace, monkeypatch: Any) -> None:
    orders = set()
    for _ in range(3):
        with transaction.atomic():
            end(cast.boris, asked)
            with connection.cursor() as cursor:
                cursor.execute("SELECT answers ->> 'days' FROM surveys_sheet ORDER BY ctid")
                orders.add(tuple(cursor.fetchall()))
            transaction.set_rollback(True)
    assert len(orders) > 1, "ten sheets fall into one order thrice once in ten billion"


def test_the_few_of_a_cell_are_hidden_among_others(asked: Any, cast: SimpleNamespace) -> None:
    end(cast.boris, asked)
    cells = list(Sheet.objects.values_list("cell", flat=True))
    assert VILLAGE not in cells
    assert set(cells) == {0}, "the next smallest cell goes with two who alone would be known"
    assert len(cells) == PEOPLE + 2


@pytest.mark.parametrize("counts", [{1: 4}, {1: 1, 2: 9, 3: 30}, {1: 5, 2: 5}, {0: 1, 1: 7, 2: 8}, {1: 4, 2: 4, 3: 4}])
def test_nobody_keeps_a_cell_of_few(counts: dict[int, int]) -> None:
    places = [(1, cell) for cell, number in counts.items() for _ in range(number)]
    kept = together(places)
    for cell in set(kept):
        assert kept.count(cell) >= min(LEAST_TOGETHER, len(places))
    assert len(kept) == len(places)


def test_the_box_tells_nothing(asked: Any) -> None:
    seals = list(Waiting.objects.values_list("sealed", flat=True))
    assert len({len(one) for one in seals}) == 1, "all of one length"
    assert len({one[:12] for one in seals}) == 1, "no moment in front"
    assert all(sealing.unseal(one, "box")[1] in {TOWN, VILLAGE} for one in seals)
    with pytest.raises(sealing.StateLost):
        sealing.unseal(seals[0], "page")


def test_the_log_of_access_names_no_answer(asked: Any, cast: SimpleNamespace) -> None:
    end(cast.boris, asked)
    lines = AuditLine.objects.filter(action__startswith="surveys.")
    assert lines.exists()
    assert {key for line in lines for key in line.details} <= {"outcome", "sheets", "version", "number"}
    assert not lines.filter(subject_kind__in=["surveys.sheet", "surveys.waiting"]).exists()


def test_a_person_knows_only_that_he_took_part(asked: Any) -> None:
    row = Invitee.objects.filter(state="done").values().first()
    assert set(row) == {  # type: ignore[arg-type]
        "id", "round_id", "person_id", "cell", "rank", "zone", "phone", "state", "attempts", "not_before",
        "is_promised", "employee_id", "claimed_at", "token_hash",
    }  # fmt: skip


def test_a_sheet_stays_as_it_is(asked: Any, cast: SimpleNamespace) -> None:
    end(cast.boris, asked)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Sheet.objects.update(cell=TOWN)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Sheet.objects.all()[:1].get().delete()


def test_another_insurer_sees_no_answers(asked: Any, cast: SimpleNamespace) -> None:
    end(cast.boris, asked)
    with enter(cast.vera.scope):
        assert not Sheet.objects.exists()
    with enter(cast.clerk.scope):
        assert not Invitee.objects.exists()
    with enter(cast.op1.scope):
        assert Sheet.objects.exists()


def _marks(table: str) -> dict[str, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id::text, xmin::text, cmin::text FROM {table}")
        return {key: (xmin, cmin) for key, xmin, cmin in cursor.fetchall()}
