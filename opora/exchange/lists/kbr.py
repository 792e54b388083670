"""Kabardino-Balkaria: facts of informing of the answer DPO. Handbook 20 §11.

The key joins the two ids that the answer repeats: ``IDCASE|ID_PAC``. The format names no way of the second informing
and no day of the result, so the way is «другое» and the result makes no visit.
"""

from __future__ import annotations

from collections.abc import Callable

from opora.exchange.format import Content
from opora.exchange.lists.kbr_codes import CHANNELS, MEASURES
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingContact, Named
from opora.informing.words import Channel, Outcome, Purpose, Sequence

JOINT = "|"


def key_of(case: str, person: str) -> str:
    return f"{case}{JOINT}{person}"


def batch(content: Content) -> Batch:
    """Return the first and the second informing; a person who was not informed has a contact without a day."""
    found = Batch(year=int(content.header["YEAR"]))
    for record in content.records:
        get = record.values.get
        first, second = parse_day(get("DATA_N1", "")), parse_day(get("DATA_N2", ""))
        who = Named(enp=get("ENP", ""), insurer_code=get("SMO", ""))
        contact = IncomingContact(
            place=record.place,
            key=key_of(get("IDCASE", ""), get("ID_PAC", "")),
            who=who,
            measure=MEASURES[get("DISP", "")],
            channel=CHANNELS.get(get("NOTIFICATION1", ""), Channel.OTHER),
            on=first,
            sequence=Sequence.FIRST if first else None,
            outcome=None if first else Outcome.IMPOSSIBLE,
            provider_code=get("LPU", ""),
            note=get("COMENTS", ""),
        )
        found.contacts.append(contact)
        if second:
            repeat = IncomingContact(
                place=contact.place,
                key=contact.key,
                who=who,
                measure=contact.measure,
                channel=Channel.OTHER,
                on=second,
                purpose=Purpose.REMIND,
                sequence=Sequence.REPEAT,
                provider_code=contact.provider_code,
            )
            found.contacts.append(repeat)
    return found


BATCHES: dict[str, Callable[[Content], Batch]] = {"kbr-dpo-informing-answer": batch}
