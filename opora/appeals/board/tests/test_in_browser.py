"""The wall in a real Chromium against the real stream: within a second, without a line, over, read from far away."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from config.browser import alone
from opora.access.scope import enter
from opora.appeals.board import news
from opora.appeals.board.screens import make_screen, revoke_screen
from opora.appeals.chain import news as desk_news
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import Closing
from opora.appeals.tests.test_register import question, registered
from opora.live.news import News
from opora.live.tests.house import House
from opora.live.tests.stream import streaming
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ANSWERED = Closing(outcome="consulted", answer="Полис действует.", card="1")


@pytest.fixture
def stream(db: None, settings: Any) -> Iterator[House]:
    with streaming(settings) as house:
        yield house


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[News]:
    """What the chainer tells the boards, to be committed by another connection."""
    found: list[News] = []
    monkeypatch.setattr(news, "publish", found.extend)
    monkeypatch.setattr(desk_news, "publish", lambda _: None)
    return found


@pytest.fixture
def wall(stream: House, page: Page, site: str, cast: SimpleNamespace, topics: SimpleNamespace) -> SimpleNamespace:
    """A screen of Alfa that nobody is signed in at, opened by its address."""
    with alone(), enter(cast.boris.scope):
        screen, secret = make_screen("Зал", days=30, by=cast.boris)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{site}/board/screen/#{secret}")
    expect(page.locator("#sign")).to_have_text("На связи", timeout=20_000)
    return SimpleNamespace(screen=screen, secret=secret)


def number(page: Page, tile: str) -> Any:
    return page.locator(f".tile[data-k={tile}] .big")


def test_a_number_moves_within_a_second(
    page: Page, wall: SimpleNamespace, stream: House, told: list[News], cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    assert wall.secret not in page.url
    took = []
    for done in range(1, 4):  # the best of three: others may be at work on this machine
        with alone():
            registered(cast.alina, question(topics))
            registered(cast.alina, question(topics, closing=ANSWERED))
            chain_batch()
        page.wait_for_timeout(500)
        began = time.monotonic()
        stream.publish(told)
        told.clear()
        expect(number(page, "waiting")).to_have_text(f"{done}")
        took.append(time.monotonic() - began)
        expect(number(page, "answered")).to_have_text(f"{done}")
    assert min(took) < 1, took
    assert "в срок 100 %" in page.locator(".tile[data-k=answered]").inner_text().replace("\xa0", " ")
    assert findings(page) == []


def test_a_wall_without_a_line_says_since_when_and_comes_back(
    page: Page, wall: SimpleNamespace, cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    def cut(route: Route) -> None:
        route.abort()

    page.route("**/figures/", cut)
    page.evaluate("dispatchEvent(new Event('offline'))")
    sign = page.locator("#sign")
    expect(sign).to_contain_text("Нет связи с ")
    expect(sign).to_contain_text("показано последнее")
    expect(number(page, "waiting")).to_be_visible()
    assert findings(page) == []
    with alone():
        registered(cast.alina, question(topics))
    page.unroute("**/figures/", cut)
    expect(sign).to_have_text("На связи", timeout=15_000)
    expect(number(page, "waiting")).to_have_text("1")


def test_a_revoked_screen_loses_its_numbers_at_once(
    page: Page, wall: SimpleNamespace, stream: House, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[News] = []
    monkeypatch.setattr("opora.appeals.board.screens.publish", told.extend)
    with alone(), enter(cast.boris.scope):
        revoke_screen(wall.screen, by=cast.boris)
    stream.publish(told)
    expect(page.locator("#sentence")).to_contain_text("Экран отключили")
    expect(page.locator("#figures")).to_be_hidden()
    page.reload()
    expect(page.locator("#sentence")).to_contain_text("Экран отключили")


def test_a_stranger_is_told_whom_to_ask(page: Page, site: str, cast: SimpleNamespace) -> None:
    page.goto(f"{site}/board/screen/")
    expect(page.locator("#sentence")).to_contain_text("Попросите руководителя")
    page.goto(f"{site}/board/screen/#{'x' * 43}")
    page.reload()
    expect(page.locator("#sentence")).to_contain_text("Экран не подключён")
    assert "#" not in page.url
    assert findings(page) == []


def test_a_new_day_begins_by_itself(page: Page, wall: SimpleNamespace) -> None:
    """The page asks by its own clock when the server has said that numbers change."""
    with page.expect_response("**/figures/") as asked:
        page.evaluate("document.getElementById('figures').dataset.changes = Date.now() + 1500")
        page.evaluate("dispatchEvent(new Event('online'))")
    assert asked.value.ok


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (390, 844)])
def test_it_is_read_from_five_metres(
    page: Page,
    site: str,
    signed_in_browser: Callable[[str], Page],
    cast: SimpleNamespace,
    topics: SimpleNamespace,
    size: tuple[int, int],
) -> None:
    with alone():
        for who in (cast.alina, cast.vera, cast.op1):
            registered(who, question(topics))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    signed_in_browser("admin")
    page.goto(f"{site}/board/")
    page.wait_for_load_state("load")
    digits = number(page, "waiting").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    if size[0] > 1000:
        assert digits >= 0.08 * size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert findings(page) == []
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert findings(page) == []
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
