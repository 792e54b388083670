"""Pages of print runs: from the first one to a letter that came back, by mouse and by keys alone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from opora.audit.models import AuditLine
from opora.informing.letters import drawing, inking
from opora.informing.models import LetterItem, PlanEntry, PrintRun, Touch
from opora.informing.tests.crowd import reported
from opora.informing.tests.test_letters import drawn_up, lettered, posted
from opora.insured.models import Contact, Person
from opora.shared.tests.axe import findings

SignIn = Callable[[str | None], Client]
TERMS = {
    "most": "100", "envelope": "dl", "price": "34,50", "sheet_grams": "5", "envelope_grams": "5,5",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def crowd(place: SimpleNamespace) -> list[Person]:
    return lettered(place, 3)


def test_a_run_from_the_first_page_to_the_post(signed_in: SignIn, place: SimpleNamespace, crowd: list[Person]) -> None:
    page = signed_in("boris")
    Contact.objects.filter(person=crowd[0], kind="address").update(value="Новосибирск, ул. Мира, 5")
    assert "Ждут печати" in page.get("/informing/letters/").content.decode()
    answer = page.post("/informing/letters/new/", {**TERMS, "insurer": place.alfa.pk})
    run = PrintRun.objects.get()
    assert answer.headers["Location"] == f"/informing/letters/{run.pk}/"
    assert (run.most, str(run.price), str(run.envelope_grams)) == (100, "34.50", "5.5")
    bar = page.get(f"/informing/letters/{run.pk}/", headers={"HX-Request": "true"})
    assert "Отбираем письма" in bar.content.decode()
    drawing.draw(run.pk)
    over = page.get(f"/informing/letters/{run.pk}/", headers={"HX-Request": "true"})
    assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")
    shown = page.get(f"/informing/letters/{run.pk}/").content.decode()
    assert "В адресе нет индекса" in shown
    refused = page.get(f"/informing/letters/{run.pk}/items/?state=refused&why=no_postcode").content.decode()
    assert "Планова0" in refused
    assert "Планова1" not in refused
    for name in ("pisma-0001.pdf", "reestr.pdf", "reestr.xlsx"):
        taken = page.get(f"/informing/letters/{run.pk}/files/{name}/")
        assert b"".join(taken.streaming_content)[:2] in {b"%P", b"PK"}
    assert AuditLine.objects.filter(action="informing.letters.take").count() == 3
    assert page.get(f"/informing/letters/{run.pk}/files/pisma-0002.pdf/").status_code == 404
    assert page.post(f"/informing/letters/{run.pk}/posted/", {"on": ""}).status_code == 422
    today = timezone.localdate(timezone=place.alfa.zone)
    early = page.post(f"/informing/letters/{run.pk}/posted/", {"on": f"{today:%d.%m.%Y}"})
    assert early.status_code == 409
    page.post(f"/informing/letters/{run.pk}/printed/")
    PlanEntry.objects.filter(person=crowd[1]).update(state="passed", passed_on=today)
    assert "Вынуть из пачки" in page.get(f"/informing/letters/{run.pk}/").content.decode()
    page.post(f"/informing/letters/{run.pk}/posted/", {"on": f"{today:%d.%m.%Y}", "take_out": "on"})
    assert sorted(Touch.objects.values_list("state", flat=True)) == ["cancelled", "planned", "sent"]


def test_letters_taken_out_before_the_post(signed_in: SignIn, place: SimpleNamespace, crowd: list[Person]) -> None:
    run = drawn_up(place)
    page, url = signed_in("boris"), f"/informing/letters/{run.pk}/"
    assert page.post(f"{url}taken-out/").status_code == 422
    reported(place, crowd[1], "refused")
    assert "Отказался от осмотра" in page.get(url).content.decode()
    assert page.post(f"{url}taken-out/").status_code == 302
    shown = page.get(url).content.decode()
    assert "Вынуты из пачки: 1" in shown
    assert "Реестр переписываем" in shown
    assert page.get(f"{url}files/reestr.pdf/").status_code == 404
    dropped = page.get(f"{url}items/?state=dropped").content.decode()
    assert "Вынуто из пачки: Отказался от осмотра" in dropped
    inking.rewrite_register(run.pk)
    assert page.get(f"{url}files/reestr.pdf/").status_code == 200
    assert signed_in("sp2").post(f"{url}taken-out/").status_code == 403
    assert AuditLine.objects.filter(action="informing.letters.take_out").count() == 1


def test_a_cancelled_run(signed_in: SignIn, place: SimpleNamespace, crowd: list[Person]) -> None:
    page = signed_in("boris")
    page.post("/informing/letters/new/", {**TERMS, "insurer": place.alfa.pk})
    run = PrintRun.objects.get()
    drawing.draw(run.pk)
    assert page.post(f"/informing/letters/{run.pk}/cancelled/", {"why": ""}).status_code == 422
    page.post(f"/informing/letters/{run.pk}/cancelled/", {"why": "Не та бумага"})
    assert "Не та бумага" in page.get(f"/informing/letters/{run.pk}/").content.decode()
    assert page.get(f"/informing/letters/{run.pk}/files/reestr.pdf/").status_code == 404
    assert set(Touch.objects.values_list("state", flat=True)) == {"planned"}


def test_nothing_is_due(signed_in: SignIn, place: SimpleNamespace, crowd: list[Person]) -> None:
    Touch.objects.update(not_before=timezone.now() + timedelta(days=1))
    answer = signed_in("boris").post("/informing/letters/new/", {**TERMS, "insurer": place.alfa.pk})
    assert answer.status_code == 422
    assert "Печатать нечего" in answer.content.decode()


def test_who_may_do_what(signed_in: SignIn, place: SimpleNamespace, crowd: list[Person]) -> None:
    run = posted(place)
    for who, page, files, returns in (("sp2", 200, 403, 200), ("alina", 200, 403, 403), ("vera", 404, 403, 403)):
        client = signed_in(who)
        assert client.get(f"/informing/letters/{run.pk}/").status_code == page
        assert client.get(f"/informing/letters/{run.pk}/files/reestr.pdf/").status_code == files
        assert client.get("/informing/letters/returns/").status_code == returns
    assert signed_in("vera").get(f"/informing/letters/{run.pk}/items/").status_code == 404


@pytest.mark.browser
def test_returned_letters_by_keys_alone(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], place: SimpleNamespace, crowd: list[Person]
) -> None:
    first, second, third = posted(place).items.order_by("place")
    signed_in_browser("sp2")
    page.goto(f"{site}/informing/letters/returns/")
    told = page.locator("#told")

    def scan(text: str) -> None:
        expect(page.locator("#number")).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    scan(first.number)
    expect(told).to_contain_text("нет адресата")
    expect(told).to_have_attribute("data-state", "done")
    scan("3")
    expect(told).to_contain_text("Следующие письма: истёк срок хранения")
    scan(second.number)
    expect(told).to_contain_text("истёк срок хранения")
    expect(page.locator("tbody tr")).to_have_count(2)
    scan(second.number)
    expect(told).to_have_attribute("data-state", "today")
    scan(third.number[:-1] + str((int(third.number[-1]) + 1) % 10))
    expect(told).to_have_attribute("data-state", "late")
    expect(told).to_contain_text("Цифры не сходятся")
    scan(third.shown)
    expect(page.locator("tbody tr")).to_have_count(3)
    assert findings(page) == []
    assert set(LetterItem.objects.values_list("returned_for", flat=True)) == {"no_addressee", "stored_out"}
