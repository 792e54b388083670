"""Whom a campaign is for: months and clinics of the plan. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opora.informing.errors import InformingError
from opora.informing.words import MONTHS, Sequence

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

    def in_words(self, clinics: Iterable[str]) -> list[str]:
        """Return whom it takes, a line each; ``clinics`` are the names of ``providers``. Nothing — the whole plan.

        >>> Audience(months=(3, 4), late_months=False, sequence="repeat").in_words([])
        ['Месяцы плана: март, апрель', 'Явка: повторное']
        """
        months = ", ".join(MONTHS[month - 1].lower() for month in self.months)
        late = " и те, кто не пришёл раньше" if self.late_months else ""
        said = [f"Месяцы плана: {months}{late}"] if months else []
        if self.providers:
            said.append(f"Клиники: {', '.join(clinics)}")
        if self.sequence:
            said.append(f"Явка: {Sequence(self.sequence).label.lower()}")
        if self.people:
            said.append(f"Выбраны поимённо: {len(self.people)}")
        return said

    @property
    def all_months(self) -> tuple[int, ...]:
        """Return the months whose people are asked; with late ones, every month before the latest named too."""
        if not self.months:
            return ()
        return tuple(range(1, max(self.months) + 1)) if self.late_months else self.months
