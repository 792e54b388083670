"""See ``opora.doors.ports.Way`` and ``Listening``: updates come by long polling, answers leave by sendMessage.

``door.progress`` holds the number of the bot and the first update not yet read. It moves on behind each stored message
and is dropped when the server says there is nothing more: after an idle week the server counts anew, and a number of
before would skip what comes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from opora.access.scope import Scope, enter
from opora.adapters.messenger_telegram import updates
from opora.adapters.messenger_telegram.api import LARGEST_FILE, SECONDS, Bot, MayHaveLeft, NotLeft, Said, fetching
from opora.channels.errors import GatewayUnexpected
from opora.channels.ports import Accepted, Answer, Refused, Unanswered
from opora.doors.models import Door
from opora.doors.ports import FileLimits, Leaving, Take

LARGEST_SENT = 50_000_000  # of a document a bot sends; source: Bot API, sendDocument
LONGEST = 4096  # of one message, in units of UTF-16
MOST_PATIENT = 20  # seconds between two parts of one answer
HELLO = "Здравствуйте. Напишите ваш вопрос: сообщения читает и отвечает сотрудник."
BLOCKED = "человек остановил бота, ответ ему не придёт"


class TelegramWay:
    """A bot: ``settings`` of the door may name another address of the API (``api``), its secret is ``token``."""

    files = FileLimits(most=10, largest=LARGEST_SENT, whole=10 * LARGEST_SENT)

    def fetch(self, door: Door, take: Take) -> int:
        return self.listen(door, take, seconds=0)

    def listen(self, door: Door, take: Take, *, seconds: int) -> int:
        """Take what is there, and when nothing is, wait for it as long as told."""
        came = 0
        with Bot(door) as bot, fetching():
            while batch := _asked(bot, door, seconds):
                for update in batch:
                    came += _taken(bot, door, update, take)
                seconds = 0  # the next question says that these were read
            _keep_place(door, {})
        return came

    def send(self, leaving: Leaving) -> Answer:
        with Bot(leaving.door) as bot:
            return _given(bot, leaving)

    def our_id(self, door: Door, reference: UUID) -> str:
        return f"ours:{reference.hex}"


def _asked(bot: Bot, door: Door, seconds: int) -> list[dict[str, Any]]:
    question: dict[str, Any] = {"timeout": seconds, "allowed_updates": list(updates.KINDS)}
    if door.progress.get("bot") == bot.number and door.progress.get("offset"):
        question["offset"] = door.progress["offset"]
    found = bot.call("getUpdates", question, seconds=seconds + SECONDS)
    numbered = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else None
    if numbered is None or any(not isinstance(one.get("update_id"), int) for one in numbered):
        raise GatewayUnexpected("Телеграм ответил непонятно. Проверьте настройки двери.")
    return sorted(numbered, key=lambda one: int(one["update_id"]))


def _taken(bot: Bot, door: Door, update: Mapping[str, Any], take: Take) -> int:
    message = updates.talk(update)
    is_new = 0
    if message is not None and updates.is_start(message):
        with suppress(NotLeft, MayHaveLeft, Said):  # a courtesy
            bot.call("sendMessage", {"chat_id": message["chat"]["id"], "text": HELLO})
    elif message is not None:
        is_new = take(updates.incoming(update, message, lambda name, size: _brought(bot, name, size))).is_new
    _keep_place(door, {"bot": bot.number, "offset": update["update_id"] + 1})
    return int(is_new)


def _brought(bot: Bot, file_id: str, size: int) -> bytes | str:
    """Return the bytes of a file; a sentence when the server will never give them. Raises as ``Bot.file``."""
    if size > LARGEST_FILE:
        return updates.TOO_LARGE
    try:
        return bot.file(file_id)
    except Said as fault:
        if fault.code == 429 or fault.code >= 500:
            raise  # the message is asked for again, with its file
        return updates.TOO_LARGE if fault.code == 413 or "too big" in fault.words else updates.NOT_BROUGHT


def _given(bot: Bot, leaving: Leaving) -> Answer:
    """Give the parts of an answer one after another; when one fails behind others, say how many have left."""
    calls = list(_calls(leaving))
    ids: list[str] = []
    for method, parameters, file in calls:
        try:
            told = _patiently(bot, method, parameters, file, may_wait=bool(ids))
        except NotLeft:
            return _halfway(leaving, len(ids), len(calls)) or Refused(
                leaving.reference, "unavailable", is_permanent=False, words="нет связи с Телеграмом"
            )
        except MayHaveLeft:
            return _halfway(leaving, len(ids), len(calls)) or Unanswered(leaving.reference, "lost")
        except Said as fault:
            return _halfway(leaving, len(ids), len(calls)) or _refused(leaving, fault)
        ids.append(str(told.get("message_id", "")) if isinstance(told, dict) else "")
    return Accepted(leaving.reference, tuple(ids))


def _calls(leaving: Leaving) -> Iterator[tuple[str, dict[str, Any], tuple[str, bytes, str] | None]]:
    for place, part in enumerate(parts(leaving.text)):
        words: dict[str, Any] = {
            "chat_id": leaving.to,
            "text": part,
            "link_preview_options": {"is_disabled": True},
        }
        answered = leaving.answers.split(":")[1:2]
        if place == 0 and answered and answered[0].isdigit():
            words["reply_parameters"] = {"message_id": int(answered[0]), "allow_sending_without_reply": True}
        yield "sendMessage", words, None
    for file in leaving.files:
        yield "sendDocument", {"chat_id": leaving.to}, (file.name, file.content, file.content_type)


def _patiently(
    bot: Bot, method: str, parameters: dict[str, Any], file: tuple[str, bytes, str] | None, *, may_wait: bool
) -> Any:
    """Call; a part in the middle of an answer waits as long as it is asked to, within reason."""
    try:
        return bot.call(method, parameters, file=file)
    except Said as fault:
        if not (may_wait and fault.code == 429 and fault.retry_after <= MOST_PATIENT):
            raise
        time.sleep(fault.retry_after)
    except NotLeft:
        if not may_wait:
            raise
    return bot.call(method, parameters, file=file)


def _halfway(leaving: Leaving, left: int, of: int) -> Refused | None:
    if not left:
        return None
    said = f"ушло частей: {left} из {of}. Отправьте остальное новым ответом"
    return Refused(leaving.reference, "part", is_permanent=True, words=said)


def _refused(leaving: Leaving, said: Said) -> Answer:
    if said.code >= 500:
        return Unanswered(leaving.reference, f"said{said.code}")
    if said.code == 429:
        return Refused(leaving.reference, "429", is_permanent=False, retry_after=said.retry_after)
    words = BLOCKED if said.code == 403 else said.words
    is_ours = said.code in {401, 404}  # of the door, not of the message: mend it and it leaves
    return Refused(leaving.reference, str(said.code), is_permanent=not is_ours, words=words)


def parts(text: str, most: int = LONGEST) -> list[str]:
    """Return a text in pieces the messenger takes, cut at ends of lines and words where there are any.

    >>> parts("один два три", 9), len(parts("я" * 9000))
    (['один два', 'три'], 3)
    """
    found, rest = [], text.strip()
    while _units(rest) > most:
        end = _fitting(rest, most)
        at = max(rest.rfind("\n", 0, end + 1), rest.rfind(" ", 0, end + 1) if "\n" not in rest[end // 2 : end] else -1)
        at = at if at > end // 2 else end
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*found, rest] if rest else found


def _fitting(text: str, most: int) -> int:
    """Return how many signs of a text take no more than ``most`` units; a sign takes one or two."""
    used = 0
    for place, sign in enumerate(text):
        used += 2 if ord(sign) > 0xFFFF else 1
        if used > most:
            return place
    return len(text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _keep_place(door: Door, progress: dict[str, Any]) -> None:
    if door.progress == progress:
        return
    door.progress = progress
    with enter(Scope.system("how far a bot was read")):
        Door.objects.filter(pk=door.pk).update(progress=progress)
