"""What the receiver knows when a file comes: organisations, employees by GUID, themes, the channel, the day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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
    ``themes`` means that the classifier is not known here and themes are not compared. ``sent`` is what we sent
    earlier: name of the file without its extension, in capitals → keys of its records; None — not known, answers are
    not compared with anything.
    """

    as_of: date
    organisations: Mapping[str, str] = field(default_factory=dict)
    employees: Mapping[str, str] = field(default_factory=dict)
    themes: frozenset[str] = frozenset()
    channel: str | None = None
    sent: Mapping[str, frozenset[str]] | None = None

    def at(
        self,
        *,
        as_of: date | None = None,
        channel: str | None = None,
        sent: Mapping[str, frozenset[str]] | None = None,
    ) -> Context:
        return replace(
            self,
            as_of=as_of or self.as_of,
            channel=channel or self.channel,
            sent=self.sent if sent is None else sent,
        )

    def keys_sent(self, file: str) -> frozenset[str] | None:
        """Return the keys we sent in ``file``, None when we never sent it. Ask only where ``sent`` is known."""
        return None if self.sent is None else self.sent.get(bare_name(file))

    def is_fund(self, code: str) -> bool:
        """Codes of funds end in three zeros: 81000 among 81001, 81007. Source: handbook 08 §4."""
        return code.endswith("000")


def bare_name(file: str) -> str:
    """Return the name by which a sent file is known: no folder, no extension of ours, in capitals.

    >>> bare_name("GST19_2605_1.zip"), bare_name("gst19_2605_1")
    ('GST19_2605_1', 'GST19_2605_1')
    """
    name = file.strip().upper()
    return name.rpartition(".")[0] if name.endswith((".ZIP", ".XML", ".CSV", ".XLSX", ".JSON")) else name


def sent_files(entries: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Return what was sent from ``[{"file": "GST19_2605_1", "keys": ["…"]}]``; one file named twice is one file."""
    found: dict[str, frozenset[str]] = {}
    for one in entries:
        name = bare_name(str(one["file"]))
        found[name] = found.get(name, frozenset()) | {str(key) for key in one["keys"]}
    return found


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
        sent=sent_files(content["sent"]) if "sent" in content else None,
    )
