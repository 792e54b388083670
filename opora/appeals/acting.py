"""What may be done on a card now: an act is a command of the room, its key, and the form that asks what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opora.appeals import services
from opora.appeals.act_forms import (
    ActForm,
    AmendForm,
    AnswerForm,
    CloseForm,
    DeliveryForm,
    ExtendForm,
    ForwardForm,
    HandOverForm,
    InterimForm,
    NoteForm,
    PauseForm,
    SendForm,
    SettleForm,
    WhyForm,
)
from opora.appeals.actor import actor_of
from opora.appeals.around_forms import LinkForm, PromiseForm
from opora.appeals.card import Case
from opora.appeals.errors import AnswerNotReady, AppealsError
from opora.appeals.models import Answer
from opora.appeals.rules import DEPTHS, MOVES, RIGHTS, Command
from opora.appeals.services._change import check_place
from opora.appeals.words import AnswerState, Stage
from opora.shared.errors import DomainError

if TYPE_CHECKING:
    from opora.organisations.models import Employee

# Done now and then: behind «Ещё», their keys work all the same.
RARE = frozenset(
    {
        Command.RETURN_BACK,
        Command.FORWARD,
        Command.ANSWER_INTERIM,
        Command.EXTEND,
        Command.PAUSE,
        Command.AMEND,
        Command.PROMISE,
        Command.LINK,
    }
)
type Perform = Callable[[Case, dict[str, Any], Employee, int], object]


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``form`` None — a button is enough; ``answer`` states of the working answer it needs."""

    command: Command
    label: str
    icon: str
    key: str
    perform: Perform
    form: type[ActForm] | None = None
    answer: frozenset[AnswerState] = frozenset()
    is_main: bool = False
    done: str = ""

    @property
    def is_rare(self) -> bool:
        return self.command in RARE

    @property
    def asks(self) -> bool:
        """Whether it needs a form; a template would call the class itself."""
        return self.form is not None

    @property
    def code(self) -> str:
        return str(self.command)


def allowed(case: Case, employee: Employee) -> list[Act]:
    """Return what she may do with this appeal now, the next step first. Asks the database nothing."""
    found = [act for act in ACTS.values() if may(act, case, employee)]
    return sorted(found, key=lambda act: not act.is_main)


def may(act: Act, case: Case, employee: Employee) -> bool:
    """Whether right, depth, stage, place and the state of the answer let her; the service decides again."""
    command, appeal = act.command, case.appeal
    if not employee.holds(RIGHTS[command]) or case.depth < DEPTHS[command]:
        return False
    if Stage(appeal.stage) not in MOVES[command]:
        return False
    if command is Command.TAKE and appeal.owner_id == employee.pk and appeal.stage != Stage.ASSIGNED:
        return False
    if command is Command.TAKE and appeal.owner_id not in {None, employee.pk}:
        return False
    if act.answer and working(case, act.answer) is None:
        return False
    try:
        check_place(appeal, command, actor_of(employee), employee)
    except DomainError:
        return False
    return True


def working(case: Case, states: frozenset[AnswerState]) -> Answer | None:
    """Return the latest final answer when it is in one of ``states``; of a lost one it is known what was done."""
    answers = [answer for answer in case.answers if answer.kind == "final" and answer.settled_at is None]
    return answers[-1] if answers and answers[-1].state in states else None


def _answer(case: Case, states: frozenset[AnswerState]) -> Answer:
    found = working(case, states)
    if found is None:
        raise AnswerNotReady
    return found


_DRAFT = frozenset({AnswerState.DRAFT})
_READY = frozenset({AnswerState.DRAFT, AnswerState.APPROVED})
_SUBMITTED = frozenset({AnswerState.SUBMITTED})
_DECIDED = frozenset({AnswerState.SUBMITTED, AnswerState.APPROVED})
_SENT = frozenset({AnswerState.SENT})
_FAILED = frozenset({AnswerState.FAILED})


def _plain(service: Callable[..., object]) -> Perform:
    return lambda case, data, by, version: service(case.appeal.pk, **data, by=by, version=version)


def _link(case: Case, data: dict[str, Any], by: Employee, version: int) -> object:
    """Two appeals change: neither's version is that of both."""
    return services.link(case.appeal.pk, data["other"], kind=data["kind"], why=data["why"], by=by)


def _of_answer(service: Callable[..., object], states: frozenset[AnswerState]) -> Perform:
    def perform(case: Case, data: dict[str, Any], by: Employee, version: int) -> object:
        if case.appeal.version != version:
            from opora.appeals.errors import ChangedMeanwhile

            raise ChangedMeanwhile
        return service(_answer(case, states).pk, **data, by=by)

    return perform


ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(Command.TAKE, "Взять", "user-check", "T", _plain(services.take), is_main=True, done="Обращение у вас."),
        Act(Command.RESUME, "Продолжить работу", "player-play", "W", _plain(services.resume), is_main=True),
        Act(
            Command.PREPARE,
            "Ответ",
            "message",
            "A",
            _plain(services.prepare_answer),
            AnswerForm,
            done="Ответ записан.",
        ),
        Act(
            Command.SUBMIT,
            "На утверждение",
            "shield-check",
            "S",
            _of_answer(services.submit_answer, _DRAFT),
            None,
            _DRAFT,
        ),
        Act(
            Command.APPROVE,
            "Утвердить",
            "circle-check",
            "Y",
            _of_answer(services.approve_answer, _SUBMITTED),
            None,
            _SUBMITTED,
            is_main=True,
            done="Ответ утверждён.",
        ),
        Act(
            Command.RETURN_ANSWER,
            "Вернуть ответ",
            "arrow-back-up",
            "R",
            _of_answer(services.return_answer, _DECIDED),
            WhyForm,
            _DECIDED,
        ),
        Act(Command.SEND, "Отправить ответ", "send", "D", _of_answer(services.send_answer, _READY), SendForm, _READY),
        Act(
            Command.CONFIRM,
            "Отметить доставку",
            "mail",
            "V",
            _of_answer(services.confirm_delivery, _SENT),
            DeliveryForm,
            _SENT,
        ),
        Act(
            Command.SETTLE,
            "Ответ не дошёл",
            "mail",
            "X",
            _plain(services.settle_undelivered),
            SettleForm,
            _FAILED,
            done="Записано, что сделали.",
        ),
        Act(Command.CLOSE, "Закрыть", "check", "C", _plain(services.close), CloseForm, done="Обращение закрыто."),
        Act(Command.HAND_OVER, "Передать", "arrow-right", "H", _plain(services.hand_over), HandOverForm),
        Act(Command.RETURN_BACK, "Вернуть", "arrow-back-up", "B", _plain(services.return_back), WhyForm),
        Act(Command.FORWARD, "Направить наружу", "external-link", "F", _plain(services.forward), ForwardForm),
        Act(
            Command.ANSWER_INTERIM,
            "Промежуточный ответ",
            "message-report",
            "I",
            _plain(services.answer_interim),
            InterimForm,
        ),
        Act(
            Command.EXTEND, "Продлить", "calendar-event", "L", _plain(services.extend), ExtendForm, done="Срок продлён."
        ),
        Act(Command.PAUSE, "Ждать ответа", "clock-pause", "W", _plain(services.pause), PauseForm),
        Act(Command.AMEND, "Исправить", "pencil", "E", _plain(services.amend), AmendForm, done="Исправлено."),
        Act(Command.NOTE, "Заметка", "notes", "M", _plain(services.note), NoteForm, done="Заметка записана."),
        Act(
            Command.PROMISE,
            "Обещать звонок",
            "phone-call",
            "Z",
            _plain(services.promise_callback),
            PromiseForm,
            done="Обещание записано.",
        ),
        Act(Command.LINK, "Связать", "link", "K", _link, LinkForm, done="Обращения связаны."),
        Act(
            Command.REOPEN,
            "Возобновить",
            "refresh",
            "O",
            _plain(services.reopen),
            WhyForm,
            done="Обращение снова открыто.",
        ),
    )
}


def perform(act: Act, case: Case, data: dict[str, Any], *, by: Employee, version: int) -> None:
    """Do it in the caller's transaction. Raises AppealsError and its kin, in words for the form."""
    if not may(act, case, by):
        raise AppealsError("Сейчас так поступить нельзя: обращение уже на другом этапе или у другого.")
    act.perform(case, data, by, version)
