"""With scripts off on a small phone from the question to its state; every page clean for axe, light and low-vision."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from opora.portal.models import Ask
from opora.portal.words import Colour
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 30_000
PAGES = (
    "", "checkups/", "waiting/", "clinics/", "posts/", "answers/", "answers/gosuslugi/", "insurer/", "ask/", "state/",
    "delivery/", "data/", "look/", "no-such/",
)  # fmt: skip
LOOKS = {"light": "light.1.0.black-on-white", "dark": "dark.1.0.black-on-white", "low": "low-vision.1.0.black-on-white"}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_a_question_its_code_and_its_state_without_scripts(phone: Page, site: str, sites: SimpleNamespace) -> None:
    phone.goto(f"{site}/s/alfa/")
    phone.get_by_role("link", name="Задать вопрос или пожаловаться").click()
    phone.get_by_label("Что случилось").fill("На Госуслугах нет полиса, что делать? Уже неделю не вижу.")
    phone.get_by_role("button", name="Дальше").click()
    expect(phone.get_by_text("Отзовите согласие")).to_be_visible(timeout=PATIENCE)
    phone.get_by_role("button", name="Не помогло, задать вопрос").click()
    phone.get_by_label("Фамилия").fill("Соловьёва")
    phone.get_by_label("Имя", exact=True).fill("Полина")
    phone.get_by_role("button", name="Дальше").click()
    phone.get_by_role("button", name="Дальше").click()
    phone.get_by_label("Телефон").fill("8 900 000-00-01")
    phone.get_by_role("button", name="Дальше").click()
    phone.get_by_label("Файлы").set_input_files(
        {"name": "снимок.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 64}
    )
    phone.get_by_role("button", name="Приложить выбранное").click()
    expect(phone.get_by_text("снимок.png")).to_be_visible(timeout=PATIENCE)
    phone.get_by_role("button", name="Дальше").click()
    phone.get_by_label("Согласен на обработку").check()
    phone.go_back()
    phone.go_forward()
    phone.get_by_label("Согласен на обработку").check()
    phone.get_by_role("button", name="Отправить").click()
    expect(phone.locator("h1")).to_contain_text("Обращение принято", timeout=PATIENCE)
    number, code = phone.locator(".key").all_text_contents()
    phone.goto(f"{site}/s/alfa/state/")
    phone.get_by_label("Номер обращения").fill(number)
    phone.get_by_label("Код").fill(code)
    phone.get_by_role("button", name="Узнать").click()
    expect(phone.get_by_text("Получено, ждёт сотрудника")).to_be_visible(timeout=PATIENCE)
    assert Ask.objects.get().code == code


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_clean_and_fits_a_small_phone(
    page: Page, site: str, sites: SimpleNamespace, polina: Any, look: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.context.add_cookies([{"name": "look", "value": LOOKS[look], "url": site}])
    faults: list[str] = []

    def check(name: str) -> None:
        faults.extend(f"{name}: {one}" for one in findings(page, enhanced=look == "low"))
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults.extend([f"{name}: {wide} px too wide"] if wide > 0 else [])

    for path in PAGES:
        page.goto(f"{site}/s/alfa/{path}")
        check(path)
    page.goto(f"{site}/s/nsk/insurer/")
    page.get_by_label("Номер полиса").fill("5476410835001236")
    page.get_by_role("button", name="Узнать по номеру").click()
    expect(page.locator("h1")).to_contain_text("Ваша страховая", timeout=PATIENCE)
    check("insurer answer")
    page.goto(f"{site}/s/alfa/ask/")
    page.get_by_role("button", name="Дальше").click()
    expect(page.locator(".summary")).to_be_visible(timeout=PATIENCE)
    check("step with errors")
    page.get_by_label("Что случилось").fill("На Госуслугах нет полиса, что делать?")
    for _ in range(3):
        page.get_by_role("button", name=re.compile("^(Дальше|Не помогло)")).click()
        page.wait_for_load_state("load")
        check(page.url)
        if page.get_by_label("Фамилия").count():
            page.get_by_label("Фамилия").fill("Соловьёва")
            page.get_by_label("Имя", exact=True).fill("Полина")
    assert not faults, "\n".join(faults)


def test_every_colour_keeps_its_contrast(page: Page, site: str, sites: SimpleNamespace) -> None:
    faults: list[str] = []
    for theme in ("light", "dark"):
        page.goto(f"{site}/s/alfa/insurer/")
        for colour in Colour.values:
            page.evaluate(
                "([theme, colour]) => Object.assign(document.documentElement.dataset, {theme, site: colour})",
                [theme, colour],
            )
            faults += [f"{theme} {colour}: {one}" for one in findings(page)]
    assert not faults, "\n".join(faults)
