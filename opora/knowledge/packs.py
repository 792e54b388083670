"""The cards and facts that come with the program, read and checked. Pure but for reading its own folder."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

SHIPPED = Path(__file__).parent / "packs"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Head(_Strict):
    kind: str
    code: str
    version: str
    title: str
    source: str
    since: date
    until: date | None


class ShippedCard(_Strict):
    """One typical question; ``row`` is its row of form ПГ as the handbook gives it."""

    number: int
    slug: str = Field(pattern=r"^[a-z0-9-]{2,60}$")
    row: str
    level: int = Field(ge=1, le=3)
    question: str
    variants: tuple[str, ...] = ()
    body: str
    full_text: str = ""
    next_step: str = ""
    red_flag: str = ""
    legal_basis: str = ""
    law_edition: str = ""
    sources: str
    words: str = ""
    is_verified: bool


class AnswersPack(_Head):
    cards: tuple[ShippedCard, ...]


class Fact(_Strict):
    """An age, a day or a limit that answers name: ``words`` are said aloud as they stand."""

    code: str = Field(pattern=r"^[a-z_]+$")
    title: str
    words: str
    source: str
    is_verified: bool


class _FactsPack(_Head):
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in force on a day."""

    by_code: dict[str, Fact]


@cache
def answers() -> AnswersPack:
    """Return the newest pack of typical answers."""
    return AnswersPack.model_validate_json(_files("answers")[-1].read_bytes())


def facts(on: date) -> Facts:
    """Return the facts in force on a day; a later file comes before an earlier one."""
    found: dict[str, Fact] = {}
    for pack in _fact_packs():
        if pack.since <= on and (pack.until is None or on <= pack.until):
            found |= {fact.code: fact for fact in pack.facts}
    return Facts(found)


@cache
def _fact_packs() -> tuple[_FactsPack, ...]:
    packs = (_FactsPack.model_validate_json(path.read_bytes()) for path in _files("facts"))
    return tuple(sorted(packs, key=lambda pack: (pack.since, pack.version)))


def _files(kind: str) -> list[Path]:
    return sorted(SHIPPED.glob(f"{kind}-*.json"))
