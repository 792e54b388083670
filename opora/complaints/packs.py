"""Packs of the room: which check a reason of a complaint needs, and the list of violations with their shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from pydantic import Field, TypeAdapter

from opora.complaints.words import Conditions, ControlKind
from opora.deadlines.errors import PackRefused
from opora.deadlines.models import Pack
from opora.deadlines.packs import Head, Strict, read_pack
from opora.deadlines.services import load_pack
from opora.shared.prepared import prepared

SHIPPED = Path(__file__).parent / "packs"
TABLE = "pg-a"  # reasons are known by the rows of table 1.2 of form ПГ


class Ground(Strict):
    code: str = Field(pattern=r"^[a-z_]{1,40}$")
    title: str = Field(min_length=1, max_length=200)


class Advice(Strict):
    """``checks`` none — usually no expert is needed; ``why`` is told to who decides."""

    checks: list[ControlKind]
    ground: str
    why: str = Field(max_length=300)


class OfRow(Advice):
    row: str


class OfTopic(Advice):
    code: str


class ControlPack(Head):
    grounds: list[Ground] = Field(min_length=1)
    reasons: list[OfRow]
    topics: list[OfTopic] = []
    wanted: dict[Conditions, str]


class Line(Strict):
    """``nonpay`` is the share of the cost not paid, ``fine`` the share of the base that is fined; 3 is thrice."""

    code: str = Field(pattern=r"^\d{1,2}(\.\d{1,3}){0,3}$")
    kinds: list[ControlKind] = Field(min_length=1)
    title: str = Field(min_length=1, max_length=500)
    nonpay: Decimal = Field(ge=0, le=1, max_digits=5, decimal_places=3)
    fine: Decimal = Field(ge=0, le=10, max_digits=5, decimal_places=3)
    is_verified: bool


class ViolationsPack(Head):
    lines: list[Line] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Edition[P]:
    """A pack in force and the name clocks and acts keep of it."""

    name: str
    content: P


def check_control(content: dict[str, Any]) -> None:
    """Raise PackRefused for what the shape alone cannot say."""
    pack = TypeAdapter(ControlPack).validate_python(content)
    known = {ground.code for ground in pack.grounds}
    for advice in (*pack.reasons, *pack.topics):
        if advice.checks and advice.ground not in known:
            raise PackRefused(f"основания «{advice.ground}» нет в списке grounds")


def check_violations(content: dict[str, Any]) -> None:
    codes = [line.code for line in TypeAdapter(ViolationsPack).validate_python(content).lines]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise PackRefused(f"lines: код «{twice}» стоит дважды")


def control(territory: str, on: date) -> Edition[ControlPack]:
    return _newest("control", territory, on, ControlPack)


def violations(territory: str, on: date) -> Edition[ViolationsPack]:
    return _newest("violations", territory, on, ViolationsPack)


def advice(pack: ControlPack, topic_code: str, row: str) -> Advice | None:
    """Return what the pack says of a reason: of its topic or a wider one, else of its row in the form.

    >>> pack = TypeAdapter(ControlPack).validate_json((SHIPPED / "control-2026.1.json").read_bytes())
    >>> advice(pack, "13.2", "ж17").ground, advice(pack, "6.1", "ж11").checks, advice(pack, "99", "")
    ('false_records', [ControlKind.EKMP], None)
    """
    of_topic = {found.code: found for found in pack.topics}
    of_row = {found.row: found for found in pack.reasons}
    for code, book in ((topic_code, of_topic), (row, of_row)):
        while code:
            if found := book.get(code):
                return found
            code = code.rpartition(".")[0]
    return None


def load_shipped_packs(**_: Any) -> None:
    """Load the packs that come with the program; those already there stay as they are."""
    for path in sorted(SHIPPED.glob("*.json")):
        load_pack(read_pack(path))


def _newest[P: Head](kind: str, territory: str, on: date, shape: type[P]) -> Edition[P]:
    found = _in_force.first(kind, territory, on)
    if found is None:
        raise PackRefused(f"Нет пака «{kind}» на {on:%d.%m.%Y}: загрузите его командой opora load pack.")
    return _read(found, shape)  # type: ignore[return-value]


@prepared
def _in_force(kind: str, territory: str, on: date) -> QuerySet[Pack, int]:
    packs = Pack.objects.filter(Q(territory="") | Q(territory=territory), kind=kind).in_force(on)
    return packs.order_by("-territory", "-loaded_at", "-pk").values_list("pk", flat=True)[:1]


@lru_cache(maxsize=16)
def _read(pk: int, shape: type[Head]) -> Edition[Head]:
    """A pack never changes, so its reading may be kept."""
    pack = Pack.objects.get(pk=pk)
    return Edition(f"{pack.code} {pack.version}", TypeAdapter(shape).validate_python(pack.content))
