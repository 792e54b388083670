"""The tablet in a real Chromium: three touches, no network, nothing readable left behind, nothing twice."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from config.browser import alone
from opora.appeals.models import Appeal
from opora.organisations.models import Post
from opora.posts import registering
from opora.posts.models import Record
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 30_000


@pytest.fixture
def tablet(
    signed_in_browser: Callable[[str], Page], site: str, place: SimpleNamespace, topics: SimpleNamespace
) -> Page:
    with alone():
        Post.objects.create(organisation=place.alfa, site=place.site, room="12")
    page = signed_in_browser("alina")
    page.set_viewport_size({"width": 800, "height": 1100})
    page.goto(f"{site}/posts/tablet/")
    expect(page.locator("body[data-kept]")).to_have_count(1, timeout=PATIENCE)
    return page


def answers(page: Page, text: str) -> None:
    page.locator(".topic", has_text="Получение полиса").click()
    page.locator("#answer").fill("Полис действует.")
    page.locator("#text").fill(text)
    page.locator("summary").click()
    page.locator("#surname").fill("Тайнова")
    page.get_by_role("button", name="Ответил").click()
    expect(page.locator(".topic").first).to_be_visible(timeout=PATIENCE)


def test_a_day_without_a_network_ends_in_the_journal(tablet: Page, site: str) -> None:
    assert findings(tablet) == []
    tablet.context.set_offline(True)
    tablet.reload()
    expect(tablet.locator("#network")).to_contain_text("Нет сети", timeout=PATIENCE)
    answers(tablet, "Где полис?")
    answers(tablet, "Как заменить полис?")
    expect(tablet.locator("#network")).to_contain_text("Ждут отправки: 2")
    left = tablet.evaluate("JSON.stringify(localStorage)")
    assert "Тайнова" not in left
    assert "Где полис" not in left
    tablet.reload()
    expect(tablet.locator("#network")).to_contain_text("Ждут отправки: 2", timeout=PATIENCE)
    assert findings(tablet) == []

    tablet.context.set_offline(False)
    expect(tablet.locator("#network")).to_contain_text("всё отправлено", timeout=PATIENCE)
    with alone():
        assert sorted(Appeal.objects.values_list("content__text", flat=True)) == ["Где полис?", "Как заменить полис?"]
        assert Record.objects.filter(appeal=None).count() == 0
    tablet.goto(f"{site}/posts/")
    expect(tablet.locator("table.list tbody tr")).to_have_count(2)
    assert findings(tablet) == []


def test_what_waits_goes_at_a_moment_of_its_own_and_the_page_says_so(tablet: Page) -> None:
    sent = []
    tablet.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    tablet.context.set_offline(True)
    expect(tablet.locator("#network")).to_contain_text("Нет сети", timeout=PATIENCE)
    for number in range(3):
        answers(tablet, f"Вопрос {number}")
    sent.clear()
    tablet.evaluate("Math.random = () => 0.9")
    tablet.context.set_offline(False)
    expect(tablet.locator("#network")).to_contain_text("уйдут сами в течение минуты", timeout=PATIENCE)
    tablet.wait_for_timeout(3000)
    assert sent == [], "three records wait up to six seconds, whatever else wakes the page"
    expect(tablet.locator("#network")).to_contain_text("отправлено", timeout=PATIENCE)
    assert len(sent) == 1


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(tablet: Page) -> None:
    lost = []

    def lose(route: object) -> None:
        if lost:
            route.continue_()  # type: ignore[attr-defined]
            return
        route.fetch()  # type: ignore[attr-defined]
        lost.append("answer")
        route.abort()  # type: ignore[attr-defined]

    tablet.route("**/tablet/records/", lose)
    tablet.reload()
    answers(tablet, "Где полис?")
    expect(tablet.locator("#network")).to_contain_text("Ждут отправки: 1", timeout=PATIENCE)
    tablet.reload()
    expect(tablet.locator("#network")).to_contain_text("всё отправлено", timeout=PATIENCE)
    assert lost
    with alone():
        assert Appeal.objects.count() == Record.objects.count() == 1


def test_a_batch_is_received_and_its_numbers_come_later(tablet: Page) -> None:
    tablet.context.set_offline(True)
    for number in range(3):
        answers(tablet, f"Вопрос {number}")
    busy = []

    def send_away(route: object) -> None:
        if busy:
            route.continue_()  # type: ignore[attr-defined]
            return
        busy.append("answer")
        route.fulfill(status=503, headers={"Retry-After": "1"}, json={"sentence": "Позже."})  # type: ignore[attr-defined]

    tablet.route("**/tablet/records/", send_away)
    tablet.context.set_offline(False)
    expect(tablet.locator("#network")).to_contain_text("Номера ещё появятся: 3", timeout=PATIENCE)
    assert busy
    expect(tablet.locator("#network")).to_contain_text("всё отправлено")
    expect(tablet.locator(".post-record").first).to_contain_text("принято, номер появится")
    with alone():
        registering.register_waiting(rest=0)
    tablet.reload()
    expect(tablet.locator(".post-record", has_text="54001-")).to_have_count(3, timeout=PATIENCE)
    expect(tablet.locator("#network")).not_to_contain_text("Номера", timeout=PATIENCE)
    assert findings(tablet) == []


def test_records_of_a_colleague_wait_for_her_on_a_tablet_that_changed_hands(
    tablet: Page, site: str, signed_in_browser: Callable[[str], Page]
) -> None:
    lost = []

    def lose(route: object) -> None:
        lost.append("batch")
        route.abort()  # type: ignore[attr-defined]

    tablet.route("**/tablet/records/", lose)
    answers(tablet, "Где полис?")
    expect(tablet.locator("#network")).to_contain_text("Ждут отправки: 1", timeout=PATIENCE)
    assert lost
    signed_in_browser("sp2")
    tablet.unroute("**/tablet/records/")  # not before: the tablet tries again by itself
    tablet.reload()
    expect(tablet.locator("#network")).to_contain_text("записи другого сотрудника", timeout=PATIENCE)
    expect(tablet.locator("#network")).to_contain_text("(Алиева А.")
    answers(tablet, "Как заменить полис?")
    expect(tablet.locator(".post-record")).to_contain_text("54001-", timeout=PATIENCE)

    signed_in_browser("alina")
    tablet.reload()
    expect(tablet.locator("#network")).not_to_contain_text("другого", timeout=PATIENCE)
    expect(tablet.locator("#network")).to_contain_text("всё отправлено", timeout=PATIENCE)
    with alone():
        texts = dict(Record.objects.values_list("appeal__content__text", "employee__login"))
    assert texts == {"Где полис?": "alina", "Как заменить полис?": "sp2"}


def test_a_complaint_is_passed_on_by_touch(tablet: Page) -> None:
    tablet.get_by_label("Жалоба").check()
    tablet.locator(".topic", has_text="Качество помощи").click()
    expect(tablet.get_by_role("button", name="Ответил")).to_be_hidden()
    tablet.get_by_role("button", name="Записать и передать").click()
    expect(tablet.locator("[data-of=error]")).to_contain_text("о чём говорит")
    tablet.locator("#text").fill("Нагрубили в регистратуре.")
    tablet.get_by_role("button", name="Записать и передать").click()
    expect(tablet.locator("#network")).to_contain_text("всё отправлено", timeout=PATIENCE)
    expect(tablet.locator(".post-record")).to_contain_text("54001-", timeout=PATIENCE)
