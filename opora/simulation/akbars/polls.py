"""Surveys of the year, ended and laid down: twelve months of public opinion, four quarters of the contact centre.

The rows are those that a round leaves which was asked, answered and closed by the services; who was asked is erased by
now, as it is after any round.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from opora.organisations.models import Employee
from opora.simulation.akbars.world import World
from opora.simulation.journal.shares import divided
from opora.surveys import drawing
from opora.surveys.flow import questionnaire_of
from opora.surveys.models import Cell, Round, Sheet, Survey, SurveyVersion
from opora.surveys.questionnaire import Answers, Questionnaire
from opora.surveys.results import fold
from opora.surveys.services.release import together
from opora.surveys.words import InviteeState, Mode, RoundState, Source

CENTRE, OPINION = "contact_centre", "public_opinion"
ZONE = ZoneInfo("Europe/Moscow")
SILENT = {
    InviteeState.REFUSED: 0.3,
    InviteeState.SILENT: 0.6,
    InviteeState.WRONG: 0.05,
}  # of those who answered; assumed
GOOD = (0.02, 0.04, 0.14, 0.35, 0.45)  # how often 1 to 5 are given to care; assumed
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Poll:
    """One round: of which survey, when, and what its people say."""

    survey: str
    title: str
    since: date
    until: date
    said: Sequence[Answers]


def ask_people(world: World) -> int:
    """Lay down the rounds of the year that are missing; return how many sheets. In the caller's transaction."""
    laid = 0
    counted: list[drawing.Counted] | None = None
    for poll in polls(world):
        survey = Survey.objects.get(code=poll.survey, insurer=None, territory="")
        version = survey.newest
        known = Round.objects.filter(insurer=world.insurer, survey=survey, title=poll.title)
        if version is None or not poll.said or known.exists():
            continue
        asked = _round(world, survey, version, poll)
        counted = drawing.count(asked) if counted is None else counted
        drawing.lay_quotas(asked, counted)
        _lay(asked, version, poll)
        laid += len(poll.said)
    return laid


def polls(world: World) -> Iterator[Poll]:
    """Yield the rounds of the year with their answers: sums are exact, what each says is chance."""
    rest, year = world.targets.rest, world.targets.year
    chance = Random(world.seed)  # noqa: S311 - figures, not secrets
    unhappy = rest.centre - rest.satisfied
    said = [["yes"]] * rest.satisfied + [["hard"]] * min(rest.hard, unhappy) + [["no"]] * max(0, unhappy - rest.hard)
    chance.shuffle(said)
    for quarter, number in divided(rest.centre, dict.fromkeys(range(1, 5), 1)).items():
        mine, said = said[:number], said[number:]
        answers: list[Answers] = [{"helped": one, "clear": ["yes"] if one == ["yes"] else one} for one in mine]
        month = quarter * 3
        title = f"Контакт-центр, {quarter} квартал {year}"
        yield Poll(CENTRE, title, date(year, month - 2, 1), _last(year, month), answers)
    for month, number in divided(rest.surveyed - rest.centre, dict.fromkeys(range(1, 13), 1)).items():
        title = f"Удовлетворённость, {month:02}.{year}"
        opinions = [_opinion(chance) for _ in range(number)]
        yield Poll(OPINION, title, date(year, month, 1), _last(year, month), opinions)


def _opinion(chance: Random) -> Answers:
    if chance.random() < 0.2:
        return {"asked_care": [chance.choice(["no", "hard"])]}
    scales = ("booking", "waiting", "comfort", "attitude", "solved", "overall")
    given = {code: [str(chance.choices(range(1, 6), weights=GOOD)[0])] for code in scales}
    return {"asked_care": ["yes"], **given}


def _round(world: World, survey: Survey, version: SurveyVersion, poll: Poll) -> Round:
    began, ended = (datetime(day.year, day.month, day.day, 18, tzinfo=ZONE) for day in (poll.since, poll.until))
    SurveyVersion.objects.filter(pk=version.pk, used_at=None).update(used_at=began)
    return Round.objects.create(
        survey=survey,
        version=version,
        territory=world.insurer.territory_id,
        insurer=world.insurer,
        title=poll.title,
        since=poll.since,
        until=poll.until,
        modes=[Mode.PHONE],
        source=Source.REGISTER,
        wanted=len(poll.said),
        state=RoundState.CLOSED,
        silent=_silent(len(poll.said)),
        by=Employee.objects.filter(login=f"supervisor.{world.insurer.code}.1").first(),
        made_at=began - timedelta(days=1),
        launched_at=began,
        closed_at=ended,
    )


def _lay(asked: Round, version: SurveyVersion, poll: Poll) -> None:
    """Fill the quotas, lay the sheets, count them."""
    whole: Questionnaire = questionnaire_of(version.pk)
    cells = list(Cell.objects.filter(round=asked).order_by("number"))
    for cell in cells:
        cell.done = cell.planned or 0
    Cell.objects.bulk_update(cells, ["done"])
    places = [(version.pk, cell.number) for cell in cells for _ in range(cell.done)]
    kept = together(places)
    Sheet.objects.bulk_create(
        (
            Sheet(round=asked, version=version, cell=place, on=poll.until, answers=whole.check(answers))
            for place, answers in zip(kept, poll.said, strict=True)
        ),
        batch_size=BATCH,
    )
    Round.objects.filter(pk=asked.pk).update(tally=fold(asked))


def _silent(done: int) -> dict[str, int]:
    found = {state: round(done * share) for state, share in SILENT.items()}
    return {str(InviteeState.DONE): done, **{str(state): number for state, number in found.items() if number}}


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
