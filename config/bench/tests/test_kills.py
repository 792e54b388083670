"""Whatever is killed while programs register, each acknowledged number is there once; a draft outlives its server."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config.bench.kills import House, ask, house_in, storm_over

KILLS = int(os.environ.get("KILLS") or 3)
SEED = int(os.environ.get("OPORA_SEED") or 1)
PATIENCE_MS = 60_000
KEPT = "[data-kept]"
ALINA = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from config.browser import SIGN_IN_BACKEND
from opora.access.scope import Scope, enter
from opora.organisations.models import Assignment, Employee, Organisation, Role
with enter(Scope.system("a test")):
    alina = Employee.objects.create(login="alina", surname="Алиева", given_name="Алина", password="!")
    alfa = Organisation.objects.get(code="54001")
    Assignment.objects.create(employee=alina, organisation=alfa, role=Role.objects.get(slug="sp1"), since="2020-01-01")
client = Client()
client.force_login(alina, backend=SIGN_IN_BACKEND)
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, lay_cluster: Callable[[Path], None]) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    lay_cluster(folder / "data")
    with house_in(folder, 1) as stands:
        yield stands


def sign_in(page: Page, house: House) -> str:
    told = subprocess.run([sys.executable, "-c", ALINA], env=house.environment, check=True, capture_output=True)
    site = f"http://127.0.0.1:{house.web.port}"
    page.context.add_cookies([{"name": "sessionid", "value": told.stdout.decode().strip(), "url": site}])
    return site


def stored(house: House) -> list[str]:
    return [text for (text,) in ask(house.address, "SELECT body->'text'->>0 FROM appeals_draft")]


@pytest.mark.slow
@pytest.mark.browser
def test_a_draft_outlives_the_server_that_kept_it(house: House, page: Page) -> None:
    site = sign_in(page, house)
    page.goto(f"{site}/appeals/new/")
    page.keyboard.press("Enter")
    expect(page.locator("#who-step")).to_contain_text("Без имени")
    page.locator("#text").fill("Талонов нет")
    expect(page.locator(KEPT)).to_have_attribute("data-state", "kept", timeout=PATIENCE_MS)

    house.web.kill()
    page.locator("#text").fill("Талонов нет с понедельника")
    expect(page.locator(KEPT)).to_have_attribute("data-state", "lost", timeout=PATIENCE_MS)
    house.kill("database", random.Random(SEED))
    assert stored(house) == ["Талонов нет"]
    house.web.start()
    expect(page.locator(KEPT)).to_have_attribute("data-state", "kept", timeout=PATIENCE_MS)
    assert stored(house) == ["Талонов нет с понедельника"]

    house.web.kill()
    page.locator("#text").fill("Талонов нет третий месяц")
    expect(page.locator(KEPT)).to_have_attribute("data-state", "lost", timeout=PATIENCE_MS)
    house.web.start()
    page.reload()
    expect(page.locator("#text")).to_have_value("Талонов нет третий месяц", timeout=PATIENCE_MS)
    expect(page.locator("#who-step")).to_contain_text("Без имени")


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost_and_nothing_doubled(house: House) -> None:
    tale = storm_over(house, kills=KILLS, seed=SEED)

    assert tale.wrong == []
    assert (tale.lost, tale.doubled) == (0, 0)
    assert len(tale.killed) == KILLS
    assert tale.acknowledged > 100
    assert tale.repeats, "nobody was disturbed: nothing was shown"
