"""The pages as people see them: nothing that axe calls serious, and a file dropped, checked, accepted by keyboard."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from opora.access.scope import Scope, enter
from opora.exchange.models.parcel import Way
from opora.exchange.parcels import Coming, process, receive
from opora.exchange.writers.users import Colleague, write_users
from opora.shared.tests.axe import findings

NEW = "5fc1c212-6ea7-4f32-b733-06d153f262af"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return tmp_path


def users(folder: Path, *colleagues: Colleague) -> Path:
    path = folder / "USERS112622001.xml"
    write_users(colleagues, path)
    return path


def number_in(url: str) -> int:
    return int(url.rstrip("/").rsplit("/", 1)[-1])


@pytest.mark.browser
def test_a_file_is_chosen_checked_and_accepted(
    page: Page, site: str, signed_in_browser: Any, cast: SimpleNamespace, place: SimpleNamespace, folder: Path
) -> None:
    signed_in_browser("alfa_admin")
    page.goto(f"{site}/exchange/")
    page.keyboard.press("n")
    page.set_input_files("input[type=file]", users(folder, Colleague(NEW, "Мамедов Эльдар Рашид оглы")))
    assert findings(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/exchange/\d+/$"))
    checked = number_in(page.url)
    process(checked)
    page.wait_for_selector("text=Файл проверен")
    assert findings(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: number_in(url) != checked)
    process(number_in(page.url))
    expect(page.get_by_text("Ответ партнёру")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_text(NEW)).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lists_and_findings_are_readable(
    page: Page, site: str, signed_in_browser: Any, place: SimpleNamespace, folder: Path, theme: str
) -> None:
    signed_in_browser("alfa_admin")
    bad = users(folder, Colleague(NEW, "Мамедов Эльдар", "не почта"), Colleague("не GUID", "Ли Вэй"))
    with enter(Scope.system("test")):
        parcel = process(receive([bad.read_bytes()], Coming(place.alfa, bad.name, Way.FOLDER)).pk)
    page.context.add_cookies([{"name": "look", "value": theme, "url": site}])
    for path in ("/exchange/", f"/exchange/{parcel.pk}/", "/exchange/new/", "/exchange/export/"):
        page.goto(site + path)
        assert findings(page) == [], path
