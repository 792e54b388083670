"""How many people an insurer answers for on a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from opora.reports.measures.lines import insurers
from opora.reports.measures.registry import Asked, Measured, measure
from opora.shared.sql import question
from opora.shared.typography import day

_insured_on = question(Path(__file__).parent.parent / "sql", "insured_on")


@measure("insured.at_start")
def at_start(asked: Asked) -> Measured:
    """People whose policy held on the last day before the year. One query."""
    last = asked.days.since.replace(month=1, day=1) - timedelta(days=1)
    own = insurers(asked.subject)
    row = _insured_on(territory=asked.subject.territory, insurers=own, day=last)[0]
    return Measured(row.people, f"Полис действовал {day(last)}.")
