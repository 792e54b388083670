"""A server that behaves as the Bot API does: updates until they are confirmed, 401, 403, 409, 429, files."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
BLOCKED = 666


class BotApi(ThreadingHTTPServer):
    """``write`` puts an update; ``sent`` is what the bot said; ``troubles`` are answers given instead, one a call."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.updates: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.sent: list[tuple[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.troubles: dict[str, list[Any]] = {}
        self.number = 100
        self.came = threading.Condition()

    def write(
        self, text: str = "", *, chat: int = 777, kind: str = "private", name: str = "Полина", **more: Any
    ) -> int:
        """A person writes; returns the number of his message."""
        with self.came:
            self.number += 1
            message = {
                "message_id": self.number,
                "date": 1_790_000_000,
                "chat": {"id": chat, "type": kind},
                "from": {"id": chat, "is_bot": False, "first_name": name, "username": "polina"},
                **({"text": text} if text else {}),
                **more,
            }
            self.updates.append({"update_id": self.number, "message": message})
            self.came.notify_all()
        return self.number

    def refuse(self, method: str, code: int, words: str = "no", **parameters: Any) -> None:
        """The next call of a method is answered so."""
        told = {"ok": False, "error_code": code, "description": words, "parameters": parameters}
        self.troubles.setdefault(method, []).append((code, told))

    def break_off(self, method: str, *, before: bool = False) -> None:
        """The next call of a method is carried out (or not) and never answered."""
        self.troubles.setdefault(method, []).append("before" if before else "after")

    def say_nonsense(self, method: str, body: str) -> None:
        self.troubles.setdefault(method, []).append((200, body))

    def get_updates(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(asked)
        with self.came:
            offset = asked.get("offset", 0)
            self.updates = [one for one in self.updates if one["update_id"] >= offset]
            if not self.updates:
                self.came.wait(asked.get("timeout", 0))
            return self.updates[:100]


class Handler(BaseHTTPRequestHandler):
    server: BotApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        _, _, path = self.path.partition(f"/file/bot{TOKEN}/")
        self.give(200, self.server.files.get(unquote(path), b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        token, _, method = self.path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            self.tell(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        is_json = "json" in self.headers["Content-Type"]
        asked = json.loads(body) if is_json else {"chat_id": None, "body": body}
        trouble = self.server.troubles.get(method, [])
        match trouble.pop(0) if trouble else None:
            case "before":
                self.close_connection = True
            case "after":
                self.answer(method, asked)
                self.close_connection = True
            case (code, told):
                self.tell(code, told)
            case None:
                self.tell(*self.answer(method, asked))

    def answer(self, method: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if method == "getUpdates":
            return 200, {"ok": True, "result": self.server.get_updates(asked)}
        if method == "getFile":
            return 200, {"ok": True, "result": {"file_id": asked["file_id"], "file_path": f"docs/{asked['file_id']}"}}
        if str(asked.get("chat_id")) == str(BLOCKED):
            return 403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
        self.server.sent.append((method, asked))
        return 200, {"ok": True, "result": {"message_id": 1000 + len(self.server.sent)}}

    def tell(self, status: int, told: Any) -> None:
        self.give(status, told.encode() if isinstance(told, str) else json.dumps(told).encode())

    def give(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass
