"""An administrator whose hands never leave the keyboard; and axe over the pages of this room."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from opora.organisations.hours import parse_day
from opora.organisations.models import Employee, Organisation
from opora.organisations.services.hours import set_hours
from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SEEN_IN_LIGHT = ("/", "/organisations/", "/employees/", "/roles/")  # by tests/test_pages_in_browser.py


def test_an_employee_is_created_by_keyboard_alone(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], place: SimpleNamespace
) -> None:
    signed_in_browser("admin")
    page.goto(f"{site}/organisations/")
    keys = page.keyboard
    keys.press("g")
    keys.press("e")
    page.wait_for_url("**/employees/")
    keys.press("n")
    page.wait_for_url("**/employees/new/")
    page.get_by_label("Фамилия", exact=True).focus()
    for text in ("Новикова", "Ирина", "Петровна", "Novikova", "n@alfa.test", "12-34"):
        keys.type(text)
        keys.press("Tab")
    keys.press("End")  # the last of the list: the fund
    offered = page.get_by_label("Роль").locator("option")
    expect(offered.filter(has_text="Страховой представитель")).to_have_count(0)  # narrowed to roles of a fund
    expect(page.get_by_label("Фамилия", exact=True)).to_have_value("Новикова")
    expect(page.get_by_label("Организация", exact=True)).to_be_focused()
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Control+Enter")

    password = page.locator("#one-time-password")
    expect(password).to_have_text(re.compile(r"^\S{8,}$"))
    someone = Employee.objects.get(login="novikova")
    assert someone.check_password(password.inner_text())
    assert str(someone.assignments.get()) == "ОП1, ТФОМС Новосибирской области"
    keys.press("Escape")
    page.wait_for_url(f"**/employees/{someone.pk}/")


def test_a_week_is_filled_by_keyboard(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], place: SimpleNamespace
) -> None:
    signed_in_browser("alfa_admin")
    page.goto(f"{site}/organisations/{place.alfa.pk}/")
    page.keyboard.press("h")
    page.wait_for_url("**/hours/")
    page.get_by_label("Понедельник").focus()
    page.keyboard.type("8-20")
    page.get_by_role("button", name="Вт–пт как пн").press("Enter")
    expect(page.get_by_label("Пятница")).to_have_value("8-20")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/organisations/{place.alfa.pk}/")
    expect(page.locator("main")).to_contain_text("пн–пт")


def test_who_answers_calls_searches_with_one_key(
    page: Page, site: str, signed_in_browser: Callable[[str], Page]
) -> None:
    signed_in_browser("alina")
    page.goto(site)
    expect(page.locator("#top-search")).not_to_be_focused()  # N begins an appeal, letters are keys of the desk
    page.keyboard.press("Slash")
    expect(page.locator("#top-search")).to_be_focused()


def pages(place: SimpleNamespace, cast: SimpleNamespace) -> list[str]:
    alfa, alina = place.alfa.pk, cast.alina.pk
    return [
        "/",
        "/organisations/",
        f"/organisations/{alfa}/",
        f"/organisations/{alfa}/change/",
        f"/organisations/{alfa}/hours/",
        f"/organisations/{place.clinic.pk}/sites/",
        "/employees/",
        f"/employees/{alina}/",
        f"/employees/{alina}/assignments/new/",
        "/roles/",
    ]


@pytest.mark.parametrize(
    "look", ["light.1.0.black-on-white", "dark.1.0.black-on-white", "low-vision.2.1.black-on-white"]
)
def test_axe_finds_nothing_serious(
    page: Page,
    site: str,
    signed_in_browser: Callable[[str], Page],
    place: SimpleNamespace,
    cast: SimpleNamespace,
    look: str,
) -> None:
    set_hours(place.alfa, week=(parse_day("8-20, обед 13-14"),) * 7, version=1, by=None)
    signed_in_browser("admin")
    page.context.add_cookies([{"name": "look", "value": look, "url": site}])
    for path in pages(place, cast):
        if look.startswith("light") and path in SEEN_IN_LIGHT:
            continue
        page.goto(site + path)
        assert findings(page, enhanced="low-vision" in look) == [], path


def test_nothing_sticks_out_on_a_phone(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], place: SimpleNamespace, cast: SimpleNamespace
) -> None:
    signed_in_browser("admin")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in pages(place, cast):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_page_of_differences_is_answered_by_keyboard(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], place: SimpleNamespace
) -> None:
    signed_in_browser("alfa_admin")
    page.goto(f"{site}/organisations/{place.alfa.pk}/change/")
    page.get_by_label("Адрес").fill("Бердск")
    page.get_by_label("Почта").fill("slow@alfa.test")
    Organisation.objects.filter(pk=place.alfa.pk).update(address="Искитим", version=2)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Карточку уже изменили")).to_be_visible()
    assert findings(page) == []
    expect(page.get_by_label("slow@alfa.test")).to_be_checked()
    page.get_by_label("Бердск").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/organisations/{place.alfa.pk}/")
    saved = Organisation.objects.get(pk=place.alfa.pk)
    assert (saved.address, saved.email) == ("Бердск", "slow@alfa.test")
