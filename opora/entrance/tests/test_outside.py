"""Sign-in by an outside provider: a real little one on loopback."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from config.environment import read
from config.outside import outside_origins, outside_providers
from opora.audit.models import AuditLine
from opora.entrance.tests.provider import CLIENT, SECRET, Provider, running
from opora.organisations.models import Employee

START = "/sign-in/outside/oidc/"
VARIABLES = {"OPORA_OIDC_CLIENT_ID": CLIENT, "OPORA_OIDC_CLIENT_SECRET": SECRET, "OPORA_OIDC_NAME": "Единый вход фонда"}


@pytest.fixture
def provider(settings: Any, cast: SimpleNamespace) -> Iterator[Provider]:
    cache.clear()
    with running() as server:
        env = read({**VARIABLES, "OPORA_OIDC_URL": server.issuer})
        settings.SOCIALACCOUNT_PROVIDERS = outside_providers(env)
        yield server


def come(client: Client, address: str = START) -> Any:
    """Walk the way of a browser: our form, the provider's page, back to us."""
    to_provider = client.post(address)
    assert to_provider.status_code == 302
    back = httpx.get(to_provider.url).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def alinas(cast: SimpleNamespace, **claims: Any) -> dict[str, Any]:
    Employee.objects.filter(pk=cast.alina.pk).update(email="a.alieva@alfa.test")
    return {"sub": "subject-1", "email": "A.Alieva@alfa.test", "email_verified": True} | claims


def test_the_button_is_there_only_when_a_provider_is(provider: Provider, client: Client, settings: Any) -> None:
    assert "Единый вход фонда" in client.get("/sign-in/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Единый вход фонда" not in client.get("/sign-in/").content.decode()


def test_the_first_time_by_verified_mail_then_by_subject(
    provider: Provider, client: Client, cast: SimpleNamespace
) -> None:
    provider.person = alinas(cast)
    assert come(client).url == "/"
    assert client.get("/me/sessions/").wsgi_request.user.pk == cast.alina.pk
    assert SocialAccount.objects.get().uid == "subject-1"
    Employee.objects.filter(pk=cast.alina.pk).update(email="")
    provider.person = {"sub": "subject-1", "email": "other@alfa.test"}
    again = Client()
    come(again)
    assert again.get("/me/sessions/").wsgi_request.user.pk == cast.alina.pk
    actions = list(AuditLine.objects.order_by("at", "id").values_list("action", flat=True))
    assert actions == ["entrance.outside.bound", "entrance.entered", "entrance.entered"]


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_mail_that_is_not_verified_binds_nobody(
    provider: Provider, client: Client, cast: SimpleNamespace, verified: Any
) -> None:
    provider.person = alinas(cast, email_verified=verified)
    assert come(client).status_code == 403
    assert not SocialAccount.objects.exists()


def test_nobody_is_signed_up_silently(provider: Provider, client: Client, cast: SimpleNamespace) -> None:
    before = Employee.objects.count()
    provider.person = {"sub": "new", "email": "new@alfa.test", "email_verified": True}
    answer = come(client)
    assert answer.status_code == 403
    assert "Вас ещё нет в Опоре" in answer.content.decode()
    assert Employee.objects.count() == before
    assert AuditLine.objects.get(action="entrance.refused").result == "refused"


def test_one_mail_of_two_employees_binds_nobody(provider: Provider, client: Client, cast: SimpleNamespace) -> None:
    provider.person = alinas(cast)
    Employee.objects.filter(pk=cast.vera.pk).update(email="a.alieva@alfa.test")
    assert come(client).status_code == 403


def test_who_is_blocked_does_not_enter_from_outside(provider: Provider, client: Client, cast: SimpleNamespace) -> None:
    provider.person = alinas(cast)
    come(Client())
    Employee.objects.filter(pk=cast.alina.pk).update(is_active=False)
    come(client)
    assert client.get("/me/sessions/").status_code == 302


def test_the_lock_holds_for_the_outside_way(provider: Provider, client: Client, cast: SimpleNamespace) -> None:
    provider.person = alinas(cast)
    for _ in range(10):
        Client().post("/sign-in/", {"login": "alina", "password": "wrong"})
    assert come(client).status_code == 429
    assert client.get("/me/sessions/").status_code == 302


def test_a_forged_answer_lets_nobody_in(provider: Provider, client: Client, cast: SimpleNamespace) -> None:
    provider.person = alinas(cast)
    client.post(START)
    answer = client.get(START + "callback/?code=made-up&state=made-up")
    assert answer.status_code < 500
    assert client.get("/me/sessions/").status_code == 302


def test_a_provider_that_is_down_gets_a_sentence(provider: Provider, client: Client) -> None:
    provider.shutdown()
    provider.server_close()
    cache.clear()
    answer = client.post(START)
    assert answer.status_code == 503
    assert "Внешний вход не ответил" in answer.content.decode()


def test_the_form_may_lead_to_the_provider_and_nowhere_else() -> None:
    env = read({**VARIABLES, "OPORA_OIDC_URL": "https://login.fond.test/realms/oms"})
    assert outside_origins(env) == ["https://login.fond.test"]
    assert outside_origins(read({})) == []
