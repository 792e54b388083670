"""How long the line kept people waiting, in the report of the centre: every number by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opora.access.scope import Scope, enter
from opora.reports.counting import Report
from opora.reports.periods import Period
from opora.reports.tests.forms.golden import pack, subject
from opora.telephony.models import Call

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Novosibirsk")


@pytest.fixture
def called(place: SimpleNamespace) -> Any:
    made = 0

    def calls(
        *waits: int, of: Any = place.alfa, result: str = "answered", at: tuple[int, ...] = (2024, 3, 4, 9)
    ) -> None:
        nonlocal made
        began = datetime(*at, tzinfo=ZONE)  # type: ignore[arg-type, misc]
        with enter(Scope.system("calls of a test")):
            for seconds in waits:
                made += 1
                Call.objects.create(
                    pbx="t", call=str(made), organisation=of, began_at=began, ended_at=began + timedelta(minutes=9),
                    now="ended", result=result, waited=seconds,
                )  # fmt: skip

    return calls


def told(place: SimpleNamespace, whose: str = "alfa") -> dict[str, list[Any]]:
    report = Report(pack("centre-work"), subject(place, whose), Period.read("2024-03"))
    with enter(Scope.system("a test counts")):
        return {row.code: [cell.value for cell in row.cells] for row in report.table("waiting").counted().rows}


def test_each_number(called: Any, place: SimpleNamespace) -> None:
    called(5, 10, 20, 101)
    called(3, 60, result="abandoned")  # the first gave up before anybody could have answered in time
    called(0, result="secretary", at=(2024, 3, 31, 23, 59))
    called(7, at=(2024, 4, 1))
    called(7, of=place.beta)
    called(40, 50, at=(2023, 3, 1))

    assert told(place) == {
        "calls": [7, 2, 5],
        "answered": [4, 2, 2],
        "abandoned": [2, 0, 2],
        "secretary": [1, 0, 1],
        "level": [Decimal("60.0"), Decimal("0.0"), Decimal("60.0")],
        "abandoned_share": [Decimal("28.6"), Decimal("0.0"), Decimal("28.6")],
        "mean": [Decimal("34.0"), Decimal("45.0"), Decimal("-11.0")],
        "longest": [101, 50, 51],
    }
    assert told(place, "territory")["calls"][0] == 8


def test_where_no_exchange_is_connected_nothing_is_claimed(place: SimpleNamespace) -> None:
    assert told(place)["calls"] == [0, 0, 0]
    assert told(place)["level"] == [None, None, None]
