"""What a round has found: shares raw and weighted, against the round before, by groups; nobody can be told from them.

Only of rounds that have ended. Fewer than ``LEAST_SHOWN`` answers are not shown; of a division into groups a second one
is hidden with the first, where it would follow from the whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import SystemRandom
from typing import Any

from django.db.models import Count, QuerySet

from opora.organisations.models import Employee
from opora.shared.sql import question as sql
from opora.surveys import estimates
from opora.surveys.estimates import Share
from opora.surveys.flow import questionnaire_of
from opora.surveys.models import Cell, Round, Sheet, SurveyVersion
from opora.surveys.questionnaire import Question
from opora.surveys.strata import ANYONE, BANDS, stratum
from opora.surveys.words import InviteeState, Kind, RoundState, Settlement, Sex

SQL = Path(__file__).parent / "sql"
answered = sql(SQL, "answered")
numbers = sql(SQL, "numbers")

# Published tables of opinion surveys hide bases below 10 to 30; we take the least.  # assumed
LEAST_SHOWN = 10
MOST_TEXTS = 200
# Of a list of people: why there is no answer. Whoever waited was not asked for the quota was full.
NO_ANSWER = (
    InviteeState.REFUSED,
    InviteeState.SILENT,
    InviteeState.WRONG,
    InviteeState.UNSENT,
    InviteeState.FAILED,
    InviteeState.SENT,
    InviteeState.ARRIVED,
)

type ByCell = dict[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One option."""

    code: str
    label: str
    note: str
    raw: Share
    weighted: Share
    is_good: bool


@dataclass(frozen=True, slots=True)
class Group:
    """An indicator among people of one kind; ``share`` None — too few answers to show."""

    label: str
    share: Share | None


@dataclass(frozen=True, slots=True)
class Division:
    title: str
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Indicator:
    """The share of good answers; ``before`` is that of the former round."""

    raw: Share
    weighted: Share
    before: Share | None
    divisions: list[Division]

    @property
    def change(self) -> float | None:
        """Points, hundredths of a share."""
        return None if self.before is None else (self.weighted.value - self.before.value) * 100

    @property
    def is_real(self) -> bool:
        return self.before is not None and estimates.differ(self.weighted, self.before)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its answers. ``parts`` are the quarters and the middle of numbers."""

    question: Question
    count: int
    lines: list[Line] = field(default_factory=list)
    indicator: Indicator | None = None
    parts: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """``loose`` is how many sheets have no cell; ``least`` the smallest number that is shown."""

    round: Round
    version: SurveyVersion
    count: int
    loose: int
    asked: list[Asked]
    former: Round | None
    silent: list[tuple[str, int]]
    versions: list[tuple[SurveyVersion, int]]
    least: int = LEAST_SHOWN

    @property
    def is_shown(self) -> bool:
        return self.count >= LEAST_SHOWN

    @property
    def indicators(self) -> list[Asked]:
        return [one for one in self.asked if one.indicator]


def ended(employee: Employee) -> QuerySet[Round]:
    rows: QuerySet[Round] = Round.objects.accessible_to(employee).filter(state=RoundState.CLOSED)
    return rows


def results(asked: Round, *, version: int | None = None) -> Results:
    """Return the results of a round that has ended, of its largest version unless one is named.

    Budget: 20 000 sheets of 20 questions under 1 s. Ten queries; answers were counted
    when the rounds ended.
    """
    versions = _versions(asked)
    chosen = next((one for one, _ in versions if one.pk == version), versions[0][0] if versions else asked.version)
    former = before(asked)
    former_version = next((one.pk for one, _ in _versions(former)), None) if former else None
    found = _counted(asked.pk, chosen.pk)
    earlier = _counted(former.pk, former_version) if former and former_version else None
    questions = questionnaire_of(chosen.pk).questions
    shown = found.count >= LEAST_SHOWN
    return Results(
        round=asked,
        version=chosen,
        count=found.count,
        loose=found.sheets.get(ANYONE, 0),
        asked=[_asked(one, found, earlier) for one in questions] if shown else [],
        former=former,
        silent=silent(asked),
        versions=versions,
    )


def before(asked: Round) -> Round | None:
    """Return the last round of the same survey of the same organisation that ended before this one."""
    rows = Round.objects.filter(
        survey=asked.survey_id, insurer=asked.insurer_id, provider=asked.provider_id, territory=asked.territory
    )
    return rows.filter(state=RoundState.CLOSED, closed_at__lt=asked.closed_at).order_by("-closed_at").first()


def silent(asked: Round) -> list[tuple[str, int]]:
    """Return why people of the list did not answer, in words."""
    return [(state.label, asked.silent[state]) for state in NO_ANSWER if asked.silent.get(state)]


@dataclass(slots=True)
class _Counted:
    """Everything counted of one round, by cell."""

    round: int
    version: int
    sheets: ByCell
    weight: dict[int, float]
    given: Mapping[tuple[str, str], ByCell]
    reached: Mapping[str, ByCell]

    @property
    def count(self) -> int:
        return sum(self.sheets.values())

    @classmethod
    def of(cls, asked: int, version: int) -> _Counted:
        kept = Round.objects.values_list("tally", flat=True).get(pk=asked).get(str(version))
        counts = kept or _count(asked, version)
        sheets: ByCell = dict(counts["sheets"])
        given: dict[tuple[str, str], ByCell] = defaultdict(dict)
        asked_by: dict[str, Counter[int]] = defaultdict(Counter)
        for question, code, cell, number, whole in counts["answers"]:
            given[question, code][cell] = number
            asked_by[question][cell] += whole
        population = dict(Cell.objects.filter(round=asked).values_list("number", "population"))
        return cls(asked, version, sheets, estimates.weights(population, sheets), given, asked_by)

    def good(self, question: Question) -> ByCell:
        """How many gave a good answer; of several options each sheet counts once only where one may be chosen."""
        found: Counter[int] = Counter()
        for code in question.good:
            found.update(self.given.get((question.code, code), {}))
        return dict(found)

    def share(self, question: Question, good: ByCell) -> Share:
        return estimates.weighted(good, self.reached.get(question.code, {}), self.weight)


def fold(asked: Round) -> dict[str, Any]:
    """Return the counts of a round whose sheets have just been laid down: they never change again."""
    return {str(version.pk): _count(asked.pk, version.pk) for version, _ in _versions(asked)}


def _count(asked: int, version: int) -> dict[str, Any]:
    """Count answers by question, option and cell; the second number is of sheets that answered at all."""
    open_ones = [one.code for one in questionnaire_of(version).questions if not one.is_closed]
    rows = Sheet.objects.filter(round=asked, version=version).values("cell").annotate(number=Count("pk")).order_by()
    return {
        "sheets": [(row["cell"], row["number"]) for row in rows],
        "answers": [tuple(row) for row in answered(round=asked, version=version, open=open_ones)],
    }


@lru_cache(maxsize=64)
def _counted(asked: int, version: int) -> _Counted:
    """A round that has ended never changes, so its counts may be kept."""
    return _Counted.of(asked, version)


def _asked(question: Question, found: _Counted, earlier: _Counted | None) -> Asked:
    by_cell = found.reached.get(question.code, {})
    count = sum(by_cell.values())
    if count < LEAST_SHOWN:
        return Asked(question, count)
    if question.kind is Kind.NUMBER:
        return Asked(question, count, parts=_parts(question, found))
    if question.kind is Kind.TEXT:
        return Asked(question, count, texts=_texts(question, found))
    lines = []
    for option in question.options:
        given = found.given.get((question.code, option.code), {})
        raw = estimates.raw(sum(given.values()), count)
        is_good = option.code in question.good
        lines.append(Line(option.code, option.label, option.note, raw, found.share(question, given), is_good))
    return Asked(question, count, lines=lines, indicator=_indicator(question, found, earlier))


def _indicator(question: Question, found: _Counted, earlier: _Counted | None) -> Indicator | None:
    if not question.good or (question.kind is Kind.SEVERAL and len(question.good) > 1):
        return None
    good, by_cell = found.good(question), found.reached[question.code]
    former = None
    if earlier is not None and sum(earlier.reached.get(question.code, {}).values()) >= LEAST_SHOWN:
        former = earlier.share(question, earlier.good(question))
    return Indicator(
        raw=estimates.raw(sum(good.values()), sum(by_cell.values())),
        weighted=found.share(question, good),
        before=former,
        divisions=_divisions(good, by_cell),
    )


def _divisions(good: ByCell, by_cell: ByCell) -> list[Division]:
    known = [cell for cell in by_cell if cell != ANYONE]
    kinds = {
        "Где живут": {cell: str(Settlement(stratum(cell).settlement).label) for cell in known},
        "Пол": {cell: str(Sex(stratum(cell).sex).label) for cell in known},
        "Возраст": {cell: stratum(cell).ages for cell in known},
    }
    order = [*Settlement.labels, *Sex.labels, *(stratum(number + 1).ages for number in range(len(BANDS)))]
    return [
        Division(title, groups)
        for title, of in kinds.items()
        if len(groups := _groups(good, by_cell, of, [str(one) for one in order])) > 1
    ]


def _groups(good: ByCell, by_cell: ByCell, of: Mapping[int, str], order: list[str]) -> list[Group]:
    counts: Counter[str] = Counter()
    goods: Counter[str] = Counter()
    for cell, label in of.items():
        counts[label] += by_cell[cell]
        goods[label] += good.get(cell, 0)
    hidden = too_small(counts)
    return [
        Group(label, None if label in hidden else estimates.raw(goods[label], counts[label]))
        for label in order
        if label in counts
    ]


def too_small(counts: Mapping[str, int]) -> set[str]:
    """Return the groups that are not shown: those of few, and the next smallest where one alone would be computed.

    >>> sorted(too_small({"a": 30, "b": 12, "c": 4})), too_small({"a": 30, "b": 12})
    (['b', 'c'], set())
    """
    hidden = {label for label, number in counts.items() if number < LEAST_SHOWN}
    if len(hidden) == 1 and len(counts) > 1:
        hidden.add(min((number, label) for label, number in counts.items() if label not in hidden)[1])
    return hidden


def _parts(question: Question, found: _Counted) -> tuple[float, ...]:
    rows = numbers(round=found.round, version=found.version, questions=[question.code])
    return tuple(float(part) for part in rows[0].parts) if rows else ()


def _texts(question: Question, found: _Counted) -> tuple[str, ...]:
    """Texts without their sheets, in a drawn order."""
    rows = Sheet.objects.filter(round=found.round, version=found.version, answers__has_key=question.code)
    texts = [given[0] for given in rows.values_list(f"answers__{question.code}", flat=True) if given]
    SystemRandom().shuffle(texts)
    return tuple(texts[:MOST_TEXTS])


def _versions(asked: Round) -> list[tuple[SurveyVersion, int]]:
    rows = Sheet.objects.filter(round=asked).values("version").annotate(number=Count("pk")).order_by("-number")
    counted = [(row["version"], row["number"]) for row in rows]
    found = SurveyVersion.objects.in_bulk([pk for pk, _ in counted])
    return [(found[pk], number) for pk, number in counted]
