"""How receipts of one message are folded: a small machine for which doubled, late and reversed ones are harmless."""

from collections.abc import Iterable
from functools import reduce

from opora.channels.words import State

# What is proved outweighs what is supposed: a handset that answered outweighs a centre that gave up before.
_WEIGHT = {
    State.ACCEPTED: 0,
    State.ENROUTE: 1,
    State.UNKNOWN: 2,
    State.EXPIRED: 3,
    State.UNDELIVERABLE: 3,
    State.REJECTED: 3,
    State.DELIVERED: 4,
    State.READ: 5,
}
FINAL = frozenset({State.UNKNOWN, State.EXPIRED, State.UNDELIVERABLE, State.REJECTED, State.DELIVERED, State.READ})
FAILED = FINAL - {State.DELIVERED, State.READ}


def follow(former: State | None, told: State) -> State:
    """Return the state after a receipt; states only move forward, of equal weight the first stays.

    >>> str(follow(State.DELIVERED, State.UNDELIVERABLE)), str(follow(State.EXPIRED, State.DELIVERED))
    ('delivered', 'delivered')
    """
    return told if former is None or _WEIGHT[told] > _WEIGHT[former] else former


def of_parts(parts: Iterable[Iterable[State]]) -> State:
    """Return the state of a message sent in parts, each given by its receipts in any order.

    One failed part fails the message: the person cannot read it. Otherwise the slowest part speaks for all.

    >>> str(of_parts([[State.ACCEPTED, State.DELIVERED], [State.ACCEPTED]]))
    'accepted'
    """
    states = [reduce(follow, told, State.ACCEPTED) for told in parts]
    failed = [state for state in states if state in FAILED]
    return failed[0] if failed else min(states, key=_WEIGHT.__getitem__, default=State.ACCEPTED)
