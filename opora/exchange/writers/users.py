"""USERS — our employees for a partner. Handbook 20 §3.4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from opora.exchange.mapping import fit
from opora.exchange.writers.journal_xml import ENCODING

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """An employee as a partner knows her: surname first."""

    guid: str
    full_name: str
    email: str = ""


def name_of(day: date, number: int = 1) -> str:
    """Return the file name: ``USERSMMYYDDNNN.xml``."""
    return f"USERS{day:%m%y%d}{number:03d}.xml"


def write_users(colleagues: Iterable[Colleague], target: Path) -> int:
    """Write the file and return how many employees it holds."""
    lines = ['<?xml version="1.0" encoding="windows-1251"?>', "<USER_COLLECTION>"]
    count = 0
    for one in colleagues:
        lines += ["  <USERS>", *_leaf("USER_FULLNAME", fit(one.full_name, LONGEST_NAME))]
        lines += [*_leaf("USER_UUID", one.guid), *_leaf("USER_EMAIL", one.email), "  </USERS>"]
        count += 1
    lines.append("</USER_COLLECTION>")
    target.write_bytes(("\n".join(lines) + "\n").encode(ENCODING, "xmlcharrefreplace"))
    return count


def _leaf(tag: str, text: str) -> list[str]:
    return [f"    <{tag}>{escape(text)}</{tag}>"] if text else []
