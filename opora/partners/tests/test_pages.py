"""The pages where an administrator lets programs in."""

import re
from types import SimpleNamespace
from typing import Any

from opora.audit.models import AuditLine
from opora.partners.models import ApiPartner, OneTimeKey

FIELDS = {
    "name": "Сайт",
    "rights": ["insured:search"],
    "purpose": "informing",
    "networks": "",
    "per_minute": "6000",
    "is_active": "on",
}


def made(signed_in: Any, place: SimpleNamespace, **fields: Any) -> Any:
    data = FIELDS | {"organisation": place.alfa.pk} | fields
    return signed_in("alfa_admin").post("/partners/new/", data)


def test_an_administrator_adds_a_program_and_sees_its_key_once(signed_in: Any, place: SimpleNamespace) -> None:
    address = made(signed_in, place).url
    client = signed_in("alfa_admin")
    page = client.post(f"{address}key/").content.decode()
    (key,) = re.findall(r"<code>(opora-key-[\w-]+)</code>", page)
    assert OneTimeKey.objects.get().digest == OneTimeKey.digest_of(key)
    assert key not in client.get(address).content.decode()
    assert set(AuditLine.objects.values_list("action", flat=True)) >= {"partners.add", "partners.token.issued"}


def test_not_for_another_organisation_nor_with_another_right(signed_in: Any, place: SimpleNamespace) -> None:
    assert made(signed_in, place, organisation=place.beta.pk).status_code == 422
    assert made(signed_in, place, rights=["employees:edit"]).status_code == 422
    assert not ApiPartner.objects.exists()


def test_a_network_is_checked(signed_in: Any, place: SimpleNamespace) -> None:
    answer = made(signed_in, place, networks="10.20.0.0/16, дом")
    assert answer.status_code == 422
    assert "Это не сеть" in str(answer.context["form"].errors)


def test_a_name_twice_gets_a_sentence(signed_in: Any, place: SimpleNamespace) -> None:
    made(signed_in, place)
    answer = made(signed_in, place)
    assert answer.status_code == 422
    assert "уже есть внешняя система" in answer.content.decode()


def test_fewer_rights_end_the_sessions(signed_in: Any, place: SimpleNamespace) -> None:
    address = made(signed_in, place).url
    client = signed_in("alfa_admin")
    client.post(f"{address}key/")
    client.post(address, FIELDS | {"organisation": place.alfa.pk, "rights": ["insured:view"]})
    assert OneTimeKey.objects.get().revoked_at is not None


def test_closing(signed_in: Any, place: SimpleNamespace) -> None:
    address = made(signed_in, place).url
    client = signed_in("alfa_admin")
    assert client.post(f"{address}closure/").url == "/partners/"
    assert not ApiPartner.objects.get().is_active
    assert client.post(f"{address}key/").status_code == 409
