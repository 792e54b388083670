"""A finished questionnaire goes into the box: counted in its cell, sealed, and nobody's from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import F, Q

from opora.surveys import sealing
from opora.surveys.errors import QuotaFull, RoundNotRunning
from opora.surveys.flow import questionnaire_of
from opora.surveys.models import Cell, Round, Waiting
from opora.surveys.strata import ANYONE, cell_of
from opora.surveys.words import Role, RoundState

PURPOSE = "box"


def take_sheet(
    asked: Round,
    version: int,
    answers: Mapping[str, Sequence[str]],
    *,
    cell: int | None = None,
    is_paper: bool = False,
) -> None:
    """Count a finished questionnaire and put it into the box, in the caller's transaction.

    ``cell`` None — nobody knows who answers: what he said of himself places him. Raises AnswerRefused, RoundNotRunning,
    QuotaFull: where two finish the last place of a cell, the database lets one of them in.
    """
    kept = questionnaire_of(version).check(answers, may_lack=is_paper)
    hold_running(asked.pk)
    place = told_cell(version, kept) if cell is None else cell
    _count(asked, place)
    Waiting.objects.create(round=asked, sealed=sealing.seal([version, place, kept], PURPOSE))


def hold_running(asked: int | None) -> None:
    """Keep a round from ending until the transaction does; many may at once. Raises RoundNotRunning.

    Whoever locks people of the round too takes this first: the end of a round locks in the same order.
    """
    if asked is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM surveys_round WHERE id = %s AND state = %s FOR SHARE", [asked, RoundState.RUNNING])
        if not cursor.rowcount:
            raise RoundNotRunning


def told_cell(version: int, answers: Mapping[str, Sequence[str]]) -> int:
    """Return the cell of one who said his sex, age and where he lives."""
    said = {
        question.role: answers[question.code][0]
        for question in questionnaire_of(version).questions
        if question.role and question.code in answers
    }
    if not all(role in said for role in Role):
        return ANYONE
    return cell_of(said[Role.SETTLEMENT], said[Role.SEX], int(said[Role.AGE]))


def _count(asked: Round, cell: int) -> None:
    # The condition is judged again under the lock of the row: the last place is taken once.
    free = Q(planned=None) | Q(done__lt=F("planned"))
    rows = Cell.objects.filter(round=asked, number=cell)
    if rows.filter(free).update(done=F("done") + 1):
        return
    if rows.exists():
        raise QuotaFull
    Cell.objects.bulk_create([Cell(round=asked, number=cell, done=0)], ignore_conflicts=True)
    rows.update(done=F("done") + 1)
