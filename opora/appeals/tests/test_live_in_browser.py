"""Open lists and desks of a branch, its head office and the fund hear of each other's appeals in a real browser."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.browser import alone
from opora.appeals.chain import news
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.tests.test_register import question, registered
from opora.live.news import News
from opora.live.tests.stream import streaming

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_branch_its_head_and_the_fund_see_what_the_others_do(
    page: Page,
    site: str,
    signed_in_browser: Callable[[str], Page],
    cast: SimpleNamespace,
    topics: SimpleNamespace,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[News] = []
    monkeypatch.setattr(news, "publish", told.extend)
    page.set_default_timeout(30_000)
    with streaming(settings) as stream:

        def opened(who: str, path: str) -> None:
            signed_in_browser(who)
            page.goto(site + path)
            expect(page.locator("#live")).to_have_attribute("data-state", "live", timeout=20_000)

        def register(who: str, **fields: Any) -> Any:
            with alone():
                done = registered(getattr(cast, who), question(topics, **fields))
                chain_batch()
            stream.publish(told)
            told.clear()
            return done

        opened("op1", "/appeals/")
        branchs = register("filial")
        expect(page.locator(f"#live-rows [data-row='{branchs.id}']")).to_contain_text(branchs.number, timeout=10_000)

        opened("sp2", "/")
        second = register("filial", line="sp2")
        expect(page.locator("[data-queue]")).to_contain_text(second.number, timeout=10_000)

        opened("filial", "/")
        heads = register("alina", line="sp2")
        expect(page.locator("[data-queue]")).to_contain_text(heads.number, timeout=10_000)
        page.goto("about:blank")
