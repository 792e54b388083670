"""Questions of the room: rounds in a list, one round as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from opora.organisations.models import Employee
from opora.posts.beside import Link
from opora.surveys.models import Cell, Invitee, Round, Waiting
from opora.surveys.services.rounds import is_own
from opora.surveys.words import InviteeState, Mode, RoundState


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is. ``people`` are counts of the list by state, in the order of their course."""

    cells: list[Cell]
    people: list[tuple[str, int]]
    planned: int
    done: int

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.planned) if self.planned else 0


def rounds(employee: Employee) -> QuerySet[Round]:
    """Rounds with what is planned and done; one query."""
    rows: QuerySet[Round] = Round.objects.accessible_to(employee).select_related("survey", "insurer").defer("tally")
    return rows.annotate(planned=Sum("cells__planned"), done=Sum("cells__done"))


def progress(asked: Round) -> Progress:
    """Two queries."""
    cells = list(asked.cells.all())
    if asked.is_closed:
        counts = asked.silent
    else:
        rows = Invitee.objects.filter(round=asked).values("state").annotate(number=Count("pk")).order_by()
        counts = {row["state"]: row["number"] for row in rows}
    people = [(str(state.label), counts[state]) for state in InviteeState if counts.get(state)]
    return Progress(cells, people, sum(cell.planned or 0 for cell in cells), sum(cell.done for cell in cells))


def in_box(asked: Round) -> int:
    return Waiting.objects.filter(round=asked).count()


def paper_rounds(employee: Employee) -> Iterator[Link]:
    """Rounds whose filled sheets of paper she may type in, for the page of posts. One query."""
    rows = Round.objects.accessible_to(employee).filter(state=RoundState.RUNNING, modes__contains=[Mode.PAPER])
    for asked in rows.select_related("survey", "insurer").order_by("-pk")[:5]:
        if is_own(asked, employee):
            yield Link(f"Ввести анкеты: {asked.title}", reverse("surveys:entry", args=[asked.pk]))
