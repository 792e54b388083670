"""A closed complaint and the moments of its case. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from opora.classifiers.words import Verdict
from opora.complaints.rules import JUSTIFIED
from opora.complaints.words import Filer, Restored, Track

ON_INSURER = "ж14"
ACT = 0.5  # of the life of a complaint has passed when the act is written
# How a right is restored, by the row of the complaint in table 1.2 of form ПГ; assumed.
RESTORED: dict[str, tuple[Restored, str]] = {
    "ж3": (Restored.OTHER, "Полис выдан, сведения исправлены."),
    "ж4": (Restored.OTHER, "Человека прикрепили к выбранной клинике."),
    "ж6": (Restored.OTHER, "Страховая восстановлена та, которую выбрал человек."),
    "ж7": (Restored.APPOINTMENT, "Записали на ближайший приём."),
    "ж10": (Restored.OTHER, "Перед человеком извинились, сотруднику объявили замечание."),
    "ж11": (Restored.APPOINTMENT, "Повторный приём и дообследование."),
    "ж12": (Restored.DRUG, "Выписали рецепт, лекарство получено."),
    "ж13": (Restored.HOSPITALISATION, "Госпитализировали в плановом порядке."),
    "ж14": (Restored.OTHER, "Страховая ответила человеку и извинилась."),
    "ж15": (Restored.MONEY, "Клиника вернула деньги."),
    "ж17": (Restored.RECORDS, "Запись об услуге, которой не было, убрали."),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint that is over. ``line`` is its row in table 1.2, ``handler`` who answered for it."""

    id: UUID
    number: str
    territory: str
    zone: ZoneInfo
    registered_at: datetime
    closed_at: datetime
    handler_id: int
    holder_id: int
    is_funds: bool
    topic: str
    line: str
    verdict: str
    reason_id: int
    provider_id: int | None
    patient: str
    birth_on: date | None
    enp: str

    @property
    def is_justified(self) -> bool:
        return self.verdict in JUSTIFIED

    @property
    def insurer_id(self) -> int | None:
        """Who answers for the case; None — the fund."""
        return None if self.is_funds or self.line.partition(".")[0] == ON_INSURER else self.holder_id

    def at(self, share: float) -> datetime:
        """Return the moment after a share of its life, 0 to 1."""
        return self.registered_at + (self.closed_at - self.registered_at) * share

    def on(self, share: float) -> date:
        return self.local(self.at(share))

    def local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def restoration(self, chance: Random) -> dict[str, Any]:
        how, note = RESTORED.get(self.line.partition(".")[0], (Restored.OTHER, "Нарушение устранено."))
        amount = Decimal(chance.randrange(900, 24_000)) if how == Restored.MONEY else None
        return {"how": str(how), "note": note, "amount": amount, "on": self.on(0.9)}

    def dispute(self) -> dict[str, Any] | None:
        """Return how it was settled, None where nobody had to be asked: it was, in court or before."""
        ways = {
            Verdict.PRETRIAL: (Track.PRETRIAL, "Главный врач клиники"),
            Verdict.COURT: (Track.COURT, "Районный суд"),
        }
        way = ways.get(Verdict(self.verdict)) if self.verdict else None
        if way is None:
            return None
        filer = str(Filer.INSURED) if way[0] == Track.COURT else ""
        return {
            "track": str(way[0]),
            "place": way[1],
            "filer": filer,
            "filed_on": self.on(0.86),
            "decided_on": self.on(0.9),
        }


def days(number: float) -> timedelta:
    return timedelta(days=number)
