"""Whether policies are brought home, and to whom."""

from __future__ import annotations

from collections import Counter

from opora.policies.packs import current
from opora.reports.cube import Question, cube
from opora.reports.measures.registry import Asked, Measured, measure
from opora.reports.sources import SOURCES
from opora.shared.typography import thousands


@measure("deliveries.are_made", of=("deliveries",))
def are_made(asked: Asked) -> Measured:
    """«да», when somebody got a policy at home in the days; the note says who."""
    question = Question(SOURCES["deliveries"], asked.subject, "insurer", "handed", asked.days, asked.seal)
    found: Counter[str] = Counter()
    for group in cube(question, {"category"}).groups:
        found[group.values["category"]] += group.count
    if not found:
        return Measured("нет", "За эти дни никому не вручили полис на дому.")
    titles = {one.code: one.title for one in current(asked.subject.territory, asked.days.until).categories}
    said = (f"{titles.get(code, code)} — {thousands(count)}" for code, count in sorted(found.items(), key=_largest))
    return Measured("да", "; ".join(said) + ".")


def _largest(one: tuple[str, int]) -> tuple[int, str]:
    return -one[1], one[0]
