"""See ``opora.feedback.ports.PosGateway``: requests over HTTP, every word of them from ``wire``.

``door.settings["address"]`` is the server, its secret is ``token``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from opora.adapters.pos import wire
from opora.channels import reach
from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import Accepted, Answer, Attachment, Refused, Unanswered
from opora.doors.models import Door
from opora.doors.shapes import Attached
from opora.feedback.ports import Change

SECONDS = 20
NOT_NOW = {408, 425, 429, 503}
OUR_FAULT = {401, 403, 404, 405}  # of the connection, not of the message: mend it and send again
TOO_LARGE = "Файл больше 20 МБ: остался на Госуслугах."
NOT_BROUGHT = "Госуслуги не отдали этот файл."


class HttpPosGateway:
    """One platform."""

    limits = wire.LIMITS

    def changes(self, door: Door, after: str) -> Iterator[Change]:
        with _client(door) as client:
            while lines := wire.news(_asked(client, wire.news_path(after))):
                for line in lines:
                    yield replace(line.change, files=tuple(_brought(client, file) for file in line.files))
                if lines[-1].change.cursor == after:
                    raise GatewayUnexpected(wire.NOT_READ)  # it would be told for ever
                after = lines[-1].change.cursor

    def answer(self, door: Door, message: str, reference: UUID, text: str, files: Sequence[Attachment]) -> Answer:
        return _given(door, reference, *wire.answer_request(message, reference, text, files))

    def interim(self, door: Door, message: str, reference: UUID, text: str) -> Answer:
        return _given(door, reference, *wire.interim_request(message, reference, text))

    def extend(self, door: Door, message: str, reference: UUID, until: date, why: str) -> Answer:
        return _given(door, reference, *wire.extension_request(message, reference, until, why))

    def redirect(self, door: Door, message: str, reference: UUID, to: str, why: str) -> Answer:
        return _given(door, reference, *wire.redirection_request(message, reference, to, why))


@contextmanager
def _client(door: Door) -> Iterator[httpx.Client]:
    address = str(door.settings.get("address", "")).rstrip("/")
    if not address:
        raise GatewayUnexpected("Адрес Госуслуг не записан. Проверьте настройки подключения.")
    headers = wire.headers(door.secret("token"))
    hooks = {"request": [reach.watch]}
    with httpx.Client(base_url=address, headers=headers, timeout=SECONDS, trust_env=False, event_hooks=hooks) as client:
        yield client


def _asked(client: httpx.Client, path: str) -> Any:
    """Return the JSON of an answer. Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected."""
    response = _got(client, path)
    if response.status_code in {401, 403}:
        raise GatewayRejected("Госуслуги не впустили: проверьте ключ подключения.")
    if response.status_code in NOT_NOW or response.status_code >= 500:
        raise GatewayUnavailable("Госуслуги не отвечают. Сообщения придут, когда они ответят.")
    if response.status_code != 200:
        raise GatewayUnexpected(wire.NOT_READ)
    try:
        return response.json()
    except ValueError as fault:
        raise GatewayUnexpected(wire.NOT_READ) from fault


def _got(client: httpx.Client, path: str) -> httpx.Response:
    try:
        return client.get(path)
    except (httpx.TransportError, httpx.DecodingError) as fault:
        raise GatewayUnavailable("Госуслуги не отвечают. Сообщения придут, когда они ответят.") from fault


def _brought(client: httpx.Client, file: wire.FileAsked) -> Attached:
    """Return a file, or its name with a sentence. Raises GatewayUnavailable: the message is asked for again with it."""
    if file.size > wire.LARGEST_FILE:
        return Attached(file.name, refused=TOO_LARGE)
    response = _got(client, wire.file_path(file.key))
    if response.status_code in NOT_NOW or response.status_code >= 500:
        raise GatewayUnavailable("Госуслуги не отдают файл. Сообщение придёт, когда отдадут.")
    if response.status_code != 200:
        return Attached(file.name, refused=NOT_BROUGHT)
    if len(response.content) > wire.LARGEST_FILE:
        return Attached(file.name, refused=TOO_LARGE)
    return Attached(file.name, response.content)


def _given(door: Door, reference: UUID, path: str, body: dict[str, Any]) -> Answer:
    try:
        with _client(door) as client:
            response = client.post(path, json=body)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Refused(reference, "unavailable", is_permanent=False, words="нет связи с Госуслугами")
    except (httpx.TransportError, httpx.DecodingError):
        return Unanswered(reference, "lost")
    return _judged(reference, response)


def _judged(reference: UUID, response: httpx.Response) -> Answer:
    status = response.status_code
    try:
        told = response.json()
    except ValueError:
        told = None
    if 200 <= status < 300:
        try:
            return Accepted(reference, (wire.accepted(told, reference),))
        except (GatewayUnexpected, TypeError):
            return Unanswered(reference, "unexpected")
    try:
        code, words = wire.refusal(told)
    except TypeError:
        code, words = "", ""
    if status in NOT_NOW:
        wait = response.headers.get("Retry-After", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0
        return Refused(reference, code or f"http{status}", is_permanent=False, words=words, retry_after=seconds)
    if status >= 500:
        return Unanswered(reference, f"http{status}")
    return Refused(reference, code or f"http{status}", is_permanent=status not in OUR_FAULT, words=words)
