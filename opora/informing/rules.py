"""What a touch may become. Pure; the trigger ``touch_moves`` of the table holds the same."""

from __future__ import annotations

from opora.informing.words import Channel, Measure, Outcome, TouchState

_T = TouchState

# A touch moves forward only. Two steps lead back: a claim that was never begun, and a sending that its provider has
# certainly not taken (see ``dispatch.sweep``).
MOVES: dict[TouchState, frozenset[TouchState]] = {
    _T.PLANNED: frozenset({_T.CLAIMED, _T.SENDING, _T.CANCELLED, _T.EXPIRED}),
    _T.CLAIMED: frozenset({_T.PLANNED, _T.SENDING, _T.DONE, _T.FAILED, _T.CANCELLED, _T.EXPIRED}),
    _T.SENDING: frozenset({_T.PLANNED, _T.SENT, _T.DELIVERED, _T.FAILED, _T.SILENT}),
    _T.SENT: frozenset({_T.DELIVERED, _T.FAILED, _T.SILENT}),
    _T.SILENT: frozenset({_T.DELIVERED, _T.FAILED}),
    _T.FAILED: frozenset({_T.DELIVERED}),
    _T.DELIVERED: frozenset(),
    _T.DONE: frozenset(),
    _T.EXPIRED: frozenset(),
    _T.CANCELLED: frozenset(),
}

WRITTEN = frozenset({Channel.SMS, Channel.MESSENGER, Channel.EMAIL, Channel.PORTAL})  # a gateway carries them
SPOKEN = frozenset({Channel.CALL})  # the call list carries them
PRINTED = frozenset({Channel.LETTER})  # a print run carries them

# A talk after which the ladder stops for this person.
STOPS = frozenset({Outcome.REFUSED, Outcome.PASSED})
# A talk that did not take place and is tried again.
AGAIN = frozenset({Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CALL_LATER})
# What is counted as informed in reports.
INFORMED = frozenset({_T.SENT, _T.DELIVERED, _T.DONE, _T.SILENT})


# Observation and hospital may well be elsewhere than where a person is attached. ``judge.sql`` and the claims agree.
ANYWHERE = frozenset({Measure.OBSERVATION, Measure.HOSPITAL})


def has_changed_clinic(measure: str, listed: int | None, attached: int | None) -> bool:
    """Tell whether the text or the talk would name a clinic where the person is not attached any more."""
    return measure not in ANYWHERE and listed is not None and attached is not None and listed != attached


def may_become(now: TouchState, then: TouchState) -> bool:
    """Tell whether a touch may go from one state to another; a receipt that came late changes nothing.

    >>> may_become(TouchState.SENT, TouchState.DELIVERED), may_become(TouchState.DELIVERED, TouchState.FAILED)
    (True, False)
    """
    return then in MOVES[now]
