"""Programs of Alfa and Beta with a session each."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from opora.access.rights import Right
from opora.partners import services
from opora.partners.models import ApiPartner

RIGHTS = [
    Right.APPEALS_VIEW,
    Right.APPEALS_REGISTER,
    Right.APPEALS_HANDLE,
    Right.APPEALS_CLOSE,
    Right.APPEALS_REOPEN,
]


class Program:
    """A partner's program: ``post`` names each request by a key of its own unless it is given one."""

    def __init__(self, session: str, partner: ApiPartner) -> None:
        self.partner = partner
        self.client = Client(headers={"Authorization": f"Bearer {session}"})

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> Any:
        headers = {"Idempotency-Key": uuid4().hex if key is None else key}
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def send(self, path: str, name: str, content: bytes, key: str | None = None, **fields: Any) -> Any:
        """Bring a file, as multipart/form-data."""
        headers = {"Idempotency-Key": uuid4().hex if key is None else key}
        body = {"file": SimpleUploadedFile(name, content), **fields}
        return self.client.post(f"/api/v1{path}", body, headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)


@pytest.fixture
def program(cast: SimpleNamespace, place: SimpleNamespace) -> Callable[..., Program]:
    def make(organisation: str = "alfa", rights: list[Right] = RIGHTS) -> Program:
        partner = ApiPartner.objects.create(
            name=f"Контакт-центр {organisation}",
            organisation=getattr(place, organisation),
            rights=[str(right) for right in rights],
            purpose="appeal",
        )
        key = services.issue_key(partner, by=cast.admin)
        return Program(services.exchange(key.text).session.text, partner)

    return make
