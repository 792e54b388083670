"""Themes and ways of the table: data of ``packs/monthly.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PACK = Path(__file__).parent.parent / "packs" / "monthly.json"


@dataclass(frozen=True, slots=True)
class Word:
    """A theme or a way: our ``value``, the ``code`` of the form (empty — the form has none), its title."""

    value: str
    code: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.code} {self.title}".strip()


@cache
def pack() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PACK.read_text(encoding="utf-8"))
    return found


@cache
def themes() -> dict[str, Word]:
    return {one["theme"]: Word(one["theme"], one["code"], one["title"]) for one in pack()["themes"]}


@cache
def ways() -> dict[str, Word]:
    return {one["way"]: Word(one["way"], one["code"], one["title"]) for one in pack()["ways"]}
