"""What may follow what: stage × command → stage, who may command, and the row as the fold of its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from opora.access.rights import Right
from opora.appeals.errors import AlreadyClosed, NotACall, NotClosed, NotForwarded, NotNow, WordsMissing
from opora.appeals.words import Depth, Stage
from opora.classifiers.words import Channel, Form, Kind, Line, Outcome


class Command(StrEnum):
    """What can be done to a registered appeal; also the last word of the audit line."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    RETURN_BACK = "return_back"
    REASSIGN = "reassign"
    FORWARD = "forward"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    ANSWER_INTERIM = "answer_interim"
    PREPARE = "prepare_answer"
    SUBMIT = "submit_answer"
    APPROVE = "approve_answer"
    RETURN_ANSWER = "return_answer"
    SEND = "send_answer"
    CONFIRM = "confirm_delivery"
    SETTLE = "settle_undelivered"
    CLOSE = "close"
    REOPEN = "reopen"
    AMEND = "amend"
    NOTE = "note"
    GRANT = "grant_access"
    REVOKE = "revoke_access"
    PROMISE = "promise_callback"
    CALL_DONE = "complete_callback"
    CALL_MISSED = "miss_callback"
    LINK = "link"
    UNLINK = "unlink"
    BUNDLE = "bundle"
    UNBUNDLE = "remove_from_bundle"
    ADD_FILE = "add_file"
    REMOVE_FILE = "remove_file"


def _to(stage: Stage, *sources: Stage) -> dict[Stage, Stage]:
    return dict.fromkeys(sources, stage)


def _same(*stages: Stage) -> dict[Stage, Stage]:
    return {stage: stage for stage in stages}


_R, _A, _W, _Q = Stage.REGISTERED, Stage.ASSIGNED, Stage.IN_WORK, Stage.WAITING
_F, _P, _OK, _S, _C = Stage.FORWARDED, Stage.PREPARED, Stage.APPROVED, Stage.ANSWERED, Stage.CLOSED
_OPEN = tuple(stage for stage in Stage if stage != _C)
_BEGUN = _to(_W, _R, _A)
_WORKED = {**_BEGUN, **_same(_W, _Q, _F)}

MOVES: Mapping[Command, Mapping[Stage, Stage]] = {
    Command.TAKE: {**_same(*_OPEN), **_BEGUN},
    Command.HAND_OVER: _to(_A, _R, _A, _W, _Q, _F),
    Command.RETURN_BACK: _to(_A, _R, _A, _W, _Q),
    Command.REASSIGN: {**_same(*_OPEN), **_to(_A, _R, _A, _W)},
    Command.FORWARD: _to(_F, _R, _A, _W, _Q, _F),
    Command.PAUSE: _to(_Q, _R, _A, _W, _F),
    Command.RESUME: _to(_W, _Q, _F),
    Command.EXTEND: _same(_R, _A, _W, _Q, _F, _P, _OK),
    Command.ANSWER_INTERIM: {**_WORKED, **_same(_P, _OK)},
    Command.PREPARE: _WORKED,
    Command.SUBMIT: _to(_P, _R, _A, _W, _Q, _F),
    Command.APPROVE: {_P: _OK},
    Command.RETURN_ANSWER: _to(_W, _P, _OK),
    Command.SEND: _to(_S, _R, _A, _W, _Q, _F, _OK, _S),
    Command.CONFIRM: _same(*Stage),
    Command.SETTLE: _same(*Stage),
    Command.CLOSE: _to(_C, *_OPEN),
    Command.REOPEN: {_C: _A},
    Command.AMEND: _same(*_OPEN),
    Command.NOTE: _same(*Stage),
    Command.GRANT: _same(*Stage),
    Command.REVOKE: _same(*Stage),
    Command.PROMISE: _same(*_OPEN),
    Command.CALL_DONE: _same(*Stage),
    Command.CALL_MISSED: _same(*Stage),
    Command.LINK: _same(*Stage),
    Command.UNLINK: _same(*Stage),
    Command.BUNDLE: _same(*_OPEN),
    Command.UNBUNDLE: _same(*Stage),
    Command.ADD_FILE: _same(*Stage),
    Command.REMOVE_FILE: _same(*Stage),
}
SENTENCES: Mapping[Stage, str] = {
    _R: "Обращение ещё никто не взял.",
    _A: "Обращение ещё не взяли в работу.",
    _W: "Обращение в работе.",
    _Q: "Обращение ждёт ответа на запрос: сначала продолжите работу.",
    _F: "Обращение направлено в другую организацию: сначала продолжите работу.",
    _P: "Ответ на утверждении: дождитесь решения.",
    _OK: "Ответ утверждён: отправьте его.",
    _S: "Ответ уже отправлен: осталось закрыть обращение.",
}

RIGHTS: Mapping[Command, Right] = {
    **dict.fromkeys(Command, Right.APPEALS_HANDLE),
    Command.REASSIGN: Right.APPEALS_REASSIGN,
    Command.APPROVE: Right.APPEALS_APPROVE,
    Command.RETURN_ANSWER: Right.APPEALS_APPROVE,
    Command.CLOSE: Right.APPEALS_CLOSE,
    Command.REOPEN: Right.APPEALS_REOPEN,
    Command.GRANT: Right.APPEALS_REASSIGN,
    Command.REVOKE: Right.APPEALS_REASSIGN,
}
# Any organisation that reads the text may add to it; all else is done by the one that answers. Promises, links and
# files look for themselves: who promised, who answers for one of the two, who has added the file.
BY_ANY_READER = frozenset(
    {
        Command.NOTE,
        Command.CALL_DONE,
        Command.CALL_MISSED,
        Command.LINK,
        Command.UNLINK,
        Command.ADD_FILE,
        Command.REMOVE_FILE,
    }
)
# The fund of the territory may take an appeal away from who neglects it.
BY_THE_FUND = frozenset({Command.HAND_OVER, Command.GRANT, Command.REVOKE})
# Only by who has it; by anybody of the organisation while it waits in a queue; by who may reassign.
BY_THE_OWNER = frozenset(
    {
        Command.HAND_OVER,
        Command.RETURN_BACK,
        Command.FORWARD,
        Command.PAUSE,
        Command.RESUME,
        Command.EXTEND,
        Command.ANSWER_INTERIM,
        Command.PREPARE,
        Command.SUBMIT,
        Command.SEND,
        Command.CLOSE,
    }
)
DEPTHS: Mapping[Command, Depth] = {
    **dict.fromkeys(Command, Depth.STAGE),
    **dict.fromkeys(
        (
            Command.ANSWER_INTERIM,
            Command.PREPARE,
            Command.SUBMIT,
            Command.APPROVE,
            Command.RETURN_ANSWER,
            Command.SEND,
            Command.CONFIRM,
            Command.SETTLE,
            Command.AMEND,
            Command.NOTE,
            Command.LINK,
            Command.BUNDLE,
            Command.ADD_FILE,
            Command.REMOVE_FILE,
        ),
        Depth.TEXT,
    ),
}
LEVELS: Mapping[Line, int] = {Line.OP1: 1, Line.SP1: 1, Line.OP2: 2, Line.SP2: 2, Line.SP3: 3}
LINES_OF: Mapping[str, frozenset[Line]] = {
    "fund": frozenset({Line.OP1, Line.OP2, Line.OTHER}),
    "insurer": frozenset({Line.SP1, Line.SP2, Line.SP3, Line.OTHER}),
    "branch": frozenset({Line.SP1, Line.SP2, Line.SP3, Line.OTHER}),
    "provider": frozenset({Line.OTHER}),
    "authority": frozenset({Line.OTHER}),
}


def next_stage(command: Command, stage: Stage | str) -> Stage:
    """Return the stage after a command. Raises AlreadyClosed, NotClosed, NotNow.

    >>> next_stage(Command.TAKE, "registered"), next_stage(Command.NOTE, "closed")
    (Stage.IN_WORK, Stage.CLOSED)
    """
    now = Stage(stage)
    found = MOVES[command].get(now)
    if found is not None:
        return found
    if now is Stage.CLOSED:
        raise AlreadyClosed
    if command is Command.REOPEN:
        raise NotClosed
    raise NotNow(SENTENCES[now])


BY_PHONE = frozenset({Channel.HOT_LINE, Channel.CALL})
WHY_WITHDRAWN = "Напишите, кто и как отозвал обращение: без этих слов оно не закрывается."
WHY_REDIRECTED = "Напишите, кому переадресовали звонок с жалобой: без этих слов она не закрывается."


def is_call(channel: str, form: str) -> bool:
    """Say whether an appeal was spoken by telephone.

    >>> is_call("hot_line", "oral"), is_call("post", "written")
    (True, False)
    """
    return channel in BY_PHONE and form == Form.ORAL


def outcomes(channel: str, form: str, *, is_outside: bool) -> list[Outcome]:
    """Return how an appeal that came this way may end.

    >>> Outcome.CALL_REDIRECTED in outcomes("post", "written", is_outside=False)
    False
    """
    impossible = set() if is_call(channel, form) else {Outcome.CALL_REDIRECTED}
    impossible |= set() if is_outside else {Outcome.REDIRECTED}
    return [outcome for outcome in Outcome if outcome not in impossible]


def check_outcome(outcome: str, *, kind: str, channel: str, form: str, is_outside: bool, why: str) -> None:
    """Say no to an outcome this appeal cannot have; one that owes nobody an answer says why, in words.

    Raises NotForwarded, NotACall, WordsMissing.
    """
    if outcome == Outcome.REDIRECTED and not is_outside:
        raise NotForwarded
    if outcome == Outcome.CALL_REDIRECTED and not is_call(channel, form):
        raise NotACall
    if why.strip():
        return
    if outcome == Outcome.WITHDRAWN:
        raise WordsMissing(WHY_WITHDRAWN, field="why")
    if outcome == Outcome.CALL_REDIRECTED and kind == Kind.COMPLAINT:
        raise WordsMissing(WHY_REDIRECTED, field="why")


def placed(owner: int | None) -> Stage:
    """Return where an appeal stands that was just given to somebody, or to a queue."""
    return Stage.ASSIGNED if owner else Stage.REGISTERED


# Columns of the row that an event tells, and the key it tells them under.
FOLDED: Mapping[str, str] = {
    "kind": "kind",
    "topic_code": "topic",
    "channel": "channel",
    "flags": "flags",
    "received_at": "received",
    "registered_at": "registered",
    "stage": "stage",
    "handler_id": "handler",
    "responsible": "responsible",
    "line": "line",
    "owner_id": "owner",
    "due_on": "due_on",
    "needs_answer": "needs_answer",
    "interim_answered_at": "interim",
    "answered_at": "answered",
    "closed_at": "closed",
    "outcome": "outcome",
    "verdict": "verdict",
    "outside": "outside",
    "outside_at": "outside_at",
    "outgoing_number": "outgoing_number",
    "outgoing_on": "outgoing_on",
}
EMPTY: Mapping[str, Any] = {
    "flags": [],
    "due_on": None,
    "needs_answer": True,
    "interim": None,
    "answered": None,
    "closed": None,
    "outcome": "",
    "verdict": "",
    "outside": "",
    "outside_at": None,
    "outgoing_number": "",
    "outgoing_on": None,
}


def told(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the columns that events tell, as JSON keeps them.

    >>> told({"owner_id": 7, "due_on": date(2026, 3, 2), "version": 3})
    {'owner': 7, 'due_on': '2026-03-02'}
    """
    return {FOLDED[name]: _plain(value) for name, value in columns.items() if name in FOLDED}


def fold(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the row must hold after these events: ``details`` in their order, the later one wins."""
    keys = set(FOLDED.values())
    row = dict(EMPTY)
    for details in events:
        row |= {key: value for key, value in details.items() if key in keys}
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return sorted(map(str, value))
    return str(value) if isinstance(value, str) else value  # a word of a closed list becomes its code
