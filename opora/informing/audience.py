"""Whom a campaign is for: months and clinics of the plan. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opora.informing.errors import InformingError
from opora.informing.words import Sequence

MOST_PEOPLE = 5_000


class AudienceRefused(InformingError):
    """Отбор людей задан неверно."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Empty — everybody of the plan. ``late_months`` takes in those whose month is over and who have not come.

    ``sequence`` asks for those whose nearest planned visit is first or repeated; ``people`` are chosen one by one.
    """

    months: tuple[int, ...] = ()
    providers: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    sequence: str = ""
    late_months: bool = True

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Audience:
        months, providers, people = (given.get(name, ()) for name in ("months", "providers", "people"))
        if not all(isinstance(month, int) and 1 <= month <= 12 for month in months):
            raise AudienceRefused("Месяцы — числа от 1 до 12.")
        if not all(isinstance(one, int) for one in providers):
            raise AudienceRefused("Клиники заданы не номерами.")
        if len(people) > MOST_PEOPLE or not all(isinstance(one, int) for one in people):
            raise AudienceRefused(f"Поимённо можно выбрать до {MOST_PEOPLE} человек.")
        if given.get("sequence", "") not in {"", *Sequence.values}:
            raise AudienceRefused("Явка бывает первичной или повторной.")
        return cls(
            months=tuple(sorted(set(months))),
            providers=tuple(sorted(set(providers))),
            people=tuple(sorted(set(people))),
            sequence=given.get("sequence", ""),
            late_months=bool(given.get("late_months", True)),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "months": list(self.months),
            "providers": list(self.providers),
            "people": list(self.people),
            "sequence": self.sequence,
            "late_months": self.late_months,
        }

    @property
    def all_months(self) -> tuple[int, ...]:
        """Return the months whose people are asked; with late ones, every month before the latest named too."""
        if not self.months:
            return ()
        return tuple(range(1, max(self.months) + 1)) if self.late_months else self.months
