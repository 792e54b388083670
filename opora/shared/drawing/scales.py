"""Numbers along an axis, and how wide words are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LETTER = 0.56  # mean width of a Cyrillic letter in our faces, in its size
STEPS = (1, 2, 5, 10)
FINEST = 0.01  # numbers are written with two decimals


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` (zero is always among them) over pixels from ``start`` to ``end``."""

    low: float
    high: float
    step: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float, *, ticks: int = 4) -> "Scale":
        """Return a scale that begins and ends on a round number.

        >>> scale = Scale.over([3, 17], 0, 100)
        >>> scale.low, scale.high, scale.step, scale.at(10)
        (0, 20, 5, 50.0)
        """
        low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
        step = _round_step((high - low) / ticks, whole=all(float(value).is_integer() for value in values))
        return cls(step * floor(low / step), step * max(ceil(high / step), 1 if low == 0 else 0), step, start, end)

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + self.step * n, 2) for n in range(count + 1)]


def _round_step(rough: float, *, whole: bool) -> float:
    if rough <= 0:
        return 1
    size = floor(log10(rough))
    found = next(step for step in STEPS if step * 10.0**size >= rough * 0.999) * 10.0**size
    return max(int(found), 1) if whole or found >= 1 else max(round(found, 2), FINEST)


def width_of(text: str, size: float) -> float:
    return len(text) * size * LETTER


def wrapped(text: str, width: float, size: float, most: int = 3) -> list[str]:
    """Return a name in lines no wider than ``width``; what does not fit in ``most`` lines ends with «…».

    >>> wrapped("Выбор медицинской организации", 110, 12)
    ['Выбор', 'медицинской', 'организации']
    >>> wrapped("Выбор и замена страховой организации", 110, 12, most=2)
    ['Выбор и замена', 'страховой…']
    """
    fits = max(4, int(width / (size * LETTER)))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= fits:
            lines[-1] += f" {word}"
        else:
            lines.append(word if len(word) <= fits else f"{word[: fits - 1]}…")
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: fits - 1].rstrip(',')}…"]
    return lines
