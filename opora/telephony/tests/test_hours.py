"""Hours of a line: whose they are, single days above them, and what an exchange is told of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.organisations.hours import AHEAD, NO_HOURS, OFFICE, parse_day, parse_week
from opora.organisations.models import WorkingHours
from opora.staffing import counting, queries
from opora.telephony import hours
from opora.telephony.models import Line, LineDay
from opora.telephony.services import hours as keeping
from opora.telephony.services.steering import hours_of

type SignIn = Callable[[str | None], Client]
NSK = ZoneInfo("Asia/Novosibirsk")
WEDNESDAY = date(2026, 3, 11)
ADDRESS = "/telephony/lines/{}/hours/"


def there(clock: str, day: date = WEDNESDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), NSK)


@pytest.fixture
def line(lines: SimpleNamespace) -> Line:
    """Alfa's line; Alfa works from eight to eight on weekdays."""
    for weekday in range(1, 6):
        WorkingHours.objects.create(
            organisation=lines.alfa.organisation, weekday=weekday, opens_at=time(8), closes_at=time(20)
        )
    return fresh(lines.alfa)


def fresh(line: Line) -> Line:
    return Line.objects.select_related("organisation__territory").get(pk=line.pk)


def test_the_hours_of_the_organisation_until_a_line_has_its_own(line: Line, cast: SimpleNamespace) -> None:
    assert hours.opens(line, there("07:00")) == there("08:00")
    week = parse_week(["9-12", *["как в пн"] * 4, "", ""])
    keeping.set_week(line, week, by=cast.alfa_admin)
    assert hours.own_week(fresh(line)) == week
    assert hours.opens(fresh(line), there("11:59")) == there("11:59")
    assert hours.opens(fresh(line), there("12:00")) == there("09:00", date(2026, 3, 12))
    keeping.set_week(line, NO_HOURS, by=cast.alfa_admin)
    assert hours.opens(fresh(line), there("12:00")) == there("12:00")


def test_a_single_day_stands_above_everything(line: Line, cast: SimpleNamespace) -> None:
    line.is_round_the_clock = True
    line.save()
    keeping.set_day(line, WEDNESDAY, parse_day("9-15, обед 12-13"), "учёба", by=cast.alfa_admin)
    assert hours.opens(line, there("03:00")) == there("09:00")
    assert hours.opens(line, there("12:30")) == there("13:00")
    assert hours.opens(line, there("15:00")) == there("00:00", date(2026, 3, 12))
    keeping.set_day(line, WEDNESDAY, (), "", by=cast.alfa_admin)
    assert not hours.state(line, there("12:00")).is_open
    keeping.forget_day(LineDay.objects.get(), by=cast.alfa_admin)
    assert hours.state(line, there("12:00")).words == "открыто круглосуточно"


def test_a_holiday_closes_and_a_single_day_opens_it(line: Line, cast: SimpleNamespace) -> None:
    holiday = date(2026, 1, 1)  # a Thursday
    assert hours.opens(line, there("12:00", holiday)) != there("12:00", holiday)
    keeping.set_day(line, holiday, OFFICE, "дежурство", by=cast.alfa_admin)
    assert hours.opens(line, there("12:00", holiday)) == there("12:00", holiday)


def test_what_an_exchange_is_told(line: Line, lines: SimpleNamespace, cast: SimpleNamespace) -> None:
    keeping.set_day(line, WEDNESDAY, (), "", by=cast.alfa_admin)
    lines.fund.closed_on = WEDNESDAY
    lines.fund.save()
    alfa, fund = hours_of("main", there("23:30").astimezone(UTC))
    assert (alfa.line, fund.line, fund.spans) == ("100", "300", ())
    assert alfa.until == fund.until == there("00:00", WEDNESDAY + timedelta(days=AHEAD))
    thursday = date(2026, 3, 12)
    assert alfa.spans[0] == (there("08:00", thursday), there("20:00", thursday))
    assert len(alfa.spans) == 10, "Thursday, Friday, a week, and three days more"


def test_spans_that_meet_at_midnight_are_one(line: Line) -> None:
    line.week = ["круглосуточно"] * 7
    line.save()
    [alfa, _] = hours_of("main", there("12:00"))
    assert alfa.spans == ((there("00:00"), alfa.until),)


def test_the_page_of_hours(line: Line, signed_in: SignIn, cast: SimpleNamespace) -> None:
    desk = signed_in("alfa_admin")
    address = ADDRESS.format(line.pk)
    opened = fields_of(desk.get(address))
    week = {"act": "week", **opened, **{f"day{number}": "9-18" for number in range(1, 6)}}
    assert desk.post(address, week).status_code == 302
    assert fresh(line).week == [*["9:00–18:00"] * 5, "выходной", "выходной"]
    assert "свои часы" in desk.get("/telephony/lines/").content.decode()
    day = timezone.localdate(timezone=NSK) + timedelta(days=3)
    sent = {"act": "day", "day": f"{day:%d.%m.%Y}", "hours": "9-15", "why": "предпраздничный"}
    assert desk.post(address, {**sent, "hours": "утром"}).status_code == 422
    assert desk.post(address, sent).status_code == 302
    row = LineDay.objects.get()
    assert (row.day, row.hours, row.organisation) == (day, "9:00–15:00", line.organisation)
    assert "предпраздничный" in desk.get(address).content.decode()
    assert desk.post(f"/telephony/lines/days/{row.pk}/forget/").status_code == 302
    assert not LineDay.objects.exists()


def fields_of(answer: Any) -> dict[str, str]:
    """What the form has remembered of the card as it was opened."""
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].is_hidden}


def test_two_people_who_change_one_week_are_told(line: Line, signed_in: SignIn, cast: SimpleNamespace) -> None:
    desk, address = signed_in("alfa_admin"), ADDRESS.format(line.pk)
    opened = fields_of(desk.get(address))
    keeping.set_week(line, parse_week(["8-17", *["как в пн"] * 4, "", ""]), by=cast.alfa_admin)
    answer = desk.post(address, {"act": "week", **opened, "day1": "10-19"})
    assert answer.status_code == 409
    assert fresh(line).week[0] == "8:00–17:00"


WHO = [("alfa_admin", 200), ("admin", 404), ("alina", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_sees_the_page(line: Line, signed_in: SignIn, who: str | None, status: int) -> None:
    assert signed_in(who).get(ADDRESS.format(line.pk)).status_code == status


def test_a_neighbour_sees_and_takes_back_nothing(line: Line, signed_in: SignIn, cast: SimpleNamespace) -> None:
    row = keeping.set_day(line, WEDNESDAY, (), "", by=cast.alfa_admin)
    assert signed_in("admin").post(f"/telephony/lines/days/{row.pk}/forget/").status_code == 404
    with enter(cast.vera.scope):
        assert not LineDay.objects.exists()


def test_staffing_reckons_with_the_hours_of_lines(line: Line, cast: SimpleNamespace) -> None:
    """Nobody is needed while the line is shut, whatever the organisation does; a single day counts as it is."""
    monday = date(2026, 3, 23)
    hot = counting.line_of(line.organisation, "hot")
    past = [monday - step * timedelta(days=1) for step in range(1, 57)]
    midnights = [there("00:00", day) for day in past if day.weekday() < 5]
    halves = [at + half * timedelta(minutes=30) for at in midnights for half in range(16, 40)]
    counting.take_load([counting.HalfHour(hot.pk, at, 10, 10, 0) for at in halves])

    def needed() -> list[tuple[int, int] | None]:
        with enter(cast.boris.scope):
            week = queries.week(hot, monday, now=there("12:00", date(2026, 3, 22)))
        spans = [[half for half, people in enumerate(day) if people] for day in week.need]
        return [(day[0], day[-1] + 1) if day else None for day in spans]

    assert needed() == [(16, 40)] * 5 + [None] * 2
    keeping.set_week(line, parse_week(["10-12:15", *["как в пн"] * 4, "", ""]), by=cast.alfa_admin)
    keeping.set_day(line, monday, parse_day("9-10"), "учёба", by=cast.alfa_admin)
    assert needed() == [(18, 20), *[(20, 25)] * 4, None, None]
    Line.objects.create(pbx="main", number="101", title="Вторая", organisation=line.organisation)
    assert needed() == [(16, 40)] * 5 + [None] * 2
    Line.objects.filter(number="101").update(closed_on=monday - timedelta(days=1))
    assert needed()[1] == (20, 25)
