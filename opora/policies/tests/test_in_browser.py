"""By keyboard from the card to the plan; by finger, without a network, at the door; the proof at the supervisor's."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.browser import alone
from opora.insured.models import Contact, Person
from opora.organisations.models import Role
from opora.policies.models import Courier, Delivery, HandOver, Route, Visit
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 30_000


@pytest.fixture
def ready(cast: SimpleNamespace, couriers: SimpleNamespace, insured: Any, polina: Person) -> SimpleNamespace:
    Contact.objects.create(person=polina, kind="address", value="г. Новосибирск, ул. Ленина, д. 1, кв. 5")
    Courier.objects.filter(pk=couriers.pavel.pk).update(is_active=False)
    Role.objects.filter(slug__in=["sp1", "supervisor", "courier"]).update(default_purpose="register")
    return cast


def asks_by_keyboard(page: Page, site: str, polina: Person) -> None:
    page.goto(f"{site}/insured/{polina.pk}/")
    expect(page.locator("text=Доставить полис домой")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("d")
    expect(page.locator("#id_category")).to_be_focused(timeout=PATIENCE)
    expect(page.locator("#id_street")).to_have_value("ул. Ленина")
    expect(page.locator("#id_house")).to_have_value("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("Заявка Д-", timeout=PATIENCE)


def plans_by_keyboard(page: Page, site: str, day: str) -> None:
    page.goto(f"{site}/policies/plan/?day={day}")
    page.keyboard.press("r")
    expect(page.locator(".route").first).to_contain_text("1 визит", timeout=PATIENCE)


def signs(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + 20 + step * 8, box["y"] + 40 + step % 5 * 8)
    page.mouse.up()


def test_from_the_card_to_the_proof_without_a_network(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], ready: SimpleNamespace, polina: Person
) -> None:
    signed_in_browser("alina")
    asks_by_keyboard(page, site, polina)
    signed_in_browser("boris")
    today = timezone.localdate(timezone=ready.boris.assignment.organisation.zone)
    plans_by_keyboard(page, site, (today + timedelta(days=1)).isoformat())
    assert findings(page) == []

    with alone():
        Route.objects.update(day=today)  # the night passes: late in the evening today has no hours left to plan
    signed_in_browser("kira")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/policies/courier/")
    expect(page.locator(".visit")).to_contain_text("Полина", timeout=PATIENCE)
    expect(page.locator("body[data-kept]")).to_have_count(1, timeout=PATIENCE)
    assert findings(page) == []
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".visit")).to_contain_text("Полина", timeout=PATIENCE)
    page.locator(".visit-open").click()
    expect(page.locator(".door h2")).to_be_focused()
    assert findings(page) == []
    page.get_by_role("button", name="Вручить полис").click()
    page.get_by_role("button", name="Полис вручён").click()
    expect(page.locator("[data-of=error]")).to_contain_text("расписаться")
    signs(page)
    page.get_by_role("button", name="Полис вручён").click()
    expect(page.locator(".visit")).to_contain_text("ждёт отправки")
    expect(page.locator("#network")).to_contain_text("Ждут отправки: 1")
    kept = page.evaluate("JSON.stringify(localStorage['opora.courier.route'])")
    assert "Полина" not in kept
    page.reload()
    expect(page.locator("#network")).to_contain_text("Ждут отправки: 1", timeout=PATIENCE)

    page.context.set_offline(False)
    expect(page.locator("#network")).to_contain_text("всё отправлено", timeout=PATIENCE)
    with alone():
        proof = HandOver.objects.get()
    assert proof.courier == ready.kira

    signed_in_browser("boris")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/policies/{proof.delivery_id}/")
    expect(page.locator("#hand-over")).to_contain_text("Подпись на экране", timeout=PATIENCE)
    assert findings(page) == []
    shown = page.request.get(f"{site}/policies/{proof.delivery_id}/signature/")
    assert shown.headers["content-type"] == "image/png"


def test_a_second_courier_is_told_who_was_first(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], ready: SimpleNamespace, asked: Any, polina: Person
) -> None:
    row = asked(polina)
    today = timezone.localdate(timezone=ready.boris.assignment.organisation.zone)
    routes = {
        who.pk: Route.objects.create(employee=who, day=today, insurer=row.insurer, territory=row.territory)
        for who in (ready.kira, ready.pavel)
    }
    Delivery.objects.update(state="planned")
    visit = Visit.objects.create(route=routes[ready.pavel.pk], delivery=row, position=1)
    signed_in_browser("pavel")
    page.goto(f"{site}/policies/courier/")
    expect(page.locator(".visit")).to_contain_text("Полина", timeout=PATIENCE)
    page.context.set_offline(True)
    with alone():  # meanwhile the planner gives it to Kira, and she delivers it
        from opora.policies import services
        from opora.policies.tests.conftest import PNG
        from opora.policies.tests.test_path import as_, told

        moved = as_(ready.boris, services.move_visit, visit.pk, to=ready.kira.pk)
        as_(ready.kira, services.report, told(moved, "delivered", signature=PNG))
    page.locator(".visit-open").click()
    page.get_by_role("button", name="Вручить полис").click()
    signs(page)
    page.get_by_role("button", name="Полис вручён").click()
    expect(page.locator(".visit")).to_contain_text("ждёт отправки")
    page.context.set_offline(False)
    expect(page.locator("#network[data-waits='0']")).to_have_count(1, timeout=PATIENCE)
    said = page.evaluate("Object.values(JSON.parse(localStorage['opora.courier.done']))[0].sentence")
    assert "Полис уже вручил курьер: Курьерова К." in said
    with alone():
        assert row.events.filter(kind="second").count() == 1
        assert HandOver.objects.count() == 1


def test_records_of_a_courier_wait_for_her_on_a_phone_that_changed_hands(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], ready: SimpleNamespace, asked: Any, polina: Person
) -> None:
    row = asked(polina)
    today = timezone.localdate(timezone=ready.boris.assignment.organisation.zone)
    route = Route.objects.create(employee=ready.pavel, day=today, insurer=row.insurer, territory=row.territory)
    Delivery.objects.update(state="planned")
    Visit.objects.create(route=route, delivery=row, position=1)
    signed_in_browser("pavel")
    page.goto(f"{site}/policies/courier/")
    page.route("**/courier/records/", lambda sent: sent.abort())
    page.locator(".visit-open").click(timeout=PATIENCE)
    page.get_by_role("button", name="Вручить полис").click()
    signs(page)
    page.get_by_role("button", name="Полис вручён").click()
    expect(page.locator("#network")).to_contain_text("Ждут отправки: 1", timeout=PATIENCE)
    signed_in_browser("kira")
    page.unroute("**/courier/records/")  # not before: the phone tries again by itself
    page.reload()
    expect(page.locator("#network")).to_contain_text("записи другого курьера: 1", timeout=PATIENCE)
    expect(page.locator("#network")).not_to_contain_text("всё отправлено")
    with alone():
        assert not HandOver.objects.exists()
    signed_in_browser("pavel")
    page.reload()
    expect(page.locator("#network")).to_contain_text("всё отправлено", timeout=PATIENCE)
    with alone():
        assert HandOver.objects.get().courier == ready.pavel
