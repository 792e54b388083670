"""A whole call: a citizen of sipp, a real Asterisk, the telephone in Chromium. Without it: WITHOUT_ASTERISK=1."""

import asyncio
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from config.browser import WHOLE, alone, chromium
from opora.access.scope import Scope, enter
from opora.adapters.asterisk.exchange import Asterisk
from opora.adapters.asterisk.listening import Listener
from opora.adapters.asterisk.tests.conftest import PATIENCE, line, settings
from opora.adapters.pbxhouse.callers import citizen, employee
from opora.adapters.pbxhouse.layout import Agent, Line
from opora.adapters.pbxhouse.server import Server
from opora.appeals import commonest
from opora.appeals.models import Appeal, Draft
from opora.shared.tests.axe import findings as faults
from opora.telephony import models
from opora.telephony.carrying import Carrier
from opora.telephony.services import take_in
from opora.telephony.tests.test_in_browser import tell

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST, SECOND = line(500), line(520)
CALLER = "79000000001"  # Polina's
LONG = PATIENCE * 1000
SILENCE = 12  # seconds after which a dead telephone is gone; a loaded browser may be silent for some


@pytest.fixture(scope="module")
def browser_path() -> str | None:
    """A browser without windows has no sound and no window to close for good."""
    return chromium(WHOLE)


@pytest.fixture(scope="module")
def browser_flags() -> list[str]:
    """A microphone that hums, permission for it, a certificate nobody knows, and voice over loopback."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--ignore-certificate-errors",
        "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
    ]


@pytest.fixture(scope="module")
def house() -> Iterator[Server]:
    """Line 500 is answered by 101, the line of level 2 by 102; both are telephones in browsers."""
    if os.environ.get("WITHOUT_ASTERISK"):
        pytest.skip("WITHOUT_ASTERISK")
    lines = [Line(FIRST, ["101"], ring_seconds=60), Line(SECOND, ["102"], ring_seconds=60)]
    with Server(lines=lines, agents=[Agent("101"), Agent("102")], silence=SILENCE) as started:
        yield started


@pytest.fixture
def heard(house: Server, site: str, place: SimpleNamespace, topics: SimpleNamespace, settings: Any) -> Iterator[None]:
    """What ``opora telephony listen`` does, in a thread that shares the connection of the test."""
    layout = house.layout
    settings.PHONE = {"address": layout.wss, "secrets": str(layout.phones)}
    settings.SECURE_CSP = settings.SECURE_CSP | {"connect-src": ["'self'", layout.wss.removesuffix("/ws")]}
    for number, level in ((FIRST, 1), (SECOND, 2)):
        title = f"Линия {level}-го уровня"
        models.Line.objects.create(pbx="main", number=number, title=title, level=level, organisation=place.alfa)
    models.ExtensionRange.objects.create(pbx="main", first="101", last="109", organisation=place.alfa)
    commonest.forget()
    shared = connections["default"]
    loops: list[asyncio.AbstractEventLoop] = []
    running: list[asyncio.Task[Any]] = []

    async def in_turn(ask: Callable[[], Any]) -> Any:
        with alone():
            return ask()

    async def work() -> None:
        loops.append(asyncio.get_running_loop())
        connections["default"] = shared  # a loop would look for connections elsewhere
        exchange = Asterisk(_settings(house))
        since = datetime.now(UTC) - timedelta(seconds=1)
        listener = Listener(exchange, lambda events: in_turn(lambda: take_in(events)), since=since)
        carrier = Carrier(exchange, "main", in_turn)
        running.extend([asyncio.create_task(listener.run()), asyncio.create_task(carrier.run())])
        await asyncio.gather(*running, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(work()), daemon=True)
    thread.start()
    yield
    for task in running:
        loops[0].call_soon_threadsafe(task.cancel)
    thread.join(PATIENCE)


def _settings(house: Server) -> Any:
    return settings(house.layout)


def seat(page: Page, site: str, extension: str) -> Page:
    """Take a place; the telephone opens by itself and is ready."""
    page.context.set_default_timeout(LONG)
    page.goto(f"{site}/telephony/")
    page.wait_for_load_state("load")
    page.locator("#extension").fill(extension)
    with page.expect_popup(timeout=LONG) as opened:
        page.get_by_role("button", name="Занять место").click()
    phone = opened.value
    expect(phone.locator("#phone-state")).to_have_text("Телефон готов", timeout=LONG)
    return phone


def asked() -> models.Call | None:
    with alone(), enter(Scope.system("test")):
        return models.Call.objects.filter(caller=CALLER).first()


def until(page: Page, employee: Any, fits: Callable[[models.Call], bool]) -> models.Call:
    """Wait for the call to be where it should, then say on the page what the stream would say."""
    for _ in range(int(PATIENCE * 10)):
        call = asked()
        if call is not None and fits(call):
            tell(page, employee.pk)
            return call
        page.wait_for_timeout(100)
    pytest.fail(f"the call is {call and (call.now, call.ringing, call.extension, call.aside)}")


def intake(page: Page, text: str) -> None:
    """Answer a typical question without a mouse."""
    expect(page.locator("#who-step .picked")).to_contain_text("Соловьёва-Седая", timeout=LONG)
    expect(page.locator(".common-topic").first).to_be_focused(timeout=LONG)
    page.keyboard.press("1")
    expect(page.locator("#text")).to_be_focused(timeout=LONG)
    page.keyboard.press("Tab")
    page.keyboard.type(text)


def test_a_call_rings_is_answered_in_the_browser_and_closed(
    page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, polina: Any, house: Server, heard: None
) -> None:
    signed_in_browser("alina")
    phone = seat(page, site, "101")
    with citizen(house.layout, FIRST, CALLER, seconds=90):
        until(page, cast.alina, lambda call: call.now == "ringing")
        expect(page.locator("#ringing")).to_contain_text("Соловьёва-Седая", timeout=LONG)
        expect(page.locator('#ringing [data-phone="answer"]')).to_be_visible(timeout=LONG)
        page.keyboard.press("F2")
        expect(phone.get_by_role("button", name="Положить трубку")).to_be_visible(timeout=LONG)
        until(page, cast.alina, lambda call: call.now == "talking")
        page.locator("#ringing [data-open-intake]").click(timeout=LONG)
        expect(page).to_have_url(re.compile(r"/appeals/new/\?draft="), timeout=LONG)
        page.wait_for_load_state("load")
        # The talk goes on in its own window whatever page she is on, and whatever she reloads.
        page.reload()
        page.wait_for_load_state("load")
        expect(phone.get_by_role("button", name="Положить трубку")).to_be_visible()
        voice = phone.locator("#phone-voice")
        before = voice.evaluate("voice => voice.currentTime")
        intake(page, "Полис действует, менять не нужно.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".registered .number")).to_be_visible(timeout=LONG)
        assert voice.evaluate("voice => voice.currentTime") > before
        assert faults(phone) == []
        phone.get_by_role("button", name="Удержать").click()
        until(page, cast.alina, lambda call: call.now == "held")
        phone.get_by_role("button", name="Продолжить").click(timeout=LONG)
        until(page, cast.alina, lambda call: call.now == "talking")
        phone.get_by_role("button", name="Положить трубку").click()
        call = until(page, cast.alina, lambda call: call.now == "ended")
    with alone(), enter(Scope.system("test")):
        appeal = Appeal.objects.get()
        assert (appeal.stage, appeal.topic_code, appeal.call_id) == ("closed", "t-policy", call.code)
        assert call.held > 0
    with suppress(Exception):
        phone.close()


@pytest.fixture
def colleague(browser: Any) -> Iterator[Any]:
    """Windows of a second person; they are closed whatever comes: a telephone left behind would take the next call."""
    context = browser.new_context(locale="ru-RU")
    yield context
    context.close()


def test_a_call_is_handed_over_to_level_two_with_its_draft(
    colleague: Any, page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, polina: Any, house: Server,
    heard: None,
) -> None:  # fmt: skip
    signed_in_browser("alina")
    first = seat(page, site, "101")
    other = colleague.new_page()
    with alone():
        from django.test import Client

        client = Client()
        client.force_login(cast.sp2, backend="allauth.account.auth_backends.AuthenticationBackend")
    colleague.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    second = seat(other, site, "102")
    with citizen(house.layout, FIRST, CALLER, seconds=90):
        until(page, cast.alina, lambda call: call.now == "ringing")
        first.locator('[data-do="answer"]').click(timeout=LONG)
        until(page, cast.alina, lambda call: call.now == "talking")
        page.locator("#ringing [data-open-intake]").click(timeout=LONG)
        expect(page).to_have_url(re.compile(r"/appeals/new/\?draft="), timeout=LONG)
        page.wait_for_load_state("load")
        intake(page, "Ждёт направления второй месяц.")
        _kept("Ждёт направления второй месяц.")
        until(page, cast.alina, lambda call: call.now == "talking")
        page.locator("#hand-to").select_option(label="Второва О., на линии")
        page.get_by_role("button", name="Спросить и перевести").click()
        until(other, cast.sp2, lambda call: "102" in call.ringing)
        expect(other.locator("#ringing")).to_contain_text("Соловьёва-Седая", timeout=LONG)
        second.locator('[data-do="answer"]').click(timeout=LONG)
        until(page, cast.alina, lambda call: call.aside == "102")
        page.get_by_role("button", name="Соединить").click(timeout=LONG)
        call = until(other, cast.sp2, lambda call: call.extension == "102" and call.now == "talking")
        other.locator("#ringing [data-open-intake]").click(timeout=LONG)
        expect(other.locator("#who-step .picked")).to_contain_text("Соловьёва-Седая", timeout=LONG)
        expect(other.locator("body")).to_contain_text("Получение полиса")
        second.locator('[data-do="hangup"]').click()
        until(other, cast.sp2, lambda call: call.now == "ended")
    with alone(), enter(Scope.system("test")):
        assert Draft.objects.get(employee=cast.sp2).call_id == call.code


def test_a_talk_outlives_a_reload_of_its_own_window(
    page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, polina: Any, house: Server, heard: None
) -> None:
    signed_in_browser("alina")
    phone = seat(page, site, "101")
    phone.on("dialog", lambda dialog: dialog.accept())  # «leave the page?»
    with citizen(house.layout, FIRST, CALLER, seconds=90):
        until(page, cast.alina, lambda call: call.now == "ringing")
        phone.locator('[data-do="answer"]').click(timeout=LONG)
        until(page, cast.alina, lambda call: call.now == "talking")
        phone.reload()
        phone.wait_for_load_state("load")
        expect(phone.get_by_role("button", name="Положить трубку")).to_be_visible(timeout=LONG)
        call = until(page, cast.alina, lambda call: call.now == "talking" and told(call).count("answered") == 2)
        assert "left" in told(call), "the former telephone is gone"
        voice = phone.locator("#phone-voice")
        heard_before = voice.evaluate("voice => voice.currentTime")
        page.wait_for_timeout(500)
        assert voice.evaluate("voice => voice.currentTime") > heard_before
        phone.get_by_role("button", name="Положить трубку").click()
        until(page, cast.alina, lambda call: call.now == "ended")
    with suppress(Exception):
        phone.close()


def test_a_window_closed_for_good_gives_the_citizen_back_to_the_line(
    page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, polina: Any, house: Server, heard: None
) -> None:
    signed_in_browser("alina")
    phone = seat(page, site, "101")
    with citizen(house.layout, FIRST, CALLER, seconds=40) as calling:
        until(page, cast.alina, lambda call: call.now == "ringing")
        phone.locator('[data-do="answer"]').click(timeout=LONG)
        until(page, cast.alina, lambda call: call.now == "talking")
        assert state_of(cast.alina) == "talk"
        phone.close()
        call = until(page, cast.alina, lambda call: call.now == "waiting" and told(call).count("queued") == 2)
        assert state_of(cast.alina) == "wrap"
        rang = told(call).count("ringing")
        page.wait_for_timeout(3000)  # the queue asks its members each second
        found = asked()
        assert found is not None
        assert (found.now, told(found).count("ringing"), state_of(cast.alina)) == ("waiting", rang, "wrap")
        assert calling.wait(2 * PATIENCE)  # he says good-bye: else the next test finds him first in the line


def test_a_telephone_that_died_ends_its_talk(
    page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, polina: Any, house: Server, heard: None
) -> None:
    signed_in_browser("alina")
    phone = seat(page, site, "101")
    with citizen(house.layout, FIRST, CALLER, seconds=120):
        until(page, cast.alina, lambda call: call.now == "ringing")
        phone.locator('[data-do="answer"]').click(timeout=LONG)
        until(page, cast.alina, lambda call: call.now == "talking")
        with suppress(Exception):  # one process draws both windows: the page is gone too, and cannot wait for us
            phone.goto("chrome://crash", timeout=2000)
        ends = time.monotonic() + SILENCE + PATIENCE
        while state_of(cast.alina) == "talk" and time.monotonic() < ends:
            time.sleep(0.2)
        assert state_of(cast.alina) == "wrap"
        while (call := asked()) is not None and call.now != "ended" and time.monotonic() < ends:
            time.sleep(0.2)  # her receiver goes down first, the call ends behind it
        assert call is not None
        assert (call.now, call.result, call.is_lost) == ("ended", "answered", True)
    with alone(), enter(Scope.system("test")):
        task = models.CallBack.objects.get(call=call)
        assert (task.state, task.call, task.caller) == ("open", call, CALLER)


def state_of(employee: Any) -> str:
    with alone(), enter(Scope.system("test")):
        return models.Agent.objects.get(employee=employee).state


def told(call: models.Call) -> list[str]:
    """Kinds of what the exchange has told of a call."""
    with alone(), enter(Scope.system("test")):
        return list(models.CallEvent.objects.filter(call=call.call).values_list("kind", flat=True))


def test_a_missed_call_is_called_back_by_a_press_on_its_number(
    page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, polina: Any, house: Server, heard: None
) -> None:
    signed_in_browser("alina")
    phone = seat(page, site, "101")
    with citizen(house.layout, FIRST, CALLER, seconds=1.5) as calling:
        assert calling.wait(PATIENCE)
    until(page, cast.alina, lambda call: call.result == "abandoned")
    page.reload()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Взять").first.click()
    with employee(house.layout, house.layout.ports.trunk):
        page.get_by_role("link", name="+7 900 000-00-01").first.click()
        # Her own call: the telephone takes it at once, then the citizen answers his.
        expect(phone.get_by_role("button", name="Положить трубку")).to_be_visible(timeout=LONG)
        call = until(page, cast.alina, lambda call: call.direction == "out" and call.now == "talking")
        assert call.reference.startswith("task-")
        phone.get_by_role("button", name="Положить трубку").click()
        until(page, cast.alina, lambda call: call.direction == "out" and call.now == "ended")
    with alone(), enter(Scope.system("test")):
        assert models.CallBack.objects.latest("pk").state == "done"


def _kept(text: str) -> None:
    """Wait until what was typed is kept by the server."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with alone(), enter(Scope.system("test")):
            if any(text in str(body) for body in Draft.objects.values_list("body", flat=True)):
                return
        time.sleep(0.1)
    pytest.fail("the draft is not kept")
