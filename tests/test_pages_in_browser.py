"""Every line of the rail in a real browser, role by role: nothing serious for axe-core, nothing wider than a phone."""

import pytest

from opora.shared import navigation
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
ROLES = ["admin", "alina", "clerk", "auditor"]
LOOKS = {"admin": "light", "alina": "dark", "clerk": "low-vision.1.0.black-on-white", "auditor": "light"}


def addresses(employee, place):
    """Return the addresses this employee may go to by the rail or by her menu."""
    sections = navigation.sections(employee, view_name="", place=place)
    found = [entry.url for section in sections for entry in section.entries]
    assert found
    return found


def faults(page, site, path):
    page.set_viewport_size(DESK)
    answer = page.goto(site + path)
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    found = [f"{path}: {finding}" for finding in findings(page)]
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{path}: {width} px wide on a phone"] if width > PHONE["width"] else [])


def says_where_one_is(page, path):
    here = page.locator(".rail [aria-current=page]").get_attribute("href")
    return [] if here == path and page.locator("h1").count() == 1 else [f"{path}: the rail says {here}"]


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_the_rail(page, site, signed_in_browser, cast, polina, role):
    signed_in_browser(role)
    page.context.add_cookies([{"name": "look", "value": LOOKS[role], "url": site}])
    in_rail, others = (addresses(getattr(cast, role), place) for place in ("rail", "person"))
    if role == "alina":
        others += [f"/insured/{polina.pk}/", "/insured/search/?q=соловьева"]
    found = []
    for path in in_rail + others:
        found += faults(page, site, path)
        if role == "admin" and path in in_rail:
            found += says_where_one_is(page, path)
    assert found == []
