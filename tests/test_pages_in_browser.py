"""Every line of the rail in a real browser, role by role: nothing serious for axe-core, nothing wider than a phone."""

import pytest

from opora.shared import navigation
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
ROLES = ["admin", "alina", "clerk", "auditor"]
LOOKS = {"admin": "light", "alina": "dark", "clerk": "low-vision.1.0.black-on-white", "auditor": "light"}


def rail(employee):
    """Return the addresses this employee may go to by the rail and her menu."""
    found = [
        entry.url
        for place in ("rail", "person")
        for section in navigation.sections(employee, view_name="", place=place)
        for entry in section.entries
    ]
    assert found
    return found


def faults(page, address):
    page.set_viewport_size(DESK)
    answer = page.goto(address)
    if answer.status != 200:
        return [f"{address}: {answer.status}"]
    found = [f"{address}: {finding}" for finding in findings(page)]
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{address}: {width} px wide on a phone"] if width > PHONE["width"] else [])


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_the_rail(page, site, signed_in_browser, cast, polina, role):
    signed_in_browser(role)
    page.context.add_cookies([{"name": "look", "value": LOOKS[role], "url": site}])
    addresses = rail(getattr(cast, role))
    if role == "alina":
        addresses += [f"/insured/{polina.pk}/", "/insured/search/?q=соловьева"]
    assert [fault for address in addresses for fault in faults(page, site + address)] == []


def test_every_page_of_the_rail_says_where_one_is(page, site, signed_in_browser, cast):
    signed_in_browser("admin")
    for section in navigation.sections(cast.admin, view_name=""):
        for entry in section.entries:
            page.goto(site + entry.url)
            assert page.locator(".rail [aria-current=page]").get_attribute("href") == entry.url
            assert page.locator("h1").count() == 1
