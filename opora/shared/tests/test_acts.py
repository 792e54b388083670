"""An act on a page: what was sent as its version, and where its refusal is said."""

from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from opora.shared.acts import ActForm, carried_out, version
from opora.shared.errors import DomainError


class Sums(ActForm):
    amount = forms.IntegerField()


@pytest.fixture
def request_(rf: RequestFactory) -> Any:
    request = rf.post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


@pytest.mark.parametrize(("sent", "read"), [("7", 7), ("", 0), ("-1", 0), ("٧", 0), ("9" * 10, 0), ("1.0", 0)])
def test_a_version_is_a_small_number_or_none(rf: RequestFactory, sent: str, read: int) -> None:
    assert version(rf.post("/", {"version": sent})) == read


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "place"), [("amount", "amount"), ("unknown", "__all__"), ("", "__all__")])
def test_a_refusal_stands_beside_its_field(request_: Any, field: str, place: str) -> None:
    form = Sums({"amount": "5"})
    assert form.is_valid()

    def refuse() -> None:
        raise DomainError("Так нельзя.", field=field)

    assert not carried_out(request_, refuse, form, said="Готово.")
    assert form.errors[place] == ["Так нельзя."]
    assert not list(get_messages(request_))


@pytest.mark.django_db
def test_a_refused_button_says_it_on_the_page(request_: Any) -> None:
    def refuse() -> None:
        raise DomainError("Так нельзя.")

    assert carried_out(request_, refuse, None, said="Готово.")
    assert [str(one) for one in get_messages(request_)] == ["Так нельзя."]
