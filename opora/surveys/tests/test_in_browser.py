"""A phone interview by the keyboard alone, a link without scripts at 360 px, paper by digits and Enter."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from opora.insured.models import Person
from opora.shared.tests.axe import findings
from opora.surveys.models import Cell, Invitee, Round, Waiting
from opora.surveys.services.rounds import digest
from opora.surveys.tests.conftest import crowd
from opora.surveys.tests.test_after_talk import fake, going, talked

__all__ = ["fake", "going", "talked"]
pytestmark = pytest.mark.browser
type SignIn = Callable[[str], Page]
PATIENCE = 30_000


def asked_for(page: Page, words: str) -> None:
    """The question stands there, and the page listens to keys."""
    expect(page.locator("legend")).to_contain_text(words, timeout=PATIENCE)
    page.wait_for_load_state("load")


def test_an_interview_by_keyboard(page: Page, site: str, signed_in_browser: SignIn, place: Any, running: Any) -> None:
    crowd(place, 3)
    asked = running(wanted=2)
    signed_in_browser("alina")
    page.goto(f"{site}/surveys/calls/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Согласен отвечать")).to_be_visible(timeout=PATIENCE)
    assert findings(page) == []
    page.keyboard.press("1")
    for text, keys in (
        ("Вы обращались к врачу?", "2"),
        ("Оцените врача", "5"),
        ("Что понравилось?", "12"),
    ):
        asked_for(page, text)
        for key in keys:
            page.keyboard.press(key)
    expect(page.get_by_text("Не обращались, но оценили врача.")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")
    asked_for(page, "Придёте ещё?")
    assert findings(page) == []
    page.keyboard.press("Backspace")
    expect(page.locator("input:checked")).to_have_count(2, timeout=PATIENCE)
    page.wait_for_load_state("load")
    page.keyboard.press("Enter")
    asked_for(page, "Придёте ещё?")
    page.keyboard.press("1")
    asked_for(page, "Через сколько дней?")
    page.keyboard.type("14")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сохранить, следующий")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("load")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Анкета в ящике")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Согласен отвечать")).to_be_visible(timeout=PATIENCE)
    assert Waiting.objects.filter(round=asked).count() == 1
    assert Cell.objects.get(round=asked).done == 1
    assert Invitee.objects.filter(state="held").count() == 1


def test_a_link_on_a_small_phone_without_scripts(browser: Browser, site: str, place: Any, running: Any) -> None:
    crowd(place, 2)
    asked = running(wanted=1, modes=["link"])
    row = Invitee.objects.filter(round=asked).order_by("rank")[0]
    Invitee.objects.filter(pk=row.pk).update(state="sent", token_hash=digest("small"))
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    phone = context.new_page()
    phone.goto(f"{site}/surveys/a/small/")
    phone.get_by_role("button", name="Начать").click()
    for answers in (["да"], ["4"], ["быстро"], ["нет"]):
        for label in answers:
            phone.get_by_label(label, exact=True).check()
        phone.get_by_role("button", name="Дальше").click()
    phone.get_by_role("button", name="Отправить ответы").click()
    expect(phone.locator("h1")).to_contain_text("Спасибо")
    phone.goto(f"{site}/surveys/a/small/")
    expect(phone.locator("h1")).to_contain_text("уже ответили")
    context.close()
    assert Waiting.objects.count() == 1


def test_paper_by_digits_and_enter(page: Page, site: str, signed_in_browser: SignIn, running: Any) -> None:
    asked: Round = running(modes=["paper"], source="nobody", wanted=0)
    signed_in_browser("alina")
    page.goto(f"{site}/surveys/{asked.pk}/entry/")
    for _ in range(2):
        for typed in ("1", "5", "1,2", "2", ""):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
        expect(page.get_by_text("Анкета в ящике")).to_be_visible()
        expect(page.locator("#id_q1")).to_be_focused()
        expect(page.locator("#id_q1")).to_have_value("")
    assert findings(page) == []
    assert Waiting.objects.count() == 2


def test_a_talk_is_rated_by_one_key(
    page: Page, site: str, signed_in_browser: SignIn, going: Round, talked: Any, polina: Person, fake: Any
) -> None:
    appeal = talked(polina)
    signed_in_browser("alina")
    page.goto(f"{site}/appeals/{appeal.number}/")
    expect(page.get_by_text("Согласны оценить разговор?")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("load")
    page.keyboard.press("q")
    expect(page.locator("#after-talk")).to_contain_text("СМС уйдёт на номер …0001", timeout=PATIENCE)
    assert findings(page) == []
    page.get_by_role("button", name="Отменить отметку").click()
    expect(page.get_by_text("Согласны оценить разговор?")).to_be_visible(timeout=PATIENCE)
    assert not Invitee.objects.exists()
