"""What the journal asks before an answer leaves by Госуслуги from the card of an appeal: see ``appeals.channels``."""

from __future__ import annotations

from collections.abc import Mapping

from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Answer, Appeal, File
from opora.appeals.words import AnswerKind, AnswerState
from opora.classifiers.words import Channel
from opora.doors.words import Fate
from opora.feedback import limits, ports
from opora.feedback.models import PosMessage
from opora.feedback.services.enclosing import REMOVED
from opora.feedback.words import ANSWERS, Stage
from opora.shared.errors import DomainError

NOT_APPROVED = "Ответ на Госуслуги утверждает другой сотрудник: отправьте его на утверждение."
ANSWERED = "На Госуслугах на это сообщение уже ответили, второго ответа там не примут. Выберите другой способ."
GOING = "На Госуслуги ещё передаётся другое поручение по этому сообщению. Дождитесь, чем оно закончится."

REDIRECTED = "Сообщение на Госуслугах перенаправлено другой организации: отвечает она. Выберите другой способ."
HINTS: Mapping[str, str] = {
    "extend": "О продлении узнают и Госуслуги: туда уйдут новый срок и слова для заявителя.",
    "forward": "На Госуслугах сообщение перейдёт этой организации: ответить там вы уже не сможете.",
}


def carries(appeal: Appeal) -> bool:
    """Tell whether an appeal came by the platform; one that was only marked so is answered there by hand."""
    return appeal.channel == Channel.FEEDBACK and PosMessage.objects.filter(appeal=appeal.pk).exists()


def hint(appeal: Appeal, act: str) -> str:
    return HINTS.get(act, "")


def takes_notices(appeal: Appeal) -> bool:
    """What is over there tells the citizen nothing more."""
    message = PosMessage.objects.filter(appeal=appeal.pk).first()
    return message is None or message.is_open


def check(appeal: Appeal, answer: Answer) -> None:
    """Raises ChannelRefused when the platform would not take this answer. Looks without a lock: who carries decides."""
    message = PosMessage.objects.filter(appeal=appeal.pk).first()
    if message is None:
        return None
    if not message.is_open:
        raise ChannelRefused(REDIRECTED if message.stage == Stage.REDIRECTED else ANSWERED)
    if answer.kind == AnswerKind.NOTICE:  # waits its turn: the act itself may not wait
        return _check_text(answer)
    going = message.errands.filter(state=Fate.SENDING)
    if going.exclude(kind__in=ANSWERS, given__answer=str(answer.pk)).exists():
        raise ChannelRefused(GOING)
    if answer.kind == AnswerKind.FINAL and answer.state != AnswerState.APPROVED:
        raise ChannelRefused(NOT_APPROVED)
    _check_text(answer)
    try:
        allowed = ports.gateway_of().limits
        files = list(File.objects.filter(pk__in=answer.enclosed))
        if removed := next((file for file in files if file.removed_at is not None), None):
            raise ChannelRefused(REMOVED.format(removed.name))
        limits.check_files(files, allowed, with_letter=answer.with_letter)
    except DomainError as refusal:
        raise ChannelRefused(refusal.sentence) from refusal


def _check_text(answer: Answer) -> None:
    try:
        limits.check_text(answer.text, ports.gateway_of().limits)
    except DomainError as refusal:
        raise ChannelRefused(refusal.sentence) from refusal
