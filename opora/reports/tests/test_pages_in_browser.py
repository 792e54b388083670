"""From a number to the appeal by keyboard alone; pages that the accessibility check finds nothing in."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.reports import subjects
from opora.reports.periods import Period
from opora.reports.services.sealing import seal
from opora.reports.tests import desk
from opora.shared.tests.axe import findings as faults


@pytest.mark.browser
def test_from_a_number_to_the_appeal_by_keyboard(
    page: Any, site: str, signed_in_browser: Any, topics: Any, place: SimpleNamespace, cast: SimpleNamespace
) -> None:
    desk.load(group="state", title="Алфавит начинается с неё")  # the first of the list
    hers = desk.appeal(cast.alina, topics.policy)
    desk.add(place, topics.policy, appeal=hers.pk)
    desk.add(place, topics.quality, kind="complaint", form="written")
    with enter(cast.boris.scope):
        closed = seal("small-form", subjects.subject("54001", cast.boris), Period.read("2024-03"), by=cast.boris)
    signed_in_browser("boris")
    keys = page.keyboard
    page.goto(f"{site}/reports/small-form/", wait_until="load")
    keys.press("g")
    keys.press("4")
    page.wait_for_url(f"{site}/reports/", wait_until="load")
    page.goto(f"{site}/reports/?{desk.MARCH}", wait_until="load")
    assert faults(page) == []
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url("**/reports/small-form/**", wait_until="load")
    assert faults(page) == []
    keys.press("PageUp")
    page.wait_for_url("**period=2024-02", wait_until="load")
    keys.press("PageDown")
    page.wait_for_url("**period=2024-03", wait_until="load")

    keys.press("t")
    assert focused(page) == "1"
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    assert focused(page).startswith("x")
    keys.press("ArrowUp")
    keys.press("ArrowLeft")
    assert focused(page) == "1"
    keys.press("Enter")
    page.wait_for_url("**/rows/**", wait_until="load")
    assert faults(page) == []
    keys.press("j")
    assert focused(page) == hers.number
    keys.press("Enter")
    page.wait_for_url(f"{site}/appeals/{hers.number}/", wait_until="load")
    assert "Слова" in page.content()

    page.goto(f"{site}/reports/small-form/?{desk.MARCH}", wait_until="load")
    keys.press("v")
    page.wait_for_url(f"**/sealed/{closed.pk}/", wait_until="load")
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (f"small-form/?{desk.MARCH}", f"small-form/rows/?{desk.MARCH}&cell=1/1/all", f"?{desk.MARCH}"):
        page.goto(f"{site}/reports/{address}", wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def focused(page: Any) -> str:
    """Return the text of what the keyboard is at."""
    return str(page.evaluate("document.activeElement.textContent"))
