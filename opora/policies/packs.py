"""The pack of deliveries: who gets a policy at the door, with which papers, how many tries, how couriers move."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter

from opora.deadlines.errors import PackRefused
from opora.deadlines.models import Pack
from opora.deadlines.packs import Head, Strict, read_pack
from opora.deadlines.services import load_pack
from opora.insured.models import PersonCategory
from opora.policies.routing.model import Speed

SHIPPED = Path(__file__).parent / "packs"
BLANKS = frozenset({"day", "since", "until", "code", "phone"})


class Category(Strict):
    """``from_card`` are categories of the card that give it, ``from_age`` full years; otherwise a paper is named."""

    code: str = Field(pattern=r"^[a-z_0-9]{1,40}$")
    title: str = Field(min_length=1, max_length=200)
    from_card: list[PersonCategory.Code] = []
    from_age: int | None = Field(None, ge=0, le=130)
    documents: list[str]
    is_verified: bool


class DeliveryPack(Head):
    categories: list[Category] = Field(min_length=1)
    most_tries: int = Field(ge=1, le=20)
    service_minutes: int = Field(ge=1, le=240)
    park_minutes: int = Field(ge=0, le=60)
    road_factor: Decimal = Field(ge=1, le=5)
    kmh: Decimal = Field(ge=1, le=150)
    notice: str = Field(min_length=20, max_length=400)

    @property
    def speed(self) -> Speed:
        return Speed(float(self.road_factor), float(self.kmh), self.park_minutes)

    def category(self, code: str) -> Category | None:
        return next((one for one in self.categories if one.code == code), None)


def check(content: dict[str, Any]) -> None:
    """Raise PackRefused for what the shape alone cannot say."""
    pack = TypeAdapter(DeliveryPack).validate_python(content)
    codes = [one.code for one in pack.categories]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise PackRefused(f"categories: код «{twice}» стоит дважды")
    try:
        pack.notice.format(**dict.fromkeys(BLANKS, ""))
    except (KeyError, ValueError, IndexError) as fault:
        raise PackRefused(f"notice: бывают только {', '.join(sorted(BLANKS))}") from fault


def current(territory: str, on: date) -> DeliveryPack:
    """Return the pack in force, a territory's own first. Raises PackRefused when there is none."""
    packs = Pack.objects.filter(kind="delivery", territory__in=["", territory]).in_force(on)
    found = packs.order_by("-territory", "-loaded_at", "-pk").values_list("pk", flat=True).first()
    if found is None:
        raise PackRefused(f"Нет пака «delivery» на {on:%d.%m.%Y}: загрузите его командой opora load delivery.")
    return _read(found)


def load_shipped_packs(**_: Any) -> None:
    """Load the packs that come with the program; those already there stay as they are."""
    for path in sorted(SHIPPED.glob("*.json")):
        load_pack(read_pack(path))


@lru_cache(maxsize=16)
def _read(pk: int) -> DeliveryPack:
    """A pack never changes, so its reading may be kept."""
    return TypeAdapter(DeliveryPack).validate_python(Pack.objects.get(pk=pk).content)
