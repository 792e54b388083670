"""A letter is registered by hands on the keyboard; the accessibility check finds nothing on the pages of the room."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from opora.mailroom.models import Incoming, Outgoing
from opora.shared.tests.axe import findings as faults

PATIENCE = 30_000


@pytest.mark.browser
@pytest.mark.slow
def test_a_letter_in_a_few_keys(
    page: Any, site: str, signed_in_browser: Any, waiting: Outgoing, cast: SimpleNamespace
) -> None:
    signed_in_browser("boris")
    page.goto(f"{site}/mailroom/")
    page.wait_for_load_state("load")
    assert faults(page) == []
    page.keyboard.press("n")
    expect(page.locator("#id_sender")).to_be_focused(timeout=PATIENCE)
    page.wait_for_load_state("load")
    page.keyboard.insert_text("Чижикова Полина Андреевна")
    assert faults(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("-ВХ-", timeout=PATIENCE)
    page.wait_for_load_state("load")
    letter = Incoming.objects.get()
    assert faults(page) == []
    page.keyboard.press("r")
    expect(page.locator("#incoming_number")).to_have_value(letter.number, timeout=PATIENCE)
    for address in ("out/", f"out/{waiting.pk}/", "sent/", "lists/", f"{letter.pk}/acts/link/"):
        page.goto(f"{site}/mailroom/{address}")
        assert faults(page) == [], address
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("?show=all", f"{letter.pk}/", "out/"):
        page.goto(f"{site}/mailroom/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


@pytest.mark.browser
def test_envelopes_of_both_sizes_one_after_another(
    page: Any, site: str, signed_in_browser: Any, waiting: Outgoing
) -> None:
    """A form that opens a new tab is not held back as one sent twice: the page it stands on goes nowhere."""
    asked: list[str] = []
    signed_in_browser("boris")
    page.goto(f"{site}/mailroom/out/")
    page.wait_for_load_state("load")
    page.context.on("request", lambda request: asked.append(request.post_data or ""))
    for size in ("DL", "C5"):
        with page.expect_popup():
            page.get_by_role("button", name=f"Конверты {size}").click()
    page.wait_for_timeout(300)
    assert [dict(parse_qsl(text))["envelopes"] for text in asked if text] == ["dl", "c5"]
