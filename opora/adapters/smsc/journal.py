"""What the centre took: a line for each message, written before the answer leaves. A kill of the centre keeps them."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
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


class Journal:
    """Lines of ``id login to mark reference part octets``; without a path nothing is kept but the count."""

    def __init__(self, path: Path | None) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else -1
        self._lines: list[str] = []
        self.count = 0

    def add(self, taken: Taken) -> None:
        self.count += 1
        if self._file >= 0:
            self._lines.append(
                f"{taken.message_id} {taken.system_id} {taken.to} {taken.mark} {taken.reference or '-'} {taken.part}"
                f" {taken.octets.hex()}\n"
            )

    def flush(self) -> None:
        """Give the lines to the system; from here on only a crash of the machine can lose them."""
        if self._lines:
            os.write(self._file, "".join(self._lines).encode())
            self._lines.clear()


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
