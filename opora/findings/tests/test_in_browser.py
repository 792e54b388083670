"""Pages of the room as a browser shows them: the accessibility check finds nothing, keys lead where they say."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.findings import counting, services
from opora.findings.models import Alarm
from opora.findings.tests.conftest import Journal
from opora.shared.tests.axe import findings as faults


@pytest.mark.browser
def test_pages_are_for_everybody(
    page: Any,
    site: str,
    signed_in_browser: Any,
    journal: Journal,
    chained: Any,
    alarm: Alarm,
    cast: SimpleNamespace,
    place: SimpleNamespace,
) -> None:
    journal.wait(place.clinic, 60, "CT_MRI")
    chained()
    counting.follow()
    with enter(cast.sp3.scope):
        today = Journal.today(place)
        made = services.open_finding(
            provider=place.clinic, what="wait", code="CT_MRI", cause="Сломан томограф", since=today, until=today,
            by=cast.sp3,
        )  # fmt: skip
    signed_in_browser("sp3")
    for address in ("", "waiting/", "list/", f"{made.pk}/", f"{made.pk}/acts/decide/", "new/"):
        page.goto(f"{site}/findings/{address}")
        assert faults(page) == [], address
    page.goto(f"{site}/")
    page.keyboard.press("g")
    page.keyboard.press("3")
    page.wait_for_url(f"{site}/findings/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/findings/waiting/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
