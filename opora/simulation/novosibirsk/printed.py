"""What the journal of the months holds, in words: counted figures beside those of the year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from opora.simulation.novosibirsk.months import Counted
from opora.simulation.printed import growth, percent, share, spaced


def sentences(before: Counted, now: Counted) -> Iterator[str]:
    """Yield what was counted, a line each."""
    yield f"Январь–август {now.year}, в скобках {before.year}:"
    yield f"Обращений {_grown(before.appeals, now.appeals)}, устных {spaced(now.oral)} ({spaced(before.oral)})"
    yield f"Разъяснений {_grown(before.consultations, now.consultations)}"
    of_oral = percent(share(now.fund_line, now.oral))
    yield f"Горячая линия фонда {_grown(before.fund_line, now.fund_line)}, {of_oral} устных"
    yield f"Горячие линии страховых {_grown(before.insurers_lines, now.insurers_lines)}"
    by_insurers = percent(share(now.feedback_by_insurers, now.feedback_consultations))
    yield f"Через ПОС {spaced(now.feedback)} ({spaced(before.feedback)}), разъяснений от страховых {by_insurers}"
    yield f"В чате {spaced(now.chat)} ({spaced(before.chat)})"
    yield (
        f"Жалоб {spaced(now.complaints)} ({spaced(before.complaints)}), обоснованных {spaced(now.justified)}:"
        f" качество {spaced(now.quality)}, услуги, которых не было, {spaced(now.not_received)}"
    )
    yield f"Дел {spaced(now.cases)}, прав восстановлено {spaced(now.restored)}"
    yield f"Закрыто в срок {percent(share(now.in_time, now.appeals))}, открыто {spaced(now.still_open)}"


def document(before: Counted, now: Counted) -> dict[str, Any]:
    """Return the same as one document."""
    return {"before": asdict(before), "now": asdict(now)}


def _grown(before: int, now: int) -> str:
    found = growth(before, now)
    sign = "" if found is None else f", {'+' if found >= 0 else '−'}{percent(abs(found))}"
    return f"{spaced(now)} ({spaced(before)}){sign}"
