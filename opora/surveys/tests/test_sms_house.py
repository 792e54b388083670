"""Links go through a real SMPP line on loopback and their receipts come back: delivered, and lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.adapters.smsc.tests.house import sms_house
from opora.channels import services as channels
from opora.channels.ports import IncomingReceipt
from opora.channels.words import State
from opora.insured.models import Contact
from opora.surveys import links, receipts
from opora.surveys.models import Attempt, Invitee
from opora.surveys.queries import progress
from opora.surveys.tests.conftest import NOON, crowd


@pytest.mark.slow
def test_a_link_is_sent_receipted_and_a_lost_one_is_seen(
    place: SimpleNamespace, cast: Any, running: Any, noon: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, lost = crowd(place, 2)
    for person, number in ((fine, "79130000001"), (lost, "79130000901")):
        Contact.objects.filter(person=person, kind="phone").update(normalised=number)
    now = datetime.now(UTC)
    asked = running(wanted=2, modes=["link"], until=now.date() + timedelta(days=2))
    noon(now)  # receipts lie by months, and March of the tests has none
    monkeypatch.setattr(links.reach, "call_window", lambda now: SimpleNamespace(is_open=True, changes_at=now))
    with sms_house(tmp_path, place.alfa, monkeypatch) as house:
        monkeypatch.setattr(links, "storing", lambda link: channels.storing(link))
        assert links.send(asked.pk) == 2
        house.fold()
        assert house.taken("79130000001"), "the centre has it"
        house.collect()
    assert states() == {fine.pk: "arrived", lost.pk: "failed"}
    assert Attempt.objects.get().outcome == "failed"
    with enter(cast.boris.scope):
        seen = dict(progress(asked).people)
    assert seen == {"ссылка доставлена": 1, "СМС не доставлено": 1}


def states() -> dict[int, str]:
    return dict(Invitee.objects.values_list("person_id", "state"))


def receipt(pk: int, state: State) -> IncomingReceipt:
    return IncomingReceipt(state, NOON, "1", reference=receipts.reference_of(pk))


@pytest.mark.parametrize(
    ("said", "state", "tries"),
    [
        ([State.DELIVERED], "arrived", 0),
        ([State.UNDELIVERABLE, State.UNDELIVERABLE], "failed", 1),
        ([State.EXPIRED, State.DELIVERED], "arrived", 1),
        ([State.DELIVERED, State.UNDELIVERABLE], "arrived", 0),
        ([State.UNKNOWN], "sent", 0),
    ],
)
def test_receipts_are_folded_in_any_order(
    place: SimpleNamespace, running: Any, said: list[State], state: str, tries: int
) -> None:
    crowd(place, 1)
    running(wanted=1, modes=["link"])
    Invitee.objects.update(state="sent")
    pk = Invitee.objects.get().pk
    for one in said:
        receipts.told([receipt(pk, one)])
    assert Invitee.objects.get().state == state
    assert Attempt.objects.count() == tries


def test_who_has_answered_stays_answered(place: SimpleNamespace, running: Any) -> None:
    crowd(place, 1)
    running(wanted=1, modes=["link"])
    Invitee.objects.update(state="done")
    assert receipts.told([receipt(Invitee.objects.get().pk, State.UNDELIVERABLE)]) == 0
    assert Invitee.objects.get().state == "done"
