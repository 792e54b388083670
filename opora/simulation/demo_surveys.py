"""Surveys of the demonstration: two months that have ended, one that goes on, one on paper at a post."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.surveys import services
from opora.surveys.flow import questionnaire_of
from opora.surveys.models import Invitee, Round, Survey
from opora.surveys.questionnaire import Answers, Question
from opora.surveys.words import Kind

WANTED, GOING, TALKS, SILENT = 140, 40, 90, {"refused": 0.16, "silent": 0.12, "wrong": 0.05}
SEED = 5
ADDRESS = "http://localhost"  # in the text of the SMS, which goes no farther than the centre of the demonstration


def ensure_surveys(*, leader: str) -> None:
    """Bring rounds of the insurer ``leader`` (a login) works for. One question when all is there."""
    with enter(Scope.system("surveys of the demonstration")):
        by = Employee.objects.filter(login=leader).first()
        if Round.objects.exists() or by is None or by.assignment is None or by.scope.insurer is None:
            return
        _play(by)


def _play(by: Employee) -> None:
    rng = random.Random(SEED)  # noqa: S311
    today = timezone.localdate().replace(day=1)
    former = (today - timedelta(days=1)).replace(day=1)
    earlier = (former - timedelta(days=1)).replace(day=1)
    for since, level in ((earlier, 0.62), (former, 0.71)):
        asked = _begun(by, "public_opinion", f"Удовлетворённость, {since:%m.%Y}", since, ["phone"], WANTED)
        _answered(asked, WANTED, level, rng)
        _ended(asked, by)
    going = _begun(by, "public_opinion", f"Удовлетворённость, {today:%m.%Y}", today, ["phone", "link"], WANTED)
    _answered(going, GOING, 0.7, rng)
    _after_talks(by, rng, former, today)
    _begun(by, "polyclinic_short", "Поликлиника: бланки и планшет", today, ["paper", "post"], 0)


def _after_talks(by: Employee, rng: random.Random, former: Any, today: Any) -> None:
    """The contact centre asks after talks: a month that has ended, and one that goes on."""
    ended = _begun(by, "contact_centre", f"После разговора, {former:%m.%Y}", former, ["link"], 0, source="talks")
    with enter(Scope.system("people of the demonstration have agreed to rate a talk")):
        whole = questionnaire_of(ended.version_id)
        people = Person.objects.filter(insurer=by.scope.insurer, died_on=None).order_by("pk")[:TALKS]
        for person in people:
            state = rng.choices(["done", "arrived", "failed", "refused"], [0.55, 0.2, 0.05, 0.2])[0]
            if state == "done":
                services.take_sheet(ended, ended.version_id, _say(whole.questions, 0.75, rng), cell=0)
            Invitee.objects.create(round=ended, person=person, cell=0, rank=0, zone=person.zone.key, state=state)
    _ended(ended, by)
    _begun(by, "contact_centre", f"После разговора, {today:%m.%Y}", today, ["link"], 0, source="talks")


def _begun(
    by: Employee, code: str, title: str, since: Any, modes: list[str], wanted: int, *, source: str = ""
) -> Round:
    with enter(by.scope):
        survey = Survey.objects.accessible_to(by).get(code=code, insurer=None, territory="")
        asked = services.draft_round(
            survey,
            title=title,
            since=since,
            until=since + timedelta(days=30),
            modes=modes,
            source=source or ("register" if wanted else "nobody"),
            wanted=wanted,
            reserve=2,
            by=by,
        )
        address = ADDRESS if source == "talks" else ""
        return services.launch_round(asked.pk, lock=asked.lock, address=address, by=by)


def _answered(asked: Round, wanted: int, level: float, rng: random.Random) -> None:
    """Let people of the list answer or not, cell by cell, up to the quota of each."""
    with enter(Scope.system("people of the demonstration answer")):
        whole = questionnaire_of(asked.version_id)
        free = {cell.number: (cell.planned or 0) * wanted // WANTED for cell in asked.cells.all()}
        for invitee in Invitee.objects.filter(round=asked).order_by("cell", "rank"):
            if not free.get(invitee.cell):
                continue
            state = _fate(rng)
            if state == "done":
                free[invitee.cell] -= 1
                mood = level - 0.08 * (invitee.cell > 10) + 0.06 * (invitee.cell % 5 == 0)
                services.take_sheet(asked, asked.version_id, _say(whole.questions, mood, rng), cell=invitee.cell)
            Invitee.objects.filter(pk=invitee.pk).update(state=state, attempts=1)


def _ended(asked: Round, by: Employee) -> None:
    with enter(by.scope):
        services.close_round(asked.pk, lock=asked.lock, by=by)
    with enter(Scope.system("the former rounds of the demonstration ended in their month")):
        Round.objects.filter(pk=asked.pk).update(closed_at=timezone.now() - (timezone.localdate() - asked.until))
        Invitee.objects.filter(round=asked).exclude(state="waiting").delete()


def _fate(rng: random.Random) -> str:
    place = rng.random()
    for state, share in SILENT.items():
        place -= share
        if place < 0:
            return state
    return "done"


def _say(questions: tuple[Question, ...], mood: float, rng: random.Random) -> Answers:
    found: Mapping[str, list[str]] = {one.code: _one(one, mood, rng) for one in questions}
    return dict(found)


def _one(question: Question, mood: float, rng: random.Random) -> list[str]:
    match question.kind:
        case Kind.SCALE:
            return [str(min(5, max(1, round(rng.gauss(1.4 + 3.6 * mood, 0.9)))))]
        case Kind.YES_NO:
            return [rng.choices(["yes", "no", "hard"], [0.2 + mood, 0.9 - mood, 0.05])[0]]
        case Kind.NUMBER:
            return [str(rng.randint(question.least, min(question.most, 90)))]
        case Kind.TEXT:
            return []
        case _:
            return [rng.choice(question.options).code]
