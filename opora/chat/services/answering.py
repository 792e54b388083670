"""What an employee does in a talk: takes it, answers, reads, passes it on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.audit.services import record, uuid7
from opora.chat import news, queries, rules
from opora.chat.errors import NobodyWaits, NoSuchColleague, NoSuchTalk, NotYours, TakenByColleague, TalkClosed
from opora.chat.models import Line, Talk
from opora.chat.services._writing import Kept, NewLine, known, prepare, tell_event, write
from opora.chat.words import Author, Kind, Level, State

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOVED = ["state", "level", "owner", "waiting_since", "taken_at", "first_taken_at", "last", "last_at"]


@transaction.atomic
def take(talk_id: UUID, *, by: Employee) -> Talk:
    """Take a talk that waits; taken by her already it stays hers. Raises TakenByColleague, TalkClosed."""
    talk = locked(talk_id, by=by)
    if talk.state == State.TAKEN and talk.owner_id == by.pk:
        return talk
    if not talk.is_open:
        raise TalkClosed
    if talk.state == State.TAKEN:
        raise TakenByColleague
    return _given(talk, by, by=by)


@transaction.atomic
def take_next(*, by: Employee) -> Talk:
    """Take who has waited longest: her own level first. Two who press at once get two talks. Raises NobodyWaits."""
    _check(by)
    waiting = Talk.objects.accessible_to(by).waiting().select_for_update(of=("self",), skip_locked=True)
    own = queries.level_of(by)
    found = waiting.filter(level=own).order_by("waiting_since", "pk").first()
    if found is None and own == Level.SECOND:
        found = waiting.order_by("waiting_since", "pk").first()
    if found is None:
        raise NobodyWaits
    return _given(found, by, by=by)


@transaction.atomic
def answer(talk_id: UUID, line: NewLine, *, by: Employee) -> tuple[Line, bool]:
    """Write an answer; the same line again changes nothing. Returns the line and whether it is new.

    Raises NotYours, TalkClosed, WordsNeeded, LineTooLong, FileRefused.
    """
    kept = prepare(line)
    talk = locked(talk_id, by=by)
    if (there := known(talk, line.client_id)) is not None:
        return there, False
    check_hers(talk, by)
    written = write(talk, kept, Author.EMPLOYEE, at=timezone.now(), by=by)
    talk.save(update_fields=["last", "last_at"])
    news.tell_line(talk)
    return written, True


def mark_read(talk: Talk, number: int) -> None:
    """She has read so far."""
    if number <= talk.employee_read:
        return
    Talk.objects.filter(pk=talk.pk).update(employee_read=Greatest(F("employee_read"), Least(number, F("last"))))
    news.tell_read(talk)


@transaction.atomic
def note_card(talk_id: UUID, *, topic_code: str, card: str, by: Employee) -> None:
    """Remember which approved answer she has used: the appeal will have its topic."""
    talk = locked(talk_id, by=by)
    check_hers(talk, by)
    talk.topic_code, talk.card = topic_code[:14], card[:60]
    talk.save(update_fields=["topic_code", "card"])


@transaction.atomic
def hand_over(talk_id: UUID, to: Employee, *, why: str, by: Employee) -> Talk:
    """Give a talk to a colleague with words only employees see: one of hers, or any by who may reassign.

    Raises NotYours, TalkClosed, NoSuchColleague.
    """
    talk = locked(talk_id, by=by)
    _check_movable(talk, by)
    if not queries.colleagues(talk, besides=talk.owner).filter(pk=to.pk).exists():
        raise NoSuchColleague
    _note(talk, why, by)
    return _given(talk, to, by=by)


@transaction.atomic
def return_to_queue(talk_id: UUID, *, level: str, why: str, by: Employee) -> Talk:
    """Put a talk into a queue: of the second level, or back into that of the first. See ``hand_over``.

    He keeps his place by the moment he began to wait for this queue.
    """
    talk = locked(talk_id, by=by)
    _check_movable(talk, by)
    _note(talk, why, by)
    now, former = timezone.now(), talk.owner_id
    talk.state, talk.owner, talk.taken_at, talk.waiting_since = State.WAITING, None, None, now
    talk.level = Level(level)
    tell_event(talk, f"queue:{talk.last}", "Передаём разговор другому специалисту. Он прочтёт всё сказанное.", at=now)
    talk.save(update_fields=MOVED)
    record("chat.queue", ("chat.talk", str(talk.pk)), by=by, details={"level": talk.level})
    news.tell_moved(talk, former)
    return talk


def locked(talk_id: UUID, *, by: Employee) -> Talk:
    """Return the talk under its row lock. Raises RightMissing, NoSuchTalk."""
    _check(by)
    rows = Talk.objects.accessible_to(by).select_related("place__organisation__territory", "owner")
    found = rows.select_for_update(of=("self",)).filter(pk=talk_id).first()
    if found is None:
        raise NoSuchTalk
    return found


def check_hers(talk: Talk, by: Employee) -> None:
    """Raises TalkClosed, NotYours."""
    if not talk.is_open:
        raise TalkClosed
    if talk.owner_id != by.pk:
        raise NotYours


def may_move(talk: Talk, by: Employee) -> bool:
    """Tell whether she may give this talk to somebody else."""
    return talk.is_open and (talk.owner_id == by.pk or by.holds(Right.APPEALS_REASSIGN))


def _check_movable(talk: Talk, by: Employee) -> None:
    if not may_move(talk, by):
        check_hers(talk, by)


def _given(talk: Talk, to: Employee, *, by: Employee) -> Talk:
    now = timezone.now()
    former = talk.owner_id
    talk.state, talk.owner, talk.taken_at, talk.waiting_since = State.TAKEN, to, now, None
    talk.first_taken_at = talk.first_taken_at or now
    tell_event(talk, f"taken:{talk.last}", f"Вам отвечает {to.given_name or 'специалист'}.", at=now, by=to)
    talk.save(update_fields=MOVED)
    record("chat.take", ("chat.talk", str(talk.pk)), by=by, details=_moved(talk, to, by, former))
    news.tell_moved(talk, former, by.pk)
    return talk


def _moved(talk: Talk, to: Employee, by: Employee, former: int | None) -> dict[str, int]:
    """What the audit says beside who did it: to whom, and whose it was when that was somebody else."""
    told = {"to": to.pk} if to.pk != by.pk else {}
    return told | ({"former": former} if former not in {None, by.pk} else {})


def _note(talk: Talk, why: str, by: Employee) -> None:
    text = rules.clean(why)[: rules.LONGEST_LINE]
    if text:
        write(talk, Kept(uuid7(), text), Author.EMPLOYEE, at=timezone.now(), kind=Kind.NOTE, by=by)


def _check(by: Employee) -> None:
    if not by.holds(Right.CHAT_ANSWER):
        raise RightMissing(right=Right.CHAT_ANSWER)
