"""The page of a campaign: counters alone, moving by itself, every number opens its rows; a draft that may change."""

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.channels.models import Provider
from opora.channels.ports import Figures
from opora.channels.services import note_figures
from opora.informing.dispatch.batches import fold_tally
from opora.informing.incoming import Batch, IncomingEntry, Named
from opora.informing.loading import load
from opora.informing.models import Campaign, Template, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.views import rows
from opora.informing.words import Measure
from opora.insured.models import Person

SignIn = Callable[[str | None], Client]
QUERIES = 12  # session, employee with rights, scope, campaign, rungs, waves, counters — whatever the size
ROWS_OF_TOUCHES = re.compile(r'"informing_(touch|exclusion|planentry|entry)"')
OPENED = re.compile(r'name="opened" value="([^"]+)"')


@pytest.fixture
def going(place: SimpleNamespace) -> Campaign:
    """Seven people of a list, one line of nobody; six touches in six states, one dead, one came."""
    some = people(place, 7)
    entries = [
        IncomingEntry(
            place=n,
            key=str(n),
            who=Named(surname=one.surname, given_name=one.given_name, birth_on=one.birth_on),
            measure=Measure.CHECKUP,
            year=2026,
        )
        for n, one in enumerate(some, start=1)
    ]
    nobody = Named(surname="Незнакомцева", given_name="Анна", birth_on=date(1970, 1, 1))
    entries.append(IncomingEntry(place=8, key="8", who=nobody, measure=Measure.CHECKUP, year=2026))
    load(Batch(entries=entries), organisation=place.alfa, format="test", name="list.csv")
    Person.objects.filter(pk=some[0].pk).update(died_on=date(2026, 1, 1))
    made = campaign(place)
    launch(made.pk, by=None)
    ways = (("sending",), ("sending", "sent"), ("sending", "delivered"), ("sending", "failed"), ("expired",), ())
    for touch, way in zip(Touch.objects.order_by("person_id"), ways, strict=True):
        for state in way:
            Touch.objects.filter(id=touch.id).update(state=state)
    Touch.objects.filter(state="delivered").update(came_on=date(2026, 11, 1))
    fold_tally()
    return made


def test_numbers_are_read_from_counters(signed_in: SignIn, going: Campaign) -> None:
    page = signed_in("boris")
    page.get(f"/informing/{going.pk}/")
    for address in (f"/informing/{going.pk}/", f"/informing/{going.pk}/progress/"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert page.get(address).status_code == 200
        said = [one["sql"] for one in asked.captured_queries]
        assert not [sql for sql in said if ROWS_OF_TOUCHES.search(sql)]
        assert len([sql for sql in said if sql.startswith("SELECT") and "set_config" not in sql]) <= QUERIES


def test_every_number_opens_into_as_many_rows(signed_in: SignIn, going: Campaign) -> None:
    page = signed_in("boris")
    text = page.get(f"/informing/{going.pk}/").content.decode()
    links = re.findall(r'href="(/informing/\d+/[a-z][^"]*)"[^>]*>(\d+)</a>', text)
    found = {address.split("/", 3)[3]: int(number) for address, number in links}
    assert {**found, "waves/1/touches/": 3} == {
        "lines/": 8,
        "lines/?only=matched": 7,
        "people/": 7,
        "touches/?of=sent": 3,
        "touches/?of=reached": 1,
        "touches/?came=1": 1,
        "waves/1/touches/": 3,
        "waves/1/touches/?of=waiting": 2,
        "waves/1/touches/?of=went": 2,
        "waves/1/touches/?of=reached": 1,
        "waves/1/touches/?of=failed": 2,
        "waves/1/touches/?came=1": 1,
        "waves/1/excluded/": 1,
        "waves/1/excluded/?reason=dead": 1,
    }
    stranger = signed_in("vera")
    for address, number in found.items():
        opened = page.get(f"/informing/{going.pk}/{address}")
        assert opened.content.decode().count("<tr>") - 1 == number, address
        assert stranger.get(f"/informing/{going.pk}/{address}").status_code in {403, 404}
    assert AuditLine.objects.filter(action="informing.lines").count() == 2


def test_what_nobody_knows_of_has_a_number_of_its_own(signed_in: SignIn, going: Campaign) -> None:
    Touch.objects.filter(state="sending").update(state="silent", outcome="unknown")
    page = signed_in("boris")
    text = page.get(f"/informing/{going.pk}/").content.decode()
    assert "Неизвестно, ушло ли" in text
    for address, number in (("touches/?of=unknown", 1), ("touches/?of=sent", 3), ("waves/1/touches/?of=went", 2)):
        assert re.search(rf'href="/informing/{going.pk}/{re.escape(address)}"[^>]*>{number}</a>', text), address
        opened = page.get(f"/informing/{going.pk}/{address}").content.decode()
        assert opened.count("<tr>") - 1 == number, address


def test_pages_of_several_states_lose_nobody(
    signed_in: SignIn, going: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "SIZE", 1)
    page, address, seen = signed_in("boris"), f"/informing/{going.pk}/touches/?of=sent", []
    for _ in range(4):
        text = page.get(address).content.decode()
        seen += re.findall(r'href="/insured/(\d+)/"', text)
        further = re.search(r'href="(\?[^"]+)"[^>]*rel="next"', text)
        if not further:
            break
        address = f"/informing/{going.pk}/touches/{further[1].replace('&amp;', '&')}"
    wanted = Touch.objects.filter(state__in=["sent", "delivered", "failed"]).order_by("person_id")
    assert seen == [str(one.person_id) for one in wanted]


def test_a_wave_that_waits_for_its_provider_says_so(signed_in: SignIn, going: Campaign, place: SimpleNamespace) -> None:
    provider = Provider.objects.create(organisation=place.alfa, slug="a", title="Центр СМС", kind="smpp", channel="sms")
    page, address = signed_in("boris"), f"/informing/{going.pk}/"
    assert "Волна ждёт" not in page.get(address).content.decode()
    note_figures(provider.link(), Figures(unanswered=5))
    told = page.get(address).content.decode()
    assert "Волна ждёт" in told
    assert "Центр СМС" in told
    note_figures(provider.link(), Figures(accepted=1))
    assert "Волна ждёт" not in page.get(address).content.decode()


def test_a_running_campaign_moves_by_itself(signed_in: SignIn, going: Campaign) -> None:
    page = signed_in("boris")
    ask = re.compile(r'hx-get="(/informing/\d+/progress/\?seen=\w+)"\s+hx-trigger="every')
    first = ask.search(page.get(f"/informing/{going.pk}/").content.decode())
    assert first
    assert page.get(first[1]).status_code == 204
    Touch.objects.filter(state="sent").update(state="delivered")
    news = page.get(first[1]).content.decode()
    assert re.search(r'id="bar-reached"\s+href', news)
    assert ask.search(news)
    Touch.objects.filter(state__in=["planned", "sending"]).update(state="planned")
    page.post(f"/informing/{going.pk}/stop/", {"why": "Хватит"})
    ended = page.get(first[1]).content.decode()
    assert "every" not in ended
    assert "Остановлена" in ended
    assert 'hx-swap-oob="true"' in ended


def test_whether_it_helps_is_asked_apart(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 40))
    made = campaign(place, holdout=50)
    launch(made.pk, by=None)
    page = signed_in("boris")
    shown = page.get(f"/informing/{made.pk}/").content.decode()
    assert re.search(rf'hx-get="/informing/{made.pk}/effect/"\s+hx-trigger="load"', shown)
    assert "Контрольная группа" in page.get(f"/informing/{made.pk}/effect/").content.decode()


def test_a_refused_stop_keeps_its_words(signed_in: SignIn, going: Campaign) -> None:
    page = signed_in("boris")
    answer = page.post(f"/informing/{going.pk}/stop/", {"why": "Список отозван " + "я" * 300})
    assert answer.status_code == 422
    assert "Список отозван" in answer.content.decode()
    page.post(f"/informing/{going.pk}/stop/", {"why": "Список отозван"})
    again = page.post(f"/informing/{going.pk}/stop/", {"why": "Ещё раз"})
    assert again.status_code == 409


def test_a_dry_run_speaks_to_a_manager(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 30))
    made = campaign(place, limits={"per_day": 10, "weekends": True, "callback_percent": 100})
    page = signed_in("boris")
    told = page.post(f"/informing/{made.pk}/dry-run/").content.decode()
    assert "Отправить будет некому" in told
    Provider.objects.create(
        organisation=place.alfa, slug="a", title="А", kind="smpp", channel="sms", segment_price="2.50"
    )
    told = " ".join(page.post(f"/informing/{made.pk}/dry-run/").content.decode().split())
    for words in ("<b>150,00</b>", "нужно операторов", "Анна, приходите на профилактический осмотр", "Поликлиника № 1"):
        assert words in told, words
    assert re.search(r"волна займёт [34]\s(дня|день)", told)


def test_a_dry_run_names_the_campaigns_it_shares_with(signed_in: SignIn, place: SimpleNamespace) -> None:
    some = people(place, 42)
    planned(place, some[:40])
    planned(place, some[40:], measure="hospital")
    limits = {"operators": 5, "callback_percent": 50, "per_clinic_day": 30}
    launch(campaign(place, title="Осмотры весной", limits=limits).pk, by=None)
    calls = {"measure": "hospital", "ladder": [{"channel": "call"}], "limits": limits}
    made = campaign(place, title="Обзвон", **calls)
    told = " ".join(signed_in("boris").post(f"/informing/{made.pk}/dry-run/").content.decode().split())
    assert "В эти дни идут и другие кампании, их доля уже вычтена" in told
    assert re.search(r"«Осмотры весной» до [\d.]+, перезвонят до \d+ в час, в клиники приглашено \d+\.", told)
    assert re.search(r"звон\w+ по 180 секунд: нужно операторов — \d вместе с другими", told)
    assert "На смене 5: успеют" in told
    urgent = campaign(place, title="Срочно", lane="urgent", **calls)
    told = " ".join(signed_in("boris").post(f"/informing/{urgent.pk}/dry-run/").content.decode().split())
    assert "другие кампании, их доля" not in told
    assert "остальное разложится заново: «Осмотры весной»." in told


def test_a_dry_run_says_the_hours_of_the_urgent_lane(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 1))
    for lane, says in (("bulk", False), ("urgent", True)):
        made = campaign(place, title=lane, lane=lane)
        told = signed_in("boris").post(f"/informing/{made.pk}/dry-run/").content.decode()
        assert ("с 8 до 22 по часам человека" in told) is says


def edited(page: Client, made: Campaign, **changes: str) -> Any:
    """Open the draft and return what its form would send."""
    text = page.get(f"/informing/{made.pk}/draft/").content.decode()
    seal = OPENED.search(text)
    assert seal
    given = {
        "title": made.title, "measure": "checkup", "year": "2026", "lane": "bulk", "holdout": "0", "channel1": "sms",
        "purpose1": "invite", "wait1": "0", "channel2": "call", "purpose2": "invite", "wait2": "14",
        "purpose3": "remind", "wait3": "14", "purpose4": "remind", "wait4": "30", "purpose5": "remind",
        "wait5": "30", "callback_percent": "5", "cap_days": "7", "opens": "9", "closes": "20",
        "talk_seconds": "180", "per_day": "0", "per_clinic_day": "0", "operators": "0", "opened": seal[1],
    }  # fmt: skip
    return {**given, **changes}


def test_a_draft_is_changed_and_a_second_save_sees_the_difference(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 2))
    made = campaign(place, audience={"people": [1], "sequence": "first"}, limits={"longest": 4})
    own = Template.objects.create(
        organisation=place.alfa, measure="checkup", purpose="remind", channel="sms", text="{имя}, напоминаем"
    )
    page, address = signed_in("boris"), f"/informing/{made.pk}/draft/"
    first = edited(
        page,
        made,
        title="Осмотры весной",
        per_day="50",
        text1=str(own.pk),
        months="3",
        only_months="on",
        clinics=str(place.clinic.pk),
    )
    second = edited(page, made, title="Осмотры летом")
    assert page.post(address, first).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.limits["per_day"], made.limits["longest"]) == ("Осмотры весной", 50, 4)
    assert (made.audience["months"], made.audience["providers"]) == ([3], [place.clinic.pk])
    assert (made.audience["people"], made.audience["late_months"]) == ([1], False)
    assert made.rungs.get(step=1).template == own
    shown = page.get(f"/informing/{made.pk}/").content.decode()
    assert "Месяцы плана: март" in shown
    assert f"Клиники: {place.clinic.name}" in shown
    answer = page.post(address, second)
    assert answer.status_code == 409
    assert "Осмотры весной" in answer.content.decode()
    wrong = page.post(address, edited(page, made, text1=str(own.pk), channel1="email", closes="8"))
    assert wrong.status_code == 422
    assert "другого способа" in wrong.content.decode()
    assert "позже начала" in wrong.content.decode()
    Campaign.objects.filter(pk=made.pk).update(state="running", launched_at=timezone.now())
    assert page.get(address).status_code == 409
