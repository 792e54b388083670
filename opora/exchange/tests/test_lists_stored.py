"""What partners' lists say becomes rows of informing: every kind of fact reaches its table."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.classifiers.packs import read_bytes
from opora.classifiers.services import load_edition
from opora.exchange.engine import examine
from opora.exchange.lists import batch_of
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, process, receive_file
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.tests.test_vlg import ADMITTED, CANCELLED, KEY, fate
from opora.informing.incoming import Batch, IncomingReferral, Named
from opora.informing.loading import load
from opora.informing.models import Entry, Observation, PlannedVisit, Referral, Reported, Volume
from opora.insured.models import Consent, Person


def read(case: str) -> Batch:
    (path,) = (path for path in (SAMPLES / case).iterdir() if path.name != "expected.json")
    outcome, content = examine(Path(path), CONTEXT)
    assert outcome.is_accepted, outcome.findings
    return batch_of(outcome, content)


def settle(place: SimpleNamespace, batch: Batch) -> int:
    """Make everybody whom the batch names insured by Alfa; return how many they are."""
    kinds: list[list[Any]] = [batch.entries, batch.contacts, batch.observations, batch.referrals, batch.consents]
    named: set[Named] = {one.who for records in kinds for one in records}
    Person.objects.bulk_create(
        Person(
            surname=who.surname,
            given_name=who.given_name,
            patronymic=who.patronymic,
            birth_on=who.birth_on,
            sex=who.sex or 1,
            enp=who.enp or None,
            territory=place.nsk,
            insurer=place.alfa,
            provider=place.clinic,
        )
        for who in named
    )
    return len(named)


STORED = [
    ("nsk-informing-xlsx/03", Reported, 7),
    ("nsk-survey-xlsx/03", Reported, 3),
    ("nsk-ekmp-xlsx/04", Reported, 3),
    ("stv-people-xml/02", Entry, 15),
    ("vlg-r01-r11-persons/03", Entry, 10),
    ("vlg-d01-observation/04", Observation, 6),
    ("vlg-d01-observation/04", PlannedVisit, 6),
    ("vlg-i01-hospital-referral/03", Referral, 5),
]


@pytest.mark.parametrize(
    ("case", "model", "count"), STORED, ids=[f"{case}-{model.__name__}" for case, model, _ in STORED]
)
def test_every_record_reaches_its_table(place: SimpleNamespace, case: str, model: Any, count: int) -> None:
    batch = read(case)
    settle(place, batch)
    loaded = load(batch, organisation=place.fund, format=case.partition("/")[0], name=case)
    rows = model.objects.filter(roll=loaded.roll)
    assert (loaded.unmatched, rows.count()) == (0, count)
    assert not rows.filter(person=None).exists()


def test_a_consent_is_written_down_once(place: SimpleNamespace) -> None:
    batch = read("nsk-consent-xlsx/05")
    people = settle(place, batch)
    for name in ("first.xlsx", "again.xlsx"):
        load(batch, organisation=place.alfa, format="nsk-consent-xlsx", name=name)
    assert set(Consent.objects.values_list("decided_on", "is_granted")) == {(date(2026, 6, 11), True)}
    assert Consent.objects.values("person").distinct().count() == people == 6


def test_the_plan_of_a_year_adds_up(place: SimpleNamespace) -> None:
    place.clinic.__class__.objects.filter(pk=place.clinic.pk).update(code="101001")
    loaded = load(read("vlg-r05-year-plan/01"), organisation=place.fund, format="vlg-r05-year-plan", name="R05")
    rows = Volume.objects.filter(roll=loaded.roll, measure="screening", group="")
    year = rows.get(month=None)
    assert sum(rows.exclude(month=None).values_list("quantity", flat=True)) == year.quantity == 360


R05 = SAMPLES / "vlg-r05-year-plan/01/R05T34M101001_2600001.zip"
BOOK = {
    "kind": "mapping", "system": "vlg", "version": "1", "since": "2020-01-01", "title": "Клиники",
    "source": "письмо фонда",
    "lists": {"provider": [{"ours": "540001", "theirs": "101001"}]},
}  # fmt: skip


def test_a_plan_of_a_clinic_nobody_knows_is_refused_not_lost(place: SimpleNamespace, exchange_dir: Path) -> None:
    coming = Coming(place.fund, R05.name, Way.COMMAND)
    parcel = process(receive_file(R05, coming).pk)
    assert (parcel.state, parcel.findings.get().field) == (State.REFUSED, "CODEM")
    assert not Volume.objects.exists()

    load_edition(read_bytes(json.dumps(BOOK).encode(), name="mapping-vlg-1.json"))
    parcel = process(receive_file(R05, coming).pk)
    assert parcel.state == State.ACCEPTED
    assert set(Volume.objects.values_list("provider", flat=True)) == {place.clinic.pk}


def test_people_of_a_list_are_put_to_the_clinic_under_the_funds_own_code(
    place: SimpleNamespace, exchange_dir: Path
) -> None:
    load_edition(read_bytes(json.dumps(BOOK).encode(), name="mapping-vlg-1.json"))
    path = SAMPLES / "vlg-r01-r11-persons/01/R01T34M101001_2605001.zip"
    settle(place, read("vlg-r01-r11-persons/01"))
    Person.objects.update(provider=place.clinic2)
    assert process(receive_file(path, Coming(place.fund, path.name, Way.COMMAND)).pk).state == State.ACCEPTED
    assert Entry.objects.get().provider == place.clinic


def test_what_became_of_a_referral_finds_it_and_adds_no_other(place: SimpleNamespace, tmp_path: Path) -> None:
    referrals = read("vlg-i01-hospital-referral/03")
    settle(place, referrals)
    load(referrals, organisation=place.fund, format="vlg-i01-hospital-referral", name="I01")
    for kind, body in (("I03", CANCELLED), ("I04", ADMITTED)):
        outcome, content = examine(fate(tmp_path, kind, body), CONTEXT)
        told = load(batch_of(outcome, content), organisation=place.fund, format="test", name=kind)
        assert (told.matched, told.unmatched) == (1, 0)
    (found,) = Referral.objects.exclude(cancelled_on=None)
    assert (found.key, found.cancelled_on, found.cancel_reason) == (KEY, date(2026, 5, 28), "отказ пациента")
    assert (found.admitted_on, Referral.objects.count()) == (date(2026, 5, 28), 5)


def test_a_fate_of_a_referral_nobody_sent_waits_and_reaches_no_other(place: SimpleNamespace, tmp_path: Path) -> None:
    referrals = read("vlg-i01-hospital-referral/03")
    settle(place, referrals)
    load(referrals, organisation=place.fund, format="vlg-i01-hospital-referral", name="I01")
    unknown = IncomingReferral(place=1, key="unknown", cancelled_on=date(2026, 5, 28), cancel_reason="неявка")
    known = IncomingReferral(place=1, key=KEY, cancelled_on=date(2026, 5, 28), cancel_reason="неявка")
    told = load(Batch(referrals=[unknown]), organisation=place.fund, format="test", name="I03")
    assert (told.matched, told.unmatched) == (0, 1)
    load(Batch(referrals=[known]), organisation=place.beta, format="test", name="I03")  # somebody else's person
    assert not Referral.objects.exclude(cancelled_on=None).exists()


def test_a_withdrawal_of_karelia_closes_the_referral_of_its_message(place: SimpleNamespace) -> None:
    made, gone = read("krl-hospitalisation-referral/01"), read("krl-hospitalisation-referral/03")
    gone = Batch(referrals=[replace(one, key=made.referrals[0].key) for one in gone.referrals])
    settle(place, made)
    for batch in (made, gone):
        load(batch, organisation=place.fund, format="krl-hospitalisation-referral", name="message")
    assert [one.cancel_reason for one in Referral.objects.all()] == ["отозвано"]
