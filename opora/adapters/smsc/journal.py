"""What the centre took: a line for each message, written before the answer leaves. A kill of the centre keeps them."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Taken:
    """A submit_sm: its id here, the login, the address, ``user_message_reference``, our own reference where given."""

    message_id: str
    system_id: str
    to: str
    mark: int
    reference: str
    part: int
    octets: bytes

    @property
    def text(self) -> str:
        """The words of this part; texts in Cyrillic travel in UCS-2, the others one octet a letter."""
        is_wide = len(self.octets) % 2 == 0 and any(octet < 0x20 for octet in self.octets)
        return self.octets.decode("utf-16-be" if is_wide else "latin-1", "replace")


class Journal:
    """Lines of ``id login to mark reference part octets``; without a path nothing is kept but the count."""

    def __init__(self, path: Path | None, readable: Path | None = None) -> None:
        """``readable`` is a second file, in words, for a person who tries the program."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else -1
        self._words = os.open(readable, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if readable else -1
        self._lines: list[str] = []
        self._said: list[str] = []
        self.count = 0

    def add(self, taken: Taken) -> None:
        self.count += 1
        if self._file >= 0:
            self._lines.append(
                f"{taken.message_id} {taken.system_id} {taken.to} {taken.mark} {taken.reference or '-'} {taken.part}"
                f" {taken.octets.hex()}\n"
            )
        if self._words >= 0:
            self._said.append(f"{datetime.now():%d.%m.%Y %H:%M:%S}  +{taken.to}  {taken.text}\n")  # noqa: DTZ005

    def flush(self) -> None:
        """Give the lines to the system; from here on only a crash of the machine can lose them."""
        if self._lines:
            os.write(self._file, "".join(self._lines).encode())
            self._lines.clear()
        if self._said:
            os.write(self._words, "".join(self._said).encode())
            self._said.clear()


def read(path: Path) -> Iterator[Taken]:
    """Yield the messages of a journal."""
    with path.open() as lines:
        for line in lines:
            message_id, system_id, to, mark, reference, part, octets = line.rstrip("\n").split(" ")
            yield Taken(
                message_id,
                system_id,
                to,
                int(mark),
                "" if reference == "-" else reference,
                int(part),
                bytes.fromhex(octets),
            )


def doubled(path: Path) -> dict[str, int]:
    """Return the numbers to which the first part of more than one message went, with how many."""
    counts = Counter(taken.to for taken in read(path) if taken.part == 1)
    return {number: count for number, count in counts.items() if count > 1}
