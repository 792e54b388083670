"""Telephone numbers: any writing becomes ``+79000000000``; what cannot, stays as it was written.

Russian numbers follow our own short rule, because a list of people has no place for «perhaps»; numbers of other
countries, always written with a plus, are read by the phonenumbers library.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

EXTENSION = re.compile(r"(?:доб(?:ав\w*)?|вн(?:утр\w*)?|ext|[#*])[\s.:№]*(\d{1,6})\D*$", re.IGNORECASE)
LONGEST = 100


class Kind(StrEnum):
    """What can be done with a number: only a mobile one takes an SMS."""

    MOBILE = "mobile"
    SERVICE = "service"
    LANDLINE = "landline"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be dialled: ``number`` is E.164, ``extension`` are digits or empty."""

    number: str
    kind: Kind
    extension: str = ""


def digits(text: str) -> str:
    """Return the ASCII digits of a text and nothing else.

    >>> digits("8 (913) 123-45-67")
    '89131234567'
    """
    return re.sub(r"[^0-9]", "", text)


def parse(text: str) -> Phone | None:
    """Return the number in a text, or None where it cannot be dialled as it stands (no area code, no number).

    >>> parse("8 (913) 123-45-67").number
    '+79131234567'
    >>> parse("+375 29 123-45-67").kind
    <Kind.FOREIGN: 'foreign'>
    >>> parse("8-383-222-15-15 доб. 12")
    Phone(number='+73832221515', kind=<Kind.LANDLINE: 'landline'>, extension='12')
    >>> parse("222-15-15") is None
    True
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    extension = ""
    if found := EXTENSION.search(text):
        text, extension = text[: found.start()], found[1]
    bare = digits(text)
    if text.lstrip("( ").startswith("+") and not bare.startswith("7"):
        return _foreign(text, extension)
    if len(bare) == 11 and bare[0] in "78":
        bare = bare[1:]
    if len(bare) != 10:
        return None
    return Phone("+7" + bare, _kind(bare), extension)


def normalise(text: str) -> str | None:
    """Return the number alone (E.164), or None.

    >>> normalise("9131234567"), normalise("8-800-222-1515"), normalise("222-15-15")
    ('+79131234567', '+78002221515', None)
    """
    phone = parse(text)
    return phone.number if phone else None


def kind(number: str) -> Kind:
    """Return the kind of an E.164 number.

    >>> kind("+79131234567").value, kind("+78002221515").value, kind("+73832221515").value
    ('mobile', 'service', 'landline')
    """
    return _kind(number[2:]) if number.startswith("+7") else Kind.FOREIGN


def show(number: str) -> str:
    """Return an E.164 number as it is read aloud; anything else comes back as it was.

    >>> show("+79000000000")
    '+7 900 000-00-00'
    >>> show("+375291234567")
    '+375 29 123-45-67'
    >>> show("222-15-15")
    '222-15-15'
    """
    if len(number) == 12 and number.startswith("+7"):
        return f"+7 {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}"
    if not number.startswith("+") or number.startswith("+7"):
        return number
    import phonenumbers  # tables of the whole world: only who meets a foreign number reads them

    try:
        foreign = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(foreign, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def mask(number: str) -> str:
    """Return a number as lists show it to those who need not dial it.

    >>> mask("+79131234567")
    '+7 913 •••-45-67'
    """
    if len(number) == 12 and number.startswith("+7"):
        return f"+7 {number[2:5]} •••-{number[8:10]}-{number[10:]}"
    return f"•••• {number[-4:]}" if number else ""


def _kind(national: str) -> Kind:
    if national.startswith("9"):
        return Kind.MOBILE
    return Kind.SERVICE if national.startswith("80") else Kind.LANDLINE


def _foreign(text: str, extension: str) -> Phone | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), Kind.FOREIGN, extension)
