"""The list in a real browser: rows walked by keys, a filter in the address, a note on the card without a mouse."""

from types import SimpleNamespace
from typing import Any

import pytest

SLOW = 60_000


@pytest.mark.browser
@pytest.mark.slow
def test_a_list_is_walked_and_worked_by_keys(
    page: Any, site: str, signed_in_browser: Any, shelf: SimpleNamespace
) -> None:
    page.context.set_default_timeout(SLOW)
    signed_in_browser("alina")
    page.goto(site + "/appeals/", wait_until="commit")
    page.wait_for_selector("[data-open]")
    page.wait_for_load_state("load")
    numbers = page.locator("tbody [data-open]").all_inner_texts()

    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyK")
    assert page.evaluate("document.activeElement.textContent") == numbers[0]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/appeals/{numbers[0]}/")

    page.goto(site + "/appeals/", wait_until="commit")
    page.select_option("#f-kind", "complaint")
    page.wait_for_url("**/appeals/?kind=complaint")
    assert page.locator("tbody [data-open]").all_inner_texts() == [shelf.complaint.number]

    page.goto(f"{site}/appeals/{shelf.mine.number}/", wait_until="commit")
    page.wait_for_load_state("load")
    page.keyboard.press("KeyM")
    page.wait_for_selector("#act textarea")
    page.keyboard.type("Перезвонить после обеда")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Перезвонить после обеда")


@pytest.mark.browser
@pytest.mark.slow
def test_the_list_fits_a_small_desk(page: Any, site: str, signed_in_browser: Any, shelf: SimpleNamespace) -> None:
    """At 1280 px the filters stand in one line and a topic can be read; a wider desk shows the moment as well."""
    page.context.set_default_timeout(SLOW)
    page.set_viewport_size({"width": 1280, "height": 800})
    signed_in_browser("alina")
    page.goto(site + "/appeals/", wait_until="load")
    tops = page.eval_on_selector_all(
        ".list-bar select, .list-bar summary",
        "found => found.map(one => { const box = one.getBoundingClientRect(); return box.top + box.height / 2 })",
    )
    assert max(tops) - min(tops) < 4
    assert page.locator("tbody td.clip").first.bounding_box()["width"] > 160
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert not page.locator("th.spare").is_visible()
    page.set_viewport_size({"width": 1700, "height": 900})
    assert page.locator("th.spare").is_visible()
