"""People told, each once however often: over contacts that count (``informing.Informed``) and seals of plans."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import QuerySet, Sum

from opora.informing.models import MonthCount, Seal
from opora.informing.queries import wilson
from opora.informing.told.queries import Told, told
from opora.informing.told.words import stream_of
from opora.informing.words import Measure as Reason
from opora.informing.yearly import COUNTED
from opora.reports.measures.lines import insurers
from opora.reports.measures.registry import Asked, Measured, measure
from opora.shared.sql import question
from opora.shared.typography import thousands

SQL = Path(__file__).parent.parent / "sql"
_streams = question(SQL, "people_informed")
_ways = question(SQL, "people_by_way")
_funnel = question(SQL, "people_of_funnel")

# Reproductive health and planned admissions are counted apart by the published indicators.
OBSERVATION = [str(Reason.OBSERVATION)]
PREVENTION = sorted(str(one) for one in COUNTED if one != Reason.OBSERVATION)
CONTACTS = "контакты информирования"
STREAMS = {"prevention": PREVENTION, "observation": OBSERVATION}


@measure("informing.people", beside=CONTACTS)
def people(asked: Asked) -> Measured:
    """People of a ``stream`` told in the days (``what``: informed), or told once more (repeated). Each once."""
    row = _of_stream(asked)
    contacts = f"Контактов {thousands(row.contacts)}; человек считается один раз."
    if asked.arguments["what"] == "repeated":
        return Measured(row.repeated, "Из них известили ещё раз: к тому дню не пришли.")
    return Measured(row.informed, contacts)


@measure("informing.planned", beside="печати плана")
def planned(asked: Asked) -> Measured:
    """People under the seals of the year's plan: who was to be told."""
    seals = plan_seals(asked)
    if seals is None:
        return Measured(None, "План опечатывают на год: за часть года его нет.")
    days = sorted(seals.values_list("sealed_at__date", flat=True))
    if not days:
        return Measured(None, "План года не опечатан: доли нет.")
    said = f"{days[0]:%d.%m.%Y}" + (f" — {days[-1]:%d.%m.%Y}" if days[-1] != days[0] else "")
    return Measured(seals.aggregate(people=Sum("count"))["people"] or 0, f"По печатям плана: {said}.")


def plan_seals(asked: Asked) -> QuerySet[Seal] | None:
    """Return the seals of the plan that a row counts, None — it is asked of a part of a year."""
    if str(asked.arguments["column"]).endswith("_period"):
        return None
    seals = Seal.objects.filter(territory=asked.subject.territory, year=asked.days.since.year)
    if (own := insurers(asked.subject)) is not None:
        seals = seals.filter(insurer__in=own)
    measures = measures_of(asked)
    return seals.filter(measure__in=measures) if measures else seals


@measure("informing.people_by_way", beside=CONTACTS)
def people_by_way(asked: Asked) -> Measured:
    """People told in the days through one of ``channels``, of one of ``measures`` (not named — any); each once."""
    channels, of = sorted(asked.arguments.get("channels", ())) or None, measures_of(asked)
    if (stream := stream_of(of, channels)) and (kept := _kept(asked)) is not None:
        return Measured(kept.get(stream, Told()).informed)
    return Measured(_ways(channels=channels, measures=of, **_whom(asked))[0].people)


@measure("informing.funnel", beside=CONTACTS)
def funnel(asked: Asked) -> Measured:
    """People of a ``stream`` at a ``step``: sent, delivered, informed, came; beside came stands Wilson's interval."""
    key = f"funnel {asked.arguments.get('stream')} {asked.days}"
    if key not in asked.memory:
        asked.memory[key] = _funnel(measures=measures_of(asked), **_whom(asked))[0]
    row = asked.memory[key]
    step = str(asked.arguments["step"])
    if step != "came" or not row.informed:
        return Measured(getattr(row, step))
    low, high = (Decimal(edge).quantize(Decimal("0.1")) for edge in wilson(row.came, row.informed))
    said = f"Доля пришедших с уверенностью 95 % лежит между {thousands(low)} и {thousands(high)} % (Уилсон)."
    return Measured(row.came, said)


@measure("informing.month", beside=CONTACTS)
def month(asked: Asked) -> Measured:
    """A sum of the monthly table: ``theme`` and ``way`` of the row; a column's code is a field."""
    key = f"months {asked.days}"
    if key not in asked.memory:
        found = MonthCount.objects.filter(
            territory=asked.subject.territory,
            year=asked.days.since.year,
            month__range=(asked.days.since.month, asked.days.until.month),
        )
        if (own := insurers(asked.subject)) is not None:
            found = found.filter(insurer__in=own)
        fields = ("first", "repeated", "people", "messages", "came", "cost")
        sums = found.values("theme", "way").order_by("theme", "way").annotate(**{f"_{one}": Sum(one) for one in fields})
        asked.memory[key] = {(row["theme"], row["way"]): row for row in sums}
    row: dict[str, Any] = asked.memory[key].get((asked.arguments.get("theme", ""), asked.arguments.get("way", "")), {})
    column = str(asked.arguments["column"])
    value = row.get(f"_{column}") or (Decimal("0.00") if column == "cost" else 0)
    unpriced = column == "cost" and not value and row.get("_messages")
    return Measured(value, "Сообщения есть, а стоимость не указана: форма ждёт её." if unpriced else "")


def _of_stream(asked: Asked) -> Told:
    """Sums of the row's stream: kept ones where they say it, otherwise counted over the contacts."""
    stream = str(asked.arguments["stream"])
    if (kept := _kept(asked)) is not None:
        return kept.get(stream, Told())
    key = f"streams {asked.days}"
    if key not in asked.memory:
        rows = _streams(observation=OBSERVATION, measures=PREVENTION + OBSERVATION, **_whom(asked))
        asked.memory[key] = {row.stream: Told(row.informed, row.repeated, row.contacts) for row in rows}
    found: Told = asked.memory[key].get(stream, Told())
    return found


def _kept(asked: Asked) -> dict[str, Told] | None:
    key = f"told {asked.days}"
    if key not in asked.memory:
        asked.memory[key] = told(asked.subject.territory, asked.subject.insurer, *asked.days)
    found: dict[str, Told] | None = asked.memory[key]
    return found


def measures_of(asked: Asked) -> list[str] | None:
    """Measures that the row names, by a list or by a stream; None — all."""
    named = asked.arguments.get("measures") or STREAMS.get(str(asked.arguments.get("stream", "")))
    return list(named) if named else None


def _whom(asked: Asked) -> dict[str, Any]:
    since, until = asked.days
    return {
        "territory": asked.subject.territory,
        "insurers": insurers(asked.subject),
        "since": since,
        "until": until,
    }
