"""The sign-in of programs and their own card."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import HttpBearer
from pydantic import Field

from opora.access.api import open_to_all, signed_in_caller
from opora.partners import services
from opora.partners.errors import TooOften
from opora.partners.models import Caller
from opora.partners.pace import pace

router = Router(tags=["Вход"])


class PartnerBearer(HttpBearer):
    """``Authorization: Bearer opora-session-…``; puts a Caller into ``request.auth``."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        caller = services.caller_of(token)
        if caller is not None and (seconds := pace.wait(caller.partner.pk, caller.partner.per_minute)):
            raise TooOften(f"Слишком много запросов. Повторите через {seconds} с.", retry_after=seconds)
        return caller


class KeyIn(Schema):
    key: str = Field(min_length=1, max_length=200, description="Одноразовый ключ")


class SessionOut(Schema):
    """A session of half an hour and the key for the next time; both are shown once."""

    session: str
    expires_at: datetime
    next_key: str
    next_key_expires_at: datetime


class MeOut(Schema):
    name: str
    organisation: str
    rights: list[str]
    purpose: str


@router.post("/session", response=SessionOut, auth=None, summary="Обменять одноразовый ключ на сеанс")
@open_to_all("a key is what one enters with")
def session(request: HttpRequest, given: KeyIn) -> SessionOut:
    """Ключ впускает один раз. В ответе сеанс на полчаса и следующий ключ: сохраните его до следующего входа."""
    made = services.exchange(given.key)
    return SessionOut(
        session=made.session.text,
        expires_at=made.session.expires_at,
        next_key=made.next_key.text,
        next_key_expires_at=made.next_key.expires_at,
    )


@router.get("/me", response=MeOut, summary="Кто я и что могу")
@signed_in_caller
def me(request: HttpRequest) -> MeOut:
    partner = request.auth.partner  # type: ignore[attr-defined]
    return MeOut(
        name=partner.name, organisation=partner.organisation.name, rights=partner.rights, purpose=partner.purpose
    )
