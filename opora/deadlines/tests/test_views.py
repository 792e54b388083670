"""The three pages: who opens them and what they answer."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

SignedIn = Callable[[str | None], Client]
PAGES = ["/deadlines/waiting/", "/deadlines/calendar/", "/deadlines/terms/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("who", "status"), [("alina", 200), ("clerk", 200), ("auditor", 200), (None, 302)])
def test_who_may_open(signed_in: SignedIn, page: str, who: str | None, status: int) -> None:
    assert signed_in(who).get(page).status_code == status


def test_the_calculator_answers_with_the_day_and_the_proof(signed_in: SignedIn) -> None:
    question = {"service": "SPEC", "started_on": "2.3.26", "suspicion": ""}
    page = signed_in("alina").get("/deadlines/waiting/", question).content.decode()
    assert "вас должны принять не позже 23.03.2026" in page
    assert "08.03.2026: пропускаем 1 день — праздник" in page
    assert "Календарь 2026.1, пак 2026.1" in page


def test_a_day_without_programme_is_said_in_words(signed_in: SignedIn) -> None:
    page = signed_in("alina").get("/deadlines/waiting/", {"service": "SPEC", "started_on": "2.3.2018"})
    assert "предельный срок не задан" in page.content.decode()


def test_a_bad_day_is_refused_beside_its_field(signed_in: SignedIn) -> None:
    page = signed_in("alina").get("/deadlines/waiting/", {"service": "SPEC", "started_on": "31.02.2026"})
    assert page.context["form"].errors["started_on"]


@pytest.mark.parametrize("year", ["2012", "2999", "рыба", "-1", ""])
def test_a_strange_year_shows_the_present_one(signed_in: SignedIn, year: str) -> None:
    page = signed_in("alina").get("/deadlines/calendar/", {"year": year})
    assert page.context["year"] == date.today().year


def test_the_calendar_counts_the_year_and_names_special_days(signed_in: SignedIn) -> None:
    page = signed_in("alina").get("/deadlines/calendar/", {"year": "2024"}).content.decode()
    assert "248\xa0рабочих дней" in page
    assert "выходной по переносу" in page
