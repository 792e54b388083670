"""A profile: how to write a request and how to read what comes back. Pure, no network."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from opora.channels.errors import GatewayUnexpected
from opora.channels.ports import IncomingReceipt, Link, Outgoing
from opora.channels.words import State

_FIELD = re.compile(r"\{(\w+)\}")
NO_ERROR = {"", "0", "ok", "none", "null", "false", "success"}
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Request:
    """A request ready to go."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def request(message: Outgoing, link: Link) -> Request:
    """Write the request for a message."""
    return _written(link, link.settings["method"], link.settings["url"], link.settings["body"], _values(message, link))


def question(message_id: str, link: Link) -> Request:
    """Write the request that asks what became of a message."""
    return _written(link, "GET", link.settings["status_url"], "", _secrets(link) | {"id": message_id})


def answer(body: str, link: Link) -> tuple[str, str]:
    """Return the id and the code of the error an answer holds, one of them empty. Raises GatewayUnexpected."""
    read = _read(body)
    error_path, id_path = link.settings["error_path"], link.settings["id_path"]
    code = _text(_at(read, error_path)) if error_path else ""
    if code.lower() not in NO_ERROR:
        return "", code
    found = _text(_at(read, id_path)) if id_path else body.strip()
    if not found:
        raise GatewayUnexpected
    return found[:100], ""


def is_permanent(code: str, link: Link) -> bool:
    return code in re.split(r"[\s,;]+", link.settings["permanent"])


def receipts(body: str, link: Link, now: datetime | None = None) -> list[IncomingReceipt]:
    """Read what a provider says of messages: one, a list, or a list under one key. Raises GatewayUnexpected."""
    read = _read(body)
    if isinstance(read, dict) and len(read) == 1 and isinstance(only := next(iter(read.values())), list):
        read = only
    listed = read if isinstance(read, list) else [read]
    told = [_receipt(one, link, now or datetime.now(UTC)) for one in listed]
    if not told or None in told:
        raise GatewayUnexpected
    return [one for one in told if one is not None]


def state_of(word: str, link: Link) -> State:
    """Return what the provider's word means; unknown to us — unknown."""
    return _states(link.settings["states"]).get(word.lower(), State.UNKNOWN)


def _states(text: str) -> dict[str, State]:
    known: dict[str, State] = {str(state): state for state in State}
    for line in text.splitlines():
        theirs, _, ours = line.partition("=")
        if ours.strip() in State.values:
            known[theirs.strip().lower()] = State(ours.strip())
    return known


def _receipt(one: Any, link: Link, now: datetime) -> IncomingReceipt | None:
    message_id = _text(_at(one, link.settings["receipt_id_path"]))
    word = _text(_at(one, link.settings["status_path"]))
    if not message_id or not word:
        return None
    return IncomingReceipt(state_of(word, link), now, message_id[:100], code=word[:32])


def _values(message: Outgoing, link: Link) -> dict[str, str]:
    until = message.valid_until
    return _secrets(link) | {
        "to": message.to,
        "text": message.text,
        "subject": message.subject,
        "sender": message.sender or link.sender,
        "reference": str(message.reference),
        "valid_until": until.astimezone(UTC).isoformat(timespec="seconds") if until else "",
    }


def _secrets(link: Link) -> dict[str, str]:
    return {
        "login": link.settings["login"],
        "password": link.secrets.get("password", ""),
        "token": link.secrets.get("token", ""),
    }


def _written(link: Link, method: str, url: str, body: str, values: Mapping[str, str]) -> Request:
    headers = {}
    for line in link.settings["headers"].splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip()] = _filled(value.strip(), values, _one_line)
    shape, kind = _shape(body)
    if body and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    return Request(method, _filled(url, values, _in_address), headers, _filled(body, values, shape).encode())


def _filled(template: str, values: Mapping[str, str], shape: Callable[[str], str]) -> str:
    """Put values in; a name nobody knows stays as it is, for JSON is full of braces."""
    return _FIELD.sub(lambda found: shape(values[found[1]]) if found[1] in values else found[0], template)


def _shape(body: str) -> tuple[Callable[[str], str], str]:
    """Return how values are written into a body, and what it is, by its first sign."""
    first = body.lstrip()[:1]
    if first in {"{", "["}:
        return lambda value: json.dumps(value, ensure_ascii=False)[1:-1], "application/json; charset=utf-8"
    if first == "<":
        return lambda value: escape(value, {'"': "&quot;"}), "application/xml; charset=utf-8"
    return _in_address, "application/x-www-form-urlencoded; charset=utf-8"


def _in_address(value: str) -> str:
    return quote(value, safe="")


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # the second: thousands of brackets
        return body


def _at(read: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(read, dict):
            read = read.get(step, _MISSING)
        elif isinstance(read, list) and step.isdecimal() and int(step) < len(read):
            read = read[int(step)]
        else:
            return _MISSING
    return read


def _text(value: Any) -> str:
    return "" if value is _MISSING or value is None or isinstance(value, dict | list) else str(value).strip()
