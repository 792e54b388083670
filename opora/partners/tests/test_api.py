"""The API: one-time keys, sessions, rights, what a partner sees and what stays in the log."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from config.api import api
from opora.access.rights import Right
from opora.audit.models import AuditLine
from opora.organisations.models import Organisation
from opora.partners import services
from opora.partners.errors import KeyRefused
from opora.partners.models import ApiPartner, OneTimeKey, PartnerSession

JSON = "application/json"


def partner_of(organisation: Organisation, **fields: Any) -> ApiPartner:
    rights = [Right.INSURED_SEARCH, Right.INSURED_VIEW]
    return ApiPartner.objects.create(
        **{"name": "Сайт клиники", "organisation": organisation, "rights": rights, "purpose": "informing"} | fields
    )


@pytest.fixture
def partner(cast: SimpleNamespace, place: SimpleNamespace) -> ApiPartner:
    return partner_of(place.alfa)


def exchange(key: str, **more: Any) -> Any:
    return Client(**more).post("/api/v1/session", {"key": key}, content_type=JSON)


def bearer(partner: ApiPartner, cast: SimpleNamespace) -> Client:
    key = services.issue_key(partner, by=cast.alfa_admin)
    return Client(headers={"Authorization": f"Bearer {exchange(key.text).json()['session']}"})


def test_a_key_becomes_a_session_and_the_next_key(partner: ApiPartner, cast: SimpleNamespace) -> None:
    key = services.issue_key(partner, by=cast.alfa_admin)
    given = exchange(key.text).json()
    me = Client(headers={"Authorization": f"Bearer {given['session']}"}).get("/api/v1/me")
    assert me.json()["organisation"] == "СМО Альфа"
    assert exchange(given["next_key"]).status_code == 200
    lines = AuditLine.objects.filter(action__startswith="partners.")
    assert [line.action for line in lines.order_by("at", "id")] == [
        "partners.token.issued",
        "partners.entered",
        "partners.entered",
    ]


def test_secrets_are_kept_as_hashes_only(partner: ApiPartner, cast: SimpleNamespace) -> None:
    key = services.issue_key(partner, by=cast.alfa_admin)
    given = exchange(key.text).json()
    kept = str([*OneTimeKey.objects.values(), *PartnerSession.objects.values(), *AuditLine.objects.values()])
    for secret in (key.text, given["session"], given["next_key"]):
        assert secret not in kept


def test_a_key_that_comes_twice_ends_its_family(partner: ApiPartner, cast: SimpleNamespace) -> None:
    key = services.issue_key(partner, by=cast.alfa_admin)
    given = exchange(key.text).json()
    again = exchange(key.text)
    assert again.status_code == 401
    assert again.json()["code"] == "key_refused"
    assert exchange(given["next_key"]).status_code == 401
    assert Client(headers={"Authorization": f"Bearer {given['session']}"}).get("/api/v1/me").status_code == 401
    assert AuditLine.objects.filter(action="partners.reused", result="refused").count() == 1


@pytest.mark.parametrize("key", ["opora-key-made-up", "x", "'; DROP TABLE", "\x00"])
def test_an_unknown_key_is_refused(partner: ApiPartner, key: str) -> None:
    assert exchange(key).status_code == 401


def test_a_key_lasts_a_day_and_a_session_half_an_hour(partner: ApiPartner, cast: SimpleNamespace) -> None:
    key = services.issue_key(partner, by=cast.alfa_admin)
    OneTimeKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert exchange(key.text).status_code == 401
    client = bearer(partner, cast)
    assert client.get("/api/v1/me").status_code == 200
    PartnerSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_new_key_ends_the_former_ones(partner: ApiPartner, cast: SimpleNamespace) -> None:
    former = services.issue_key(partner, by=cast.alfa_admin)
    client = bearer(partner, cast)
    services.issue_key(partner, by=cast.alfa_admin)
    assert exchange(former.text).status_code == 401
    assert client.get("/api/v1/me").status_code == 401


def test_a_closed_partner_is_out_at_once(partner: ApiPartner, cast: SimpleNamespace) -> None:
    client = bearer(partner, cast)
    services.close_partner(partner, by=cast.alfa_admin)
    assert client.get("/api/v1/me").status_code == 401


def test_only_from_its_networks_and_the_key_stays_good(partner: ApiPartner, cast: SimpleNamespace) -> None:
    ApiPartner.objects.update(networks=["10.20.0.0/16"])
    key = services.issue_key(partner, by=cast.alfa_admin)
    assert exchange(key.text).status_code == 401
    given = exchange(key.text, REMOTE_ADDR="10.20.3.4")
    assert given.status_code == 200
    outside = Client(headers={"Authorization": f"Bearer {given.json()['session']}"})
    assert outside.get("/api/v1/me").status_code == 401


def test_of_two_who_come_with_one_key_at_once_one_enters(
    partner: ApiPartner, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has read the key as unused before the first used it: the UPDATE decides, not what was read."""
    key = services.issue_key(partner, by=cast.alfa_admin)
    first: list[services.Exchange] = []

    def while_the_second_looks(self: ApiPartner, address: str | None) -> bool:
        monkeypatch.undo()
        first.append(services.exchange(key.text))
        return True

    monkeypatch.setattr(ApiPartner, "may_come_from", while_the_second_looks)
    with pytest.raises(KeyRefused):
        services.exchange(key.text)
    assert len(first) == 1
    assert PartnerSession.objects.get().revoked_at is not None


ONE_PERSON = [
    {"enp": "5476 4108 3500 1236"},
    {"snils": "112-233-445 95"},
    {"phone": "8 (900) 000-00-01"},
    {"surname": "Соловьева-Седая", "given_name": "Полина", "birth_on": "1985-03-14"},
]


@pytest.mark.parametrize("wanted", ONE_PERSON, ids=str)
def test_a_person_is_found_and_the_search_is_logged(
    partner: ApiPartner, cast: SimpleNamespace, polina: Any, wanted: dict[str, str]
) -> None:
    found = bearer(partner, cast).post("/api/v1/insured/search", wanted, content_type=JSON)
    assert [person["id"] for person in found.json()["people"]] == [polina.pk]
    line = AuditLine.objects.get(action="insured.search")
    assert (line.employee_id, line.employee_name, line.purpose) == (None, "API: Сайт клиники", "informing")


TOO_WIDE = [{}, {"surname": "Иванов"}, {"surname": "Иванов", "given_name": "Пётр"}, {"phone": "900"}, {"enp": "x" * 99}]


@pytest.mark.parametrize("wanted", TOO_WIDE, ids=str)
def test_a_search_that_names_no_one_is_refused_without_repeating_it(
    partner: ApiPartner, cast: SimpleNamespace, wanted: dict[str, str]
) -> None:
    answer = bearer(partner, cast).post("/api/v1/insured/search", wanted, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "Иванов" not in answer.content.decode()


def test_reading_a_card_is_logged(partner: ApiPartner, cast: SimpleNamespace, polina: Any) -> None:
    person = bearer(partner, cast).get(f"/api/v1/insured/{polina.pk}").json()
    assert (person["enp"], person["insurer"]) == (polina.enp, "СМО Альфа")
    line = AuditLine.objects.get(action="insured.card.read")
    assert (line.subject_id, line.purpose, line.organisation_name) == (str(polina.pk), "informing", "СМО Альфа")


def test_a_strangers_person_does_not_exist_and_the_try_is_logged(
    cast: SimpleNamespace, place: SimpleNamespace, polina: Any
) -> None:
    client = bearer(partner_of(place.beta, name="Чужая"), cast)
    answer = client.get(f"/api/v1/insured/{polina.pk}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert client.post("/api/v1/insured/search", ONE_PERSON[0], content_type=JSON).json()["people"] == []
    assert AuditLine.objects.get(action="insured.card.read").result == "not_found"


def address(path: str) -> str:
    number = "1" if path.startswith("/exchange/") else "54001-26-000001"
    file = "01930000-0000-7000-8000-000000000000"
    return "/api/v1" + path.replace("{id}", "1").replace("{number}", number).replace("{file}", file)


OPERATIONS = [
    (operation, address(path))
    for router in api._get_bound_routers()
    for path, view in router.path_operations.items()
    for operation in view.operations
]


# What each operation takes, so that the right is what it is refused for.
TEXT = {"text": "Проверяем", "channel": "call"}
BODIES: dict[str, dict[str, Any]] = {
    "/insured/search": ONE_PERSON[0],
    "/appeals/search": {"number": "54001-26-000001"},
    "/appeals": {"kind": "consultation", "topic": "2.2", "channel": "hot_line"},
    "/notes": {"text": "Заметка"},
    "/hand-overs": {"line": "sp2", "why": "Не типовой"},
    "/interim-answers": TEXT,
    "/answers": TEXT,
    "/closure": {"outcome": "consulted"},
    "/reopening": {"why": "Спрашивает снова"},
    "/extension": {"days": 5, "order_number": "7", "order_on": "2026-03-02", "why": "Ждём", "notice_text": "Ждём"},
    "/forwarding": {"outside": "authority", "cover_text": "Направляем", "notice_text": "Направили"},
}


@pytest.mark.parametrize(("operation", "path"), OPERATIONS, ids=lambda value: str(getattr(value, "summary", value)))
def test_every_operation_declares_its_right(
    cast: SimpleNamespace, place: SimpleNamespace, operation: Any, path: str
) -> None:
    right = getattr(operation.view_func, "right", None)
    assert right in {*Right.values, "signed-in", "public"}, f"{path} declares no right"
    if right == "public":
        return
    send = getattr(Client(), operation.methods[0].lower())
    assert send(path, content_type=JSON).status_code == 401
    if right != "signed-in":
        poor = bearer(partner_of(place.alfa, name="Без прав", rights=[]), cast)
        body = next((body for end, body in BODIES.items() if path.endswith(end)), ONE_PERSON[0])
        body = body if operation.methods == ["POST"] else None
        if operation.methods == ["POST"] and path.endswith("/files"):
            answer = poor.post(path, {"file": SimpleUploadedFile("list.txt", b"list")})
        else:
            answer = getattr(poor, operation.methods[0].lower())(path, body, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, "right_missing")
        assert AuditLine.objects.filter(action="access.refused").exists()


def test_the_walk_over_operations_finds_what_is_there() -> None:
    assert {path for _, path in OPERATIONS} >= {"/api/v1/session", "/api/v1/me", "/api/v1/insured/1"}


def test_a_right_outside_of_the_list_is_not_given(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    partner = partner_of(place.alfa, rights=["employees:edit"])
    assert not services.Caller(partner).holds(Right.EMPLOYEES_EDIT)


def test_the_description_is_for_signed_in_people(signed_in: Any) -> None:
    assert Client().get("/api/v1/docs/").status_code == 302
    assert Client().get("/api/v1/openapi.json").status_code == 302
    page = signed_in("alina").get("/api/v1/docs/").content.decode()
    assert "/api/v1/insured/search" in page
    assert signed_in("alina").get("/api/v1/openapi.json").json()["info"]["title"].startswith("Опора")


def test_old_keys_are_forgotten(partner: ApiPartner, cast: SimpleNamespace) -> None:
    services.issue_key(partner, by=cast.alfa_admin)
    OneTimeKey.objects.update(expires_at=timezone.now() - timedelta(days=31))
    assert services.forget_expired() == 1
