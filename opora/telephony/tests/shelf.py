"""The files of an exchange in memory, and sounds to lie in it."""

import io
import wave
from datetime import timedelta
from typing import ClassVar

from django.utils import timezone

from opora.telephony.models import Recording
from opora.telephony.ports import NoTape, PbxUnavailable
from opora.telephony.services import recordings

SECONDS = 2


def sound(seconds: int = SECONDS) -> bytes:
    """A file as an exchange writes it: 8000 samples a second of 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as talk:
        talk.setnchannels(1)
        talk.setsampwidth(2)
        talk.setframerate(8000)
        talk.writeframes(bytes(range(250)) * 64 * seconds)
    return file.getvalue()


class Shelf:
    """The files of an exchange in memory."""

    files: ClassVar[dict[str, bytes]] = {}
    is_up: ClassVar[bool] = True
    asked: ClassVar[list[str]] = []

    def __init__(self, pbx: str) -> None:
        self.pbx = pbx

    def fetch(self, file: str) -> bytes:
        self.asked.append(file)
        if not self.is_up:
            raise PbxUnavailable
        if file not in self.files:
            raise NoTape
        return self.files[file]

    def erase(self, file: str) -> None:
        if not self.is_up:
            raise PbxUnavailable
        self.files.pop(file, None)


def now_due() -> None:
    Recording.objects.filter(state="waiting").update(next_at=timezone.now() - timedelta(seconds=1))


def bring() -> recordings.Fetched:
    now_due()
    return recordings.fetch_due()
