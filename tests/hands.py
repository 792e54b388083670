"""People at their desks for tests in a browser: all they have is a keyboard, and eyes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from config.browser import SIGN_IN_BACKEND, breach

PATIENCE = 30_000
PICTURES = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else None
CARD = ".case-head"
type Desk = Callable[[str], "Hands"]


class Hands:
    """A person at her desk: all she has is a keyboard, and eyes."""

    def __init__(self, page: Page, site: str, pictures: Path | None) -> None:
        self.page, self.site, self.pictures = page, site, pictures

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=40)

    def sees(self, selector: str, text: str = "") -> None:
        expect(self.page.locator(selector).first).to_contain_text(text, timeout=PATIENCE)

    def is_at(self, selector: str) -> None:
        expect(self.page.locator(selector).first).to_be_focused(timeout=PATIENCE)

    def choose(self, value: str) -> None:
        """Walk down the focused list until ``value`` stands in it, from its top when it is above."""
        for key in ("ArrowDown",) * 40 + ("Home",) + ("ArrowDown",) * 40:
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.press(key)
        pytest.fail(f"no {value} in {self.page.evaluate('document.activeElement.outerHTML')}")

    def choose_radio(self, value: str) -> None:
        """Move along the focused group of choices until ``value`` is the chosen one."""
        for _ in range(20):
            if self.page.evaluate("document.activeElement.checked && document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        pytest.fail(f"no {value} among the choices")

    def walk_to(self, selector: str, most: int = 20) -> None:
        """Go on by Tab until the field is reached."""
        for _ in range(most):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        pytest.fail(f"Tab does not reach {selector}")

    def save(self, then: str) -> None:
        """Ctrl+Enter, and what the card of the appeal says afterwards."""
        self.press("Control+Enter")
        expect(self.page.locator("#act form")).to_have_count(0, timeout=PATIENCE)
        self.sees("#timeline", then)
        self.page.wait_for_load_state("load")

    def act(self, key: str, first_field: str) -> None:
        """Open the form of an act: the hands are already in its first field."""
        self.press(key)
        self.is_at(f"#act {first_field}")

    def opens_card(self, number: str) -> None:
        self.page.goto(f"{self.site}/appeals/{number}/")
        self.sees(CARD, number)

    def does(self, key: str, then: str) -> None:
        """Press the key of an act that asks nothing; ``then`` is the stage afterwards."""
        self.press(key)
        self.sees(CARD, then)
        self.page.wait_for_load_state("load")

    def opens_desk(self) -> None:
        self.page.goto(f"{self.site}/")
        self.press("Escape")

    def takes_from_the_desk(self, number: str) -> None:
        """T takes the first of the queue, J and Enter open it."""
        self.opens_desk()
        self.sees("[data-queue]", number)
        self.press("t")
        self.sees("[aria-label='Мои обращения']", number)
        self.opens_by_row(number)

    def opens_by_row(self, number: str) -> None:
        self.press("j")
        expect(self.page.locator("[data-open]:focus")).to_have_text(number, timeout=PATIENCE)
        self.press("Enter")
        self.sees(CARD, number)
        self.page.wait_for_load_state("load")

    def picture(self, name: str) -> None:
        """Keep what she sees, where somebody wants to look at it: ``PICTURES=folder ./test tests/…``."""
        if self.pictures:
            self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)


@pytest.fixture
def desk(browser: Browser, site: str, cast: SimpleNamespace) -> Iterator[Desk]:
    """Sign somebody in at a browser of her own; a script error or a breach of the policy fails the test."""
    faults: list[str] = []
    contexts: list[Any] = []

    def sit_down(login: str) -> Hands:
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="ru-RU", timezone_id="Asia/Novosibirsk"
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        client = Client()
        client.force_login(getattr(cast, login), backend=SIGN_IN_BACKEND)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{login}: {error}"))
        page.on("console", lambda said: faults.extend(breach(said)))
        return Hands(page, site, PICTURES)

    yield sit_down
    for context in contexts:
        context.close()
    assert not faults
