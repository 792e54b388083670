"""How long people wait for an answer on the line: what exchanges have told of calls."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from opora.access.scope import Scope, enter
from opora.organisations.models import Territory
from opora.reports.measures.lines import organisations
from opora.reports.measures.registry import Asked, Measured, Value, measure
from opora.telephony.figures import Waiting, waiting
from opora.telephony.rules import SERVICE_SECONDS

SILENT = "АТС за эти дни о звонках не сообщала."
# A call is seen by the organisation of its line alone; sums of a territory are its fund's, and name nobody.
WHY = "calls of a territory are counted for whoever may see its reports"
TENTH = Decimal("0.1")


@measure("line.waiting", beside="звонки на линию")
def waited(asked: Asked) -> Measured:
    """Of incoming calls in the days, ``what``: calls, answered, abandoned, secretary — how many; level,
    abandoned_share — in %; mean, longest — seconds until an answer."""
    found = _found(asked)
    what = str(asked.arguments["what"])
    if not found.calls:
        return Measured(0 if what in Waiting.__slots__ else None, SILENT if what == "calls" else "")
    return Measured(*_told(found, what))


def _told(found: Waiting, what: str) -> tuple[Value, str]:
    match what:
        case "level":
            of = f"{found.in_time} из {found.counted}, без тех, кто положил трубку за {SERVICE_SECONDS} секунд"
            return _share(found.in_time, found.counted), of if found.counted else ""
        case "abandoned_share":
            return _share(found.abandoned, found.calls), f"{found.abandoned} из {found.calls}"
        case "mean":
            return _rounded(Decimal(found.waited or 0) / found.answered) if found.answered else None, ""
        case "longest":
            return found.waited_95, ""
    return int(getattr(found, what)), ""


def _found(asked: Asked) -> Waiting:
    key = f"waiting {asked.days}"
    if key not in asked.memory:
        zone = ZoneInfo(Territory.objects.get(pk=asked.subject.territory).time_zone)
        since, until = (datetime.combine(day, time(), zone) for day in asked.days)
        with enter(Scope.system(WHY)):
            asked.memory[key] = waiting(organisations(asked.subject), since, until + timedelta(days=1))
    found: Waiting = asked.memory[key]
    return found


def _share(part: int, whole: int) -> Decimal | None:
    return _rounded(Decimal(100 * part) / whole) if whole else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(TENTH, ROUND_HALF_UP)
