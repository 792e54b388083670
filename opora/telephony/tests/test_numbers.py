"""Numbers of citizens go when their term is over; calls and their figures stay."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.telephony import keeping
from opora.telephony.models import Call, CallBack, CallEvent
from opora.telephony.services import called_back, take_in
from opora.telephony.services.forgetting import forget_numbers
from opora.telephony.tests.exchange import MemoryPbx

type SignIn = Callable[[str | None], Client]


@pytest.fixture
def ago(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the exchange tell of some days ago."""

    def tells(days: int) -> None:
        monkeypatch.setattr("opora.telephony.tests.exchange.BEGAN", timezone.now() - timedelta(days=days))

    return tells


def figures() -> list[tuple[Any, ...]]:
    fields = [field.attname for field in Call._meta.fields if field.attname != "caller"]
    return list(Call.objects.order_by("pk").values_list(*fields))


def test_the_numbers_of_a_year_ago_are_blanked_and_nothing_else(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, ago: Callable[[int], None]
) -> None:
    ago(366)
    take_in([*pbx.whole("old"), *pbx.missed("missed", caller="89000000002", after=600)])
    ago(364)
    take_in(pbx.whole("late"))
    with enter(cast.alina.scope):
        called_back(CallBack.objects.get().pk, by=cast.alina)
    before, facts = figures(), CallEvent.objects.count()
    assert forget_numbers() == 2
    assert forget_numbers() == 0
    assert dict(Call.objects.values_list("call", "caller")) == {"old": "", "missed": "", "late": "79000000001"}
    assert set(CallEvent.objects.exclude(caller="").values_list("call", flat=True)) == {"late"}
    assert CallBack.objects.get().caller == ""
    assert (figures(), CallEvent.objects.count()) == (before, facts)
    assert AuditLine.objects.get(action="telephony.numbers.forget").details == {"calls": 2}


def test_what_is_in_work_holds_its_number(
    pbx: MemoryPbx, seats: SimpleNamespace, ago: Callable[[int], None], appeal_of_call: Callable[[Call], Any]
) -> None:
    ago(400)
    take_in(pbx.missed("waits"))
    take_in(pbx.whole("works", caller="89000000002", after=600))
    appeal = appeal_of_call(Call.objects.get(call="works"))
    assert forget_numbers() == 0
    type(appeal).objects.filter(pk=appeal.pk).update(closed_at=timezone.now(), stage="closed", outcome="withdrawn")
    assert forget_numbers() == 1
    assert CallBack.objects.get().caller == "79000000001"


def test_an_organisation_says_how_long_and_no_less_than_a_month(
    pbx: MemoryPbx, seats: SimpleNamespace, ago: Callable[[int], None], signed_in: SignIn
) -> None:
    ago(60)
    take_in(pbx.whole("a"))
    page = signed_in("alfa_admin")
    given = {"kind": "phone", "days": 29, "source": "Приказ № 7"}
    refused = page.post("/telephony/keeping/", given)
    assert refused.status_code == 422
    assert "не меньше 30 дней" in refused.content.decode()
    assert page.post("/telephony/keeping/", {**given, "days": 45}).status_code == 302
    assert "Номер звонившего" in page.get("/telephony/keeping/").content.decode()
    assert keeping.days_of("phone", seats.op1.organisation_id) == 365
    assert forget_numbers() == 1


def test_a_fact_gives_up_its_number_alone_and_not_before_a_month(
    pbx: MemoryPbx, seats: SimpleNamespace, ago: Callable[[int], None]
) -> None:
    ago(29)
    take_in(pbx.missed("fresh"))
    ago(31)
    take_in(pbx.missed("old"))
    old = CallEvent.objects.filter(call="old")
    for rows, change in (
        (CallEvent.objects.filter(call="fresh"), {"caller": ""}),
        (old, {"caller": "79000000009"}),
        (old, {"caller": "", "line": ""}),
    ):
        with pytest.raises(Error, match="Cannot update"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(Error, match="Cannot update"), transaction.atomic():
        old.delete()
    assert old.update(caller="") == 4
