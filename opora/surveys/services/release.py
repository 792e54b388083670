"""The end of a round: the box is emptied, the sheets are mixed and laid down at once, and the people are let go.

Why so: docs/decisions/0013-answers-without-people.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import SystemRandom

from django.db.models import Count
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.surveys import sealing
from opora.surveys.models import Invitee, Round, Sheet, Waiting
from opora.surveys.services.answers import PURPOSE
from opora.surveys.strata import ANYONE
from opora.surveys.words import InviteeState, RoundState

# Fewer answers of a cell than this would tell who gave them: they lose their cell.  # assumed
LEAST_TOGETHER = 5
PEOPLE_KEPT = timedelta(days=180)
BATCH = 1_000

type Place = tuple[int, int]  # version, cell


def release(asked: Round, on: date) -> int:
    """Lay down all the sheets of a round that ends, in the caller's transaction; return how many.

    One transaction, one statement's order and that a drawn one, new keys, one day: nothing of how a sheet lies is of
    the moment it was given.
    """
    box = [
        sealing.unseal(sealed, PURPOSE)
        for sealed in Waiting.objects.filter(round=asked).values_list("sealed", flat=True)
    ]
    SystemRandom().shuffle(box)
    cells = together([(version, cell) for version, cell, _ in box])
    Sheet.objects.bulk_create(
        (
            Sheet(round=asked, version_id=version, cell=place, on=on, answers=answers)
            for (version, _, answers), place in zip(box, cells, strict=True)
        ),
        batch_size=BATCH,
    )
    Waiting.objects.filter(round=asked).delete()
    return len(box)


def together(places: Sequence[Place]) -> list[int]:
    """Return the cell each sheet keeps. Cells of too few lose it; so do the next smallest while too few have lost it.

    >>> together([(1, 3)] * 6 + [(1, 4)] * 5 + [(1, 7)] * 2) == [3] * 6 + [0] * 7
    True
    """
    counted = Counter(places)
    hidden = {place for place, number in counted.items() if place[1] == ANYONE or number < LEAST_TOGETHER}
    for version in {version for version, _ in counted}:
        own = {place for place in hidden if place[0] == version}
        rest = sorted((counted[place], place) for place in counted if place[0] == version and place not in own)
        while own and rest and sum(counted[place] for place in own) < LEAST_TOGETHER:
            own.add(rest.pop(0)[1])
        hidden |= own
    return [ANYONE if place in hidden else place[1] for place in places]


def silent_ones(asked: Round) -> dict[str, int]:
    """Return how many people of the list stand where: the reasons of those who did not answer."""
    rows = Invitee.objects.filter(round=asked).values("state").annotate(number=Count("pk")).order_by()
    found: dict[str, int] = {row["state"]: row["number"] for row in rows}
    return {state: found[state] for state in InviteeState.values if state in found}


def forget_people() -> int:
    """Erase the lists of people of rounds that ended long ago; their counts stay. Return how many people."""
    before = timezone.now() - PEOPLE_KEPT
    with enter(Scope.system("lists of people of old surveys are erased")):
        old = Round.objects.filter(state=RoundState.CLOSED, closed_at__lt=before)
        gone, _ = Invitee.objects.filter(round__in=old).delete()
    return gone
