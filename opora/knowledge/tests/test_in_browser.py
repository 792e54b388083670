"""The pages in a real browser: nothing serious for axe-core, nothing wider than a phone; found by keyboard alone."""

from typing import Any

import pytest

from opora.knowledge.models import AnswerCard
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def test_pages_of_who_prepares_answers(page: Any, site: str, signed_in_browser: Any, card: Any, typical: int) -> None:
    signed_in_browser("sp3")
    addresses = [f"/knowledge/{card.pk}/", f"/knowledge/{card.pk}/change/", "/knowledge/letters/reply/"]
    faults = []
    for address in [*addresses, "/knowledge/letters/reply/change/", "/knowledge/?q=не+дышит"]:
        page.set_viewport_size(DESK)
        page.goto(site + address)
        faults += [f"{address}: {finding}" for finding in findings(page)]
        page.set_viewport_size(PHONE)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            faults.append(f"{address}: {width} px wide on a phone")
    assert faults == []


def test_an_answer_is_found_and_opened_by_keyboard(page: Any, site: str, signed_in_browser: Any, typical: int) -> None:
    signed_in_browser("alina")
    page.goto(site + "/knowledge/")
    page.keyboard.press("KeyF")
    page.keyboard.type("потеряла полис")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    page.locator("table.list tbody tr").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyJ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/knowledge/{AnswerCard.objects.get(slug='policy-lost').pk}/")
    assert "Новый бланк больше не выдают" in page.locator("#answer").inner_text()
