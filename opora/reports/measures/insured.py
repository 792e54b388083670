"""How many people an insurer answers for on a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from opora.reports.measures.lines import insurers
from opora.reports.measures.registry import Asked, Measured, measure
from opora.reports.models import InsuredCount
from opora.reports.models.facts import NOBODY
from opora.shared.sql import question
from opora.shared.typography import day

_insured_on = question(Path(__file__).parent.parent / "sql", "insured_on")


@measure("insured.at_start", beside="полисы застрахованных")
def at_start(asked: Asked) -> Measured:
    """People whose policy held on the last day before the year: as last night counted them, else by policies now."""
    last = day_before(asked)
    whose = NOBODY if asked.subject.insurer is None else asked.subject.insurer
    kept = InsuredCount.objects.filter(territory=asked.subject.territory, insurer_id=whose, day=last).first()
    if kept is not None and asked.subject.insurer != NOBODY:
        return Measured(kept.people, f"Полис действовал {day(last)}. Сосчитано прошлой ночью.")
    own = insurers(asked.subject)
    row = _insured_on(territory=asked.subject.territory, insurers=own, day=last)[0]
    return Measured(row.people, f"Полис действовал {day(last)}.")


def day_before(asked: Asked) -> date:
    """Return the last day before the year."""
    return asked.days.since.replace(month=1, day=1) - timedelta(days=1)
