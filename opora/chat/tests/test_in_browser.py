"""Chromium: a talk goes on while the server restarts and the network goes; no line is lost or doubled."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from config.browser import program
from opora.chat import news
from opora.chat.models import Line, Place
from opora.live.tests.house import House
from opora.live.tests.stream import streaming
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 45_000


@pytest.fixture
def stream(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The stream process; a test never commits, so what is told is told by a connection of its own."""
    with streaming(settings) as house:

        def tell(*items: Any) -> None:
            if house.process and house.process.poll() is None:
                house.publish(list(items))

        monkeypatch.setattr(news, "_later", tell)
        yield house


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="ru-RU")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(stream: House, places: SimpleNamespace, signed_in_browser: Callable[[str], Page], site: str) -> Page:
    page = signed_in_browser("alina")
    page.context.set_default_timeout(PATIENCE)
    page.goto(f"{site}/chat/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live", timeout=PATIENCE)
    return page


def open_chat(phone: Page, site: str) -> None:
    phone.goto(f"{site}/c/alfa/")
    expect(phone.locator("#chat[data-ready]")).to_be_visible(timeout=PATIENCE)


def write(page: Page, text: str) -> None:
    box = page.locator("textarea[name=text]").first
    box.fill(text)
    box.press("Enter")


def keep_typing(page: Page, *, until: Locator) -> None:
    """A mark of typing is told once and not kept: who had not yet begun to listen sees the next one."""
    box = page.locator("textarea")
    for _ in range(PATIENCE // 500):
        box.press_sequentially("П")
        page.wait_for_timeout(500)
        if until.is_visible():
            break
    expect(until).to_be_visible()
    box.fill("")


def said(page: Page, count: int) -> list[str]:
    """Wait until so many lines have numbers; return what they say, in order."""
    expect(page.locator("[data-lines] [data-kind=said][data-number]")).to_have_count(count, timeout=PATIENCE)
    expect(page.locator("[data-lines] [data-kind=said]")).to_have_count(count, timeout=PATIENCE)
    return page.locator("[data-lines] [data-kind=said] p").all_text_contents()


def stop(house: House) -> None:
    """The server is being restarted: who asks is told to come later, live news are cut off."""
    program().end()
    house.kill()


def start(house: House) -> None:
    program().is_over = False
    house.start()


def test_a_talk_goes_on_through_a_restart_and_a_lost_network(desk: Page, phone: Page, stream: House, site: str) -> None:
    open_chat(phone, site)
    phone.get_by_label("Как к вам обращаться").fill("Полина")
    write(phone, "Где получить полис?")
    expect(desk.get_by_text("Где получить полис?")).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Alt+KeyN")
    expect(desk.locator("#desk[data-ready] [data-talk]")).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_text("Вам отвечает Алина.")).to_be_visible(timeout=PATIENCE)
    write(desk, "Здравствуйте, Полина.")
    assert said(phone, 2) == ["Где получить полис?", "Здравствуйте, Полина."]
    expect(desk.get_by_text("прочитано")).to_be_visible(timeout=PATIENCE)
    keep_typing(phone, until=desk.get_by_text("Печатает…"))

    stop(stream)
    write(phone, "Вы ещё здесь?")
    write(desk, "В любом офисе.")
    expect(phone.get_by_text("Нет связи")).to_be_visible(timeout=PATIENCE)
    phone.wait_for_timeout(300)
    start(stream)
    assert sorted(said(phone, 4)) == sorted(said(desk, 4))

    phone.context.set_offline(True)
    write(phone, "Возьму паспорт")
    expect(phone.get_by_text("отправляется")).to_be_visible(timeout=PATIENCE)
    write(desk, "Возьмите паспорт.")
    said(desk, 5)
    phone.context.set_offline(False)
    assert said(phone, 6) == said(desk, 6)
    phone.reload()
    desk.reload()
    assert said(phone, 6) == said(desk, 6)
    assert Line.objects.filter(kind="said").count() == 6


def test_whatever_breaks_each_line_is_there_once(desk: Page, phone: Page, stream: House, site: str) -> None:
    """A request may be lost before the server or its answer after; pages are loaded anew in the middle."""
    chance = random.Random(7)  # the same faults in every run
    faults = {"before": 0, "after": 0}

    def break_some(route: Route) -> None:
        what = chance.choice(["pass", "pass", "before", "after"]) if route.request.method == "POST" else "pass"
        if what == "pass":
            route.continue_()
            return
        faults[what] += 1
        if what == "after":
            route.fetch()
        route.abort()

    open_chat(phone, site)
    write(phone, "первая")
    desk.get_by_role("button", name="Взять следующего").click()
    expect(desk.locator("#desk[data-ready] [data-talk]")).to_be_visible(timeout=PATIENCE)
    for page in (phone, desk):
        page.route("**/lines/**", break_some)
    for number in range(8):
        write(phone, f"г{number}")
        write(desk, f"с{number}")
        if number == 4:
            phone.reload()
            expect(phone.locator("#chat[data-ready]")).to_be_visible(timeout=PATIENCE)
    there = said(phone, 17)
    assert there == said(desk, 17)
    assert [text for text in there if text[0] == "г"] == [f"г{number}" for number in range(8)], "in their order"
    assert [text for text in there if text[0] == "с"] == [f"с{number}" for number in range(8)]
    assert faults["before"] > 0
    assert faults["after"] > 0
    for page in (phone, desk):
        page.unroute_all(behavior="wait")


def test_several_talks_stand_side_by_side_and_a_ready_answer_is_put_in(
    desk: Page, browser: Browser, site: str, card: Any
) -> None:
    contexts: list[BrowserContext] = []
    for name in ("Полина", "Раиса"):
        context = browser.new_context(viewport={"width": 360, "height": 640})
        contexts.append(context)
        page = context.new_page()
        open_chat(page, site)
        page.get_by_label("Как к вам обращаться").fill(name)
        write(page, f"На Госуслугах нет полиса, {name}")
        said(page, 1)
    for count in (1, 2):
        desk.reload()
        desk.keyboard.press("Alt+KeyN")
        expect(desk.locator("#desk[data-ready] [data-talk]")).to_have_count(count, timeout=PATIENCE)
    panes = desk.locator("[data-talk]")
    desk.keyboard.press("Alt+KeyJ")
    desk.keyboard.press("Alt+Slash")
    sheet = desk.locator("[data-cards-list]:visible")
    expect(sheet.get_by_text("На Госуслугах нет полиса, что делать?")).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Enter")
    focused = desk.locator("textarea:focus")
    expect(focused).to_have_value(
        "Отзовите согласие Минцифры, подождите 15 минут и дайте его снова.\n\nЕсли не помогло, напишите нам.",
        timeout=PATIENCE,
    )
    desk.keyboard.press("Enter")
    expect(panes.locator("[data-who=employee]")).to_have_count(1, timeout=PATIENCE)
    assert not findings(desk)
    for context in contexts:
        context.close()


class OtherSite(BaseHTTPRequestHandler):
    """A page of another site with the script of the chat in it."""

    script = ""

    def do_GET(self) -> None:
        body = f"<!doctype html><title>Сайт</title><h1>Сайт</h1><script src='{self.script}' data-place=alfa></script>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def other_site(site: str) -> Iterator[str]:
    handler = type("Handler", (OtherSite,), {"script": f"{site}/static/chat/widget.js"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_button_stands_on_sites_of_the_chat_alone(
    page: Page, site: str, other_site: str, places: SimpleNamespace
) -> None:
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/state/"), timeout=PATIENCE):
        page.goto(other_site)  # the answer is kept from a page of a site that is not on the list
    expect(page.locator("body > div")).to_have_count(0)
    Place.objects.filter(slug="alfa").update(origins=[other_site])
    page.goto(other_site)
    expect(page.locator("body > div")).to_have_count(1, timeout=PATIENCE)
    page.keyboard.press("Tab")
    with page.expect_event("framenavigated", lambda one: one.url.endswith("/frame/"), timeout=PATIENCE):
        page.keyboard.press("Enter")
    inside = next(one for one in page.frames if one.url.endswith("/frame/"))
    assert page.evaluate("() => document.querySelector('iframe')") is None, "the page does not reach into it"
    inside.locator("#chat[data-ready]").wait_for()
    inside.locator("textarea").fill("Из рамки")
    inside.locator("textarea").press("Enter")
    expect(inside.locator("[data-kind=said][data-number]")).to_have_count(1, timeout=PATIENCE)


@pytest.mark.parametrize(
    "look", ["light.1.0.black-on-white", "dark.1.0.black-on-white", "low-vision.1.0.black-on-white"]
)
def test_the_page_of_a_citizen_is_clean_and_fits_a_small_phone(
    phone: Page, site: str, places: SimpleNamespace, look: str
) -> None:
    phone.context.add_cookies([{"name": "look", "value": look, "url": site}])
    open_chat(phone, site)
    write(phone, "Где получить полис? " * 10)
    said(phone, 1)
    wide = phone.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert not findings(phone, enhanced=look.startswith("low"))
