"""The pages where an administrator connects providers."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from opora.adapters.smsc.process import SmscProcess
from opora.audit.models import AuditLine
from opora.channels import receipts, services
from opora.channels.events import receipts_came
from opora.channels.models import Given, Provider, Receipt
from opora.channels.ports import IncomingReceipt
from opora.channels.words import State

SMPP = {
    "title": "Центр",
    "slug": "smsc",
    "channel": "sms",
    "sender": "Opora",
    "share": "70",
    "per_second": "100",
    "window": "50",
    "segment_price": "3.25",
    "is_active": "on",
    "set_host": "127.0.0.1",
    "set_port": "2775",
    "set_system_id": "opora",
    "set_password": "opora",
    "set_long": "udh",
    "set_latin": "gsm7",
    "set_ids": "same",
    "set_reference_tlv": "0",
    "set_enquire_seconds": "30",
    "set_answer_seconds": "5",
}


def connected(signed_in: Any, place: SimpleNamespace, **fields: Any) -> Any:
    return signed_in("alfa_admin").post("/channels/new/?kind=smpp", SMPP | {"organisation": place.alfa.pk} | fields)


@pytest.fixture
def http(place: SimpleNamespace) -> Provider:
    found = Provider(
        organisation=place.alfa, slug="http", title="По HTTP", kind="http", channel="sms", settings={"url": "http://x"}
    )
    found.keep_secrets({"callback_secret": "s3cret"})
    found.save()
    return found


def test_an_administrator_connects_a_provider(signed_in: Any, place: SimpleNamespace) -> None:
    address = connected(signed_in, place).url
    provider = Provider.objects.get()
    assert (provider.settings["port"], provider.settings["tls"]) == (2775, False)
    assert provider.link().secrets == {"password": "opora"}
    page = signed_in("alfa_admin").get(address).content.decode()
    assert 'value="2775"' in page
    assert "Задан. Чтобы заменить" in page
    line = AuditLine.objects.get(action="channels.add")
    assert "password" in line.details["fields"]
    assert "opora" not in json.dumps(line.details)


def test_a_card_saved_without_a_password_keeps_it(signed_in: Any, place: SimpleNamespace) -> None:
    address = connected(signed_in, place).url
    data = SMPP | {"organisation": place.alfa.pk, "set_password": "", "set_port": "2776"}
    assert signed_in("alfa_admin").post(address, data).url == address
    link = Provider.objects.get().link()
    assert (link.secrets, link.settings["port"]) == ({"password": "opora"}, 2776)
    assert AuditLine.objects.get(action="channels.change").details["fields"] == ["port"]


def test_a_kept_password_is_not_told_to_another_server(signed_in: Any, place: SimpleNamespace) -> None:
    address = connected(signed_in, place).url
    data = SMPP | {"organisation": place.alfa.pk, "set_password": "", "set_host": "127.0.0.9"}
    answer = signed_in("alfa_admin").post(address, data)
    assert answer.status_code == 422
    assert "Сервер другой" in str(answer.context["form"].errors["set_password"])
    assert Provider.objects.get().settings["host"] == "127.0.0.1"

    assert signed_in("alfa_admin").post(address, data | {"set_password": "anew"}).url == address
    link = Provider.objects.get().link()
    assert (link.settings["host"], link.secrets) == ("127.0.0.9", {"password": "anew"})


FAULTS = [
    ({"set_host": ""}, "Заполните это поле"),
    ({"set_port": "99999"}, "65535"),
    ({"slug": "с пробелом"}, "slug"),
    ({"window": "0"}, "window"),
]


@pytest.mark.parametrize(("fields", "sentence"), FAULTS)
def test_a_fault_gets_a_sentence(signed_in: Any, place: SimpleNamespace, fields: dict[str, str], sentence: str) -> None:
    answer = connected(signed_in, place, **fields)
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors) + str(list(answer.context["form"].errors))
    assert not Provider.objects.exists()


def test_a_name_twice_gets_a_sentence(signed_in: Any, place: SimpleNamespace) -> None:
    connected(signed_in, place)
    answer = connected(signed_in, place)
    assert "уже есть провайдер" in answer.content.decode()


def test_not_for_another_organisation(signed_in: Any, place: SimpleNamespace) -> None:
    assert connected(signed_in, place, organisation=place.beta.pk).status_code == 422


def test_who_only_sees_gets_no_form(signed_in: Any, place: SimpleNamespace) -> None:
    address = connected(signed_in, place).url
    client = signed_in("boris")
    page = client.get(address).content.decode()
    assert "<dt>Отправитель</dt>" in page
    assert "set_host" not in page
    assert client.post(address, SMPP).status_code == 403
    assert signed_in("alina").get("/channels/").status_code == 403


def test_the_line_is_tried_and_said(signed_in: Any, place: SimpleNamespace) -> None:
    client = signed_in("alfa_admin")
    with SmscProcess() as smsc:
        address = connected(signed_in, place, set_port=str(smsc.port)).url
        assert "Связь есть" in client.post(f"{address}line/", follow=True).content.decode()
    assert "Провайдер не отвечает" in client.post(f"{address}line/", follow=True).content.decode()
    tries = AuditLine.objects.filter(action="channels.try").order_by("at")
    assert [line.details["result"] for line in tries] == ["up", "gateway_unavailable"]


def test_a_trial_message_is_sent_and_kept_out_of_the_log(
    signed_in: Any, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(batch: list[IncomingReceipt]) -> None:
        pass

    monkeypatch.setattr(services, "storing", lambda link: nothing)
    client = signed_in("alfa_admin")
    with SmscProcess() as smsc:
        address = connected(signed_in, place, set_port=str(smsc.port)).url
        send = f"{address}trial/"
        fine = client.post(send, {"to": "+7 (913) 000-00-01", "text": "Проверка"}, follow=True).content.decode()
        wrong = client.post(send, {"to": "79130000904", "text": "Проверка"}, follow=True).content.decode()
    assert "Провайдер принял сообщение" in fine
    assert "Провайдер отказал навсегда: код 11" in wrong
    assert client.post(send, {"to": "", "text": ""}).status_code == 422
    assert "913" not in str(list(AuditLine.objects.filter(action="channels.trial").values_list("details", flat=True)))


def test_the_list_says_how_each_is_doing(signed_in: Any, place: SimpleNamespace) -> None:
    from opora.channels.ports import Figures

    connected(signed_in, place)
    client = signed_in("alfa_admin")
    assert "не отправляли" in client.get("/channels/").content.decode()
    services.note_figures(Provider.objects.get().link(), Figures(unavailable=1))
    assert "не отвечает" in client.get("/channels/").content.decode()


def test_beta_sees_nothing_of_it(signed_in: Any, place: SimpleNamespace, cast: SimpleNamespace) -> None:
    from opora.organisations.models import Assignment, Role

    address = connected(signed_in, place).url
    Assignment.objects.filter(employee=cast.vera).update(role=Role.objects.get(slug="administrator"))
    client = signed_in("vera")
    assert "Центр" not in client.get("/channels/").content.decode()
    for send in (client.get(address), client.post(f"{address}line/"), client.get(f"{address}given/")):
        assert send.status_code == 404


def test_what_the_stand_in_was_given_is_shown_and_looking_is_written_down(
    signed_in: Any, place: SimpleNamespace
) -> None:
    one = Provider.objects.create(
        organisation=place.alfa, slug="p", title="Госуслуги", kind="standin", channel="portal"
    )
    Given.objects.create(
        provider=one,
        organisation_id=place.alfa.pk,
        reference=uuid4(),
        to="11223344595",
        subject="Диспансеризация",
        text="<b>Приглашаем</b>",
        state=State.DELIVERED,
    )
    page = signed_in("alfa_admin").get(f"/channels/{one.pk}/given/").content.decode()
    assert "&lt;b&gt;Приглашаем" in page
    assert AuditLine.objects.filter(action="channels.given.read").exists()


@pytest.fixture
def heard() -> Iterator[list[IncomingReceipt]]:
    told: list[IncomingReceipt] = []

    def hear(sender: Any, receipts: list[IncomingReceipt], **_: Any) -> None:
        told.extend(receipts)

    receipts_came.connect(hear)
    yield told
    receipts_came.disconnect(hear)


WAYS = [
    lambda client, url: client.post(url, '{"id": "m1", "status": "delivered"}', content_type="application/json"),
    lambda client, url: client.post(url, {"id": "m1", "status": "delivered"}),
    lambda client, url: client.get(url, {"id": "m1", "status": "delivered"}),
]


@pytest.mark.parametrize("way", WAYS)
def test_receipts_a_provider_brings_are_kept_and_announced(
    client: Client, http: Provider, heard: list[IncomingReceipt], way: Any
) -> None:
    ours = uuid4()
    accepted = IncomingReceipt(State.ACCEPTED, http.created_at, "m1", reference=ours)
    receipts.keep(http.link(), [accepted])
    assert way(client, f"/channels/{http.pk}/brought/s3cret/").status_code == 200
    assert [(one.state, one.reference) for one in heard] == [(State.DELIVERED, ours)]
    assert Receipt.objects.filter(reference=ours, state="delivered").count() == 1


def test_a_stranger_brings_nothing(client: Client, http: Provider, heard: list[IncomingReceipt]) -> None:
    body = {"id": "m1", "status": "delivered"}
    assert client.post(f"/channels/{http.pk}/brought/guess/", body).status_code == 403
    assert client.post(f"/channels/{http.pk + 1}/brought/s3cret/", body).status_code == 403
    Provider.objects.update(secrets="")
    assert client.post(f"/channels/{http.pk}/brought//", body).status_code == 404
    assert not heard
    assert not Receipt.objects.exists()


def test_nonsense_is_told_to_be_nonsense(client: Client, http: Provider) -> None:
    answer = client.post(f"/channels/{http.pk}/brought/s3cret/", "<xml/>", content_type="text/xml")
    assert answer.status_code == 422


def test_a_stranger_of_a_provider_whose_password_cannot_be_read(client: Client, http: Provider) -> None:
    Provider.objects.update(secrets="broken")
    assert client.post(f"/channels/{http.pk}/brought/s3cret/", {"id": "1"}).status_code == 403
