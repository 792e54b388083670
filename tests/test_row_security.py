"""The second belt: somebody forgets ``accessible_to``, and PostgreSQL still shows only her rows."""

import os
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import ProgrammingError, connection, transaction

from opora.access.scope import Scope, enter
from opora.insured.models import Contact, Person, Policy
from opora.organisations.models import Assignment, Department
from opora.shared.postgres.copies import backup
from opora.shared.prepared import prepared

WHO_SEES_POLINA = [
    ("alina", True),
    ("filial", True),
    ("op1", True),
    ("clerk", True),
    ("vera", False),
    ("ministry", False),
    ("far", False),
]


@pytest.mark.parametrize(("who", "sees"), WHO_SEES_POLINA)
def test_a_forgotten_filter_shows_no_stranger(cast: SimpleNamespace, polina: Any, who: str, sees: bool) -> None:
    with enter(getattr(cast, who).scope):
        assert Person.objects.exists() is sees
        assert Contact.objects.exists() is sees
        assert Policy.objects.exists() is sees


@pytest.mark.parametrize(("who", "sees"), WHO_SEES_POLINA)
def test_both_belts_agree(cast: SimpleNamespace, polina: Any, who: str, sees: bool) -> None:
    assert Person.objects.accessible_to(getattr(cast, who)).exists() is sees


def test_without_a_scope_nothing_is_seen(polina: Any) -> None:
    with enter(Scope()):
        assert not Person.objects.exists()


def test_a_stranger_cannot_change_or_add(cast: SimpleNamespace, polina: Any, place: SimpleNamespace) -> None:
    with enter(cast.vera.scope):
        assert Person.objects.filter(pk=polina.pk).update(surname="Чужая") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.create(
                territory=place.nsk, surname="Подброшенная", birth_on=date(1990, 1, 1), sex=2, insurer=place.alfa
            )


def test_organisation_owned_rows(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    Department.objects.create(organisation=place.alfa, name="Контакт-центр")
    with enter(cast.vera.scope):
        assert not Department.objects.exists()
        assert set(Assignment.objects.values_list("employee__login", flat=True)) == {"vera"}
    with enter(cast.filial.scope):
        assert not Department.objects.exists()
    with enter(cast.op1.scope):
        assert Department.objects.exists()


def test_the_scope_ends_with_its_transaction(cast: SimpleNamespace, polina: Any) -> None:
    with enter(cast.vera.scope):
        with enter(cast.alina.scope):
            assert Person.objects.exists()
        assert not Person.objects.exists()


def test_the_program_cannot_pass_row_security(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_every_table_of_the_register_is_forced(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'insured_%%'"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
        bare = {name for (name,) in cursor}
    assert bare <= {"insured_surnameword", "insured_givenword", "insured_patronymicword"}  # names without persons


def test_a_role_that_obeys_row_security_takes_a_whole_copy(migrated: str | None, tmp_path: Path) -> None:
    """pg_dump empties the search path: what a policy calls has to find its tables without it."""
    if migrated is None:
        pytest.skip("эти таблицы не наши: копировать нечего")
    address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{migrated}"))
    backup(address, tmp_path / "copy", sight=Scope.system("a copy holds every row").settings())
    assert (tmp_path / "copy").stat().st_size > 1_000_000


def test_a_question_put_together_once_keeps_to_the_scope(cast: SimpleNamespace, polina: Any) -> None:
    """PostgreSQL keeps its plan over transactions of different scopes; what they see is asked each time."""
    everybody = prepared(Person.objects.filter)
    for _ in range(4):  # from the sixth time on one plan serves all
        for who, sees in WHO_SEES_POLINA:
            with enter(getattr(cast, who).scope):
                assert (polina in everybody()) is sees
    with enter(Scope()):
        assert everybody() == []
