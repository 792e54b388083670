"""A shift as people type it: «9-18, обед 13-14», «20-8», «в». Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

MIDNIGHT = 24 * 60
LONGEST = 24 * 60
STEP = 5
OFF = {"", "-", "–", "—", "в", "вых", "выходной", "нет", "отпуск", "о", "б"}
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_SPAN = re.compile(rf"^с?{_TIME}(?:-|до){_TIME}$")
_BREAK = re.compile(r"^(?:обед|перерыв|п)(.+)$")


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes from the midnight the shift's day begins with; past 1440 is the next day. No break: both None."""

    begins: int
    ends: int
    break_from: int | None = None
    break_until: int | None = None

    @property
    def paid(self) -> int:
        """Minutes of work, the break taken out."""
        return self.ends - self.begins - ((self.break_until or 0) - (self.break_from or 0))

    def __str__(self) -> str:
        pause = "" if self.break_from is None else f", обед {_clock(self.break_from)}-{_clock(self.break_until or 0)}"
        return f"{_clock(self.begins)}-{_clock(self.ends)}{pause}"


def parse(text: str) -> Span | None:
    """Return the shift, None for a day off.

    >>> str(parse("09.00–18.00, обед 13–14")), str(parse("20-8")), parse("выходной")
    ('9-18, обед 13-14', '20-8', None)
    >>> str(parse("20-8, обед 1-2"))
    '20-8, обед 1-2'

    Raises ValueError with a sentence.
    """
    squeezed = re.sub(r"[\s\u00a0]+", "", text.lower()).replace("–", "-").replace("—", "-")
    if squeezed in OFF:
        return None
    squeezed = re.sub(r"(?<=\d)(?=обед|перерыв|п\d)", ",", squeezed)
    work, *rest = [part for part in re.split(r"[,;]", squeezed) if part] or [squeezed]
    begins, ends = _span(work, text)
    if ends <= begins:
        ends += MIDNIGHT
    if len(rest) > 1 or (rest and not _BREAK.match(rest[0])):
        raise ValueError(f"Не понимаем «{_short(text)}». Пример: 9-18, обед 13-14.")
    if not rest:
        return Span(begins, ends)
    pause_from, pause_until = _span(_BREAK.match(rest[0])[1], text)  # type: ignore[index]
    if pause_from < begins:
        pause_from += MIDNIGHT
    if pause_until <= pause_from:
        pause_until += MIDNIGHT
    if not begins < pause_from < pause_until < ends:
        raise ValueError(f"Перерыв должен быть внутри смены: «{_short(text)}».")
    return Span(begins, ends, pause_from, pause_until)


def _span(part: str, text: str) -> tuple[int, int]:
    found = _SPAN.match(part)
    if not found:
        raise ValueError(f"Не понимаем «{_short(text)}». Пример: 9-18, обед 13-14.")
    moments = [int(found[at]) * 60 + int(found[at + 1] or 0) for at in (1, 3)]
    if any(moment > MIDNIGHT for moment in moments) or any(int(found[at] or 0) > 59 for at in (2, 4)):
        raise ValueError(f"Такого времени не бывает: «{_short(text)}».")
    if any(moment % STEP for moment in moments):
        raise ValueError(f"Время — с точностью до пяти минут: «{_short(text)}».")
    if moments[0] == moments[1]:
        raise ValueError(f"Смена кончается тогда же, когда начинается: «{_short(text)}».")
    return moments[0] % MIDNIGHT, moments[1]


def _short(text: str) -> str:
    return " ".join(text.split())[:40]


def _clock(minutes: int) -> str:
    hour, rest = divmod(minutes, 60)
    hour = hour - 24 if hour > 24 or (hour == 24 and rest) else hour
    return f"{hour}:{rest:02}" if rest else str(hour)
