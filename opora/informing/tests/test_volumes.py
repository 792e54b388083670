"""Plans of clinics by month: the newest file of each, areas together, a year that is not the sum of its months."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.informing import volumes
from opora.informing.models import Roll, Volume


@pytest.fixture
def told(place: SimpleNamespace) -> Callable[..., None]:
    """A file of the clinic: (month, area, people) of check-ups, or of a group of dispensarisation."""

    def tell(*lines: tuple[int | None, str, int], measure: str = "checkup", group: str = "") -> None:
        roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, provider=place.clinic, format="test")
        for month, area, people in lines:
            Volume.objects.create(
                roll=roll, territory="50000", insurer=place.alfa, provider=place.clinic, measure=measure, group=group,
                year=2026, month=month, area=area, quantity=people,
            )  # fmt: skip

    return tell


def shown(cast: Any) -> list[volumes.Line]:
    with enter(cast.boris.scope):
        return volumes.lines(cast.boris, 2026)


def test_areas_of_a_month_are_one_number_beside_the_year(told: Callable[..., None], cast: Any) -> None:
    told((None, "", 30), (1, "12", 10), (1, "13", 8), (2, "12", 12))
    [line] = shown(cast)
    assert (line.months[:3], line.year, line.summed, line.is_apart) == ((18, 12, None), 30, 30, False)


def test_a_newer_file_of_a_clinic_stands_in_place_of_the_older(told: Callable[..., None], cast: Any) -> None:
    told((None, "", 30), (1, "12", 30))
    told((None, "", 25), (1, "12", 20))
    [line] = shown(cast)
    assert (line.months[0], line.year, line.is_apart) == (20, 25, True)


def test_the_page_says_where_the_sum_does_not_hold(
    told: Callable[..., None], signed_in: Callable[[str | None], Client]
) -> None:
    told((None, "", 1300), (1, "12", 700), (2, "12", 500))
    page = signed_in("boris").get("/informing/plan/?year=2026").content.decode()
    assert "по месяцам 1200" in page
    assert "700" in page
