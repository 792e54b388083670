"""What was done for the people of a partner's list, in the shape in which partners are told of it."""

from __future__ import annotations

from pathlib import Path

from opora.informing.incoming import IncomingContact
from opora.informing.models import Roll
from opora.informing.rules import INFORMED
from opora.informing.words import Channel, Measure, Outcome, Purpose, Sequence
from opora.shared.sql import question

touched = question(Path(__file__).parent / "sql", "facts_of_roll")
INFORMING = frozenset({Purpose.INVITE, Purpose.REMIND})
NOT_INFORMED = frozenset(
    {
        Outcome.CALL_LATER,
        Outcome.NO_ANSWER,
        Outcome.BUSY,
        Outcome.WRONG_NUMBER,
        Outcome.FOREIGN_PERSON,
        Outcome.UNDELIVERED,
        Outcome.RETURNED,
        Outcome.IMPOSSIBLE,
        Outcome.WITHDRAWN,
    }
)


def facts_of_roll(roll: Roll) -> list[IncomingContact]:
    """Return touches that informed somebody, under the keys of the list; surveys and vain attempts are left out."""
    parameters = {
        "roll": roll.pk,
        "states": sorted(INFORMED),
        "purposes": sorted(INFORMING),
        "vain": sorted(NOT_INFORMED),
    }
    return [
        IncomingContact(
            place=row.place,
            key=row.key,
            measure=Measure(row.measure),
            channel=Channel(row.channel),
            purpose=Purpose(row.purpose),
            outcome=Outcome(row.outcome) if row.outcome else None,
            on=row.on_day,
            sequence=Sequence.FIRST if row.is_first else Sequence.REPEAT,
        )
        for row in touched(**parameters)
    ]
