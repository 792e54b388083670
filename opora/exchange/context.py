"""What the receiver knows when a file comes: organisations, employees by GUID, themes, the channel, the day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from opora.shared.errors import DomainError


class ContextRefused(DomainError, status=422):
    """Файл контекста не прочитан."""


@dataclass(frozen=True, slots=True)
class Context:
    """The knowledge that controls compare with. ``channel`` is the organisation whose channel brought the file.

    ``organisations`` maps code → name, ``employees`` GUID (lower case) → code of her organisation; an empty
    ``themes`` means that the classifier is not known here and themes are not compared.
    """

    as_of: date
    organisations: Mapping[str, str] = field(default_factory=dict)
    employees: Mapping[str, str] = field(default_factory=dict)
    themes: frozenset[str] = frozenset()
    channel: str | None = None

    def at(self, *, as_of: date | None = None, channel: str | None = None) -> Context:
        return replace(self, as_of=as_of or self.as_of, channel=channel or self.channel)

    def is_fund(self, code: str) -> bool:
        """Codes of funds end in three zeros: 81000 among 81001, 81007. Source: handbook 08 §4."""
        return code.endswith("000")


def read_context(path: Path) -> Context:
    """Read organisations, employees, themes and the day from a JSON file. Raises ContextRefused."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        return _context(content)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise ContextRefused(f"Контекст {path.name} не прочитан: {fault}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ContextRefused(f"В контексте {path.name} не то, что нужно: {fault}") from None


def _context(content: dict[str, Any]) -> Context:
    return Context(
        as_of=date.fromisoformat(content["as_of"]) if content.get("as_of") else date.today(),  # noqa: DTZ011
        organisations={str(code): name for code, name in content.get("organisations", {}).items()},
        employees={
            str(one["guid"]).lower(): str(one["org"]) for one in content.get("employees", []) if one.get("guid")
        },
        themes=frozenset(str(code) for code in content.get("themes_version_3", [])),
        channel=str(content["channel_org"]) if content.get("channel_org") else None,
    )
