"""What the platform would refuse is refused here, in words, before anybody approves it. Pure but for the port."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from opora.feedback.errors import AnswerTooLong, FilesRefused
from opora.feedback.ports import Limits
from opora.shared.typography import size


class Named(Protocol):
    """A file as its row tells it."""

    name: str
    size: int


def check_text(text: str, limits: Limits) -> None:
    """Raises AnswerTooLong, which says by how much."""
    if len(text) > limits.longest:
        shown = f"{limits.longest:,}".replace(",", "\u00a0")
        over = len(text) - limits.longest
        raise AnswerTooLong(f"Ответ длиннее {shown} знаков: Госуслуги такой не примут. Лишних: {over}.")


def check_files(files: Sequence[Named], limits: Limits, *, with_letter: bool) -> None:
    """Raises FilesRefused with the name of the first file that does not fit; the letter is one of the files."""
    count = len(files) + with_letter
    if count > limits.most_files:
        kept = " вместе с письмом" if with_letter else ""
        raise FilesRefused(f"Госуслуги примут не больше {limits.most_files} файлов{kept}, у вас {count}.")
    for file in files:
        if file.name.rpartition(".")[2].lower() not in limits.endings:
            kinds = ", ".join(limits.endings)
            raise FilesRefused(f"Файл «{file.name}» Госуслуги не примут: только {kinds}.")
        if file.size > limits.largest_file:
            most = size(limits.largest_file)
            raise FilesRefused(f"Файл «{file.name}» больше {most}: Госуслуги такой не примут.")
