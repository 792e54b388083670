"""Stage × command, and cast × command: the tables an auditor asks for."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import errors, rules, services
from opora.appeals.rules import Command, next_stage
from opora.appeals.services import Target
from opora.appeals.tests.test_register import complaint, registered
from opora.appeals.words import Stage
from opora.shared.errors import DomainError

# What a command makes of each stage: registered assigned in_work waiting forwarded prepared approved answered closed.
# Letters are the stage afterwards in the same order (r a w q f p k s c), «-» is a refusal.
STAGES = list(Stage)
LETTERS = dict(zip("rawqfpksc", STAGES, strict=True))
TABLE = {
    Command.TAKE: "wwwqfpks-",
    Command.HAND_OVER: "aaaaa----",
    Command.RETURN_BACK: "aaaa-----",
    Command.REASSIGN: "aaaqfpks-",
    Command.FORWARD: "fffff----",
    Command.PAUSE: "qqq-q----",
    Command.RESUME: "---ww----",
    Command.EXTEND: "rawqfpk--",
    Command.ANSWER_INTERIM: "wwwqfpk--",
    Command.PREPARE: "wwwqf----",
    Command.SUBMIT: "ppppp----",
    Command.APPROVE: "-----k---",
    Command.RETURN_ANSWER: "-----ww--",
    Command.SEND: "sssss-ss-",
    Command.CONFIRM: "rawqfpksc",
    Command.CLOSE: "cccccccc-",
    Command.REOPEN: "--------a",
    Command.AMEND: "rawqfpks-",
    Command.SETTLE: "rawqfpksc",
    Command.NOTE: "rawqfpksc",
    Command.GRANT: "rawqfpksc",
    Command.REVOKE: "rawqfpksc",
    Command.PROMISE: "rawqfpks-",
    Command.CALL_DONE: "rawqfpksc",
    Command.CALL_MISSED: "rawqfpksc",
    Command.LINK: "rawqfpksc",
    Command.UNLINK: "rawqfpksc",
    Command.BUNDLE: "rawqfpks-",
    Command.UNBUNDLE: "rawqfpksc",
    Command.ADD_FILE: "rawqfpksc",
    Command.REMOVE_FILE: "rawqfpksc",
}


def test_every_command_is_in_the_table() -> None:
    assert set(TABLE) == set(Command) == set(rules.MOVES)


@pytest.mark.parametrize("command", Command)
def test_what_a_command_makes_of_each_stage(command: Command) -> None:
    for stage, letter in zip(STAGES, TABLE[command], strict=True):
        if letter == "-":
            with pytest.raises(errors.AppealsError):
                next_stage(command, stage)
        else:
            assert next_stage(command, stage) is LETTERS[letter], stage


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(errors.NotNow, match="дождитесь решения"):
        next_stage(Command.SEND, Stage.PREPARED)
    with pytest.raises(errors.AlreadyClosed):
        next_stage(Command.TAKE, Stage.CLOSED)
    with pytest.raises(errors.NotClosed):
        next_stage(Command.REOPEN, Stage.IN_WORK)


def test_refusals_carry_their_status() -> None:
    assert (errors.AppealsError.status, errors.NotFound.status, errors.AlreadyClosed.status) == (409, 404, 409)
    assert (errors.NotYours.status, errors.NoVerdict.status) == (403, 422)


LOGINS = ["sp3", "sp2", "boris", "timur", "vera", "op1", "admin", "clerk", "auditor", "far", "filial"]
OK = 200
# The appeal is Alfa's, in the hands of sp3.
OF_THE_OWNER = dict(zip(LOGINS, [OK, 403, OK, 403, 404, 403, 403, 404, 403, 404, 403], strict=True))
OF_THE_HOUSE = {**OF_THE_OWNER, "sp2": OK, "filial": OK}
WITH_A_RIGHT = {**dict.fromkeys(LOGINS, 403), "boris": OK}
WHO_MAY = {
    "take": OF_THE_OWNER,  # it waits for the third level: only sp3, or who has no level
    "hand_over": {**OF_THE_OWNER, "admin": OK},
    "forward": OF_THE_OWNER,
    "pause": OF_THE_OWNER,
    "extend": OF_THE_OWNER,
    "answer_interim": OF_THE_OWNER,
    "prepare_answer": OF_THE_OWNER,
    "submit_answer": OF_THE_OWNER,
    "close": {**OF_THE_OWNER, "clerk": 403},
    "amend": OF_THE_HOUSE,
    "note": {**OF_THE_HOUSE, "op1": OK, "admin": OK},
    "reassign": WITH_A_RIGHT,
    "approve_answer": WITH_A_RIGHT,
    "grant_access": {**WITH_A_RIGHT, "admin": OK},
    "reopen": {**WITH_A_RIGHT, "sp3": OK},
}


@pytest.fixture
def prepared(cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace) -> dict[str, Any]:
    """For each command an appeal in the right stage and what the command asks for."""

    def one(**fields: Any) -> Any:
        return registered(cast.sp3, complaint(topics, **{"mine": True, **fields})).id

    def answer(*commands: str) -> Any:
        with enter(cast.sp3.scope):
            found = services.prepare_answer(one(), text="Проверили.", by=cast.sp3)
            for command in commands:
                getattr(services, command)(found.pk, by=cast.sp3)
        return found.pk

    mine, letters = one(), {"cover_text": "Направляем.", "notice_text": "Направили."}
    closed = one()
    with enter(cast.sp3.scope):
        services.close(closed, outcome="withdrawn", why="Отозвала", by=cast.sp3)
    today = timezone.localdate()
    return {
        "take": (one(mine=False), {}),
        "hand_over": (mine, {"to": Target(handler=place.beta), "why": "Так"}),
        "forward": (mine, {"outside": "authority", "to_organisation": place.authority, **letters}),
        "pause": (mine, {"what_for": "Карта"}),
        "extend": (mine, {"days": 5, "order_number": "1", "order_on": today, "why": "Так", "notice_text": "Продлили."}),
        "answer_interim": (mine, {"text": "Проверяем.", "channel": "post"}),
        "prepare_answer": (mine, {"text": "Проверили."}),
        "submit_answer": (answer(), {}),
        "close": (mine, {"outcome": "withdrawn", "why": "Отозвала"}),
        "amend": (mine, {"changes": {"flags": ["child"]}}),
        "note": (mine, {"text": "Звонили"}),
        "reassign": ([mine], {"to": Target(line="sp2"), "why": "Отпуск"}),
        "approve_answer": (answer("submit_answer"), {}),
        "grant_access": (mine, {"organisation": place.beta, "depth1": 1, "depth2": 2, "depth3": 3, "why": "Так"}),
        "reopen": (closed, {"why": "Так"}),
    }


def outcome(who: Any, command: str, subject: Any, fields: dict[str, Any]) -> int:
    """Try a command and take it back."""
    try:
        with transaction.atomic():
            with enter(who.scope):
                getattr(services, command)(subject, **fields, by=who)
            transaction.set_rollback(True)
    except DomainError as refusal:
        return refusal.status
    return OK


def test_who_may_do_what(cast: SimpleNamespace, prepared: dict[str, Any]) -> None:
    found = {
        command: {login: outcome(getattr(cast, login), command, *prepared[command]) for login in LOGINS}
        for command in WHO_MAY
    }
    assert found == WHO_MAY
