"""What the journal of the months holds, in words: counted figures beside those of the year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from opora.simulation.novosibirsk.months import Counted

HUNDREDTH = Decimal("0.01")


def growth(before: int, now: int) -> Decimal | None:
    """Return by how many per cent ``now`` is more, to a hundredth; None where there was nothing before.

    >>> growth(57_000, 60_306), growth(4_686, 4_594), growth(0, 5)
    (Decimal('5.80'), Decimal('-1.96'), None)
    """
    if not before:
        return None
    return (Decimal(now - before) * 100 / before).quantize(HUNDREDTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """Return a part in per cent of the whole, to a hundredth; None of nothing.

    >>> share(4_594, 57_900)
    Decimal('7.93')
    """
    return (Decimal(part) * 100 / whole).quantize(HUNDREDTH, ROUND_HALF_UP) if whole else None


def sentences(before: Counted, now: Counted) -> Iterator[str]:
    """Yield what was counted, a line each."""
    yield f"Январь–август {now.year}, в скобках {before.year}:"
    yield f"Обращений {_n(now.appeals)} ({_n(before.appeals)}), устных {_n(now.oral)} ({_n(before.oral)})"
    yield f"Разъяснений {_grown(before.consultations, now.consultations)}"
    of_oral = _percent(share(now.fund_line, now.oral))
    yield f"Горячая линия фонда {_grown(before.fund_line, now.fund_line)}, {of_oral} устных"
    yield f"Горячие линии страховых {_grown(before.insurers_lines, now.insurers_lines)}"
    by_insurers = _percent(share(now.feedback_by_insurers, now.feedback_consultations))
    yield f"Через ПОС {_n(now.feedback)} ({_n(before.feedback)}), разъяснений от страховых {by_insurers}"
    yield f"В чате {_n(now.chat)} ({_n(before.chat)})"
    yield (
        f"Жалоб {_n(now.complaints)} ({_n(before.complaints)}), обоснованных {_n(now.justified)}:"
        f" качество {_n(now.quality)}, услуги, которых не было, {_n(now.not_received)}"
    )
    yield f"Дел {_n(now.cases)}, прав восстановлено {_n(now.restored)}"
    yield f"Закрыто в срок {_percent(share(now.in_time, now.appeals))}, открыто {_n(now.still_open)}"


def document(before: Counted, now: Counted) -> dict[str, Any]:
    """Return the same as one document."""
    return {"before": asdict(before), "now": asdict(now)}


def _grown(before: int, now: int) -> str:
    found = growth(before, now)
    sign = "" if found is None else f", {'+' if found >= 0 else '−'}{_percent(abs(found))}"
    return f"{_n(now)} ({_n(before)}){sign}"


def _percent(found: Decimal | None) -> str:
    return "—" if found is None else f"{found} %".replace(".", ",")


def _n(number: int) -> str:
    return f"{number:_}".replace("_", " ")
