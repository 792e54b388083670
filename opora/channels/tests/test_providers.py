"""Who carries, for whom, and what of him is secret."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from opora.channels import schemas
from opora.channels.errors import SecretUnreadable
from opora.channels.models import Provider
from opora.channels.words import CARRIES, Channel, Kind

SMPP = {"host": "smsc.example", "port": 2775, "system_id": "alfa"}


@pytest.fixture
def provider(place: SimpleNamespace) -> Provider:
    found = Provider(
        organisation=place.alfa, slug="smsc", title="Центр", kind=Kind.SMPP, channel=Channel.SMS, settings=SMPP
    )
    found.keep_secrets({"password": "tajna-42"})
    found.full_clean()
    found.save()
    return found


def test_a_password_does_not_lie_in_the_clear(provider: Provider) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM channels_provider p")
        (written,) = cursor.fetchone()
    assert "tajna-42" not in written
    assert provider.link().secrets == {"password": "tajna-42"}
    assert "tajna-42" not in repr(provider.link())


def test_another_key_of_the_program_does_not_open_it(provider: Provider, settings: Any) -> None:
    former = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another" * 8, SECRET_KEY_FALLBACKS=[]), pytest.raises(SecretUnreadable):
        provider.link()
    with override_settings(SECRET_KEY="another" * 8, SECRET_KEY_FALLBACKS=[former]):
        assert provider.link().secrets == {"password": "tajna-42"}


def test_a_new_password_leaves_the_others(provider: Provider) -> None:
    provider.keep_secrets({"token": "t"})
    assert provider.link().secrets == {"password": "tajna-42", "token": "t"}


def test_what_is_not_set_has_its_default(provider: Provider) -> None:
    assert provider.link().settings["long"] == "udh"
    assert provider.link().settings["answer_seconds"] == 30


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"host": ""}, "Заполните поле"),
        ({"port": 0}, "от 1 до 65535"),
        ({"port": True}, "от 1 до 65535"),
        ({"long": "pigeon"}, "Такого значения нет"),
        ({"colour": "red"}, "Такой настройки нет"),
        ({"tls": "yes"}, "да или нет"),
        ({"system_id": 7}, "Здесь текст"),
    ],
)
def test_bad_settings_get_a_sentence(provider: Provider, change: dict[str, Any], sentence: str) -> None:
    provider.settings = SMPP | change
    with pytest.raises(ValidationError, match=sentence):
        provider.full_clean()


def test_a_letter_does_not_go_by_smpp(provider: Provider) -> None:
    provider.channel = Channel.EMAIL
    with pytest.raises(ValidationError, match="этот канал не доставить"):
        provider.full_clean()
    with pytest.raises(IntegrityError, match="provider_kind_carries_channel"), transaction.atomic():
        provider.save()


def test_every_kind_has_settings_and_channels() -> None:
    assert set(schemas.SCHEMAS) == set(CARRIES) == set(Kind)
    for kind in Kind:
        assert not {one.name for one in schemas.plain_settings(kind)} & {
            one.name for one in schemas.secret_settings(kind)
        }


def test_a_branch_without_its_own_uses_those_of_its_head(provider: Provider, place: SimpleNamespace) -> None:
    carrying = Provider.objects.carrying
    assert carrying("sms", place.branch).get() == provider
    own = Provider.objects.create(organisation=place.branch, slug="own", title="Свой", kind="standin", channel="sms")
    assert carrying("sms", place.branch).get() == own
    assert not carrying("sms", place.beta)
    Provider.objects.update(is_active=False)
    assert not carrying("sms", place.branch)
