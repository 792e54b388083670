"""The table of a door: which category of the platform is which topic of ours, and who answers it. Pure.

    Полис ОМС / Не отображается = 1.1 = 54001

On the left the category, or the category and the subcategory; then the code of a topic; then, if it is always the same
organisation that answers, its code in the register. The more particular line wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Way:
    """What a category means here; ``handler`` is a code, empty — the insurer of the person, else who has the door."""

    topic: str
    handler: str = ""


class TableFault(ValueError):
    """A sentence with the place of the fault."""


def read(text: str) -> dict[str, list[str]]:
    """Return a table as the settings of a door keep it. Raises TableFault.

    >>> read("Полис / Утеря = 1.2\\nЛечение = 2.1 = 54000")
    {'полис / утеря': ['1.2', ''], 'лечение': ['2.1', '54000']}
    """
    found: dict[str, list[str]] = {}
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise TableFault(f"Строк больше {MOST_LINES}.")
    for number, line in lines:
        parts = [part.strip() for part in line.split("=")]
        if len(parts) not in {2, 3} or not parts[0] or not parts[1]:
            raise TableFault(
                f"Строка {number}: нужно «категория = код темы» или «категория = код темы = код организации»."
            )
        left = key(*[part.strip() for part in parts[0].split(" / ", 1)])
        if left in found:
            raise TableFault(f"Строка {number}: такая категория уже есть выше.")
        found[left] = [parts[1], parts[2] if len(parts) == 3 else ""]
    return found


def key(category: str, subcategory: str = "") -> str:
    """Return a category as it is compared: capitals and spaces make no difference."""
    return " / ".join(" ".join(part.lower().split()) for part in (category, subcategory) if part.strip())


def find(table: Mapping[str, list[str]], category: str, subcategory: str) -> Way | None:
    """Return the line of a category, None when there is none."""
    line = table.get(key(category, subcategory)) or table.get(key(category))
    return Way(*line) if line else None
