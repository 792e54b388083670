"""What the platform knows: messages, answers, and the line of news everybody reads from his own place. Pure."""

from __future__ import annotations

import base64
import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LONGEST = 4000
MOST_FILES = 5
LARGEST_FILE = 10 * 1024 * 1024
ENDINGS = {"pdf", "docx", "jpg", "jpeg", "png"}


class Refusal(Exception):
    """A refusal as the platform says it: status, code, words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words


class Platform:
    """All of it in memory; with ``store`` also in a file, written anew after each change."""

    def __init__(self, store: Path | None = None, *, moderates: bool = False) -> None:
        self.store = store
        self.moderates = moderates  # an answer waits for ``publish`` instead of being shown at once
        self.lock = threading.Lock()
        self.changes: list[dict[str, Any]] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, str] = {}
        if store is not None and store.exists():
            kept = json.loads(store.read_text())
            self.changes, self.messages, self.files = kept["changes"], kept["messages"], kept["files"]

    def write(self, body: dict[str, Any]) -> str:
        """A citizen writes; returns the number of his message."""
        with self.lock:
            number = f"POS-{len(self.messages) + 1:06d}"
            files = []
            for place, one in enumerate(body.pop("files", [])):
                content = str(one["content"])
                self.files[f"{number}-{place}"] = content
                size = len(base64.b64decode(content))
                files.append({"id": f"{number}-{place}", "name": one["name"], "size": one.get("size", size)})
            self.messages[number] = {"answers": [], "rounds": 0, "is_open": True, "until": None, "to": None}
            self._tell("message", number, body | {"files": files})
            return number

    def rate(self, number: str, score: int, words: str = "") -> None:
        with self.lock:
            self._shown(number)
            self._tell("rating", number, {"score": score, "text": words})

    def reopen(self, number: str, words: str) -> None:
        with self.lock:
            self._shown(number)
            self.messages[number]["is_open"] = True
            self.messages[number]["rounds"] += 1
            self._tell("reopened", number, {"text": words})

    def publish(self, number: str) -> None:
        with self.lock:
            answer = self._message(number)["answers"][-1]
            answer["is_shown"] = True
            self._tell("published", number, {"reference": answer["reference"]})

    def reject(self, number: str, words: str) -> None:
        """The operator of the platform does not show an answer."""
        with self.lock:
            message = self._message(number)
            answer = message["answers"].pop()
            message["is_open"] = True
            self._tell("rejected", number, {"reference": answer["reference"], "text": words})

    def answer(self, number: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            message = self._message(number)
            if any(one["reference"] == body["reference"] for one in message["answers"]):
                return {"id": f"{number}-a", "reference": body["reference"]}
            if not message["is_open"]:
                raise Refusal(409, "answered", "На сообщение уже ответили")
            if len(body["text"]) > LONGEST:
                raise Refusal(422, "too_long", f"Ответ длиннее {LONGEST} знаков")
            answer = {"reference": body["reference"], "text": body["text"], "is_shown": not self.moderates}
            answer["files"] = self._files(f"{number}-a{len(message['answers'])}", body.get("files", []))
            message["answers"].append(answer)
            message["is_open"] = False
            if not self.moderates:
                self._tell("published", number, {"reference": body["reference"]})
            self._keep()
            return {"id": f"{number}-a", "reference": body["reference"]}

    def interim(self, number: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            message = self._message(number)
            told = message.setdefault("interim", [])
            if all(one["reference"] != body["reference"] for one in told):
                self._open(number)
                told.append({"reference": body["reference"], "text": body["text"]})
                self._tell("published", number, {"reference": body["reference"]})
            return {"id": f"{number}-i", "reference": body["reference"]}

    def extend(self, number: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self._open(number)["until"] = body["until"]
            self._keep()
            return {"id": f"{number}-e", "reference": body["reference"]}

    def redirect(self, number: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            message = self._open(number)
            message["to"], message["is_open"] = body["organisation"], False
            self._keep()
            return {"id": f"{number}-r", "reference": body["reference"]}

    def news(self, after: str, limit: int) -> list[dict[str, Any]]:
        with self.lock:
            start = int(after) if after.isdigit() else 0
            return self.changes[start : start + limit]

    def _tell(self, kind: str, number: str, body: dict[str, Any]) -> None:
        place = len(self.changes) + 1
        at = str(body.pop("at", "")) or datetime.now(UTC).isoformat()
        self.changes.append(
            {"id": f"c{place}", "cursor": str(place), "type": kind, "message": number, "at": at, "body": body}
        )
        self._keep()

    def _keep(self) -> None:
        if self.store is not None:
            whole = {"changes": self.changes, "messages": self.messages, "files": self.files}
            beside = self.store.with_suffix(".new")
            beside.write_text(json.dumps(whole, ensure_ascii=False))
            beside.replace(self.store)

    def _files(self, place: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Keep the files of an answer; each can be asked for as those of a citizen."""
        if len(given) > MOST_FILES:
            raise Refusal(422, "too_many_files", f"Файлов больше {MOST_FILES}")
        kept = []
        for number, one in enumerate(given):
            size = len(base64.b64decode(one["content"]))
            if size > LARGEST_FILE or one["name"].rpartition(".")[2].lower() not in ENDINGS:
                raise Refusal(422, "file", f"Файл «{one['name']}» не подходит")
            self.files[f"{place}-{number}"] = one["content"]
            kept.append({"id": f"{place}-{number}", "name": one["name"], "type": one["type"], "size": size})
        return kept

    def _message(self, number: str) -> dict[str, Any]:
        if number not in self.messages:
            raise Refusal(404, "unknown", "Такого сообщения нет")
        return self.messages[number]

    def _open(self, number: str) -> dict[str, Any]:
        message = self._message(number)
        if not message["is_open"]:
            raise Refusal(409, "answered", "На сообщение уже ответили")
        return message

    def _shown(self, number: str) -> None:
        if not any(one["is_shown"] for one in self._message(number)["answers"]):
            raise Refusal(409, "not_answered", "Ответа ещё нет")
