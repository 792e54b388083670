"""Whom a campaign is for: months and clinics of the plan. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opora.informing.errors import InformingError


class AudienceRefused(InformingError):
    """Отбор людей задан неверно."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Empty — everybody of the plan. ``late_months`` takes in those whose month is over and who have not come."""

    months: tuple[int, ...] = ()
    providers: tuple[int, ...] = ()
    late_months: bool = True

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Audience:
        months, providers = given.get("months", ()), given.get("providers", ())
        if not all(isinstance(month, int) and 1 <= month <= 12 for month in months):
            raise AudienceRefused("Месяцы — числа от 1 до 12.")
        if not all(isinstance(one, int) for one in providers):
            raise AudienceRefused("Клиники заданы не номерами.")
        return cls(
            months=tuple(sorted(set(months))),
            providers=tuple(sorted(set(providers))),
            late_months=bool(given.get("late_months", True)),
        )

    def as_json(self) -> dict[str, Any]:
        return {"months": list(self.months), "providers": list(self.providers), "late_months": self.late_months}

    @property
    def all_months(self) -> tuple[int, ...]:
        """Return the months whose people are asked; with late ones, every month before the latest named too."""
        if not self.months:
            return ()
        return tuple(range(1, max(self.months) + 1)) if self.late_months else self.months
