"""Every list that leaves is made of rows of the house and read back; answers find its records."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.audit.models import AuditLine
from opora.classifiers.packs import read_bytes
from opora.classifiers.services import load_edition
from opora.exchange.dispatch import make
from opora.exchange.errors import ExchangeRefused
from opora.exchange.models import Fate, SentRecord
from opora.exchange.models.parcel import State, Way
from opora.exchange.outbound.orders import ListOrder, ask, ask_again, ask_in_earnest
from opora.exchange.outbound.recipes import RECIPES
from opora.exchange.outbound.units import Wanted
from opora.exchange.parcels import Coming, process, receive
from opora.exchange.tests.outbound import MADE_OF, crowd_of, listed, of_facts, period, sent, told, touched
from opora.exchange.tests.test_answers import rpl
from opora.exchange.writers.khakassia import DspnReturn
from opora.exchange.writers.lists import LIST_WRITERS
from opora.informing.models import PlanEntry
from opora.insured.models import Person

pytestmark = pytest.mark.usefixtures("exchange_dir")
OWN_CODES = {  # the number of Alfa at its fund
    "kind": "mapping", "system": "nsk", "version": "9", "since": "2026-06-01", "title": "Страховые",
    "source": "письмо фонда", "lists": {"insurer": [{"ours": "54001", "theirs": "2"}]},
}  # fmt: skip


@pytest.fixture
def crowd(place: SimpleNamespace) -> list[Person]:
    import json

    load_edition(read_bytes(json.dumps(OWN_CODES).encode(), name="mapping-nsk-9.json"))
    return crowd_of(place)


def test_every_writer_can_be_reached() -> None:
    assert {*LIST_WRITERS, DspnReturn.slug} <= set(RECIPES) == set(MADE_OF)


@pytest.mark.parametrize("slug", MADE_OF)
def test_it_is_made_of_rows_and_read_back_without_a_remark(
    place: SimpleNamespace, crowd: list[Person], slug: str
) -> None:
    wanted = MADE_OF[slug](place, crowd)
    checked = sent(place, slug, is_trial=True, **wanted)
    assert (checked.state, [str(one) for one in checked.findings.all()]) == (State.CHECKED, []), checked.refusal
    assert not SentRecord.objects.exists()
    made = make(ask_in_earnest(checked, by=None).pk, is_laid_out=False)
    assert (made.state, made.refusal) == (State.READY, "")
    assert made.counts["records"] == checked.counts["records"] == made.sent.count() > 0
    batch = told(made)
    records = [*batch.entries, *batch.contacts, *batch.consents, *batch.answers, *batch.observations]
    assert records
    assert AuditLine.objects.filter(action="exchange.export").count() == 2
    keys = set(made.sent.values_list("key", flat=True))
    assert len(keys) == made.sent.count()


def test_what_is_missing_is_named_and_the_rest_goes(place: SimpleNamespace, crowd: list[Person]) -> None:
    crowd[1].documents.all().delete()
    roll = listed(place, crowd)
    checked = sent(place, "vlg-r01-r11-persons", roll=roll.pk, is_trial=True)
    (found,) = checked.findings.all()
    assert (checked.counts, found.place) == ({"records": 2, "missing": 1}, 2)
    assert "DOCTYPE" in found.message
    assert sent(place, "vlg-r01-r11-persons", roll=roll.pk).counts["records"] == 2
    again = sent(place, "vlg-r01-r11-persons", roll=roll.pk)  # what went out stays out, what was missing is missing
    assert (again.state, again.findings.count()) == (State.FAILED, 1)
    whole = sent(place, "vlg-r01-r11-persons", roll=roll.pk, with_sent=True)
    assert whole.counts == {"records": 2, "missing": 1}


def test_an_answer_refuses_a_record_and_the_corrected_one_goes_again(
    place: SimpleNamespace, crowd: list[Person]
) -> None:
    made = sent(place, "prof-preventive-list", roll=listed(place, crowd).pk)
    raw = rpl(made.name.removesuffix(".zip"), ("101", 1, ""), ("102", 0, "Имя не то"), ("103", 1, ""))
    process(receive([raw], Coming(place.alfa, "a.xml", Way.FOLDER)).pk)
    refused = made.sent.get(fate=Fate.REFUSED)
    assert (refused.person_id, refused.text) == (crowd[1].pk, "Имя не то")
    Person.objects.filter(pk=crowd[1].pk).update(given_name="Инна")
    second = make(ask_again(made, [refused.pk], by=None).pk, is_laid_out=False)
    assert (second.state, second.counts["records"], second.name == made.name) == (State.READY, 1, False)
    assert told(second).entries[0].who.given_name == "Инна"
    refused.refresh_from_db()
    assert (refused.fate, refused.again) == (Fate.AGAIN, second)
    with pytest.raises(ExchangeRefused):
        ask_again(made, [refused.pk], by=None)
    raw = rpl(second.name.removesuffix(".zip"), ("102", 1, ""))
    process(receive([raw], Coming(place.alfa, "b.xml", Way.FOLDER)).pk)
    assert second.sent.get().fate == Fate.ACCEPTED


def test_a_plan_goes_to_the_partner_by_quarter_and_clinic(place: SimpleNamespace, crowd: list[Person]) -> None:
    given = {"year": 2026, "measure": "screening", "insurer": place.alfa, "territory": place.nsk.pk}
    for one, month in zip(crowd, (7, 8, 11), strict=True):
        PlanEntry.objects.create(person=one, provider=place.clinic, month=month, **given)
    wanted: dict[str, Any] = {"year": 2026, "quarter": 3, "provider": place.clinic.code}
    made = sent(place, "prm-prof59-quarter", **wanted)
    assert [(one.who.surname, one.quarter) for one in told(made).entries] == [("Белова", 3), ("Ветрова", 3)]
    assert sent(place, "prm-prof59-quarter", **wanted).state == State.FAILED  # all of it went out already
    assert sent(place, "prm-prof59-quarter", **{**wanted, "quarter": 4}).counts["records"] == 1
    assert sent(place, "prm-prof59-quarter", **{**wanted, "provider": place.clinic2.code}).state == State.FAILED


def test_facts_of_others_and_vain_attempts_stay_here(place: SimpleNamespace, crowd: list[Person]) -> None:
    wanted = of_facts(place, crowd[:1])
    touched(place, crowd[0], days_ago=1, measure="screening", channel="sms", state="delivered", outcome="")
    touched(place, crowd[1], outcome="no_answer")
    touched(place, crowd[1], days_ago=30)
    touched(place, crowd[2], insurer=place.beta)
    made = sent(place, "kk-evfactinfos-soap", **wanted)
    told_ = told(made).contacts
    assert [one.purpose for one in told_] == ["invite", "invite"]
    assert made.sent_as == made.options["package"].upper()
    book = told(sent(place, "nsk-informing-xlsx", **wanted)).contacts
    assert [one.sequence for one in book] == ["first", "repeat"]


def test_who_may_send_what(place: SimpleNamespace, crowd: list[Person]) -> None:
    roll = listed(place, crowd)
    for slug, organisation in (("rpl-answer-dspn-prof", "alfa"), ("kk-evfactinfos-soap", "fund"), ("nothing", "fund")):
        order = ListOrder(getattr(place, organisation), slug, Wanted(roll=roll.pk, **period()), Way.COMMAND)
        with pytest.raises(ExchangeRefused):
            ask(order)
    strange = make(ask(ListOrder(place.beta, "psk-plan-csv", Wanted(roll=roll.pk), Way.COMMAND)).pk)
    assert (strange.state, strange.refusal) == (State.FAILED, "Укажите принятый список, из которого составить файл.")
    far = make(ask(ListOrder(place.other_fund, "psk-plan-csv", Wanted(roll=roll.pk), Way.COMMAND)).pk)
    assert far.state == State.FAILED
