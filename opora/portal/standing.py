"""What a citizen is told of his appeal by its number and code: the stage and its day in plain words, the answer."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from opora.access.scope import enter
from opora.appeals.models import Answer, Appeal
from opora.appeals.words import AnswerKind, AnswerState, Stage
from opora.doors import codes
from opora.doors.models import Message, Thread
from opora.doors.words import Direction, State
from opora.portal.faces import SYSTEM
from opora.portal.services.sending import number_of

STAGES: dict[str, str] = {
    Stage.REGISTERED: "Зарегистрировано, ждёт специалиста",
    Stage.ASSIGNED: "Зарегистрировано, передано специалисту",
    Stage.IN_WORK: "Специалист разбирается",
    Stage.WAITING: "Ждём сведений от клиники или другой организации",
    Stage.FORWARDED: "Передано в другую организацию",
    Stage.PREPARED: "Ответ готов, его проверяют",
    Stage.APPROVED: "Ответ готов к отправке",
    Stage.ANSWERED: "Ответ отправлен",
    Stage.CLOSED: "Работа закончена",
}
STATES: dict[str, str] = {
    State.WAITING: "Получено, ждёт сотрудника",
    State.TAKEN: "Сотрудник читает ваше сообщение",
    State.ANSWERED: "Ответ отправлен",
    State.REGISTERED: "Зарегистрировано",
    State.CLOSED: "Работа закончена",
}
SENT = (AnswerState.SENT, AnswerState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``due_on`` is the last day of the answer while there is none yet."""

    number: str
    words: str
    received_at: datetime
    due_on: date | None
    said: list[Said]


def standing(number: str, code: str) -> Standing | None:
    """Return how an appeal stands; None for any pair that does not belong together. One refusal costs as another."""
    with enter(SYSTEM):
        found = (
            Thread.objects.filter(code_digest__in=codes.digests(code)).select_related("appeal").first()
            if len(codes.plain(code)) == codes.LENGTH
            else None
        )
        known = plain(number_of(found)) if found else ""
        first = plain(f"С-{found.pk.hex[-8:]}") if found else ""
        typed = plain(number)
        fits = [hmac.compare_digest(typed.encode(), one.encode()) for one in (known, first)]
        return _told(found) if found is not None and any(fits) else None


def _told(thread: Thread) -> Standing:
    appeal = thread.appeal if thread.is_applicants else None  # another's appeal he wrote of is not his to look at
    said = [Said(one.received_at, one.text) for one in _replies(thread)]
    if appeal is not None:
        said += [Said(one.sent_at, one.text) for one in _answers(appeal) if one.sent_at]
    is_over = appeal is not None and (appeal.answered_at is not None or appeal.closed_at is not None)
    return Standing(
        number_of(thread),
        STAGES[appeal.stage] if appeal else STATES[thread.state],
        appeal.received_at if appeal else thread.opened_at,
        appeal.due_on if appeal and not is_over else None,
        sorted(said, key=lambda one: one.at),
    )


def _replies(thread: Thread) -> list[Message]:
    return list(Message.objects.filter(thread=thread, direction=Direction.OUT).order_by("received_at"))


def _answers(appeal: Appeal) -> list[Answer]:
    return list(
        Answer.objects.filter(appeal=appeal, state__in=SENT, to_organisation=None, kind__in=TO_CITIZEN).order_by(
            "sent_at"
        )
    )


def plain(number: str) -> str:
    """Letters and digits alone, capitals; signs of one look are one."""
    return "".join(sign for sign in number.upper() if sign.isalnum()).replace("C", "С")[:40]


TO_CITIZEN = (AnswerKind.FINAL, AnswerKind.INTERIM)
