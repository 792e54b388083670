"""What happens to a message, by the last three digits of its number: the ways in which real centres surprise."""

from dataclasses import dataclass

from opora.adapters.sms_smpp import wire

DELIVERED, EXPIRED, UNDELIVERABLE, ENROUTE, REJECTED = 2, 3, 5, 1, 8
WORDS = {ENROUTE: "ENROUTE", DELIVERED: "DELIVRD", EXPIRED: "EXPIRED", UNDELIVERABLE: "UNDELIV", REJECTED: "REJECTD"}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """``states`` are the receipts in their order; ``refusal`` is the status instead of an answer.

    ``answer_after`` are seconds the answer is kept back, None — there is none at all.
    """

    states: tuple[int, ...] = (DELIVERED,)
    refusal: int = wire.OK
    refusals: int = 1_000_000  # how often it is refused before it is taken
    answer_after: float | None = 0.0
    receipt_first: bool = False
    unknown_first: bool = False
    with_fields: bool = True
    with_text: bool = True


USUAL = Behaviour()
BY_ENDING = {
    "901": Behaviour((UNDELIVERABLE,)),
    "902": Behaviour((EXPIRED,)),
    "903": Behaviour((REJECTED,)),
    "904": Behaviour((), refusal=wire.INVALID_DESTINATION),
    "905": Behaviour((DELIVERED, DELIVERED)),  # said twice
    "906": Behaviour((DELIVERED, UNDELIVERABLE)),  # taken back
    "907": Behaviour((ENROUTE, DELIVERED)),
    "908": Behaviour(()),  # never said anything
    "909": Behaviour(receipt_first=True),  # before the answer
    "910": Behaviour(unknown_first=True),  # before it one of an id nobody knows
    "911": Behaviour(answer_after=2.0),
    "912": Behaviour(answer_after=None),
    "913": Behaviour(refusal=wire.THROTTLED, refusals=1),
    "914": Behaviour(with_fields=False),  # in words alone
    "915": Behaviour(with_text=False),  # in fields alone
    "916": Behaviour(refusal=wire.SYSTEM_ERROR),
    "917": Behaviour((EXPIRED, DELIVERED)),  # too late, and yet
}


def of(number: str, *, plain: bool = False) -> Behaviour:
    """Return what the number does; ``plain`` — all are delivered."""
    return USUAL if plain else BY_ENDING.get(number[-3:], USUAL)
