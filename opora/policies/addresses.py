"""Addresses as people write them: taken apart, put in order, compared. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

POSTCODE = re.compile(r"(?<!\d)[1-6]\d{5}(?!\d)")
HOUSE = re.compile(
    r"^(?:д(?:ом)?\.?\s*)?(\d+\s*[а-яa-z]?(?:\s*[/-]\s*\d+[а-яa-z]?)?(?:\s*(?:к|корп|стр)\.?\s*\d+)?)$", re.I
)
FLAT = re.compile(r"^(?:кв|квартира|оф|комн)\.?\s*№?\s*(\w+)$", re.I)
STREET = re.compile(
    r"\b(?:ул|улица|пр|пр-т|просп|проспект|пер|переулок|б-р|бульвар|ш|шоссе|пл|площадь|мкр|наб|проезд)\b", re.I
)
REGION = re.compile(r"\b(?:обл|область|край|респ|республика|р-н|район|россия|ао)\b", re.I)
KINDS = re.compile(
    r"\b(?:г|город|с|село|п|пос|поселок|рп|д|дер|деревня|ст|станица|ул|улица|пр|пр-т|просп|проспект|пер|переулок|б-р|бульвар"
    r"|ш|шоссе|пл|площадь|мкр|наб|проезд|дом)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Parts:
    settlement: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""


def parse(text: str) -> Parts:
    """Return what can be read of an address in one line; what is not understood is left empty for a person to fill.

    >>> parse("630099, Новосибирская область, г. Новосибирск, ул. Ленина, д. 1, кв. 5")
    Parts(settlement='г. Новосибирск', street='ул. Ленина', house='1', flat='5')
    >>> parse("с. Верх-Тула, 12"), parse("") == Parts()
    (Parts(settlement='с. Верх-Тула', street='', house='12', flat=''), True)
    """
    found: dict[str, str] = {}
    for part in (one.strip(" .;") for one in POSTCODE.sub("", text).split(",")):
        if not part or REGION.search(part):
            continue
        if flat := FLAT.match(part):
            found.setdefault("flat", flat.group(1))
        elif house := HOUSE.match(part):
            found.setdefault("house" if "house" not in found else "flat", house.group(1))
        elif STREET.search(part) or "settlement" in found:
            found.setdefault("street", part)
        else:
            found["settlement"] = part
    return Parts(**{name: value[:120] for name, value in found.items()})


def key(settlement: str, street: str, house: str) -> str:
    """Return the address as points are known by: no kinds, no signs, ё is е.

    >>> key("г. Новосибирск", "ул. Весёлая", "д. 12 А") == key("новосибирск", "Веселая улица", "12а")
    True
    """
    plain = [" ".join(_words(part)) for part in (settlement, street)]
    return "|".join([*plain, "".join(_words(house))])


def order(settlement: str, street: str, house: str) -> tuple[object, ...]:
    """Return what sorts a plain list: settlement, street, house as a number.

    >>> sorted(["10", "2", "2а"], key=lambda one: order("г", "у", one))
    ['2', '2а', '10']
    """
    first = re.match(r"\D*(\d+)", house)
    return (
        " ".join(_words(settlement)),
        " ".join(_words(street)),
        int(first.group(1)) if first else 0,
        house.casefold(),
    )


def _words(text: str) -> list[str]:
    plain = KINDS.sub(" ", text.casefold().replace("ё", "е"))
    return re.findall(r"[\w/]+", plain.replace("-", " "))
