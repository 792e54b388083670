"""The platform over HTTP on 127.0.0.1: the side of the authority under a token, the side of the citizen without."""

from __future__ import annotations

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from opora.adapters.poshouse.platform import Platform, Refusal

HOST = "127.0.0.1"
TOKEN = "pos-demo-token"  # noqa: S105 - a platform for checks


class PosServer(ThreadingHTTPServer):
    """``troubles`` are what happens instead of the next answers: a status with a body, «before» or «after» — the line
    breaks before or after the request is carried out."""

    daemon_threads = True

    def __init__(self, platform: Platform, port: int = 0) -> None:
        super().__init__((HOST, port), Handler)
        self.platform = platform
        self.address = f"http://{HOST}:{self.server_address[1]}"
        self.troubles: list[tuple[int, str] | str] = []
        self.given: list[tuple[str, dict[str, Any]]] = []


class Handler(BaseHTTPRequestHandler):
    server: PosServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(lambda parts: self._read(parts.path, parse_qs(parts.query)))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
        self._serve(lambda parts: self._write(parts.path, body))

    def _serve(self, act: Any) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/api/") and self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._tell(401, {"code": "token", "message": "Неверный ключ"})
            return
        is_theirs = parts.path.startswith("/api/")
        trouble = self.server.troubles.pop(0) if is_theirs and self.server.troubles else None
        if trouble == "before":
            self.close_connection = True
            return
        if isinstance(trouble, tuple):
            self._give(trouble[0], trouble[1].encode())
            return
        try:
            status, told = act(parts)
        except Refusal as refusal:
            status, told = refusal.status, {"code": refusal.code, "message": refusal.words}
        if trouble == "after":
            self.close_connection = True
        elif isinstance(told, bytes):
            self._give(status, told)
        else:
            self._tell(status, told)

    def _read(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        platform = self.server.platform
        if path == "/api/v1/changes":
            found = platform.news(query.get("after", [""])[0], int(query.get("limit", ["100"])[0]))
            return 200, {"changes": found}
        if path.startswith("/api/v1/files/"):
            content = platform.files.get(path.rpartition("/")[2])
            return (404, {}) if content is None else (200, base64.b64decode(content))
        return 404, {}

    def _write(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        platform, parts = self.server.platform, path.strip("/").split("/")
        match parts:
            case ["api", "v1", "messages", number, act]:
                self.server.given.append((act, body))
                acts = {
                    "answer": platform.answer,
                    "interim": platform.interim,
                    "extension": platform.extend,
                    "redirection": platform.redirect,
                }
                return (202, acts[act](number, body)) if act in acts else (404, {})
            case ["citizen", "messages"]:
                return 201, {"id": platform.write(body)}
            case ["citizen", "messages", number, "rating"]:
                platform.rate(number, int(body["score"]), str(body.get("text", "")))
            case ["citizen", "messages", number, "reopening"]:
                platform.reopen(number, str(body.get("text", "")))
            case ["operator", "messages", number, "publication"]:
                platform.publish(number)
            case ["operator", "messages", number, "rejection"]:
                platform.reject(number, str(body.get("text", "")))
            case _:
                return 404, {}
        return 200, {}

    def _tell(self, status: int, told: Any) -> None:
        self._give(status, json.dumps(told, ensure_ascii=False).encode())

    def _give(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass
