"""Answers: prepared, approved by another person where the organisation wants it, sent, delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from opora.appeals import channels, policies
from opora.appeals.errors import AnswerNotReady, NeedsApproval, NotComplete, NotFound, OwnAnswer
from opora.appeals.intake import words_of
from opora.appeals.models import Answer, Appeal, File
from opora.appeals.rules import Command
from opora.appeals.services._change import By, Step, begin, changing, check_right, words
from opora.appeals.words import AnswerKind, AnswerState, EventKind, Stage

SAID_ALOUD = frozenset({"hot_line", "visit", "clinic_post", "call"})
NOT_YET_SENT = (AnswerState.DRAFT, AnswerState.SUBMITTED, AnswerState.APPROVED)
SENT_AGAIN = (AnswerKind.NOTICE, AnswerKind.INTERIM)  # the final one is written anew
GONE = (AnswerState.SENT, AnswerState.DELIVERED)


def answer_interim(appeal_id: UUID, *, text: str, channel: str, by: By, version: int | None = None) -> Answer:
    """Tell the citizen that his matter is being worked on. The clock of the answer goes on."""
    with changing(appeal_id, Command.ANSWER_INTERIM, by=by, version=version) as step:
        begin(step)
        channels.check(step.appeal, channel, Answer(kind=AnswerKind.INTERIM, text=_text(text)))
        answer = said(step, AnswerKind.INTERIM, text, channel)
        step.set(interim_answered_at=step.now)
        step.tell(EventKind.INTERIM_ANSWERED, answer=str(answer.pk), by_channel=str(channel), said=_words(answer))
    return answer


def prepare_answer(
    appeal_id: UUID,
    *,
    text: str,
    template: str = "",
    card: str = "",
    enclosed: Sequence[UUID] = (),
    with_letter: bool = False,
    by: By,
    version: int | None = None,
) -> Answer:
    """Write the draft of the final answer; the draft that is there takes the new text and the new enclosures.

    ``enclosed`` are files of the appeal. Raises NotComplete when one of them is not there.
    """
    with changing(appeal_id, Command.PREPARE, by=by, version=version) as step:
        begin(step)
        text = _text(text)
        drafts = Answer.objects.select_for_update().filter(appeal=step.appeal, kind=AnswerKind.FINAL)
        answer = drafts.filter(state=AnswerState.DRAFT).order_by("-created_at").first()
        if answer is None:
            answer = Answer(appeal=step.appeal, kind=AnswerKind.FINAL, created_at=step.now)
        else:
            answer.version += 1
        answer.text, answer.template, answer.card = text, template, card
        answer.enclosed, answer.with_letter = _enclosed(step.appeal, enclosed), with_letter
        answer.created_by_id = step.actor.employee
        answer.save()
        step.tell(EventKind.ANSWER_PREPARED, answer=str(answer.pk), template=template, card=card)
    return answer


def submit_answer(answer_id: UUID, *, by: By, version: int | None = None) -> Answer:
    """Send a draft to who approves."""
    with _with_answer(answer_id, Command.SUBMIT, by=by, version=version) as (step, answer):
        _expect(answer, AnswerState.DRAFT)
        begin(step)
        _mark(answer, state=AnswerState.SUBMITTED)
        step.tell(EventKind.ANSWER_SUBMITTED, answer=str(answer.pk))
    return answer


def approve_answer(answer_id: UUID, *, by: By, version: int | None = None) -> Answer:
    """Approve a colleague's answer: from now on its text does not change. Raises OwnAnswer."""
    with _with_answer(answer_id, Command.APPROVE, by=by, version=version) as (step, answer):
        _expect(answer, AnswerState.SUBMITTED)
        if answer.created_by_id == step.actor.employee:
            raise OwnAnswer
        _mark(answer, state=AnswerState.APPROVED, approved_at=step.now, approved_by_id=step.actor.employee)
        step.tell(EventKind.ANSWER_APPROVED, answer=str(answer.pk))
    return answer


def return_answer(answer_id: UUID, *, why: str, by: By, version: int | None = None) -> Answer:
    """Return an answer for rework, with a reason; the new text will be a new answer."""
    with _with_answer(answer_id, Command.RETURN_ANSWER, by=by, version=version) as (step, answer):
        _expect(answer, AnswerState.SUBMITTED, AnswerState.APPROVED)
        text = words(why, "Напишите, что доработать.")
        _mark(answer, state=AnswerState.RETURNED, returned_why=text[:500])
        step.tell(EventKind.ANSWER_RETURNED, text, answer=str(answer.pk))
    return answer


def send_answer(
    answer_id: UUID,
    *,
    channel: str,
    outgoing_number: str = "",
    outgoing_on: date | None = None,
    delivered: bool = False,
    by: By,
    version: int | None = None,
) -> Answer:
    """Send the final answer by the citizen's channel; what is said aloud is delivered at once.

    Raises NeedsApproval, ChannelRefused, AnswerNotReady.
    """
    with _with_answer(answer_id, Command.SEND, by=by, version=version) as (step, answer):
        appeal = step.appeal
        _expect(answer, AnswerState.DRAFT, AnswerState.APPROVED)
        if answer.kind != AnswerKind.FINAL:
            raise AnswerNotReady
        if answer.state == AnswerState.DRAFT and policies.needs_approval(appeal.handler_id, appeal.kind):
            raise NeedsApproval
        channels.check(appeal, channel, answer)
        begin(step)
        _mark(answer, **_sent(step, channel, delivered), outgoing_number=outgoing_number, outgoing_on=outgoing_on)
        step.set(answered_at=step.now)
        if outgoing_number:
            step.set(outgoing_number=outgoing_number, outgoing_on=outgoing_on)
        told: dict[str, Any] = {"answer": str(answer.pk), "by_channel": str(channel), "state": str(answer.state)}
        step.tell(EventKind.ANSWERED, **told, said=_words(answer))
    return answer


def confirm_delivery(
    answer_id: UUID, *, at: datetime | None = None, failed_why: str = "", by: By, version: int | None = None
) -> Answer:
    """Write down that a sent letter arrived, or why it did not: then an open appeal waits for another answer.

    A notice or an interim answer that had not arrived may be sent again, and arrive.
    """
    with _with_answer(answer_id, Command.CONFIRM, by=by, version=version) as (step, answer):
        is_again = answer.kind in SENT_AGAIN and not failed_why.strip()
        _expect(answer, AnswerState.SENT, *([AnswerState.FAILED] if is_again else []))
        if not failed_why.strip():
            _mark(answer, state=AnswerState.DELIVERED, delivered_at=at or step.now)
            step.tell(EventKind.DELIVERED, answer=str(answer.pk), letter=str(answer.kind))
        else:
            _mark(answer, state=AnswerState.FAILED)
            _unanswered(step, answer)
            step.tell(EventKind.DELIVERY_FAILED, failed_why.strip(), answer=str(answer.pk), letter=str(answer.kind))
    return answer


def settle_undelivered(appeal_id: UUID, *, done: str, by: By, version: int | None = None) -> Appeal:
    """Write down what was done about a final answer that did not arrive. Raises AnswerNotReady when there is none."""
    with changing(appeal_id, Command.SETTLE, by=by, version=version) as step:
        text = words(done, "Напишите, что сделали.")
        lost = Answer.objects.filter(appeal=step.appeal).undelivered().values("pk")
        settled = Answer.objects.filter(pk__in=lost).update(settled_at=step.now, version=F("version") + 1)
        if not settled:
            raise AnswerNotReady("Все ответы по обращению дошли, или уже записано, что сделали.")
        step.tell(EventKind.NOTED, text, undelivered=settled)
    return step.appeal


def said(step: Step, kind: AnswerKind, text: str, channel: str, **fields: Any) -> Answer:
    """Write what leaves at this moment: an interim answer, a notice, a letter."""
    return Answer.objects.create(
        appeal=step.appeal,
        kind=kind,
        text=_text(text),
        created_at=step.now,
        created_by_id=step.actor.employee,
        **_sent(step, channel, False),
        **fields,
    )


@contextmanager
def _with_answer(answer_id: UUID, command: Command, *, by: By, version: int | None) -> Iterator[tuple[Step, Answer]]:
    """Lock the appeal, then its answer: always in this order."""
    check_right(command, by)
    appeal_id = Answer.objects.filter(pk=answer_id).values_list("appeal_id", flat=True).first()
    if appeal_id is None:
        raise NotFound("Такого ответа нет.")
    with changing(appeal_id, command, by=by, version=version) as step:
        yield step, Answer.objects.select_for_update().get(pk=answer_id)


def _expect(answer: Answer, *states: AnswerState) -> None:
    if answer.state not in states:
        raise AnswerNotReady(f"Ответ в состоянии «{answer.get_state_display()}»: так с ним поступить нельзя.")


def _mark(answer: Answer, **fields: Any) -> None:
    Answer.objects.filter(pk=answer.pk).update(**fields, version=F("version") + 1)
    for name, value in fields.items():
        setattr(answer, name, value)
    answer.version += 1


def _sent(step: Step, channel: str, delivered: bool) -> dict[str, Any]:
    at_once = delivered or channel in SAID_ALOUD
    state = AnswerState.DELIVERED if at_once else AnswerState.SENT
    return {
        "state": state,
        "channel": str(channel),
        "sent_at": step.now,
        "delivered_at": step.now if at_once else None,
    }


def _words(answer: Answer) -> dict[str, str]:
    return words_of(answer.pk, answer.text)


def _unanswered(step: Step, failed: Answer) -> None:
    appeal: Appeal = step.appeal
    if failed.kind != AnswerKind.FINAL or appeal.closed_at is not None:
        return
    others = Answer.objects.filter(appeal=appeal, kind=AnswerKind.FINAL, state__in=GONE, sent_at__gte=_since(appeal))
    if not others.exclude(pk=failed.pk).exists():
        step.set(answered_at=None)
        if step.before is Stage.ANSWERED:
            step.set(stage=Stage.IN_WORK)


def _since(appeal: Appeal) -> datetime:
    """Answers from before a reopening do not count."""
    started = appeal.clocks.filter(is_main=True).order_by("-started_at").values_list("started_at", flat=True).first()
    return started or appeal.registered_at


def _enclosed(appeal: Appeal, files: Sequence[UUID]) -> list[str]:
    wanted = list(dict.fromkeys(files))
    there = set(File.objects.filter(appeal=appeal, removed_at=None, pk__in=wanted).values_list("pk", flat=True))
    if len(there) < len(wanted):
        raise NotComplete("Одного из приложенных файлов на карточке больше нет. Выберите приложения ещё раз.")
    return [str(one) for one in wanted]


def _text(text: str) -> str:
    if not text.strip():
        raise NotComplete("Напишите текст ответа.")
    return text.strip()
