"""What to say aloud: greeting, the branch of the purpose, a word about the measure. Data: ``packs/scripts.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from opora.informing import merge
from opora.informing.words import Channel

PACK = Path(__file__).parent / "packs" / "scripts.json"


@cache
def pack() -> dict[str, Any]:
    """Return the shipped scripts; every line names only fields that exist."""
    found: dict[str, Any] = json.loads(PACK.read_text(encoding="utf-8"))
    for line in _every(found):
        merge.check(line, Channel.CALL)
    return found


def script(purpose: str, measure: str, values: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what to say to one person. A line with a field empty for him is left out."""
    said = pack()
    values = merge.readable(values, Channel.CALL)
    body = [*said["purposes"].get(purpose, said["purposes"]["other"]), *said["measures"].get(measure, [])]
    return {
        "hello": _said(said["hello"], values),
        "body": _said(body, values),
        "stranger": _said(said["stranger"], values),
        "goodbye": _said(said["goodbye"], values),
    }


def _said(lines: list[str], values: Mapping[str, str]) -> list[str]:
    whole = [line for line in lines if not merge.missing(merge.check(line, Channel.CALL), values, merge.FIELDS)]
    return [merge.render(line, values) for line in whole]


def _every(said: Mapping[str, Any]) -> list[str]:
    branches = [*said["purposes"].values(), *said["measures"].values()]
    return [*said["hello"], *said["stranger"], *said["goodbye"], *(line for lines in branches for line in lines)]
