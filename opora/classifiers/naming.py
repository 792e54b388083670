"""Synonyms of the contact centre: what callers say and what topics and answers are called. Read from its own folder."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from opora.shared import lookup

SHIPPED = Path(__file__).parent / "synonyms"


class SynonymsPack(BaseModel):
    """Groups of equal names; a name may be of several words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    code: str
    version: str
    title: str
    source: str
    groups: tuple[tuple[str, ...], ...] = Field(min_length=1)


@cache
def pack() -> SynonymsPack:
    """Return the newest list that came with the program."""
    return SynonymsPack.model_validate_json(sorted(SHIPPED.glob("synonyms-*.json"))[-1].read_bytes())


@cache
def names() -> lookup.Synonyms:
    """Return the list as searches take it."""
    return lookup.synonyms(pack().groups)
