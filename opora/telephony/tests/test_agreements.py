"""Overflow by agreement: offered, accepted by the other side, told to the exchange while it is in force."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.telephony.errors import AgreementStands, AgreementWrong
from opora.telephony.models import Agreement
from opora.telephony.ports import Hours, Overflow, PbxUnavailable
from opora.telephony.services import agreements
from opora.telephony.services.steering import steer_all
from opora.telephony.tests.test_pages import words

type SignIn = Callable[[str | None], Client]
SINCE = date(2026, 3, 1)
NOON = datetime(2026, 3, 11, 5, tzinfo=UTC)


class Told:
    """An exchange that remembers what it was told."""

    rules: ClassVar[list[Overflow]] = []
    hours: ClassVar[list[Hours]] = []
    is_up: ClassVar[bool] = True

    def __init__(self, pbx: str) -> None:
        self.pbx = pbx

    def steer(self, hours: Sequence[Hours], rules: Sequence[Overflow]) -> None:
        if not self.is_up:
            raise PbxUnavailable
        Told.hours, Told.rules = list(hours), list(rules)


@pytest.fixture(autouse=True)
def exchange(settings: Any) -> None:
    settings.PORTS = {**settings.PORTS, "telephony.Steering": f"{__name__}.Told"}
    Told.hours, Told.rules, Told.is_up = [], [], True


@pytest.fixture
def offered(lines: SimpleNamespace, cast: SimpleNamespace) -> Agreement:
    """Alfa asks the fund to answer when its people do not for half a minute."""
    with enter(cast.alfa_admin.scope):
        return offer(lines, cast)


def offer(lines: SimpleNamespace, cast: SimpleNamespace, **other: Any) -> Agreement:
    given = {"when": "waits", "seconds": 30, "since": SINCE, "until": None, "paper": "№ 5 от 01.03.2026"}
    return agreements.offer(lines.alfa, lines.fund.pk, **{**given, **other}, by=cast.alfa_admin)


def agreed(row: Agreement, cast: SimpleNamespace) -> None:
    with enter(cast.admin.scope):
        agreements.agree(row, by=cast.admin)


def test_it_works_when_both_have_agreed_and_until_one_stops_it(offered: Agreement, cast: SimpleNamespace) -> None:
    assert agreements.rules_of("main", NOON) == []
    with enter(cast.alfa_admin.scope), pytest.raises(AgreementWrong):
        agreements.agree(offered, by=cast.alfa_admin)
    agreed(offered, cast)
    assert agreements.rules_of("main", NOON) == [Overflow("100", "waits", "300", 30, agreements.FOR_EVER)]
    assert steer_all() == {"main": 1}
    assert [rule.to for rule in Told.rules] == ["300"]
    assert [hours.line for hours in Told.hours] == ["100", "300"]
    with enter(cast.admin.scope):
        agreements.stop(offered, by=cast.admin)
    assert steer_all() == {"main": 0}
    assert Told.rules == []


def test_its_days_are_those_of_whose_line_it_is(lines: SimpleNamespace, cast: SimpleNamespace) -> None:
    with enter(cast.alfa_admin.scope):
        row = offer(lines, cast, when="closed", seconds=None, since=date(2026, 3, 11), until=date(2026, 3, 11))
    agreed(row, cast)
    last = datetime(2026, 3, 11, 16, 59, 59, tzinfo=UTC)  # a second before midnight in Novosibirsk
    [rule] = agreements.rules_of("main", last)
    assert rule.until == last + timedelta(seconds=1)
    assert not agreements.rules_of("main", last + timedelta(seconds=1))
    assert not agreements.rules_of("main", datetime(2026, 3, 10, 16, 59, tzinfo=UTC))


def test_an_exchange_that_is_away_is_told_later(offered: Agreement, cast: SimpleNamespace) -> None:
    agreed(offered, cast)
    Told.is_up = False
    assert steer_all() == {}
    Told.is_up = True
    assert steer_all() == {"main": 1}


def test_one_rule_of_a_kind_for_a_line(offered: Agreement, lines: SimpleNamespace, cast: SimpleNamespace) -> None:
    with enter(cast.alfa_admin.scope):
        with pytest.raises(AgreementStands):
            offer(lines, cast)
        agreements.stop(offered, by=cast.alfa_admin)
        assert offer(lines, cast).pk != offered.pk
    with enter(cast.admin.scope), pytest.raises(AgreementWrong):
        agreements.offer(
            lines.alfa, lines.fund.pk, when="nobody", seconds=0, since=SINCE, until=None, paper="x", by=cast.admin
        )


def test_the_pages_of_both_sides(lines: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn) -> None:
    alfa, fund = signed_in("alfa_admin"), signed_in("admin")
    sent = {"line": lines.alfa.pk, "to_line": lines.fund.pk, "when": "waits", "since": "01.03.2026", "paper": "№ 5"}
    assert "Линия фонда" in words(alfa.get("/telephony/overflow/new/"))
    assert alfa.post("/telephony/overflow/new/", sent).status_code == 422, "how long does he wait"
    assert alfa.post("/telephony/overflow/new/", {**sent, "seconds": "30"}).status_code == 302
    row = Agreement.objects.get()
    assert "ждёт согласия" in words(alfa.get("/telephony/overflow/"))
    assert "Принять" not in words(alfa.get("/telephony/overflow/"))
    page = words(fund.get("/telephony/overflow/"))
    assert "Принять" in page
    assert "Линия Альфы" in page
    assert fund.post(f"/telephony/overflow/{row.pk}/agree/").status_code == 302
    assert "действует" in words(alfa.get("/telephony/overflow/"))
    assert alfa.post(f"/telephony/overflow/{row.pk}/nonsense/").status_code == 404
    assert alfa.post(f"/telephony/overflow/{row.pk}/stop/").status_code == 302
    assert "прекращён" in words(fund.get("/telephony/overflow/"))


WHO_KEEPS = [("alfa_admin", 302), ("admin", 302), ("boris", 403), ("alina", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO_KEEPS)
def test_who_may_stop_it(offered: Agreement, signed_in: SignIn, who: str | None, status: int) -> None:
    assert signed_in(who).post(f"/telephony/overflow/{offered.pk}/stop/").status_code == status


def test_a_stranger_sees_nothing_of_it(offered: Agreement, cast: SimpleNamespace) -> None:
    with enter(cast.vera.scope):
        assert not Agreement.objects.exists()
        assert not Agreement.objects.accessible_to(cast.vera).exists()
