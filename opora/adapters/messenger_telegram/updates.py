"""What an update says, as doors take it. Only talks of one person with the bot; groups and channels are left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from opora.doors.shapes import Attached, Incoming

KINDS = ("message", "edited_message")
START = "/start"
TOO_LARGE = "Файл больше 20 МБ: Телеграм не отдаёт такие."
NOT_BROUGHT = "Телеграм не отдал этот файл."
EDITED = "Исправленное сообщение: прежнее осталось как было."
_FILES = {
    "document": "документ",
    "video": "видео.mp4",
    "animation": "анимация.mp4",
    "audio": "аудио.mp3",
    "voice": "голос.ogg",
    "video_note": "видео.mp4",
}
_WITHOUT_WORDS = {
    "sticker": "Прислали наклейку.",
    "location": "Прислали место на карте.",
    "venue": "Прислали место на карте.",
    "poll": "Прислали опрос.",
    "dice": "Прислали кубик.",
}

type Bring = Callable[[str, int], bytes | str]  # the bytes of a file by its id and size, or why not


def talk(update: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the message of an update when one person wrote it to the bot, else None."""
    found = next((update[kind] for kind in KINDS if isinstance(update.get(kind), dict)), None)
    if found is None:
        return None
    chat, writer = found.get("chat"), found.get("from")
    is_person = isinstance(writer, dict) and not writer.get("is_bot")
    if not isinstance(chat, dict) or chat.get("type") != "private" or not is_person:
        return None
    if not _is_number(chat.get("id")) or not _is_number(found.get("message_id")):
        return None
    return found


def is_start(message: Mapping[str, Any]) -> bool:
    """Tell whether a person has only opened the talk with the button of the messenger."""
    return str(message.get("text", "")).strip().partition(" ")[0] == START


def incoming(update: Mapping[str, Any], message: Mapping[str, Any], bring: Bring) -> Incoming:
    """Return a message as doors take it; the same message brought again has the same id."""
    chat = str(message["chat"]["id"])
    edited = message.get("edit_date") if "edited_message" in update else None
    known = f"{chat}:{message['message_id']}" + (f":{edited}" if edited else "")
    return Incoming(
        known,
        chat,
        _text(message),
        at=_moment(edited or message.get("date")),
        files=_files(message, bring),
        name=_name(message["from"]),
        meta={"thread": chat, "note": EDITED if edited else ""},
    )


def _text(message: Mapping[str, Any]) -> str:
    words = [str(message[name]) for name in ("text", "caption") if message.get(name)]
    words += [said for name, said in _WITHOUT_WORDS.items() if name in message]
    contact = message.get("contact")
    if isinstance(contact, dict):
        words.append(f"Прислали номер телефона: {contact.get('phone_number', '')}")
    return "\n".join(words)


def _files(message: Mapping[str, Any], bring: Bring) -> tuple[Attached, ...]:
    found = [(name, message[name]) for name in _FILES if isinstance(message.get(name), dict)]
    if "animation" in message:  # the same file once more, for old programs
        found = [(name, one) for name, one in found if name != "document"]
    files = [_file(one, str(one.get("file_name") or _FILES[name]), bring) for name, one in found]
    sizes = message.get("photo")
    if isinstance(sizes, list) and (shots := [one for one in sizes if isinstance(one, dict)]):
        files.append(_file(shots[-1], "фото.jpg", bring))  # the last one is the largest
    return tuple(files)


def _file(told: Mapping[str, Any], name: str, bring: Bring) -> Attached:
    size = told.get("file_size")
    brought = bring(str(told.get("file_id", "")), size if isinstance(size, int) else 0)
    return Attached(name, refused=brought) if isinstance(brought, str) else Attached(name, brought)


def _name(writer: Mapping[str, Any]) -> str:
    named = " ".join(str(writer[part]) for part in ("first_name", "last_name") if writer.get(part))
    return f"{named} (@{writer['username']})" if writer.get("username") else named


def _moment(seconds: object) -> datetime | None:
    if not _is_number(seconds):
        return None
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
