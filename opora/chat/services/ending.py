"""The end of a talk: its transcript goes into the journal, or nothing does and it is said why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals import drafts
from opora.appeals.intake import Closing, NewAppeal, NewParty, register
from opora.appeals.models import Appeal, Draft, File
from opora.appeals.services import promise_callback, register_answered
from opora.audit.services import record, uuid7
from opora.chat import news, queries, rules
from opora.chat.errors import NotEndedSo, WordsNeeded
from opora.chat.models import LineFile, Talk
from opora.chat.services._writing import tell_event
from opora.chat.services.answering import check_hers, locked
from opora.chat.words import Author, Ending, State
from opora.classifiers.models import Topic
from opora.classifiers.words import Channel, Kind, Outcome, Standing
from opora.shared import phones

if TYPE_CHECKING:
    from opora.organisations.models import Employee

GOODBYE = "Разговор закончен. Если появится вопрос, напишите нам снова."
WHY = "talks whose citizen is silent are ended for every organisation"
MOST_AT_ONCE = 500
SILENT = "Разговор закончен: вы давно не отвечаете. Напишите нам снова, когда будет удобно."


@transaction.atomic
def consult(talk_id: UUID, *, topic: Topic, name: str = "", by: Employee) -> Talk:
    """Register a consultation that was given in the talk, closed at once where that may be, and end the talk.

    Raises NotYours, TalkClosed, NotEndedSo, NotComplete.
    """
    talk = _hers(talk_id, by)
    answer = "\n\n".join(queries.answers_of(talk))[: rules.LONGEST_TRANSCRIPT]
    if not answer:
        raise NotEndedSo("Вы ещё ничего не ответили. Ответьте или закончите разговор без обращения.")
    talk.name = rules.one_line(name, rules.LONGEST_NAME) or talk.name
    closing = Closing(outcome=Outcome.CONSULTED, answer=answer, card=talk.card[:64])
    done = register_answered(_appeal(talk, topic, closing=closing), by=by)
    return _ended(talk, Ending.CONSULTED, GOODBYE, by=by, appeal=done.id)


@transaction.atomic
def promise(
    talk_id: UUID, *, topic: Topic, phone: str, due_at: datetime, note: str = "", name: str = "", by: Employee
) -> Talk:
    """Register what was asked, promise to phone back, and end the talk. The promise is one of the journal.

    Raises NotYours, TalkClosed, NotEndedSo, NotComplete.
    """
    talk = _hers(talk_id, by)
    number = phones.normalise(phone)
    if number is None:
        raise NotEndedSo("Не понимаем номер телефона. Пример: 8 900 000-00-00.", field="phone")
    talk.name = rules.one_line(name, rules.LONGEST_NAME) or talk.name
    talk.phone = number
    done = register(_appeal(talk, topic, mine=True), by=by)
    promise_callback(done.id, due_at=due_at, owner=by, phone=number, note=note, by=by)
    local = due_at.astimezone(talk.place.organisation.zone)
    said = f"Мы перезвоним вам до {local:%H:%M %d.%m}. Номер обращения: {done.number}."
    return _ended(talk, Ending.CALLBACK, said, by=by, appeal=done.id)


@transaction.atomic
def drop(talk_id: UUID, *, why: str, by: Employee) -> Talk:
    """End a talk that is no appeal, with a reason for ourselves. Raises NotYours, TalkClosed, WordsNeeded."""
    talk = locked(talk_id, by=by)
    check_hers(talk, by)
    reason = rules.one_line(why, 300)
    if not reason:
        raise WordsNeeded("Напишите, почему это не обращение.")
    silent = timezone.now() - talk.seen_at > rules.GONE
    return _ended(talk, Ending.NOTHING, SILENT if silent else GOODBYE, by=by, why=reason)


@transaction.atomic
def open_intake(talk_id: UUID, *, by: Employee) -> UUID:
    """Put the talk into a draft of intake of hers, the same one again; the talk goes on meanwhile. Raises NotYours."""
    talk = _hers(talk_id, by)
    if talk.draft is not None and Draft.objects.filter(pk=talk.draft, employee=by, appeal=None).exists():
        return talk.draft
    draft = uuid7()
    local = timezone.localtime(talk.opened_at)
    body: dict[str, Any] = {
        "text": [_transcript(talk)],
        "channel": [str(Channel.CHAT)],
        "received_at": [f"{local:%d.%m.%Y %H:%M}"],
    }
    told = {"surname": talk.name, "phone": talk.phone, "topic": talk.topic_code}
    drafts.save(draft, body | {name: [value] for name, value in told.items() if value}, step=1, by=by)
    talk.draft = draft
    talk.save(update_fields=["draft"])
    return draft


def follow_intake(draft: Draft, by: Employee) -> None:
    """A draft became an appeal; the talk it was made from is over. In the caller's transaction."""
    rows = Talk.objects.accessible_to(by).select_related("place__organisation__territory")
    talk = rows.select_for_update(of=("self",)).filter(draft=draft.pk).first()
    if talk is None or draft.appeal_id is None:
        return
    if not talk.is_open:
        Talk.objects.filter(pk=talk.pk, appeal=None).update(appeal=draft.appeal_id)
        return
    number = Appeal.objects.values_list("number", flat=True).get(pk=draft.appeal_id)
    said = f"Мы зарегистрировали ваше обращение, его номер: {number}. {GOODBYE}"
    _ended(talk, Ending.INTAKE, said, by=by, appeal=draft.appeal_id)


def close_silent(now: datetime | None = None) -> int:
    """End the talks whose citizen was answered and has said nothing for a day; return how many.

    Who waits for an answer is never left so. A line that comes meanwhile keeps its talk open.
    """
    before = (now or timezone.now()) - rules.SILENT_AFTER
    quiet, ended = {"state": State.TAKEN, "last_at__lt": before}, 0
    with enter(Scope.system(WHY)):
        found = queries.with_asked(Talk.objects.filter(**quiet)).filter(asked_at=None)
        keys = list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for key in keys:
        with enter(Scope.system(WHY)), transaction.atomic():
            rows = Talk.objects.select_related("place__organisation__territory").filter(pk=key, **quiet)
            talk = rows.select_for_update(of=("self",), skip_locked=True).first()
            if talk is not None:
                _ended(talk, Ending.SILENT, SILENT)
                ended += 1
    return ended


def _hers(talk_id: UUID, by: Employee) -> Talk:
    if not by.holds(Right.APPEALS_REGISTER):
        raise RightMissing(right=Right.APPEALS_REGISTER)
    talk = locked(talk_id, by=by)
    check_hers(talk, by)
    return talk


def _appeal(talk: Talk, topic: Topic, **finish: Any) -> NewAppeal:
    """The whole talk as an appeal of whoever he called himself; who said no name is without one."""
    party = NewParty(surname=talk.name[:100], phone=talk.phone)
    return NewAppeal(
        kind=Kind.CONSULTATION,
        topic=topic,
        channel=Channel.CHAT,
        standing=Standing.IDENTIFIED if talk.name else Standing.ANONYMOUS,
        text=_transcript(talk),
        received_at=talk.opened_at,
        parties=[party] if talk.name or talk.phone else [],
        **finish,
    )


def _transcript(talk: Talk) -> str:
    return rules.transcript(queries.told(talk), talk.place.organisation.zone)


def _ended(
    talk: Talk, ending: Ending, said: str, *, by: Employee | None = None, appeal: UUID | None = None, why: str = ""
) -> Talk:
    now = timezone.now()
    if appeal is not None:
        _carry_files(talk, appeal, now)
    tell_event(talk, "closed", said, at=now)
    talk.state, talk.ending, talk.closed_at, talk.closed_why = State.CLOSED, ending, now, why
    talk.waiting_since = None
    talk.appeal_id = appeal
    talk.forget_at = rules.forget_at(now, has_appeal=appeal is not None)
    talk.save()
    record("chat.close", ("chat.talk", str(talk.pk)), by=by, details={"ending": str(ending)})
    news.tell_moved(talk, by.pk if by else None)
    return talk


def _carry_files(talk: Talk, appeal: UUID, now: datetime) -> None:
    """What the citizen sent goes along with the transcript."""
    files = LineFile.objects.filter(line__talk=talk, line__author=Author.CITIZEN)
    File.objects.bulk_create(
        File(
            appeal_id=appeal, name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256,
            added_at=now,
        )
        for file in files
    )  # fmt: skip
