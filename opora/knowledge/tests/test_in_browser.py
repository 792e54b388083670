"""The pages in a real browser: nothing serious for axe-core, nothing wider than a phone; found by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from opora.knowledge import feedback
from opora.knowledge.models import AnswerCard, CardVote, MissingAnswer
from opora.knowledge.words import Miss
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def test_pages_of_who_prepares_answers(page: Any, site: str, signed_in_browser: Any, card: Any, typical: int) -> None:
    signed_in_browser("sp3")
    addresses = [f"/knowledge/{card.pk}/", f"/knowledge/{card.pk}/change/", "/knowledge/letters/reply/"]
    faults = []
    feedback.note_miss("протонная терапия", why=Miss.NOTHING, territory="50000")
    addresses += ["/knowledge/missing/", "/knowledge/topics/", f"/knowledge/{card.pk}/"]
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
    page.wait_for_url(f"**/knowledge/{AnswerCard.objects.get(slug='policy-lost').pk}/?q=*")
    assert "Новый бланк больше не выдают" in page.locator("#answer").inner_text()
    page.keyboard.press("KeyV")
    expect(page.locator("#vote")).to_contain_text("Записали")
    page.keyboard.press("KeyX")
    expect(page.locator("#vote")).to_contain_text("редактор увидит")
    assert CardVote.objects.get().words == "потеряла полис"


def test_a_search_left_without_opening_is_told(page: Any, site: str, signed_in_browser: Any, typical: int) -> None:
    signed_in_browser("alina")
    page.goto(site + "/knowledge/?q=потеряла+полис")
    page.locator("table.list tbody tr").first.wait_for()
    page.goto(site + "/")
    page.wait_for_timeout(500)
    assert (MissingAnswer.objects.get().words, MissingAnswer.objects.get().why) == ("потеряла полис", "left")


def test_intake_finds_an_answer_and_hears_whether_it_helped(
    page: Any, site: str, signed_in_browser: Any, typical: int
) -> None:
    """No mouse: words, the answer below the topics, its topic comes along, one key for the vote."""
    signed_in_browser("alina")
    page.goto(site + "/appeals/new/")
    expect(page.locator("#person")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".common-topic").first).to_be_focused()
    page.locator("#topic").focus()  # a letter does it; here letters come without keys
    page.keyboard.type("потеряла полис", delay=30)
    expect(page.locator("#topic-found .found-answer").first).to_contain_text("Потерял бланк полиса")
    page.locator("#topic-found .found-answer").first.wait_for()
    page.wait_for_timeout(300)
    for _ in range(page.locator("#topic-found [data-pick]:not(.found-answer)").count()):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("Новый бланк больше не выдают")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyX")
    expect(page.locator("#vote")).to_contain_text("редактор увидит")
    assert MissingAnswer.objects.get().words == "потеряла полис"
