"""Texts before visits go through a real SMPP line on loopback; one that was lost is a matter for the telephone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opora.access.scope import enter
from opora.adapters.smsc.tests.house import sms_house
from opora.channels.ports import IncomingReceipt
from opora.channels.words import State
from opora.insured.models import Person
from opora.policies import matters, notices, queries, receipts, services
from opora.policies.errors import PoliciesError
from opora.policies.models import Delivery, Notice, Visit
from opora.policies.tests.test_notices import clock, notice
from opora.policies.tests.test_path import as_, planned

__all__ = ["clock", "notice", "planned"]


@pytest.fixture
def lost(notice: Notice) -> Notice:
    Notice.objects.update(state="sent")
    assert receipts.told([receipt(notice, State.UNDELIVERABLE)]) == 1
    notice.refresh_from_db()
    return notice


def receipt(notice: Notice, state: State) -> IncomingReceipt:
    return IncomingReceipt(state, notice.created_at, "1", reference=notice.pk)


@pytest.mark.slow
def test_a_text_is_sent_receipted_and_a_lost_one_asks_for_a_call(
    cast: Any, place: Any, couriers: Any, asked: Callable[..., Delivery], polina: Person, tomorrow: date, clock: Any,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    fine, lost = asked(polina, phone="+79130000001"), asked(phone="+79130000901")
    as_(cast.boris, services.plan_day, tomorrow)
    as_(cast.boris, services.announce, tomorrow)
    clock(12)
    with sms_house(tmp_path, place.alfa, monkeypatch) as house:
        assert notices.send_due() == {"sent": 2}
        house.fold()
        code = notices.code_of(Notice.objects.get(delivery=fine).pk)
        assert code in "".join(one.text for one in sorted(house.taken("79130000001"), key=lambda one: one.part))
        house.collect()
    assert dict(Notice.objects.values_list("delivery_id", "state")) == {fine.pk: "arrived", lost.pk: "failed"}
    with enter(cast.boris.scope):
        assert list(queries.untold(Delivery.objects.accessible_to(cast.boris).open())) == [lost]
        assert queries.shown(lost).is_untold
        assert not queries.shown(fine).is_untold


def test_the_desk_the_plan_and_the_request_say_whom_to_phone(
    lost: Notice, signed_in: Any, cast: Any, tomorrow: date
) -> None:
    with enter(cast.alina.scope):
        said = [one.text for one in matters.waiting_too_long(cast.alina)]
    assert said == ["Доставка: известить о визите по телефону: 1"]
    client = signed_in("alina")
    at = f"/policies/{lost.delivery_id}/"
    page = client.get(at).content.decode()
    assert "Сообщение о визите не дошло" in page
    assert lost.delivery.number in client.get("/policies/?untold=1").content.decode()
    assert "известить по телефону" in signed_in("boris").get(f"/policies/plan/?day={tomorrow}").content.decode()
    version = Delivery.objects.get(pk=lost.delivery_id).version
    assert client.post(f"{at}acts/told/", {"version": version}).status_code == 302
    assert "известите по телефону" not in client.get(at).content.decode()
    with enter(cast.alina.scope):
        assert not list(matters.waiting_too_long(cast.alina))


def test_who_was_told_by_telephone_is_told_once(lost: Notice, cast: Any) -> None:
    as_(cast.alina, services.tell_by_phone, lost.delivery_id)
    lost.refresh_from_db()
    assert lost.state == "told"
    assert lost.delivery.events.filter(kind="told").count() == 1
    with pytest.raises(PoliciesError, match="Звонить не о чем"):
        as_(cast.alina, services.tell_by_phone, lost.delivery_id)


def test_a_receipt_that_comes_late_takes_the_call_away(lost: Notice, cast: Any) -> None:
    assert receipts.told([receipt(lost, State.DELIVERED)]) == 1
    assert receipts.told([receipt(lost, State.UNDELIVERABLE)]) == 0
    lost.refresh_from_db()
    assert (lost.state, lost.why) == ("arrived", "")


def test_the_courier_knows_that_nobody_was_told(lost: Notice, signed_in: Any, planned: Visit) -> None:
    from opora.policies.views import courier

    visit = Visit.objects.filter(pk=planned.pk).select_related("delivery", "route").get()
    visit.is_untold = True  # type: ignore[attr-defined]
    told = courier._visit(visit, type("R", (), {"user": visit.route.employee})())
    assert str(told["note"]).startswith("СМС о визите не дошло")
