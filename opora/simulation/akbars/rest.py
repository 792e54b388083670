"""What the year holds beside informing: the journal, complaints with claims, surveys, deliveries. Found before made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal
from opora.organisations.models import Employee, Organisation
from opora.shared.sql import question
from opora.simulation.akbars.appeals import orders
from opora.simulation.akbars.deliveries import deliver
from opora.simulation.akbars.errors import OtherFigures
from opora.simulation.akbars.polls import ask_people
from opora.simulation.akbars.targets import Rest
from opora.simulation.akbars.world import HOME, World
from opora.simulation.cases.claims import Claims
from opora.simulation.cases.settle import settle_cases
from opora.simulation.chaining import chain_all
from opora.simulation.journal.exact import first_of, tell
from opora.simulation.journal.stream import Stream
from opora.simulation.journal.teller import Life
from opora.simulation.staff import ensure_staff

STAFF_SINCE, STAFF_SEED = date(2023, 1, 9), 2_024
ZONE = ZoneInfo("Europe/Moscow")
REST = Scope.system("the rest of the year of an insurer is lived")

_counted = question(Path(__file__).parent / "sql", "counted")


@dataclass(frozen=True, slots=True)
class Counted:
    """What plain SQL finds of the other indicators in the rows of the insurer and its year."""

    appeals: int
    hours: int
    on_the_call: int
    surveyed: int
    centre: int
    satisfied: int
    complaints: int
    justified: int
    pretrial: int
    claims: int
    claims_justified: int
    on_insurer: int
    delivered: int


def live_rest(
    world: World, *, done: Callable[[int], None] = lambda _: None, say: Callable[[str], None] = lambda _: None
) -> Counted:
    """Add to the year what the indicators of appeals, surveys, claims and deliveries need; return what is counted.

    Safe to stop and to repeat. Raises OtherFigures when the rows do not come to what was aimed at.
    """
    rest, year = world.targets.rest, world.targets.year
    with enter(REST):
        fund = Organisation.objects.get(kind=Organisation.Kind.FUND, territory=HOME)
        ensure_staff([fund, world.insurer], since=STAFF_SINCE, seed=STAFF_SEED)
        decider = Employee.objects.get(login=f"op2.{fund.code}.1")
    say("Обращения")
    stream = Stream(HOME, date(year, 1, 1), date(year, 12, 31), seed=world.seed)
    wanted = orders(rest, world.insurer.pk, fund.pk, world.seed)
    _check_own(world, first_of(stream, wanted))
    tell(stream, wanted, done=done)
    say("Жалобы, опросы, доставка")
    with enter(REST), transaction.atomic():
        claims = Claims(rest.claims, rest.claims_justified, date(year, 12, 31), decider)
        settle_cases(HOME, seed=world.seed, claims=claims)
        ask_people(world)
        deliver(world)
    say("Цепочка событий")
    chain_all()
    with enter(REST):
        return _checked(world, rest)


def _check_own(world: World, first: Life | None) -> None:
    """Raise OtherFigures where the insurer has appeals of the year that are not these: nothing is added to them."""
    with enter(REST):
        is_told = first is not None and Appeal.objects.filter(pk=first.id).exists()
        if not is_told and count(world).appeals:
            raise OtherFigures


def count(world: World) -> Counted:
    """Count the rows of the year, whatever it aimed at."""
    since = datetime(world.targets.year, 1, 1, tzinfo=ZONE)
    until = datetime(world.targets.year + 1, 1, 1, tzinfo=ZONE)
    last = (until - timedelta(days=1)).date()
    given = {"insurer": world.insurer.pk, "since": since, "until": until, "first": since.date(), "last": last}
    return Counted(*_counted(**given, territory=HOME)[0])


def _checked(world: World, rest: Rest) -> Counted:
    found = count(world)
    told = (found.appeals, found.surveyed, found.centre, found.satisfied, found.complaints, found.justified,
            found.claims, found.claims_justified, found.on_insurer, found.delivered)  # fmt: skip
    aimed = (rest.appeals, rest.surveyed, rest.centre, rest.satisfied, rest.complaints, rest.justified,
             rest.claims, rest.claims_justified, rest.on_insurer, rest.delivered)  # fmt: skip
    if told != aimed or found.pretrial != found.justified:
        raise OtherFigures(f"Вышло {astuple(found)}, а нужно {aimed}.")
    return found
