"""Intake by hands: a real browser, no mouse, a line that breaks."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from opora.appeals import commonest
from opora.appeals.models import Appeal, Draft
from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser
type SignIn = Callable[[str], Page]
BAR = 15.0
KEPT = "[data-kept]"


@pytest.fixture
def desk(signed_in_browser: SignIn, topics: SimpleNamespace, polina: Any, site: str) -> Page:
    commonest.forget()
    page = signed_in_browser("alina")
    page.goto(f"{site}/")
    return page


def test_a_typical_question_is_registered_without_a_mouse(desk: Page, capsys: pytest.CaptureFixture[str]) -> None:
    """The time is that of the program: hands of a person add the typing of some thirty signs."""
    laps: list[tuple[str, float]] = []
    began = time.perf_counter()

    def lap(what: str) -> None:
        laps.append((what, time.perf_counter() - began))

    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.locator("#person")).to_be_focused()
    lap("N: страница открыта")
    desk.keyboard.type("соловьева 140385", delay=60)
    expect(desk.locator("#who-found [data-pick]").first).to_be_visible()
    lap("человек найден")
    desk.keyboard.press("Enter")
    expect(desk.locator("#who-step .picked")).to_contain_text("Соловьёва-Седая")
    expect(desk.locator(".common-topic").first).to_be_focused()
    lap("Enter: человек выбран")
    desk.keyboard.press("1")
    expect(desk.locator("#text")).to_be_focused()
    expect(desk.locator("[data-chosen]")).to_contain_text("Получение полиса")
    lap("1: тема выбрана")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Полис действует, менять не нужно.", delay=40)
    lap("ответ записан")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".registered .number")).to_be_visible()
    lap("Ctrl+Enter: зарегистрировано")

    with capsys.disabled():
        print()  # noqa: T201
        for what, seconds in laps:
            print(f"  {seconds:5.2f} с  {what}")  # noqa: T201
    assert laps[-1][1] < BAR
    appeal = Appeal.objects.get()
    assert (appeal.stage, appeal.topic_code) == ("closed", "t-policy")
    desk.keyboard.press("n")
    expect(desk.locator("#person")).to_be_focused()


def test_letters_on_the_topics_begin_a_search(desk: Page, site: str) -> None:
    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    expect(desk.locator("#who-step")).to_contain_text("Без имени")
    expect(desk.locator(".common-topic").first).to_be_focused()

    desk.keyboard.type("ds,jh", delay=30)  # «выбор» in the other layout
    expect(desk.locator("#topic-found [data-pick]")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-chosen]")).to_contain_text("Выбор страховой")


def test_a_draft_outlives_a_lost_line_and_a_closed_tab(desk: Page, site: str) -> None:
    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    desk.locator("#text").fill("Говорит, что талонов нет")
    expect(desk.locator(KEPT)).to_contain_text("сохранено")

    desk.context.set_offline(True)
    desk.locator("#text").fill("Говорит, что талонов нет с понедельника")
    expect(desk.locator(KEPT)).to_contain_text("не сохранено")
    assert Draft.objects.get().body["text"] == ["Говорит, что талонов нет"]
    desk.context.set_offline(False)
    expect(desk.locator(KEPT)).to_contain_text("сохранено", timeout=5000)
    expect(desk.locator(KEPT)).not_to_contain_text("не сохранено")
    assert Draft.objects.get().body["text"] == ["Говорит, что талонов нет с понедельника"]

    other = desk.context.new_page()
    desk.close()
    other.goto(f"{site}/appeals/new/")
    other.get_by_role("link", name="начатое").first.click()
    expect(other.locator("#text")).to_have_value("Говорит, что талонов нет с понедельника")
    expect(other.locator("#who-step")).to_contain_text("Без имени")
    other.close()


def test_what_was_typed_while_the_server_was_dead_comes_back_after_a_reload(desk: Page, site: str) -> None:
    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    expect(desk.locator("#who-step")).to_contain_text("Без имени")
    desk.route("**/draft/", lambda route: route.abort())
    desk.locator("#text").fill("Набрано без связи")
    expect(desk.locator(KEPT)).to_contain_text("не сохранено")
    assert not Draft.objects.filter(body__text=["Набрано без связи"]).exists()

    desk.unroute("**/draft/")
    desk.reload()
    expect(desk.locator("#text")).to_have_value("Набрано без связи")


def test_a_page_reloaded_while_its_last_save_arrives_shows_that_save(desk: Page, site: str) -> None:
    before: list[Any] = []

    def answer_too_early(route: Any) -> None:
        """The first reload is answered as it would have been before the last save."""
        if before:
            route.fulfill(response=before.pop())
        else:
            route.continue_()

    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    desk.locator("#text").fill("Талонов нет")
    expect(desk.locator(KEPT)).to_have_attribute("data-state", "kept")
    early = desk.request.get(desk.url)
    desk.locator(KEPT).evaluate("place => { place.dataset.state = ''; }")
    desk.locator("#text").fill("Талонов нет с понедельника")
    expect(desk.locator(KEPT)).to_have_attribute("data-state", "kept")

    before.append(early)
    desk.route("**/appeals/new/?draft=*", answer_too_early)
    desk.reload()

    expect(desk.locator("#text")).to_have_value("Талонов нет с понедельника")
    assert not before


def test_a_double_press_and_a_lost_answer_register_once(desk: Page, site: str) -> None:
    lost: list[str] = []

    def lose_the_first_answer(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            route.fetch(max_redirects=0)  # the server has done it, the page never hears of it
            lost.append("answer")
            route.abort()
        else:
            route.continue_()

    desk.route("**/appeals/new/", lose_the_first_answer)
    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    expect(desk.locator(".common-topic").first).to_be_focused()
    desk.keyboard.press("1")
    expect(desk.locator("#text")).to_be_focused()
    desk.locator("#answer").fill("Действует")
    desk.keyboard.press("Control+Enter")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".registered .number")).to_be_visible(timeout=10_000)

    assert lost
    assert Appeal.objects.count() == 1


def test_the_second_window_of_a_draft_stands_aside(desk: Page, site: str) -> None:
    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    desk.locator("#text").fill("Первое окно")
    expect(desk.locator(KEPT)).to_contain_text("сохранено")

    second = desk.context.new_page()
    second.goto(desk.url)
    expect(second.locator("[data-elsewhere]")).to_be_visible()
    second.locator("[data-take-over]").click()
    expect(desk.locator("[data-elsewhere]")).to_be_visible()
    second.close()


def test_red_flag_words_raise_the_banner(desk: Page, site: str) -> None:
    desk.goto(f"{site}/appeals/new/")
    desk.keyboard.press("Enter")
    desk.locator("#text").fill("Мужу плохо, он задыхается")
    expect(desk.locator("[data-alarm]")).to_be_visible()
    expect(desk.locator("[data-alarm]")).to_contain_text("112")


def test_faults_are_beside_their_fields(desk: Page, site: str) -> None:
    desk.goto(f"{site}/appeals/new/")
    desk.locator("#text").fill("Вопрос")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-summary]")).to_be_focused()
    expect(desk.locator("#text")).to_have_value("Вопрос")
    assert findings(desk) == []


def test_the_page_is_readable_for_everybody(desk: Page, site: str, polina: Any) -> None:
    desk.goto(f"{site}/appeals/new/?person={polina.pk}")
    expect(desk.locator(".common-topic").first).to_be_focused()
    assert findings(desk) == []


def test_intake_begins_from_the_card_and_from_the_search(desk: Page, site: str, polina: Any) -> None:
    desk.goto(f"{site}/insured/{polina.pk}/")
    desk.keyboard.press("n")
    expect(desk.locator("#who-step .picked")).to_contain_text("Соловьёва-Седая")

    desk.goto(f"{site}/")
    desk.keyboard.press("/")
    desk.keyboard.type("соловьева", delay=30)
    expect(desk.locator("#top-found [data-open]")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("n")
    expect(desk.locator("#who-step .picked")).to_contain_text("Соловьёва-Седая")
