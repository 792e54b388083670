"""Time: waiting for somebody else, and a longer term by an order."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from opora.appeals import terms
from opora.appeals.errors import NotExtendable
from opora.appeals.models import Appeal, Clock
from opora.appeals.rules import Command
from opora.appeals.services import _clocks as clocks
from opora.appeals.services._change import By, begin, changing, words
from opora.appeals.services.forwarding import notify
from opora.appeals.words import EventKind
from opora.deadlines.clock import Unit


def pause(appeal_id: UUID, *, what_for: str, by: By, version: int | None = None) -> Appeal:
    """Wait for documents or another body. The term of the answer stands still only where its law says so."""
    with changing(appeal_id, Command.PAUSE, by=by, version=version) as step:
        begin(step)
        text = words(what_for, "Напишите, чего ждёт обращение.")
        paused = clocks.begin_wait(step.appeal, text[:200], step.now, step.actor)
        step.tell(EventKind.PAUSED, text, paused_terms=paused)
    return step.appeal


def resume(appeal_id: UUID, *, by: By, version: int | None = None) -> Appeal:
    """Go on: what was waited for has come, or the other organisation has answered."""
    with changing(appeal_id, Command.RESUME, by=by, version=version) as step:
        step.tell(EventKind.RESUMED)
    return step.appeal


def extend(
    appeal_id: UUID,
    *,
    days: int,
    order_number: str,
    order_on: date,
    why: str,
    notice_text: str,
    by: By,
    version: int | None = None,
) -> Appeal:
    """Extend the term of the answer by an order and tell the citizen. Raises NotExtendable.

    How long in all is said by the law pack of the term (``longest_extension``).
    """
    with changing(appeal_id, Command.EXTEND, by=by, version=version) as step:
        appeal = step.appeal
        clock = clocks.main_clock(appeal)
        _check(clock, days)
        if step.now > clock.due_at:
            raise NotExtendable("Срок уже истёк: продлевают до его окончания.")
        number = words(order_number, "Укажите номер приказа о продлении.")
        text = words(why, "Напишите, почему продлеваете срок.")
        clocks.move(clock, appeal.handler.zone, extension=clock.extension + days, order_number=number[:100])
        step.set(**clocks.due(appeal))
        step.tell(
            EventKind.EXTENDED,
            text,
            term=clock.term,
            days=days,
            extension=clock.extension,
            order_number=number[:100],
            order_on=order_on.isoformat(),
        )
        notify(step, notice_text, "Напишите, что сообщить заявителю о продлении срока.")
    return step.appeal


def _check(clock: Clock, days: int) -> None:
    term = terms.term_of(clock.term, clock.started_on, clock.territory)
    left = term.longest_extension - clock.extension
    if left <= 0:
        raise NotExtendable(f"«{term.title}»: этот срок больше не продлевается.")
    if not 1 <= days <= left:
        unit: Unit = term.unit
        raise NotExtendable(f"«{term.title}»: можно продлить на 1–{left} {unit.after(left)}. Источник: {term.clause}.")
