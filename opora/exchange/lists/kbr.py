"""Kabardino-Balkaria: people of the list DPL and facts of informing of the answer DPO. Handbook 20 §11.

The key joins the two ids that the answer repeats. The format names no way of the second informing and no day of the
result, so the way is «другое» and the result makes no visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from opora.exchange.format import Content
from opora.exchange.lists.federal import SEXES
from opora.exchange.lists.kbr_codes import CHANNELS, MEASURES
from opora.exchange.people import bare_snils, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, Named
from opora.informing.words import Channel, Outcome, Purpose, Sequence

JOINT = "|"
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
BARE = re.compile(r"([0-9A-Fa-f]{32})([0-9A-Fa-f]{32})")


def key_of(case: str, person: str) -> str:
    """Return one key of two ids; two GUIDs go without hyphens, because a key holds 64 signs.

    >>> key_of("17", "204")
    '17|204'
    >>> len(key_of("f9637725-2018-44a1-ac4c-77cbe6fcdb08", "05842eb4-5a71-4086-9934-9ee1d384b76e"))
    64
    """
    if GUID.fullmatch(case) and GUID.fullmatch(person):
        return (case + person).replace("-", "")
    return f"{case}{JOINT}{person}"


def ids_of(key: str) -> tuple[str, str] | None:
    """Return the two ids of a key, None for a key of something else.

    >>> ids_of("17|204")
    ('17', '204')
    >>> ids_of(key_of("f9637725-2018-44a1-ac4c-77cbe6fcdb08", "05842eb4-5a71-4086-9934-9ee1d384b76e"))
    ('f9637725-2018-44a1-ac4c-77cbe6fcdb08', '05842eb4-5a71-4086-9934-9ee1d384b76e')
    """
    if found := BARE.fullmatch(key):
        return _hyphened(found[1]), _hyphened(found[2])
    case, joint, person = key.partition(JOINT)
    return (case, person) if joint and case and person else None


def _hyphened(bare: str) -> str:
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))


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


def listed(content: Content) -> Batch:
    """DPL: one entry for each case; the year is of the list, no month was established."""
    year = int(content.header.get("YEAR") or content.header["DATA"][:4])
    found = Batch(year=year)
    for record in content.records:
        get = record.values.get
        who = Named(
            surname=get("FAM", ""),
            given_name=get("IM", ""),
            patronymic=patronymic_of(get("OT", "")),
            birth_on=parse_day(get("DR", "")),
            sex=SEXES.get(get("W", "")),
            enp=get("ENP", ""),
            snils=bare_snils(get("SNILS", "")),
            insurer_code=get("SMO", ""),
        )
        entry = IncomingEntry(
            place=record.place,
            key=key_of(get("IDCASE", ""), get("ID_PAC", "")),
            who=who,
            measure=MEASURES[get("DISP", "")],
            year=year,
            provider_code=get("LPU", ""),
        )
        found.entries.append(entry)
    return found


BATCHES: dict[str, Callable[[Content], Batch]] = {"kbr-dpo-informing-answer": batch, "kbr-dpl-list": listed}
