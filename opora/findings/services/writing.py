"""The letter to the clinic, its answer, and what it did."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.appeals.models import Party
from opora.audit.services import record
from opora.findings.errors import FindingsError, NoSuchFinding, TooEarly, WrongDates
from opora.findings.models import Finding
from opora.findings.services._step import Step, changing, words, write
from opora.findings.words import Decision, EventKind
from opora.organisations.models import Employee

REPLY_TERM = timedelta(days=10)  # assumed: no act sets a term for such letters
LONGEST = timedelta(days=366)
# A policy, a СНИЛС or a telephone, however it is spaced.
_PERSONAL = re.compile(r"(?<!\d)(?:\d[ \-()]*){10,16}(?!\d)")
_ENDING, _STEM = 2, 4  # a surname of three letters is like too many words to be looked for


def write_letter(
    finding_id: UUID,
    *,
    text: str,
    number: str = "",
    on: date | None = None,
    reply_until: date | None = None,
    by: Employee,
    version: int | None = None,
) -> Finding:
    """Send the letter to the clinic: from now on it sees the letter and may answer.

    Raises TooEarly before a violation is decided upon and once a letter has gone, WrongDates, FindingsError where the
    text names somebody.
    """
    with changing(finding_id, "write", by=by, version=version) as step:
        found = step.finding
        if found.decision != Decision.VIOLATION:
            raise TooEarly("Письмо пишут, когда решено, что нарушение есть.")
        if found.letter_on:
            raise TooEarly("Письмо клинике уже ушло.")
        day = on or step.today
        until = reply_until or day + REPLY_TERM
        if found.decided_on is None or not found.decided_on <= day <= step.today:
            raise WrongDates("Письмо не может быть раньше решения или в будущем.")
        if not day < until <= day + LONGEST:
            raise WrongDates("Срок ответа — после дня письма и не позже чем через год.")
        body = words(text, "Напишите текст письма.")
        _check_names_nobody(found, body)
        step.set(
            letter_text=body,
            letter_number=number.strip() or found.number,
            letter_on=day,
            reply_until=until,
            signed_by=by,
        )
        step.tell(EventKind.WRITTEN, number=found.letter_number, until=until.isoformat())
    return step.finding


def note_reply(
    finding_id: UUID, *, text: str, on: date | None = None, by: Employee, version: int | None = None
) -> Finding:
    """Write down what the clinic answered by other means. Raises TooEarly, WrongDates, WordsNeeded."""
    with changing(finding_id, "reply", by=by, version=version) as step:
        _reply(step, text, on)
    return step.finding


def answer(finding_id: UUID, *, text: str, by: Employee) -> Finding:
    """The clinic answers the letter itself. Raises NoSuchFinding for another clinic's, TooEarly."""
    if not by.holds(Right.COMPLAINTS_ANSWER):
        raise RightMissing(right=Right.COMPLAINTS_ANSWER)
    actor = actor_of(by)
    seen = Finding.objects.accessible_to(by).filter(pk=finding_id, provider=actor.organisation).exists()
    if not seen:
        raise NoSuchFinding
    with enter(Scope.system("a clinic answers a letter: its history is not the clinic's to see")):
        found = Finding.objects.select_for_update(of=("self",)).get(pk=finding_id)
        if not found.is_open or found.replied_on:
            raise TooEarly("Ответ на это письмо уже дан, или вопрос закрыт.")
        step = Step(found, actor, timezone.now())
        _reply(step, text, None)
        write(step)
    record("findings.answer", ("findings.finding", str(found.pk)), by=by)
    return found


def note_measures(
    finding_id: UUID, *, text: str, on: date, follow_on: date, by: Employee, version: int | None = None
) -> Finding:
    """Write down what the clinic did and when to look whether it helped; a former look is forgotten.

    Raises TooEarly before the letter, WrongDates, WordsNeeded.
    """
    with changing(finding_id, "measures", by=by, version=version) as step:
        found = step.finding
        if not found.letter_on:
            raise TooEarly("Сначала напишите клинике.")
        if not found.since <= on <= step.today:
            raise WrongDates(f"Меры принимают с {found.since:%d.%m.%Y} по сегодняшний день.")
        if not on < follow_on <= on + LONGEST:
            raise WrongDates("Проверяют после мер и не позже чем через год.")
        what = words(text, "Напишите, что клиника сделала.")
        step.set(measures=what, measures_on=on, follow_on=follow_on, trend="", followed_on=None)
        step.set(before=None, before_days=None, after=None, after_days=None)
        step.tell(EventKind.MEASURED, what, on=on.isoformat(), follow=follow_on.isoformat())
    return step.finding


def _reply(step: Step, text: str, on: date | None) -> None:
    found = step.finding
    if not found.letter_on:
        raise TooEarly("Сначала напишите клинике.")
    day = on or step.today
    if not found.letter_on <= day <= step.today:
        raise WrongDates("Ответ не может быть раньше письма или в будущем.")
    what = words(text, "Напишите ответ.")
    step.set(reply=what, replied_on=day)
    step.tell(EventKind.REPLIED, what, on=day.isoformat())


def _check_names_nobody(finding: Finding, text: str) -> None:
    """Personal data of those who turned to us do not leave for the clinic by this letter. Raises FindingsError."""
    if _PERSONAL.search(text):
        raise FindingsError("В письме стоит длинный номер, похожий на полис или телефон. Уберите его.")
    lower = text.casefold()
    parties = Party.objects.filter(appeal__in=finding.gathered.values("appeal"))
    for surname in parties.exclude(surname="").values_list("surname", flat=True).distinct():
        for part in surname.casefold().split("-"):
            stem = part[: max(_STEM, len(part) - _ENDING)]
            if len(stem) >= _STEM and re.search(rf"(?<!\w){re.escape(stem)}\w{{0,3}}(?!\w)", lower):
                raise FindingsError("В письме названа фамилия человека, который обращался. Уберите её.")
