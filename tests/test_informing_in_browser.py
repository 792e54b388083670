"""From a clinic's list to a person who came, by keyboard: list, plan, dry run, launch, receipts, calls, visits, funnel.

The centre of SMS is a process of its own that speaks SMPP; what a worker does between it and the database is done here
in the transaction of the test.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from config.browser import alone
from opora.adapters.smsc.journal import read
from opora.adapters.smsc.process import SmscProcess
from opora.channels.models import Provider
from opora.channels.ports import IncomingReceipt, gateway
from opora.exchange.models import Parcel
from opora.exchange.parcels import process
from opora.informing.dispatch import batches
from opora.informing.dispatch.batches import Carrier
from opora.informing.models import Attempt, Campaign, Touch, Visit
from opora.informing.models import Template as Text
from opora.informing.tests.crowd import people
from opora.insured.models import Person
from tests.hands import PATIENCE, Desk, Hands, desk

__all__ = ["desk"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ZONE = ZoneInfo("Asia/Novosibirsk")
TITLE = "Осмотры: кто ещё не был"
PEOPLE = 5


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Noon of the next Tuesday in Novosibirsk: later than what the centre of SMS will say by its own clock."""
    today = timezone.localdate(timezone=ZONE)
    at = datetime.combine(today + timedelta(days=(1 - today.weekday()) % 7 or 7), time(12), ZONE)
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


@pytest.fixture
def centre(place: SimpleNamespace, tmp_path: Path) -> Iterator[SmscProcess]:
    with SmscProcess(journal=tmp_path / "journal", receipt_seconds=0.05, plain=True) as running:
        provider = Provider(
            organisation=place.alfa, slug="smsc", title="Центр СМС", kind="smpp", channel="sms", segment_price="2.40",
            settings={"host": "127.0.0.1", "port": running.port, "system_id": "opora"},
        )  # fmt: skip
        provider.keep_secrets({"password": "opora"})
        provider.save()
        yield running


def test_from_a_list_to_a_person_who_came(
    desk: Desk, place: SimpleNamespace, centre: SmscProcess, noon: datetime, tmp_path: Path
) -> None:
    some = people(place, PEOPLE)
    for purpose, text in (("invite", "{имя}, вас ждёт {клиника}. {страховая}"), ("remind", "{имя}, напоминаем")):
        Text.objects.create(organisation=place.alfa, measure="checkup", purpose=purpose, channel="sms", text=text)
    boris = desk("boris")
    brings_a_file(boris, listed(tmp_path, some, noon.year))
    number = drafts(boris)
    checks_and_launches(boris)
    carried(centre)
    sees_it_move(boris, number)
    launches_the_calls(boris)
    calls(desk("alina"))
    brings_a_file(boris, visited(tmp_path, some[:2], noon))
    opens_who_came(boris, number, some)
    assert centre.journal
    assert sorted(taken.to for taken in read(centre.journal) if taken.part == 1) == sorted(phones(some))
    assert list(Touch.objects.filter(channel="sms").values_list("state", flat=True)) == ["delivered"] * PEOPLE
    assert Attempt.objects.count() == 2
    assert Visit.objects.count() == 2


def brings_a_file(hands: Hands, file: Path) -> None:
    """Exchange, N, the file, Ctrl+Enter: checked; Ctrl+Enter again: taken. A worker is played by the test."""
    hands.page.goto(f"{hands.site}/exchange/")
    hands.press("n")
    hands.sees("h1", "Загрузить")
    hands.page.locator("input[type=file]").set_input_files(file)
    with hands.page.expect_navigation(timeout=PATIENCE):
        hands.press("Control+Enter")
    hands.sees("h1", file.name)
    worked()
    hands.page.reload()
    hands.sees("[data-save]", "Принять")
    with hands.page.expect_navigation(timeout=PATIENCE):
        hands.press("Control+Enter")
    hands.sees("h1", file.name)
    worked()


def drafts(hands: Hands) -> int:
    hands.page.wait_for_load_state("load")
    hands.press("g", "b")
    hands.sees("h1", "Информирование")
    hands.page.wait_for_load_state("load")
    hands.press("n")
    hands.is_at("#id_title")
    hands.write(TITLE)
    hands.walk_to("#id_measure")
    hands.choose("checkup")
    hands.walk_to("#id_wait2", 40)
    hands.write("0")
    hands.picture("1-draft")
    hands.press("Control+Enter")
    hands.sees("h1", TITLE)
    with alone():
        return Campaign.objects.get(title=TITLE).pk


def checks_and_launches(hands: Hands) -> None:
    hands.page.wait_for_load_state("load")
    hands.press("d")
    hands.sees("#dry-run", "Что будет, если запустить")
    hands.sees("#dry-run .figure", str(PEOPLE))
    hands.picture("2-dry-run")
    hands.press("Enter")
    hands.sees("#progress", "1. СМС")
    hands.picture("3-launched")


def sees_it_move(hands: Hands, number: int) -> None:
    """The page has asked by itself: nothing is pressed."""
    expect(hands.page.locator("#bar-reached")).to_have_text(str(PEOPLE), timeout=PATIENCE)
    with alone():
        batches.finish_waves()
        batches.fold_tally()
    hands.sees("#progress td", "1. СМС")
    expect(hands.page.locator("#progress[hx-get]")).to_have_count(0, timeout=PATIENCE)
    expect(hands.page.locator("#do-check")).to_be_visible(timeout=PATIENCE)
    hands.picture("4-delivered")


def launches_the_calls(hands: Hands) -> None:
    hands.press("d")
    hands.sees("#dry-run", "Звонок")
    hands.press("Enter")
    hands.sees("#progress", "2. Звонок")


def calls(hands: Hands) -> None:
    """Two talks: one will come, one did not answer."""
    hands.page.goto(f"{hands.site}/informing/calls/")
    for outcome in ("1", "8"):
        hands.press("Enter") if outcome == "1" else None
        hands.sees(".call-dial", "+7")
        hands.page.wait_for_load_state("load")
        before = hands.page.locator("h1").inner_text()
        hands.press(outcome)
        if outcome == "1":
            hands.picture("5-call")
        hands.press("Enter")
        expect(hands.page.locator("h1")).not_to_have_text(before, timeout=PATIENCE)


def opens_who_came(hands: Hands, number: int, some: list[Person]) -> None:
    with alone():
        batches.fold_tally()
    hands.page.goto(f"{hands.site}/informing/{number}/")
    expect(hands.page.locator("#bar-came")).to_have_text("2", timeout=PATIENCE)
    hands.picture("6-came")
    hands.walk_to("#bar-came", 60)
    hands.press("Enter")
    hands.sees("h1", "Контакты кампании")
    names = hands.page.locator("[data-open]").all_inner_texts()
    assert sorted(names) == sorted(one.full_name for one in some[:2])
    hands.picture("7-people")


def phones(some: list[Person]) -> list[str]:
    with alone():
        return [one.contacts.get().normalised for one in some]


def listed(folder: Path, some: list[Person], year: int) -> Path:
    rows = [
        f"{n};{one.surname};{one.given_name};01.01.1980;Ж;Профилактический осмотр;{year}"
        for n, one in enumerate(some, 1)
    ]
    return written(folder / "spisok.csv", "№ записи;Фамилия;Имя;Дата рождения;Пол;Мероприятие;Год", rows)


def visited(folder: Path, some: list[Person], on: datetime) -> Path:
    heading = "№ записи;Фамилия;Имя;Дата рождения;Пол;Мероприятие;Год;Пришёл"
    rows = [
        f"{n};{one.surname};{one.given_name};01.01.1980;Ж;Профилактический осмотр;{on.year};{on:%d.%m.%Y}"
        for n, one in enumerate(some, 1)
    ]
    return written(folder / "prishli.csv", heading, rows)


def written(file: Path, heading: str, rows: list[str]) -> Path:
    file.write_text("\n".join([heading, *rows, ""]), encoding="utf-8-sig")
    return file


def worked() -> None:
    """Do what a worker does with the latest file."""
    with alone():
        process(Parcel.objects.latest("pk").pk)


def carried(centre: SmscProcess) -> None:
    """Send what waits by SMPP and fold the receipts that come back."""

    shared = connections["default"]

    async def carry(carrier: Carrier) -> None:
        connections["default"] = shared  # a loop has connections of its own
        come, all_come = [], asyncio.Event()

        async def take(receipts: list[IncomingReceipt]) -> None:
            with alone():
                batches.take_receipts(carrier.link, receipts, price=carrier.price)
            come.extend(one for one in receipts if one.state == "delivered")
            if len(come) >= PEOPLE:
                all_come.set()

        async with gateway(carrier.link.kind).session(carrier.link, take) as session:
            with alone():
                batch = batches.claim(wave, carrier.link, [ZONE.key], now=timezone.now() + timedelta(hours=1))
            assert len(batch.messages) == PEOPLE
            answers = await session.send_all(batch.messages)
            with alone():
                batches.note_answers(batch, answers, price=carrier.price)
            async with asyncio.timeout(PATIENCE / 1000):
                await all_come.wait()
        with alone():
            batches.fold_tally()

    with alone():
        wave = batches.going("bulk")[0]
        carrier = batches.carriers(wave)[0]
    with ThreadPoolExecutor(1) as elsewhere:  # Playwright's loop runs in this thread
        elsewhere.submit(asyncio.run, carry(carrier)).result()
