"""The wire format, all of it. The contract of the platform is closed: every path, field and limit here is assumed.

What the operator of the platform confirms is changed in this file and nowhere else; the questions to him stand in
``docs/feedback.md``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from opora.channels.errors import GatewayUnexpected
from opora.channels.ports import Attachment
from opora.feedback.ports import Change, ChangeKind, Citizen, Limits
from opora.feedback.words import Track

LIMITS = Limits(4000, 5, 10 * 1024 * 1024, ("pdf", "docx", "jpg", "jpeg", "png"))  # of an answer, all assumed
MOST_AT_ONCE = 100
LARGEST_FILE = 20 * 1024 * 1024
NOT_READ = "Госуслуги ответили непонятно. Проверьте настройки подключения."
_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,100}")
_KINDS = {
    "message": ChangeKind.WRITTEN,
    "reopened": ChangeKind.REOPENED,
    "rating": ChangeKind.RATED,
    "published": ChangeKind.PUBLISHED,
    "rejected": ChangeKind.REFUSED,
}
_TRACKS = {"fast": Track.FAST, "ordinary": Track.ORDINARY}


@dataclass(frozen=True, slots=True)
class FileAsked:
    """A file the platform keeps: ``key`` asks for it. Larger ones are not asked for."""

    name: str
    key: str
    size: int


@dataclass(frozen=True, slots=True)
class Read:
    """A line of news with the files still to be brought."""

    change: Change
    files: tuple[FileAsked, ...] = ()


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def news_path(after: str) -> str:
    return f"/api/v1/changes?limit={MOST_AT_ONCE}&after={after if _NUMBER.fullmatch(after) else ''}"


def file_path(key: str) -> str:
    return f"/api/v1/files/{key}"


def answer_request(message: str, reference: UUID, text: str, files: Sequence[Attachment]) -> tuple[str, dict[str, Any]]:
    """Return the path and the body of an answer; its files go in the same request."""
    sent = [
        {"name": one.name, "type": one.content_type, "content": base64.b64encode(one.content).decode()} for one in files
    ]
    return f"/api/v1/messages/{message}/answer", {"reference": str(reference), "text": text, "files": sent}


def interim_request(message: str, reference: UUID, text: str) -> tuple[str, dict[str, Any]]:
    return f"/api/v1/messages/{message}/interim", {"reference": str(reference), "text": text}


def extension_request(message: str, reference: UUID, until: date, why: str) -> tuple[str, dict[str, Any]]:
    body = {"reference": str(reference), "until": until.isoformat(), "reason": why}
    return f"/api/v1/messages/{message}/extension", body


def redirection_request(message: str, reference: UUID, to: str, why: str) -> tuple[str, dict[str, Any]]:
    return f"/api/v1/messages/{message}/redirection", {"reference": str(reference), "organisation": to, "reason": why}


def refusal(told: object) -> tuple[str, str]:
    """Return the code and the words of a refusal, empty when the body says nothing."""
    if not isinstance(told, dict):
        return "", ""
    return _word(told, "code", 32), _word(told, "message", 200)


def accepted(told: object, reference: UUID) -> str:
    """Return the platform's number of what it took. Raises GatewayUnexpected when it speaks of something else."""
    if not isinstance(told, dict) or told.get("reference") != str(reference):
        raise GatewayUnexpected(NOT_READ)
    return _word(told, "id", 100)


def news(told: object) -> list[Read]:
    """Return lines of news in their order; one that cannot be made out is UNREAD. Raises GatewayUnexpected."""
    lines = told.get("changes") if isinstance(told, dict) else None
    if not isinstance(lines, list):
        raise GatewayUnexpected(NOT_READ)
    return [_line(line) for line in lines]


def _line(line: object) -> Read:
    if not isinstance(line, dict) or not _NUMBER.fullmatch(str(line.get("cursor", ""))):
        raise GatewayUnexpected(NOT_READ)  # without its place nothing behind it can be read
    cursor = str(line["cursor"])
    number, known = str(line.get("message", "")), str(line.get("id", ""))
    kind = _KINDS.get(str(line.get("type")))
    body = line.get("body")
    try:
        if kind is None or not _NUMBER.fullmatch(number) or not _NUMBER.fullmatch(known) or not isinstance(body, dict):
            raise ValueError  # noqa: TRY301 - as what the fields themselves raise
        return _told(kind, known, number, cursor, line, body)
    except (ValueError, TypeError, KeyError):
        shown = number if _NUMBER.fullmatch(number) else ""
        return Read(Change(known[:100] or cursor, ChangeKind.UNREAD, shown, cursor))


def _told(
    kind: ChangeKind, known: str, number: str, cursor: str, line: Mapping[str, Any], body: Mapping[str, Any]
) -> Read:
    at = _moment(line["at"]) if line.get("at") else None
    text = _word(body, "text", 100_000)
    if kind is ChangeKind.WRITTEN:
        if not text.strip():
            raise ValueError("a message without words")
        change = Change(
            known, kind, number, cursor, at, text,
            category=_word(body, "category", 300),
            subcategory=_word(body, "subcategory", 300),
            track=_TRACKS[body.get("track", "ordinary")],
            citizen=_citizen(body.get("citizen") or {}),
        )  # fmt: skip
        return Read(change, tuple(_file(one) for one in body.get("files") or ()))
    score = body.get("score")
    if kind is ChangeKind.RATED and (not isinstance(score, int) or isinstance(score, bool)):
        raise ValueError("a rating without a score")
    reference = UUID(str(body["reference"])) if body.get("reference") else None
    return Read(Change(known, kind, number, cursor, at, text, score=score, reference=reference))


def _citizen(told: object) -> Citizen:
    if not isinstance(told, dict):
        raise TypeError("citizen")
    born = _word(told, "birthDate", 10)
    snils = re.sub(r"\D", "", _word(told, "snils", 20))
    return Citizen(
        surname=_word(told, "lastName", 100),
        given_name=_word(told, "firstName", 100),
        patronymic=_word(told, "middleName", 100),
        birth_on=date.fromisoformat(born) if born else None,
        snils=snils if len(snils) == 11 else "",
        phone=_word(told, "phone", 20),
        email=_word(told, "email", 254),
    )


def _file(told: Mapping[str, Any]) -> FileAsked:
    key = str(told["id"])
    if not _NUMBER.fullmatch(key):
        raise ValueError("a file without a key")
    size = told.get("size")
    return FileAsked(_word(told, "name", 255) or "файл", key, size if isinstance(size, int) else 0)


def _word(told: Mapping[str, Any], name: str, most: int) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value[:most]


def _moment(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
