"""Registering what was answered in the same talk, by doors where nobody can be asked to press another button."""

from __future__ import annotations

from dataclasses import replace

from opora.access.errors import RightMissing
from opora.appeals.errors import NeedsApproval
from opora.appeals.intake import NewAppeal, Registered, register
from opora.appeals.services._change import By
from opora.appeals.services.answers import prepare_answer


def register_answered(new: NewAppeal, *, by: By) -> Registered:
    """Register an appeal with its closing; where she may not close it at once, it stays open and hers.

    What she has answered is then her draft: a second person reads it, or somebody who may closes the appeal.
    Raises what ``intake.register`` and ``prepare_answer`` raise.
    """
    closing = new.closing
    try:
        return register(new, by=by)
    except (NeedsApproval, RightMissing):  # before anything was written
        if closing is None:
            raise
    done = register(replace(new, closing=None, mine=True), by=by)
    if closing.answer.strip():
        prepare_answer(done.id, text=closing.answer, card=closing.card, by=by)
    return done
