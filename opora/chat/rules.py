"""Decisions of the room without a database: what a line may be, how fast, how long it is kept, the transcript. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from opora.chat.errors import LineTooLong, NoKey, WordsNeeded

LONGEST_LINE = 4_000
LONGEST_NAME = 100
# All figures are assumed: who types fast sends a line in three seconds, a family behind one address talks twice.
MOST_A_MINUTE = 20
MOST_LINES = 2_000
MOST_FILES = 20
MOST_FILES_OF_ADDRESS = 60
FILES_WITHIN = timedelta(hours=1)
MOST_TALKS = 10
TALKS_WITHIN = timedelta(minutes=10)
MOST_BYTES = 10 * 1024 * 1024
# The transcript lives in the journal; the talk itself is kept for questions about its quality.  # assumed
WITH_APPEAL = timedelta(days=180)
WITHOUT = timedelta(days=365)
LONGEST_TRANSCRIPT = 20_000  # of the field of intake
UNEASY, LONG = (
    timedelta(minutes=1),
    timedelta(minutes=2),
)  # without an answer: who waits longer closes the page  # assumed
UNANSWERED = timedelta(minutes=5)  # whoever leads talks hears of one that has no answer for longer  # assumed
SILENT_AFTER = timedelta(days=1)  # an answered citizen who says nothing more has got what he came for  # assumed
GONE = timedelta(seconds=90)  # a browser that is there asks each half a minute

_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes in base64url
_HOST = re.compile(r"[a-z0-9.-]{1,180}|\[[0-9a-f:]{2,40}\]")


def key_of(text: str) -> str:
    """Return the key of a browser as it was sent. Raises NoKey for what no browser of ours makes."""
    if not _KEY.fullmatch(text) or len(set(text)) < 12:
        raise NoKey
    return text


def words(text: str) -> str:
    """Return a line as it may be stored: no control signs, no marks that turn letters round.

    >>> words(" Добрый\\x00 день\\r\\n\\n\\n\\nполис ")
    'Добрый день\\n\\nполис'

    Raises WordsNeeded, LineTooLong.
    """
    found = clean(text)
    if not found:
        raise WordsNeeded
    if len(found) > LONGEST_LINE:
        raise LineTooLong
    return found


def clean(text: str) -> str:
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    kept = "".join(sign for sign in whole if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def one_line(text: str, most: int) -> str:
    return " ".join(clean(text).split())[:most].strip()


def origin_of(text: str) -> str:
    """Return a site as a browser names it, ``scheme://host[:port]``. Raises ValueError with a sentence.

    >>> origin_of(" https://SMO-alfa.ru/contacts?a=1 "), origin_of("http://localhost:8080")
    ('https://smo-alfa.ru', 'http://localhost:8080')
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except (ValueError, UnicodeError):
        parts, port, host = urlsplit(""), None, ""
    shown = f"[{host}]" if host and ":" in host else host or ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(shown) or parts.username:
        raise ValueError(f"Не понимаем адрес «{text.strip()[:80]}». Пример: https://alfa.example")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != usual else "")


def forget_at(closed_at: datetime, *, has_appeal: bool) -> datetime:
    return closed_at + (WITH_APPEAL if has_appeal else WITHOUT)


@dataclass(frozen=True, slots=True)
class Told:
    """A line as the transcript shows it."""

    at: datetime
    who: str
    text: str
    files: tuple[str, ...] = ()


def transcript(lines: Iterable[Told], zone: ZoneInfo, most: int = LONGEST_TRANSCRIPT) -> str:
    """Return a talk as text, in the clock of the organisation; of a longer one the end, which says that it is."""
    shown = []
    for line in lines:
        local = line.at.astimezone(zone)
        files = "".join(f" [файл: {name}]" for name in line.files)
        shown.append(f"{local:%H:%M} {line.who}: {line.text}{files}".strip())
    whole = "\n".join(shown)
    if len(whole) <= most:
        return whole
    note = "(начало разговора не поместилось, оно в чате)\n"
    return note + whole[-(most - len(note)) :]


def strain(unanswered: timedelta | None) -> str:
    """Return the colour of a talk by how long his last words are without an answer; None — he has one.

    >>> [strain(timedelta(seconds=one)) for one in (5, 60, 120)], strain(None)
    (['now', 'today', 'late'], 'done')
    """
    if unanswered is None:
        return "done"
    return "late" if unanswered >= LONG else "today" if unanswered >= UNEASY else "now"


def event_id(talk: UUID, name: str) -> UUID:
    """Return the id of a line of the program: the same event of a talk is written once."""
    from uuid import uuid5

    return uuid5(talk, name)
