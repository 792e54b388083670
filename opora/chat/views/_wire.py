"""How pages and the program speak of a talk: the same few words on both sides of it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, JsonResponse

from opora.appeals import store
from opora.chat import queries, rules
from opora.chat.errors import ChatError, WordsNeeded
from opora.chat.models import LineFile, Talk
from opora.chat.services._writing import Attached, NewLine
from opora.chat.words import State

MOST_FILES = 5
LONGEST_BODY = 32_000


class NotUnderstood(ChatError, status=400):
    """Не поняли сообщение. Обновите страницу и отправьте ещё раз."""


def new_line(request: HttpRequest) -> tuple[NewLine, dict[str, str]]:
    """Read a line and what was said beside it, from a form with files or from JSON. Raises NotUnderstood, FileRefused.

    A file that is too large is cut one byte after the limit: it is refused by its size, not read into the memory.
    """
    if request.content_type == "application/json":
        told = body_of(request)
        return NewLine(_id(told.get("id")), str(told.get("text", ""))), _strings(told)
    sent = request.FILES.getlist("files")
    files = [Attached(str(one.name or ""), one.read(rules.MOST_BYTES + 1)) for one in sent[:MOST_FILES]]
    told = {name: request.POST.get(name, "") for name in ("id", "text", "name", "phone")}
    if not files and not told["text"].strip():
        raise WordsNeeded
    return NewLine(_id(told["id"]), told["text"], files), told


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON of a request. Raises NotUnderstood."""
    if len(request.body) > LONGEST_BODY:
        raise NotUnderstood
    try:
        told = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as fault:  # the second: thousands of brackets
        raise NotUnderstood from fault
    if not isinstance(told, dict):
        raise NotUnderstood
    return told


def number_of(value: object) -> int:
    """Return the number of a line a page names; 0 for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def shown(talk: Talk, after: int, *, is_citizen: bool) -> JsonResponse:
    """What was said after a line, and how the talk stands. The citizen is told the given name of who answers."""
    about: dict[str, Any] = {
        "id": str(talk.pk),
        "state": talk.state,
        "last": talk.last,
        "read": talk.employee_read if is_citizen else talk.citizen_read,
        "mine": talk.citizen_read if is_citizen else talk.employee_read,
    }
    if is_citizen:
        about["who"] = talk.owner.given_name if talk.owner and talk.state == State.TAKEN else ""
        about["ahead"] = queries.ahead_of(talk) if talk.state == State.WAITING else 0
    else:
        about["who"] = talk.name
        about["seen_at"] = talk.seen_at.isoformat(timespec="seconds")
    lines = queries.lines_after(talk, after, is_citizen=is_citizen)
    # A line may come between the two questions: what is told here is not told again.
    reach = max([queries.reach_of(talk, after), *(line["number"] for line in lines)])
    return JsonResponse({"lines": lines, "reach": reach, "talk": about})


def bytes_of(kept: LineFile) -> FileResponse:
    """The bytes of a file, saved and never shown in the browser."""
    answer = FileResponse(
        store.open_kept(kept.sha256), as_attachment=True, filename=kept.name, content_type=kept.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _id(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as fault:
        raise NotUnderstood from fault


def _strings(told: dict[str, Any]) -> dict[str, str]:
    return {name: str(told.get(name, ""))[:200] for name in ("name", "phone")}
