"""Pages of the room: who opens them, what is done on them, what a courier's phone gets."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import CalamineWorkbook

from opora.access.scope import enter
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.models import Appeal
from opora.appeals.words import PartyRole
from opora.audit.models import AuditLine
from opora.insured.models import Person
from opora.policies import figures, services
from opora.policies.models import AddressPoint, Courier, Delivery, HandOver, Route, Visit
from opora.policies.tests.conftest import PNG
from opora.policies.tests.test_path import as_, told

WHO_SEES = [
    ("", "alina", 200),
    ("", "op1", 200),
    ("", "kira", 403),
    ("", "clerk", 403),
    ("", None, 302),
    ("plan/", "boris", 200),
    ("plan/", "alina", 403),
    ("couriers/", "boris", 200),
    ("figures/", "timur", 200),
    ("courier/", "kira", 200),
    ("courier/", "boris", 403),
    ("courier/route.json", "kira", 200),
]


@pytest.fixture
def go(signed_in: Any) -> Callable[..., Any]:
    """Open or post as somebody who has said why she reads."""

    def ask(who: str | None, address: str, data: Any = None, **more: Any) -> Any:
        client = signed_in(who)
        if who:
            session = client.session
            session["purpose"] = "register"
            session.save()
        address = f"/policies/{address}"
        return client.get(address) if data is None else client.post(address, data, **more)

    return ask


@pytest.mark.parametrize(("address", "who", "status"), WHO_SEES)
def test_who_sees(go: Any, couriers: Any, address: str, who: str | None, status: int) -> None:
    assert go(who, address).status_code == status


def test_a_request_from_the_card(go: Any, insured: Any, polina: Person) -> None:
    page = go("alina", f"new/{polina.pk}/").content.decode()
    assert "Маломобильные и лежачие — есть в карточке" in page
    given = {
        "category": "limited_mobility",
        "source": "phone",
        "settlement": "г. Новосибирск",
        "street": "ул. Ленина",
        "house": "корпус",
        "phone": "8 900 000 00 01",
        "windows": "10-13",
    }
    wrong = go("alina", f"new/{polina.pk}/", given)
    assert wrong.status_code == 422
    assert "курьер не найдёт дверь" in wrong.content.decode()
    assert go("alina", f"new/{polina.pk}/", {**given, "house": "1", "windows": "вечером"}).status_code == 422
    assert go("alina", f"new/{polina.pk}/", {**given, "house": "1", "not_before": "завтра"}).status_code == 302
    row = Delivery.objects.get()
    assert row.windows == [[600, 780]]
    again = go("alina", f"new/{polina.pk}/", {**given, "house": "1"})
    assert "уже есть открытая заявка" in again.content.decode()
    assert row.number in go("alina", "").content.decode()


def test_somebody_is_found_first(go: Any, polina: Person) -> None:
    found = go("alina", "new/", {"who": polina.enp}).content.decode()
    assert f"/policies/new/{polina.pk}/" in found
    assert "Никого не нашли" in go("alina", "new/", {"who": "Ненайденов 01.01.1901"}).content.decode()


def test_acts_of_a_request(go: Any, asked: Any, polina: Person) -> None:
    row = asked(polina)
    here = f"{row.pk}/"
    assert "Принята" not in go("alina", here).content.decode()
    assert go("vera", here).status_code == 404
    assert go("alina", f"{here}acts/refuse/", {"why": "", "version": row.version}).status_code == 422
    assert go("alina", f"{here}acts/put-off/", {"until": "01.01.2020", "version": row.version}).status_code == 422
    assert go("alina", f"{here}acts/put-off/", {"until": "завтра", "version": row.version}).status_code == 302
    stale = go("alina", f"{here}acts/withdraw/", {"version": row.version})
    assert "изменил другой сотрудник" in stale.content.decode()
    row.refresh_from_db()
    assert go("alina", f"{here}acts/withdraw/", {"version": row.version}).status_code == 302
    assert go("alina", f"{here}acts/withdraw/", {"version": row.version}).status_code == 404
    assert "Заявка отозвана" in go("alina", here).content.decode()


def test_a_day_is_planned_corrected_and_printed(go: Any, asked: Any, couriers: SimpleNamespace, tomorrow: date) -> None:
    row = asked()
    day = tomorrow.isoformat()
    assert go("boris", "plan/day/", {"day": day}).status_code == 302
    visit = Visit.objects.get()
    page = go("boris", f"plan/?day={day}").content.decode()
    assert row.number in page
    assert go("boris", f"visits/{visit.pk}/", {"what": "pin"}).status_code == 302
    other = next(one for one in vars(couriers).values() if one.pk != visit.route.employee_id)
    row.refresh_from_db()
    go("boris", f"visits/{visit.pk}/", {"what": "move", "to": other.pk, "version": row.version})
    assert Visit.objects.ahead().get().route.employee_id == other.pk
    sheet = go("boris", f"routes/{Visit.objects.ahead().get().route_id}/").content.decode()
    assert row.recipient in sheet
    assert go("boris", "plan/notices/", {"day": day}).status_code == 302
    row.refresh_from_db()
    go("boris", f"visits/{Visit.objects.ahead().get().pk}/", {"what": "off", "version": row.version})
    assert not Visit.objects.ahead().exists()


def test_a_courier_is_written_and_points_are_loaded(go: Any, couriers: SimpleNamespace, asked: Any) -> None:
    from opora.policies.services import Address

    row = asked(address=Address("г. Новосибирск", "ул. Весёлая", "12а"))
    given = {"since": "9:00", "until": "8:00", "weekdays": ["0", "5"], "is_active": "on"}
    assert go("boris", f"couriers/{couriers.kira.pk}/", given).status_code == 422
    assert go("boris", f"couriers/{couriers.kira.pk}/", {**given, "until": "18"}).status_code == 302
    assert Courier.objects.get(pk=couriers.kira.pk).weekdays == 0b100001
    csv = "Город;Улица;Дом;Широта;Долгота\nНовосибирск;Веселая;12 А;55,01;82,95\nНовосибирск;Новая;1;нет;82\n"
    go("boris", "couriers/places/", {"file": SimpleUploadedFile("дома.csv", csv.encode())})
    row.refresh_from_db()
    assert (row.lat, row.lon, AddressPoint.objects.count()) == (55.01, 82.95, 1)


@pytest.fixture
def today_visit(cast: Any, couriers: Any, asked: Any, polina: Person) -> Visit:
    delivery = asked(polina)
    day = timezone.localdate(timezone=cast.boris.assignment.organisation.zone)
    Courier.objects.update(lat=None, lon=None)
    Delivery.objects.update(lat=None, lon=None)
    route = Route.objects.create(employee=couriers.kira, day=day, insurer=delivery.insurer, territory="50000")
    Delivery.objects.update(state="planned")
    return Visit.objects.create(route=route, delivery=delivery, position=1)


def phone(visit: Visit, **more: Any) -> dict[str, Any]:
    now = timezone.now().isoformat()
    whose = {"courier": visit.route.employee_id, "key": str(uuid4()), "visit": str(visit.pk)}
    return {**whose, "outcome": "delivered", "at": now, "now": now, **more}


def test_a_phone_gets_a_day_and_sends_a_record(go: Any, today_visit: Visit, polina: Person) -> None:
    day = go("kira", "courier/route.json").json()
    assert day["visits"][0]["name"] == polina.full_name
    assert polina.enp not in json.dumps(day)
    assert go("pavel", "courier/route.json").json()["visits"] == []
    record = phone(today_visit, signature="data:image/png;base64," + __import__("base64").b64encode(PNG).decode())
    sent = [go("kira", "courier/records/", json.dumps(record), content_type="application/json") for _ in range(2)]
    assert [one.json()["state"] for one in sent] == ["accepted", "accepted"]
    assert HandOver.objects.count() == 1
    after = go("kira", "courier/route.json").json()["visits"][0]
    assert "name" not in after
    assert "phone" not in after


@pytest.mark.parametrize("whose", [{}, {"courier": None}], ids=["a colleague's", "of a page that does not say"])
def test_a_record_of_another_courier_waits_on_the_phone(go: Any, today_visit: Visit, whose: dict[str, None]) -> None:
    record = json.dumps({**phone(today_visit, outcome="not_home"), **whose})
    answer = go("pavel", "courier/records/", record, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (412, "waits")
    assert "другой курьер" in answer.json()["sentence"]
    today_visit.refresh_from_db()
    assert today_visit.state == "planned"


BROKEN = ["", "[]", "{}", '{"key": 1}', "\x00", "9" * 700_000]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_record_is_told_in_words(go: Any, today_visit: Visit, body: str) -> None:
    answer = go("kira", "courier/records/", body, content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["sentence"]


WRONG = [{"outcome": "planned"}, {"signature": "не картинка"}, {"at": "2026-01-01"}, {"code": ""}, {"note": "\x00"}]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_a_wrong_record_is_told_in_words(go: Any, today_visit: Visit, change: dict[str, str]) -> None:
    record = json.dumps(phone(today_visit, **change))
    assert go("kira", "courier/records/", record, content_type="application/json").status_code == 409


def test_a_signature_is_read_by_right_and_written_down(go: Any, today_visit: Visit, cast: Any) -> None:
    as_(cast.kira, services.report, told(today_visit, "delivered", signature=PNG))
    address = f"{today_visit.delivery_id}/signature/"
    assert b"".join(go("boris", address).streaming_content) == PNG
    assert go("alina", address).status_code == 403
    assert AuditLine.objects.filter(action="policies.signature.read").count() == 1


def test_figures_open_into_rows_and_a_book(go: Any, today_visit: Visit, cast: Any, place: Any) -> None:
    as_(cast.kira, services.report, told(today_visit, "delivered", signature=PNG))
    today = today_visit.route.day
    with enter(cast.boris.scope):
        whole = figures.deliveries_between(place.alfa, today, today)
        assert (whole.delivered, whole.is_done) == (1, True)
        assert figures.deliveries_between(place.alfa, date(2020, 1, 1), date(2020, 12, 31)).delivered == 0
        assert figures.deliveries_between(place.beta, today, today).delivered == 0
    with enter(cast.op1.scope):
        assert figures.deliveries_between(place.fund, today, today).delivered == 1
    month = f"{today:%Y-%m}"
    assert f"month={month}&amp;category=limited_mobility" in go("boris", "figures/").content.decode()
    number = today_visit.delivery.number
    assert number in go("boris", f"figures/rows/?month={month}&category=limited_mobility").content.decode()
    book = b"".join(go("boris", f"figures/rows/?month={month}&as=xlsx").streaming_content)
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert sheet[1][0] == number


GARBAGE = [
    "?state=x&late=1&after=x",
    "?state=delivered&after=%00",
    "plan/?day=x",
    "figures/?year=0",
    "figures/rows/?month=x",
]


@pytest.mark.parametrize("query", GARBAGE)
def test_garbage_in_the_address_is_no_fault(go: Any, query: str) -> None:
    assert go("boris", query).status_code == 200


def test_the_list_asks_little(signed_in: Any, asked: Any, django_assert_max_num_queries: Any) -> None:
    asked()
    asked()
    client = signed_in("alina")
    client.get("/policies/")
    with django_assert_max_num_queries(20):
        client.get("/policies/")


def test_the_desk_says_what_waits_too_long(signed_in: Any, asked: Any) -> None:
    Delivery.objects.filter(pk=asked().pk).update(due_on=date(2020, 1, 1))
    assert "Доставка: просрочено" in signed_in("alina").get("/").content.decode()


def test_an_appeal_leads_to_its_delivery(signed_in: Any, cast: Any, topics: Any, polina: Person, insured: Any) -> None:
    who = NewParty.of_register(PartyRole.APPLICANT, polina)
    with enter(cast.alina.scope):
        new = NewAppeal(kind="consultation", topic=topics.policy, channel="hot_line", text="Не хожу", parties=[who])
        appeal = Appeal.objects.get(pk=register(new, by=cast.alina).id)
    client, at = signed_in("alina"), f"/appeals/{appeal.number}/"
    assert "Доставить полис домой" in client.get(at).content.decode()
    asked = client.get(f"/policies/appeals/{appeal.number}/")
    assert asked.url == f"/policies/new/{polina.pk}/?appeal={appeal.number}"
    page = client.get(asked.url).content.decode()
    assert f'value="{appeal.number}"' in page
    data = {
        "category": "limited_mobility", "settlement": "г. Новосибирск", "street": "ул. Ленина", "house": "1",
        "phone": "+79000000001", "source": "appeal", "appeal": appeal.number,
    }  # fmt: skip
    assert client.post(asked.url, data).status_code == 302
    row = Delivery.objects.get()
    assert (row.appeal_id, row.source) == (appeal.pk, "appeal")
    assert f"Доставка {row.number}" in client.get(at).content.decode()
    assert signed_in("vera").get(f"/policies/appeals/{appeal.number}/").status_code == 404
