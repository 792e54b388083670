"""News of the platform, line by line: a repeat changes nothing, whatever the order the lines come in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.doors.models import Door, Thread
from opora.doors.services import receive
from opora.doors.shapes import Incoming
from opora.doors.words import Fate, State
from opora.feedback.actor import NAME
from opora.feedback.models import Errand, PosMessage, Step
from opora.feedback.ports import Change, ChangeKind, Citizen
from opora.feedback.services import journal
from opora.feedback.services._step import changed, locked, tell
from opora.feedback.services.carrying import is_from_card, note_given
from opora.feedback.words import ANSWERS, ErrandKind, Stage, StepKind
from opora.insured.models import Person

NO_WORDS = "Гражданин не согласен с ответом, слов не оставил."
BEST = 5

log = structlog.get_logger(__name__)


def take_in(door: Door, change: Change) -> bool:
    """Fold one line of news; return whether it was new."""
    if change.kind is ChangeKind.WRITTEN:
        received = receive(door, _incoming(door, change, f"{change.message}"))
        return received.is_new
    if change.kind is ChangeKind.REOPENED:
        _keep_words(door, change)
    with enter(Scope.system("news of the platform")):
        known = PosMessage.objects.filter(door=door, external_id=change.message).values_list("pk", flat=True).first()
        if known is None:
            log.warning("feedback.news_of_unknown", door=door.pk, change=change.id)
            return False
        message = locked(known)
        if Step.objects.filter(message=message, change=change.id).exists():
            return False
        _FOLDS[change.kind](message, change)
    return True


def _published(message: PosMessage, change: Change) -> None:
    errand = _errand(message, change)
    at = _moment(change)
    if errand is not None:
        Errand.objects.filter(pk=errand.pk).update(state=Fate.DELIVERED, ended_at=at, why="")
    if errand is not None and errand.kind == ErrandKind.INTERIM:
        trouble = journal.told(message, UUID(errand.given["answer"]), at=at)
        tell(message, StepKind.PUBLISHED, who=NAME, change=change.id, errand=errand.kind)
        changed(message, trouble=trouble)
        return
    if message.stage == Stage.APPROVED:  # nobody knew whether it had left
        note_given(message, at)
    if message.stage != Stage.ANSWERED or message.published_at is not None:
        tell(message, StepKind.PUBLISHED, who=NAME, change=change.id)
        return
    trouble = journal.published(message, at)
    tell(message, StepKind.PUBLISHED, who=NAME, change=change.id)
    changed(message, published_at=at, trouble=trouble)


def _refused(message: PosMessage, change: Change) -> None:
    """The platform does not show the answer: an approved one waits for the approver, a given one for the executor."""
    why = f"Госуслуги не опубликовали ответ: {change.text}"[:300]
    errand = _errand(message, change)
    if errand is not None:
        Errand.objects.filter(pk=errand.pk).update(state=Fate.FAILED, ended_at=_moment(change), why=why)
    tell(message, StepKind.REFUSED, who=NAME, text=why, change=change.id)
    if errand is not None and errand.kind == ErrandKind.INTERIM:
        journal.told(message, UUID(errand.given["answer"]), failed_why=why)
        changed(message, trouble=why)
        return
    if message.stage == Stage.APPROVED and is_from_card(message):
        journal.refused(message, why)
        changed(message, stage=Stage.WORK, answer=None, trouble=why)
        return
    if message.stage == Stage.ANSWERED and message.published_at is None:
        journal.refused(message, why)
        changed(message, stage=Stage.WORK, answer=None, answered_at=None, answered_by=None, trouble=why)
    else:
        changed(message, trouble=why)


def _rated(message: PosMessage, change: Change) -> None:
    score = change.score if change.score is not None and 1 <= change.score <= BEST else None
    tell(message, StepKind.RATED, who="Гражданин", text=change.text, change=change.id, score=score)
    if score is not None:
        changed(message, rating=score, rated_at=_moment(change))


def _reopened(message: PosMessage, change: Change) -> None:
    """He who disagrees has read the answer: what is not yet told of it is told first."""
    if message.stage == Stage.APPROVED and _errand(message, change) is not None:
        note_given(message, _moment(change))
    if message.stage == Stage.ANSWERED and message.published_at is None:
        changed(message, published_at=_moment(change), trouble=journal.published(message, _moment(change)))
    tell(message, StepKind.REOPENED, who="Гражданин", text=change.text, change=change.id)
    if message.stage not in {Stage.ANSWERED, Stage.REDIRECTED}:
        return
    Errand.objects.filter(message=message, state=Fate.SENT).update(state=Fate.DELIVERED)
    trouble = journal.reopened(message, change.text.strip() or NO_WORDS)
    message = changed(
        message,
        answer=None,
        answered_at=None,
        answered_by=None,
        published_at=None,
        reopened=message.reopened + 1,
        trouble=trouble,
        stage=Stage.RECEIVED,
    )
    if message.executor_id is not None:
        changed(message, stage=Stage.WORK)


_FOLDS = {
    ChangeKind.PUBLISHED: _published,
    ChangeKind.REFUSED: _refused,
    ChangeKind.RATED: _rated,
    ChangeKind.REOPENED: _reopened,
}


def _errand(message: PosMessage, change: Change) -> Errand | None:
    """Return the answer a line is about: the one it names, else the last final one that has left."""
    answers = message.errands.select_for_update().filter(kind__in=ANSWERS)
    if change.reference is not None:
        return answers.filter(pk=change.reference).first()
    return answers.filter(kind=ErrandKind.ANSWER).exclude(started_at=None).order_by("-created_at", "-pk").first()


def _incoming(door: Door, change: Change, external_id: str) -> Incoming:
    citizen = change.citizen
    told = {
        "surname": citizen.surname,
        "given_name": citizen.given_name,
        "patronymic": citizen.patronymic,
        "birth_on": citizen.birth_on.isoformat() if citizen.birth_on else "",
        "phone": citizen.phone,
        "email": citizen.email,
    }
    return Incoming(
        external_id,
        change.message,
        change.text,
        subject=change.subcategory or change.category,
        at=change.at,
        files=change.files,
        name=citizen.full_name,
        person=_person(door, citizen),
        identified=True,  # the platform lets in by ЕСИА alone
        meta={
            "thread": change.message,
            "applicant": told,
            "platform": {"category": change.category, "subcategory": change.subcategory, "track": str(change.track)},
        },
    )


def _keep_words(door: Door, change: Change) -> None:
    """Put the words of a citizen who disagrees into his thread; nobody is waited for there."""
    received = receive(door, _incoming(door, change, f"{change.message}:{change.id}"))
    thread = received.thread
    if received.is_new and thread is not None and thread.appeal_id is not None:
        with enter(Scope.system("news of the platform")):
            Thread.objects.filter(pk=thread.pk).update(state=State.REGISTERED, waiting_since=None)


def _person(door: Door, citizen: Citizen) -> Person | None:
    """Return the only insured person this can be: by СНИЛС, else by name and birth date in the territory of the door.

    Whoever has another СНИЛС in the register is a namesake.
    """
    with enter(Scope.system("the platform names a citizen")):
        people = Person.objects.filter(died_on=None)
        if citizen.snils:
            found = list(people.filter(snils=citizen.snils)[:2])
            if found:
                return found[0] if len(found) == 1 else None
            people = people.filter(snils=None)
        if citizen.birth_on is None or not (citizen.surname and citizen.given_name):
            return None
        named = people.filter(
            territory=door.organisation.territory_id,
            birth_on=citizen.birth_on,
            surname__iexact=citizen.surname,
            given_name__iexact=citizen.given_name,
        )
        if citizen.patronymic:
            named = named.filter(patronymic__iexact=citizen.patronymic)
        found = list(named[:2])
        return found[0] if len(found) == 1 else None


def _moment(change: Change) -> datetime:
    now = timezone.now()
    return min(change.at, now) if change.at else now
