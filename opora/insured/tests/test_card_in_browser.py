"""The page of a person in a real browser: hands on the keyboard, axe-core in every theme, nothing sticks out."""

from datetime import date, time
from types import SimpleNamespace
from typing import Any

import pytest

from opora.audit.models import AuditLine
from opora.insured.models import Consent, Contact, IdentityDocument, Person, PersonCategory
from opora.organisations.models import HotLine, WorkingHours
from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser

LOOKS = ["light.1.0.black-on-white", "dark.1.0.black-on-white", "low-vision.2.1.black-on-white"]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def rich(polina: Person, place: SimpleNamespace) -> Person:
    """Polina with everything a card can hold."""
    HotLine.objects.create(organisation=place.alfa, phone="88005553535", is_round_the_clock=True)
    for day in range(1, 6):
        WorkingHours.objects.create(site=place.site, weekday=day, opens_at=time(8), closes_at=time(20))
    IdentityDocument.objects.create(person=polina, kind="14", series="5004", number="123456", is_current=False)
    for code in ("hard_of_hearing", "large_family"):
        PersonCategory.objects.create(person=polina, code=code)
    Consent.objects.create(person=polina, channel="sms", purpose="news", is_granted=True, decided_on=date(2025, 5, 6))
    Consent.objects.create(
        person=polina, channel="call", purpose="survey", is_granted=False, decided_on=date(2025, 6, 6)
    )
    Contact.objects.create(person=polina, kind="phone", value="222-15-15", state="dead")
    Contact.objects.create(person=polina, kind="email", value="polina@example.ru", normalised="polina@example.ru")
    Contact.objects.create(person=polina, kind="address", value="Новосибирск, ул. Советская, 5, кв. 7")
    return polina


@pytest.fixture
def open_page(page: Any, site: str, signed_in_browser: Any) -> Any:
    def go(path: str, look: str = LOOKS[0], size: dict[str, int] = DESK, who: str = "boris") -> Any:
        signed_in_browser(who)
        page.context.add_cookies([{"name": "look", "value": look, "url": site}])
        page.set_viewport_size(size)
        page.goto(site + path)
        return page

    return go


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious(open_page: Any, rich: Person, look: str) -> None:
    assert findings(open_page(f"/insured/{rich.pk}/", look), enhanced="low-vision" in look) == []


@pytest.mark.parametrize("path", ["identity/", "history/", "print/", "consents/new/", "attachments/new/"])
def test_axe_finds_nothing_serious_around_the_card(open_page: Any, rich: Person, path: str) -> None:
    assert findings(open_page(f"/insured/{rich.pk}/{path}")) == []


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[2]])
def test_nothing_sticks_out_sideways(open_page: Any, rich: Person, look: str) -> None:
    for size in (DESK, PHONE):
        page = open_page(f"/insured/{rich.pk}/", look, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_three_answers_are_in_one_look(open_page: Any, rich: Person) -> None:
    """Policy, clinic and the best number stand above the fold of a 1280 × 800 window."""
    page = open_page(f"/insured/{rich.pk}/")
    for title in ("Полис", "Клиника", "Как связаться"):
        box = page.get_by_role("heading", name=title, exact=True).bounding_box()
        assert box["y"] < 640, title
    assert page.locator(".contact.best").bounding_box()["y"] < 640


def test_a_wrong_number_by_one_key_and_back(open_page: Any, rich: Person) -> None:
    page = open_page(f"/insured/{rich.pk}/")
    page.keyboard.press("2")
    page.wait_for_selector("text=чужой номер")
    assert Contact.objects.get(normalised="79000000001").state == "wrong"

    page.get_by_role("button", name="Вернуть").click()
    page.wait_for_selector(".contact.best")
    assert Contact.objects.get(normalised="79000000001").state == "unconfirmed"


def test_the_caller_is_identified_by_keys(open_page: Any, rich: Person) -> None:
    page = open_page(f"/insured/{rich.pk}/")
    for key in ("5", "6", "7", "i"):
        page.keyboard.press(key)
    page.wait_for_selector("text=подтверждено в")

    assert AuditLine.objects.get(action="insured.identification").details["asked"] == ["birth", "enp", "name"]


def test_a_surname_is_corrected_without_a_mouse(open_page: Any, rich: Person) -> None:
    page = open_page(f"/insured/{rich.pk}/")
    page.keyboard.press("e")
    page.wait_for_selector("[name=surname]")
    page.focus("[name=surname]")
    page.keyboard.press("Control+a")
    page.keyboard.type("иванова")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Карточка исправлена")

    assert "Иванова Полина Андреевна" in page.inner_text("h1")
    assert "раньше Соловьёва-Седая" in page.inner_text(".card-head")


def test_esc_goes_back_to_the_card(open_page: Any, rich: Person) -> None:
    page = open_page(f"/insured/{rich.pk}/history/")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/insured/{rich.pk}/")


def test_a_number_is_revealed_in_its_place(open_page: Any, rich: Person) -> None:
    page = open_page(f"/insured/{rich.pk}/")
    page.get_by_role("button", name="показать СНИЛС").click()
    page.wait_for_selector("text=112-233-445 95")

    assert AuditLine.objects.get(action="insured.card.reveal").details == {"what": "snils"}


def test_likely_doubles_come_while_typing(open_page: Any, rich: Person) -> None:
    page = open_page("/insured/new/")
    page.fill("[name=surname]", "соловьева-седая")
    page.fill("[name=given_name]", "Полина")
    page.fill("[name=birth_on]", "140385")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=Возможно, он уже есть")


def test_the_page_itself_prints_no_more_than_its_sheet(open_page: Any, rich: Person) -> None:
    page = open_page(f"/insured/{rich.pk}/")
    page.emulate_media(media="print")

    for hidden in ("#contacts", ".facts", ".talk", ".open-things", "#identification"):
        assert not page.locator(hidden).is_visible(), hidden
    assert page.locator("#policy-title").is_visible()
