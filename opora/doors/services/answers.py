"""Answers the journal has sent from the card of an appeal leave by the door the citizen came through, each once.

The message of a door has the key of the answer, so that the database refuses a second one. What becomes of it is told
to the journal: the answer is delivered, or is not and the appeal waits for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import letters
from opora.appeals.events import Chained
from opora.appeals.models import Answer, Appeal, Event, File
from opora.appeals.services import confirm_delivery
from opora.appeals.words import AnswerKind, AnswerState, EventKind
from opora.doors import making, ports, rules
from opora.doors.actor import DoorActor
from opora.doors.models import Door, Message, Thread
from opora.doors.services.replying import say
from opora.doors.shapes import Attached
from opora.doors.words import State
from opora.organisations.models import Organisation
from opora.shared import documents
from opora.shared.errors import DomainError

HEARD = frozenset({EventKind.ANSWERED, EventKind.INTERIM_ANSWERED, EventKind.NOTIFIED})
LEFT = Q(state=AnswerState.SENT, kind__in=(AnswerKind.FINAL, AnswerKind.INTERIM, AnswerKind.NOTICE))
MISSED_SINCE = timedelta(hours=1)  # what was sent earlier somebody has carried by hand

REMOVED = "Файл «{}» убрали с карточки. Напишите ответ заново с теми файлами, которые нужны."

log = structlog.get_logger(__name__)


def hear(events: Sequence[Chained], **_: Any) -> None:
    """Take up answers of these events; runs in the chainer, a second after they were sent.

    A letter on paper is made by the worker, within a minute: the chain does not wait for it.
    """
    if appeals := {event.appeal_id for event in events if event.kind in HEARD}:
        take_up(appeals, is_quick=True)


def take_up(appeals: Iterable[UUID], now: datetime | None = None, *, is_quick: bool = False) -> int:
    """Let answers of these appeals leave by their doors; run twice it does nothing more. Return how many left.

    ``is_quick`` leaves those that want a paper to be made.
    """
    since = (now or timezone.now()) - MISSED_SINCE
    with enter(Scope.system("answers of the journal leave by doors")):
        here = Message.objects.filter(pk=OuterRef("pk"))
        sent = Answer.objects.filter(LEFT, appeal__in=list(appeals), sent_at__gt=since).exclude(Exists(here))
        sent = sent.filter(with_letter=False) if is_quick else sent
        return sum(_leave(answer) for answer in sent.select_related("created_by", "approved_by").order_by("sent_at"))


def take_up_left(now: datetime | None = None) -> int:
    """The same for what was not heard within the last hour: found by the events, which lie by organisation and moment,
    so that the look of every minute costs the same however many answers there have been."""
    now = now or timezone.now()
    with enter(Scope.system("answers of the journal nobody has carried")):
        everybody = Organisation.objects.values("pk")
        told = Event.objects.filter(organisation_id__in=everybody, at__gt=now - MISSED_SINCE, kind__in=HEARD)
        rows = Thread.objects.filter(appeal__in=told.values("appeal"), is_applicants=True)
        appeals = set(rows.values_list("appeal", flat=True))
    return take_up(appeals, now) if appeals else 0


def tell_journal(reference: UUID, *, at: datetime, failed_why: str = "") -> None:
    """Say on the card what became of an answer that left by a door; of other messages there is nothing to say.

    A notice or an interim answer that had not arrived may be sent again, and arrive.
    """
    answer = Answer.objects.filter(pk=reference).first()
    is_again = not failed_why and answer is not None and answer.kind != AnswerKind.FINAL
    if answer is None or answer.state not in {AnswerState.SENT, *([AnswerState.FAILED] if is_again else [])}:
        return
    _tell_journal(answer, Message.objects.select_related("door").get(pk=reference).door, at=at, failed_why=failed_why)


def _tell_journal(answer: Answer, door: Door, *, at: datetime, failed_why: str = "") -> None:
    by = DoorActor(door, Appeal.objects.select_related("handler__territory").get(pk=answer.appeal_id).handler)
    try:
        with transaction.atomic():
            confirm_delivery(answer.pk, at=at, failed_why=failed_why, by=by)
    except DomainError as fault:
        log.warning("doors.journal_refused", message=str(answer.pk), code=fault.code)


def thread_for(appeal: UUID, channel: str) -> Thread | None:
    """Return the latest correspondence with the applicant by whose door an answer of a channel would leave."""
    with enter(Scope.system("by which door a citizen is answered")):
        return _thread(Thread.objects.select_related("door"), appeal, channel)


def _leave(answer: Answer) -> bool:
    """Write the message of one answer with its delivery; False — its citizen came by no door that carries it."""
    rows = Thread.objects.select_for_update(of=("self",)).select_related("door__organisation")
    thread = _thread(rows, answer.appeal_id, answer.channel)
    if thread is None or Message.objects.filter(pk=answer.pk).exists():
        return False
    now = timezone.now()
    enclosed = {str(file.pk): file for file in File.objects.filter(appeal=answer.appeal_id, pk__in=answer.enclosed)}
    if removed := next((file for file in enclosed.values() if file.removed_at is not None), None):
        _tell_journal(answer, thread.door, at=now, failed_why=REMOVED.format(removed.name))
        return False
    try:
        with transaction.atomic():
            say(
                thread,
                answer.text,
                by=answer.approved_by or answer.created_by,
                files=[_paper(answer)] if answer.with_letter else [],
                enclosed=[enclosed[key] for key in answer.enclosed if key in enclosed],
                now=now,
                identity=answer.pk,
            )
    except DomainError as fault:
        log.warning("doors.answer_not_taken", answer=str(answer.pk), code=fault.code)
        return False
    Thread.objects.filter(pk=thread.pk).update(
        state=State.REGISTERED,
        waiting_since=None,
        last_at=now,
        closed_at=None,
        closed_why="",
        closed_by=None,
        forget_at=rules.forget_at(thread.door.kind, State.REGISTERED, has_appeal=True, last_at=now),
        version=F("version") + 1,
    )
    return True


def _paper(answer: Answer) -> Attached:
    """Return the answer as a letter with the heading of who answers, signed by who approved."""
    number = Appeal.objects.values_list("number", flat=True).get(pk=answer.appeal_id)
    return Attached(f"Ответ {number}.pdf", documents.letter(letters.whole(answer), "pdf"))


def _thread(rows: QuerySet[Thread], appeal: UUID, channel: str) -> Thread | None:
    """Others who wrote of the appeal are not the ones who are answered: see ``Thread.is_applicants``."""
    threads = rows.filter(appeal=appeal, is_applicants=True, door__is_active=True).exclude(correspondent="")
    return next((one for one in threads.order_by("-last_at") if _carries(one, channel)), None)


def _carries(thread: Thread, channel: str) -> bool:
    door = thread.door
    return door.channel == channel and making.maker_of(door.kind) is None and ports.way(door) is not None
