"""A partner's program carries an appeal as its organisation: without an owner, within its rights."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import enter
from opora.appeals import errors
from opora.appeals.intake import register
from opora.appeals.models import Event
from opora.appeals.tests.test_carrying import assert_row_is_its_fold, do, row
from opora.appeals.tests.test_register import question
from opora.audit.models import AuditLine
from opora.organisations.models import Organisation

WORKS = {Right.APPEALS_REGISTER, Right.APPEALS_HANDLE, Right.APPEALS_CLOSE}


def program(organisation: Organisation, rights: set[Right]) -> Any:
    """A Caller as the services know one; the room of partners is upstairs."""
    from opora.organisations.models import Assignment

    return SimpleNamespace(
        partner=SimpleNamespace(organisation=organisation, name="Колл-центр Альфы"),
        holds=lambda right: right in rights,
        scope=Assignment(organisation=organisation).scope,
        audit_witness={"employee_name": "API: Колл-центр Альфы", "organisation_id": organisation.pk},
    )


@pytest.fixture
def alfas(place: SimpleNamespace) -> Any:
    return program(place.alfa, WORKS)


def test_a_program_carries_an_appeal_to_its_end(alfas: Any, cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    with enter(alfas.scope):
        appeal_id = register(question(topics), by=alfas).id
    do(alfas, "take", appeal_id)
    answer = do(alfas, "prepare_answer", appeal_id, text="Полис действует.")
    do(alfas, "send_answer", answer.pk, channel="hot_line")
    do(alfas, "close", appeal_id, outcome="consulted")

    assert row(appeal_id).owner is None
    assert set(Event.objects.values_list("employee_id", "employee_name")) == {(None, "API: Колл-центр Альфы")}
    assert AuditLine.objects.filter(action="appeals.close", employee_id=None).exists()
    assert_row_is_its_fold(appeal_id)


def test_a_program_does_no_more_than_it_was_given(
    alfas: Any, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    with enter(cast.vera.scope):
        betas = register(question(topics), by=cast.vera).id
    with enter(cast.alina.scope):
        own = register(question(topics), by=cast.alina).id
    with pytest.raises(errors.NotFound):
        do(alfas, "take", betas)
    with pytest.raises(RightMissing):
        do(alfas, "reopen", own, why="Так")
    with pytest.raises(RightMissing):
        do(program(place.alfa, {Right.APPEALS_VIEW}), "note", own, text="Так")


def test_a_program_does_not_approve_what_a_program_wrote(
    place: SimpleNamespace, cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    caller = program(place.alfa, {*WORKS, Right.APPEALS_APPROVE})
    with enter(caller.scope):
        appeal_id = register(question(topics), by=caller).id
    answer = do(caller, "prepare_answer", appeal_id, text="Полис действует.")
    do(caller, "submit_answer", answer.pk)
    with pytest.raises(errors.OwnAnswer):
        do(caller, "approve_answer", answer.pk)
    do(cast.boris, "approve_answer", answer.pk)
