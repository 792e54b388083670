"""A sealed number opens as it was sealed; where today it would be another, that is said."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from opora.informing.models import Informed
from opora.informing.models import Seal as PlanSeal
from opora.reports.models import Seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(signed_in: Any, place: SimpleNamespace) -> Seal:
    """A year of Alfa: four people told of three planned; sealed, and one of the contacts fails later."""
    for number in range(4):
        Informed.objects.create(
            touch_id=number, year=2024, person_id=number, territory=place.nsk.pk, insurer=place.alfa, way="sms",
            measure="screening", theme="screening_young", channel="sms", on=date(2024, 3, 9), is_informing=True,
            is_first=True, came=False, cost="2.50",
        )  # fmt: skip
    PlanSeal.objects.create(
        territory=place.nsk.pk, insurer=place.alfa, measure="screening", year=2024, count=3, digest="-"
    )
    answer = signed_in("timur").post("/reports/smo-indicators/sealing/?of=54001&period=2024", {})
    assert answer.status_code == 302
    Informed.objects.filter(touch_id=3).update(is_informing=False)
    return Seal.objects.get()


@pytest.mark.parametrize(
    ("cell", "shown", "pieces", "today", "why"),
    [
        ("1/3a/value", "4", [], "3", "контакты информирования"),
        ("1/3a.share/value", "133,3\u00a0%", ["4", "3"], "100,0\u00a0%", "контакты информирования, печати плана"),
        ("1/3a.plan/value", "3", [], "", ""),  # the same today: nothing to say
        ("1/7.2/value", "0", [], "", ""),  # facts lie under the seal as they lay
    ],
)
def test_a_sealed_number_opens_as_it_was_sealed(
    signed_in: Any, closed: Seal, cell: str, shown: str, pieces: list[str], today: str, why: str
) -> None:
    page = signed_in("timur").get(f"/reports/smo-indicators/rows/?seal={closed.pk}&cell={cell}")
    assert page.context["text"] == shown
    assert [one["text"] for one in page.context["pieces"]] == pieces
    assert page.context["today"] == today
    words = " ".join(page.content.decode().split())
    said = " ".join(f"При закрытии вышло {shown}, сегодня вышло бы {today}".split())
    assert (said in words) == bool(today)
    assert (f"({why})" in words) == bool(why)


def test_rows_that_are_gone_since_leave_the_sealed_number(signed_in: Any, closed: Seal) -> None:
    """The page must not say that the number is nought."""
    Informed.objects.update(is_informing=False)
    page = signed_in("timur").get(f"/reports/smo-indicators/rows/?seal={closed.pk}&cell=1/3a/value")
    assert (page.context["text"], page.context["today"]) == ("4", "0")
    text = page.content.decode()
    assert "Строки этого числа — сегодняшние, и сегодня таких нет." in text
    assert "Число — ноль" not in text


def test_the_same_number_of_today_is_todays(signed_in: Any, closed: Seal) -> None:
    page = signed_in("timur").get("/reports/smo-indicators/rows/?of=54001&period=2024&cell=1/3a/value")
    assert (page.context["text"], page.context["today"]) == ("3", "")
