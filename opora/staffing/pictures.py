"""A week and a day of a line as charts; each is a table too."""

from __future__ import annotations

from collections.abc import Sequence

from opora.shared.charts import Chart, Series
from opora.staffing.need import HALVES, clock
from opora.staffing.queries import Week
from opora.staffing.suggesting import DAYS


def people(week: Week, day: int) -> Chart:
    """Who is needed and who is there on a day."""
    since, until = shown(week, day)
    return Chart(
        "line",
        "Люди на смене",
        "человек",
        [clock(half) for half in range(since, until)],
        [Series("нужно", week.need[day][since:until]), Series("на смене", week.there[day][since:until])],
    )


def calls(week: Week, day: int) -> Chart:
    """What is expected of a day and what came."""
    since, until = shown(week, day)
    series = [Series("прогноз", [round(number, 1) for number in week.expected[day][since:until]])]
    if any(number is not None for number in week.actual[day]):
        series.append(Series("было", week.actual[day][since:until]))
    if any(week.callbacks[day]):
        series.append(Series("из них после рассылок", [round(one, 1) for one in week.callbacks[day][since:until]]))
    return Chart("line", "Звонки", "за полчаса", [clock(half) for half in range(since, until)], series)


def lacking(week: Week) -> Chart:
    """Where people lack, day by hour: the worse half of each hour."""
    since, until = _span([sum(row[half] for row in (*week.need, *week.there)) for half in range(HALVES)])
    first, last = since // 2, -(-until // 2)
    rows = [
        [max(0, *(week.need[day][half] - week.there[day][half] for half in (hour * 2, hour * 2 + 1)))
         for hour in range(first, last)]
        for day in range(7)
    ]  # fmt: skip
    series = [Series(name, row) for name, row in zip(DAYS, rows, strict=True)]
    return Chart("heatmap", "Не хватает людей", "человек", [str(hour) for hour in range(first, last)], series)


def shown(week: Week, day: int) -> tuple[int, int]:
    """Return the half-hours of a day worth drawing."""
    was = [number or 0 for number in week.actual[day]]
    rows = (week.need[day], week.there[day], was)
    return _span([sum(row[half] for row in rows) for half in range(HALVES)])


def _span(weights: Sequence[float]) -> tuple[int, int]:
    busy = [half for half, weight in enumerate(weights) if weight]
    return (max(0, busy[0] - 1), min(HALVES, busy[-1] + 2)) if busy else (16, 40)
