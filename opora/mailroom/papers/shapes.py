"""What stands on the papers, and their sizes. Millimetres."""

from __future__ import annotations

from dataclasses import dataclass

# The common roll of label printers; the common sheet of 24 self-adhesive labels.
LABELS = {"roll": (58.0, 40.0), "sheet": (70.0, 37.0)}
SHEET = (3, 8)  # labels across and down
PLACES = SHEET[0] * SHEET[1]
ENVELOPES = {"dl": (220.0, 110.0), "c5": (229.0, 162.0)}


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of a letter. The square code holds the number alone."""

    organisation: str
    number: str
    on: str
    sheets: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom; ``index`` is six digits or «», drawn in the boxes of the post."""

    sender: str
    sender_address: str
    sender_index: str
    addressee: str
    address: str
    index: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    number: str
    addressee: str
    address: str
    track: str


@dataclass(frozen=True, slots=True)
class ListPaper:
    """A list for the post."""

    organisation: str
    address: str
    number: str
    on: str
    category: str
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        return f"Список почтовых отправлений № {self.number} от {self.on}"

    @property
    def total(self) -> str:
        return f"Всего отправлений: {len(self.items)}"


COLUMNS = ("№", "Исходящий номер", "Кому", "Куда", "Трек-номер", "Отметка")
SIGNS = ("Сдал", "Принял", "Дата и оттиск штемпеля")
