"""Chromium against the real stream process: a page that is open sees what happens."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from opora.live.tests import pages
from opora.live.tests.house import House
from opora.live.tests.stream import streaming

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def stream(db: None, settings: Any) -> Iterator[House]:
    settings.ROOT_URLCONF = "opora.live.tests.pages"
    pages.rows.clear()
    pages.rows.update({"1": 1, "2": 1})
    pages.asked.clear()
    pages.merged.clear()
    pages.merged.update({"a": "А", "b": "Б", "c": "В"})
    with streaming(settings) as house:
        yield house


@pytest.fixture
def desk(stream: House, signed_in_browser: Callable[[str], Page], site: str) -> Page:
    page = signed_in_browser("alina")
    page.goto(f"{site}/sample/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    return page


@pytest.fixture
def queue(cast: SimpleNamespace) -> str:
    return f"org:{cast.alina.assignment.organisation_id}:queue:sp1"


def listeners(house: House) -> int:
    figures = urlopen(f"http://127.0.0.1:{house.port}/live/metrics", timeout=5).read().decode()
    return int(figures.partition("opora_live_listeners ")[2].partition("\n")[0])


def test_a_new_row_is_on_the_open_desk_within_a_second(desk: Page, stream: House, queue: str) -> None:
    took = []
    for number in ("3", "4", "5"):  # the best of three: others may be at work on this machine
        desk.wait_for_timeout(1100)
        pages.rows[number] = 1
        began = time.monotonic()
        stream.tell(queue, int(number))
        desk.locator(f"[data-row='{number}']").wait_for(timeout=5000)
        took.append(time.monotonic() - began)
    assert min(took) < 1
    assert ("list", "1") in pages.asked, "what a page asks by itself does not keep the session open"
    assert [row.get_attribute("data-row") for row in desk.locator("tr.fresh").all()] == ["5"]


def test_a_changed_row_alone_is_asked_for(desk: Page, stream: House, queue: str) -> None:
    pages.rows["2"] = 7
    stream.tell_of(queue, {"id": "2", "version": 7})
    expect(desk.locator("[data-row='2']")).to_contain_text("версия 7", timeout=5000)
    assert [part for part, _ in pages.asked] == ["page", "row"]


def test_a_list_of_open_work_is_not_asked_for_what_came_in_closed(desk: Page, stream: House, queue: str) -> None:
    desk.evaluate("document.getElementById('list').dataset.liveOpen = ''")
    closed = {"closed_at": "2026-11-23T10:00:00Z", "owner": 1}
    stream.tell_of(queue, {"id": "8", **closed}, {"id": "9", **closed}, event="appeal.registered")
    desk.wait_for_timeout(1500)
    assert [part for part, _ in pages.asked] == ["page"]
    pages.rows["10"] = 1
    stream.tell_of(queue, {"id": "10", "closed_at": None, "owner": None}, event="appeal.registered")
    desk.locator("[data-row='10']").wait_for(timeout=5000)


def test_a_list_is_merged_and_what_was_scrolled_to_stays(desk: Page, stream: House, queue: str) -> None:
    desk.locator("[data-row='c'] a").focus()
    pages.merged.clear()
    pages.merged.update({"new": "Новое", "b": "Б2", "c": "В2", "a": "А"})
    stream.tell(queue.replace("sp1", "op1"), 1)
    desk.locator("[data-row='new']").wait_for(timeout=6000)
    shown = [row.inner_text() for row in desk.locator("#merged tr").all()]
    assert shown == ["Новое", "Б2", "В", "А", "ещё дальше"], "the row in which she stands is left alone"
    assert [row.inner_text() for row in desk.locator("#merged tr.fresh").all()] == ["Новое", "Б2"]
    assert desk.evaluate("document.activeElement.textContent") == "В"
    pages.merged.pop("b")
    stream.tell(queue.replace("sp1", "op1"), 2)
    expect(desk.locator("[data-row='b']")).to_have_count(0, timeout=6000)
    assert desk.locator("[data-row='further']").count() == 1


def test_a_storm_asks_for_the_list_once_a_second(desk: Page, stream: House, queue: str) -> None:
    for number in range(30):
        stream.tell(queue, number)
        time.sleep(0.05)
    desk.wait_for_timeout(1500)
    assert 2 <= [part for part, _ in pages.asked].count("list") <= 4


def test_what_is_being_typed_stays(desk: Page, stream: House, queue: str) -> None:
    desk.locator("#draft").fill("Звонит")
    desk.locator("#draft").press_sequentially(" застрах")
    pages.rows["3"] = 1
    stream.tell(queue, 3)
    desk.locator("[data-row='3']").wait_for(timeout=6000)
    desk.keyboard.type("ованная")
    assert desk.locator("#draft").input_value() == "Звонит застрахованная"


def test_tabs_share_one_line_and_the_next_takes_it_over(desk: Page, stream: House, site: str, queue: str) -> None:
    other = desk.context.new_page()
    other.goto(f"{site}/sample/")
    expect(other.locator("#live")).to_have_attribute("data-state", "live")
    assert listeners(stream) == 1
    pages.rows["3"] = 1
    stream.tell(queue, 3)
    for tab in (desk, other):
        tab.bring_to_front()
        tab.locator("[data-row='3']").wait_for(timeout=6000)
    desk.close()
    other.wait_for_timeout(500)
    pages.rows["4"] = 1
    stream.tell(queue, 4)
    other.locator("[data-row='4']").wait_for(timeout=6000)
    assert listeners(stream) == 1


def test_a_lost_line_is_said_and_what_was_missed_is_shown(desk: Page, stream: House, queue: str) -> None:
    stream.kill()
    expect(desk.locator("#live")).to_contain_text("Восстанавливаем связь")
    pages.rows["3"] = 1
    stream.tell(queue, 3)
    stream.start()
    expect(desk.locator("#live")).to_have_attribute("data-state", "live", timeout=15_000)
    desk.locator("[data-row='3']").wait_for(timeout=6000)


def test_a_ticket_is_renewed_and_with_the_session_all_ends(
    desk: Page, stream: House, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opora.live.tickets.issue.__kwdefaults__", {"secret": None, "life": 2})
    desk.reload()
    expect(desk.locator("#live")).to_have_attribute("data-state", "live")
    with desk.expect_response("**/live/ticket/") as renewed:
        pass
    assert renewed.value.status == 200
    pages.rows["3"] = 1
    stream.tell(queue, 3)
    desk.locator("[data-row='3']").wait_for(timeout=6000)
    desk.context.clear_cookies()
    expect(desk.locator("#live")).to_contain_text("Сеанс закончился")


def test_without_a_stream_the_page_asks_now_and_then(
    stream: House, signed_in_browser: Callable[[str], Page], site: str, settings: Any
) -> None:
    settings.LIVE_PORT = 0
    page = signed_in_browser("alina")
    page.clock.install()
    page.goto(f"{site}/sample/")
    expect(page.locator("#live")).to_have_attribute("data-state", "poll")
    pages.rows["3"] = 1
    page.clock.run_for(16_500)
    page.locator("[data-row='3']").wait_for(timeout=6000)
    assert ("list", "1") in pages.asked


def test_who_else_has_the_card_open(desk: Page, stream: House, site: str, cast: Any, browser: Any) -> None:
    from django.test import Client

    from config.browser import SIGN_IN_BACKEND

    client = Client()
    client.force_login(cast.boris, backend=SIGN_IN_BACKEND)
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    second = context.new_page()
    second.goto(f"{site}/sample/")
    expect(second.locator(".presence")).to_contain_text("Сейчас в карточке: Алиева А.")
    # The news of his arrival waits in the transaction of the test, so her page is told by hand.
    stream.tell_of("appeal:0199aaaa", {"by": cast.boris.pk}, event="presence")
    expect(desk.locator(".presence")).to_contain_text("Борисов Б.", timeout=6000)
    context.close()
