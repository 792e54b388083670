"""Планы-графики клиник: how many people of a clinic are to be invited in each month, as the last file of it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Subquery, Sum

from opora.informing.models import Volume
from opora.informing.words import Measure
from opora.shared.typography import thousands

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST = 500  # lines of a page
MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Line:
    """A clinic and a measure, or a group of people that is a part of it. ``year`` is what the file says of the year."""

    clinic: str
    measure: str
    group: str
    months: tuple[int | None, ...]
    year: int | None

    @property
    def summed(self) -> int | None:
        """The months together; None where the file names none."""
        told = [one for one in self.months if one is not None]
        return sum(told) if told else None

    @property
    def summed_words(self) -> str:
        return "" if self.summed is None else thousands(self.summed)

    @property
    def is_apart(self) -> bool:
        """Whether the year is another number than its months together."""
        return None not in {self.year, self.summed} and self.year != self.summed


def lines(employee: Employee, year: int) -> list[Line]:
    """Return the plans of clinics for a year, of each the newest file only; areas of a clinic together. One query."""
    seen = Volume.objects.accessible_to(employee).filter(year=year)
    newest = seen.filter(provider=OuterRef("provider")).order_by("-roll_id").values("roll_id")[:1]
    found = (
        seen.filter(roll_id=Subquery(newest))
        .values("provider", clinic=F("provider__name"), of=F("measure"), part=F("group"), in_month=F("month"))
        .annotate(people=Sum("quantity"))
        .order_by("clinic", "provider", "of", "part")
    )
    told: dict[tuple[int, str, str, str], dict[int | None, int]] = {}  # two clinics may have one name
    for row in found:
        told.setdefault((row["provider"], row["clinic"], row["of"], row["part"]), {})[row["in_month"]] = row["people"]
    return [
        Line(clinic, Measure(measure).label, group, tuple(months.get(number) for number in MONTHS), months.get(None))
        for (_, clinic, measure, group), months in list(told.items())[:MOST]
    ]
