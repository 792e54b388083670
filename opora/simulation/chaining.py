"""Events of a scenario get their places from the chainer of the program, batch by batch."""

from __future__ import annotations

from collections.abc import Callable

from opora.access.scope import Scope, enter
from opora.appeals.chain.chainer import MOST, chain_batch, fold_tally
from opora.appeals.models import Unchained


def waiting() -> int:
    """Return how many events have no place yet."""
    with enter(Scope.system("events of a scenario are counted")):
        return Unchained.objects.count()


def chain_all(done: Callable[[int], None] = lambda _: None) -> int:
    """Give every waiting event its place; return how many there were. ``done`` hears each batch."""
    total = 0
    while placed := chain_batch(MOST):
        total += placed
        done(placed)
    fold_tally()
    return total
