"""Karelia: what becomes of a referral is told by its number. Handbook 20 §9.3.

An emergency admission has no referral, beds are numbers of a day: both are kept as files.
"""

from __future__ import annotations

from collections.abc import Callable

from opora.exchange.format import Content
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingReferral


def cancelled(content: Content) -> Batch:
    """The reason is a code of the partner's own list, which was not published."""
    made = parse_day(content.header["DATA"])
    return Batch(
        referrals=[
            IncomingReferral(
                place=record.place,
                key=record.values["NOM_NAP"],
                number=record.values["NOM_NAP"],
                cancelled_on=made,
                cancel_reason=f"код {record.values['PR_ANL']}",
            )
            for record in content.records
            if record.values
        ]
    )


def admitted(content: Content) -> Batch:
    """An admission, or a movement that names its referral: it begins with one."""
    return Batch(
        referrals=[
            IncomingReferral(
                place=record.place,
                key=record.values["NOM_NAP"],
                number=record.values["NOM_NAP"],
                admitted_on=parse_day(record.values["DTA_FKT"]),
            )
            for record in content.records
            if record.values.get("NOM_NAP")
        ]
    )


BATCHES: dict[str, Callable[[Content], Batch]] = {
    "krl-referral-cancelled": cancelled,
    "krl-admission": admitted,
    "krl-motion": admitted,
}
