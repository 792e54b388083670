"""A postal address as people write it: its postcode, and whether a letter can find the house. Pure.

Source: rules of postal services, order of the Ministry of Digital Development of 17.04.2023 no. 382, cl. 26–27: whom,
street and house, settlement, region, postcode last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from opora.informing.letters.words import Why

POSTCODE = re.compile(r"(?<!\d)([1-6]\d{5})(?!\d)")  # postcodes of Russia run from 101000 to 694923
EDGES = " ,;.\n\t"
LETTERS = 4


@dataclass(frozen=True, slots=True)
class Address:
    postcode: str
    place: str


def parse(text: str) -> Address | Why:
    """Return the postcode and the rest, or why a letter would not arrive.

    >>> parse("630099, г. Новосибирск, ул. Ленина, д. 1, кв. 5")
    Address(postcode='630099', place='г. Новосибирск, ул. Ленина, д. 1, кв. 5')
    >>> parse("Новосибирск, ул. Ленина, 1").value, parse("630099, Новосибирск").value, parse(" ").value
    ('no_postcode', 'incomplete', 'no_address')
    """
    text = " ".join(text.split())
    if not text.strip(EDGES):
        return Why.NO_ADDRESS
    found = POSTCODE.search(text)
    if found is None:
        return Why.NO_POSTCODE
    before, after = text[: found.start()].strip(EDGES), text[found.end() :].strip(EDGES)
    place = ", ".join(part for part in (before, after) if part)
    if sum(sign.isalpha() for sign in place) < LETTERS or not any(sign.isdigit() for sign in place):
        return Why.INCOMPLETE
    return Address(found.group(1), place)
