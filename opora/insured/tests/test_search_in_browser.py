"""The box with hands that never leave the keyboard."""

from datetime import date

import pytest

from opora.insured.models import Person
from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser


@pytest.fixture
def box(page, site, signed_in_browser, place, polina):
    """Alina's desk with the cursor anywhere but in the box."""
    Person.objects.create(
        territory=place.nsk,
        surname="Соловьёва",
        given_name="Инна",
        birth_on=date(1990, 1, 2),
        sex=2,
        insurer=place.alfa,
    )
    signed_in_browser("alina")
    page.goto(site + "/insured/search/")
    page.locator("h1").click()
    return page


def test_slash_type_arrow_enter_opens_the_person(box, polina):
    box.keyboard.press("/")
    box.keyboard.type("соловьева")
    box.wait_for_selector("#found .hits a")
    assert box.locator("#found .hits a").count() == 2
    assert box.locator("#found mark").first.inner_text() == "Соловьёва"
    box.keyboard.press("ArrowDown")
    box.keyboard.press("ArrowDown")
    box.keyboard.press("Enter")
    box.wait_for_url(f"**/insured/{polina.pk}/")
    assert "соловьева" not in box.url


def test_enter_opens_the_best_hit_of_the_text_as_it_stands(box, polina):
    box.keyboard.press("/")
    box.keyboard.type("седая полина")
    box.wait_for_selector("#found .hits a")
    box.keyboard.press("Enter")
    box.wait_for_url(f"**/insured/{polina.pk}/")


def test_the_top_bar_finds_from_any_page(box, site, polina):
    box.goto(f"{site}/insured/{polina.pk}/")
    box.keyboard.press("/")
    box.keyboard.type("cjkjdm`df")
    box.wait_for_selector("#top-found .hits a")
    assert box.locator("#top-found .hits a").count() == 2
    box.keyboard.press("ArrowDown")
    box.keyboard.press("ArrowUp")
    assert box.evaluate("document.activeElement.id") == "top-search"
    box.keyboard.press("Escape")
    assert not box.locator("#top-found").is_visible()


@pytest.mark.parametrize(
    "look", ["light.1.0.black-on-white", "dark.1.0.black-on-white", "low-vision.2.1.black-on-white"]
)
def test_axe_finds_nothing_serious(box, site, look):
    box.context.add_cookies([{"name": "look", "value": look, "url": site}])
    for text in ("", "соловьева", "сидоров"):
        box.goto(site + "/insured/search/")
        box.fill("#search", text)
        if text:
            box.wait_for_selector("#found .hits a, #found .empty")
        assert findings(box, enhanced="low-vision" in look) == []
