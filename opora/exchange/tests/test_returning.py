"""A clinic's list of observation goes back with what we did for its people, and only that."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.audit.models import AuditLine
from opora.exchange import vault
from opora.exchange.dispatch import make
from opora.exchange.engine import examine
from opora.exchange.errors import ExchangeRefused
from opora.exchange.lists import batch_of
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.parcels import Coming, process, receive_file
from opora.exchange.returning import ask_back
from opora.exchange.tests.test_federal_import import batch, files, settle
from opora.exchange.tests.test_samples import CONTEXT
from opora.informing.incoming import IncomingContact
from opora.informing.models import Campaign, Entry, Touch
from opora.informing.tests.crowd import campaign
from opora.informing.words import Channel, Sequence

LIST = files("dspn-dn-informing")[0]  # nobody was informed yet
INFORMED = files("dspn-dn-informing")[1]  # the clinic has informed once


def taken(place: SimpleNamespace, path: Path) -> Parcel:
    settle(place, batch(path))
    return process(receive_file(path, Coming(place.alfa, path.name, Way.UPLOAD, as_of=date(2026, 6, 15))).pk)


def touch(place: SimpleNamespace, number: int, **fields: Any) -> None:
    """What we did for the person of the list: in Novosibirsk it was already the next day."""
    made = Campaign.objects.first() or campaign(place, measure="observation", ladder=[{"channel": "call"}])
    given: dict[str, Any] = {
        "year": 2026, "campaign_id": made.pk, "wave_id": 1, "round": number, "channel": "call",
        "measure": "observation", "purpose": "invite", "lane": "bulk", "zone": "Asia/Novosibirsk",
        "territory": place.nsk.pk, "state": "done",
        "outcome": "promised", "not_before": datetime(2026, 6, number, tzinfo=UTC), "insurer": place.alfa,
        "person_id": Entry.objects.get().person_id, "final_at": datetime(2026, 6, number, 20, tzinfo=UTC),
    }  # fmt: skip
    Touch.objects.create(**{**given, **fields})


def given_back(parcel: Parcel) -> tuple[Parcel, list[IncomingContact]]:
    made = make(ask_back(parcel, by=None).pk, is_laid_out=False)
    with vault.under_its_name(made.sha256, made.name) as path:
        outcome, content = examine(path, CONTEXT)
    assert (outcome.format, outcome.is_accepted, outcome.findings) == ("dspn-dn-informing", True, [])
    return made, batch_of(outcome, content).contacts


@pytest.mark.usefixtures("exchange_dir")
def test_a_list_goes_back_with_our_facts(place: SimpleNamespace) -> None:
    parcel = taken(place, LIST)
    touch(place, 2)
    touch(place, 5, channel="sms", state="delivered", outcome="", sent_at=datetime(2026, 6, 5, 8, tzinfo=UTC))
    touch(place, 7, outcome="no_answer")
    touch(place, 8, purpose="ask_why")
    touch(place, 9, state="planned", outcome="", final_at=None)
    touch(place, 10, measure="checkup")
    made, told = given_back(parcel)
    assert (made.state, made.counts) == (State.READY, {"records": 1, "facts": 2})
    assert [(one.channel, one.on, one.sequence) for one in told] == [
        (Channel.CALL, date(2026, 6, 3), Sequence.FIRST),
        (Channel.SMS, date(2026, 6, 5), Sequence.REPEAT),
    ]
    assert made.name.startswith("DSPN_M190006T19_")
    second, _ = given_back(parcel)
    assert second.name != made.name
    assert AuditLine.objects.filter(action="exchange.export").count() == 2


@pytest.mark.usefixtures("exchange_dir")
def test_after_the_clinic_s_own_informing_ours_is_repeated(place: SimpleNamespace) -> None:
    parcel = taken(place, INFORMED)
    touch(place, 2)
    _, told = given_back(parcel)
    assert [one.sequence for one in told] == [Sequence.FIRST, Sequence.REPEAT]


@pytest.mark.usefixtures("exchange_dir")
def test_nothing_is_sent_while_nothing_was_done(place: SimpleNamespace) -> None:
    parcel = taken(place, LIST)
    made = make(ask_back(parcel, by=None).pk, is_laid_out=False)
    assert made.state == State.FAILED
    assert "никого не информировали" in made.refusal
    with pytest.raises(ExchangeRefused):
        ask_back(made, by=None)


@pytest.mark.usefixtures("exchange_dir")
def test_who_may_send_a_list_back(place: SimpleNamespace, signed_in: Any) -> None:
    parcel = taken(place, LIST)
    touch(place, 2)
    for who, status in (("alina", 403), ("vera", 403), (None, 302)):
        assert signed_in(who).post(f"/exchange/{parcel.pk}/return/").status_code == status
    client = signed_in("admin")
    assert "Вернуть с информированием" in client.get(f"/exchange/{parcel.pk}/").content.decode()
    answer = client.post(f"/exchange/{parcel.pk}/return/")
    made = Parcel.objects.get(direction=Direction.OUT)
    assert answer.url == f"/exchange/{made.pk}/"
    assert make(made.pk, is_laid_out=False).state == State.READY
    assert "Фактов информирования" in client.get(answer.url).content.decode()
