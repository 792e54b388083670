"""An account closes the loop: a message went, the person came, after which rung and in how many days is known."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from opora.access.rights import Right
from opora.appeals.tests.api.conftest import Program
from opora.exchange import folders, forgetting, vault
from opora.exchange.models.parcel import Parcel, State, Way
from opora.exchange.parcels import Coming, document, process, receive_file
from opora.exchange.tests.accounts import Account, Case, Someone
from opora.exchange.tests.test_forgetting import aged
from opora.exchange.tests.test_samples import SAMPLES
from opora.informing.models import Entry, PlanEntry, PlannedVisit, Reported, Roll, Touch, Visit, Wave
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, planned
from opora.informing.words import Channel, Outcome, WaveState
from opora.insured.models import Person
from opora.partners import services
from opora.partners.models import ApiPartner

SignIn = Callable[[str | None], Client]
DAY = date(2026, 6, 15)
CAME = [Someone(), Someone("p2", "Цой", "Юрий", "Николаевич", "1", "1974-11-05")]
AT = {"sms": datetime(2026, 5, 4, 6, tzinfo=UTC), "call": datetime(2026, 5, 10, 6, tzinfo=UTC)}
CARE = "HM540001S54001_26051"


@pytest.fixture
def plan(place: SimpleNamespace, exchange_dir: Path) -> list[Person]:
    """Two people of the register who are invited to a check-up: the first was written to and phoned, the second not."""
    made = Person.objects.bulk_create(
        Person(
            surname=one.surname,
            given_name=one.given_name,
            patronymic=one.patronymic,
            birth_on=date.fromisoformat(one.born),
            sex=int(one.sex),
            territory=place.nsk,
            insurer=place.alfa,
            provider=place.clinic,
        )
        for one in CAME
    )
    first, second = made
    for person in made:
        person.contacts.create(
            kind="phone", value="+79720000001", normalised=f"7972{person.pk:07}", phone_kind="mobile"
        )
    planned(place, [first, second])
    row = campaign(place, ladder=[{"channel": "sms"}, {"channel": "call", "wait_days": 0}], limits={"cap_days": 0})
    launch(row.pk, by=None)
    touched(Touch.objects.filter(person_id=first.pk), "sent", AT["sms"])
    touched(Touch.objects.filter(person_id=second.pk), "failed", AT["sms"])
    Wave.objects.update(state=WaveState.FINISHED, finished_at=AT["sms"])
    launch(row.pk, by=None)
    calls = Touch.objects.filter(person_id=first.pk, channel="call")
    touched(calls, "done", AT["call"])
    return made


def touched(touches: Any, state: str, at: datetime) -> None:
    for step in ("claimed", "sending", state) if state != "done" else ("claimed", state):
        touches.update(state=step)
    touches.update(sent_at=None if state == "failed" else at, final_at=at)


def take(place: SimpleNamespace, path: Path, name: str = "") -> Parcel:
    coming = Coming(place.alfa, name or path.name, Way.COMMAND, as_of=DAY)
    return process(receive_file(path, coming).pk)


def test_who_came_after_which_rung_and_in_how_many_days(
    place: SimpleNamespace, plan: list[Person], tmp_path: Path
) -> None:
    case = Case(began="2026-05-12", ended="2026-05-20", result="31")
    parcel = take(place, Account([case], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path))
    told = document(parcel)
    assert (parcel.state, told["format"], told["accepted"], told["findings"]) == (
        State.ACCEPTED, "accounts-checkups", 1, [],
    )  # fmt: skip
    entry = PlanEntry.objects.get(person=plan[0])
    assert (entry.state, entry.get_state_display(), entry.passed_on) == ("passed", "Пришёл", date(2026, 5, 20))
    (brought,) = Touch.objects.exclude(came_on=None)
    assert (brought.round, brought.channel, brought.person_id) == (2, Channel.CALL, plan[0].pk)
    assert (brought.came_on, brought.days_until_came) == (date(2026, 5, 12), 2)
    visit = Visit.objects.get()
    assert (visit.result, visit.provider, visit.roll.parcel_id) == ("IIIа", place.clinic, parcel.pk)
    assert (visit.roll.year, visit.roll.month) == (2026, 5)
    assert PlanEntry.objects.get(person=plan[1]).state == "open"


def test_the_same_file_twice_changes_nothing(place: SimpleNamespace, plan: list[Person], tmp_path: Path) -> None:
    path = Account([Case()], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path)
    first, again = take(place, path), take(place, path)
    assert (first.state, again.state, again.repeats) == (State.ACCEPTED, State.REPEATED, first)
    other = Account([Case()], CAME[:1], kind="ОПВ", name="DOM540001S54001_26052").pack(tmp_path)
    assert take(place, other).state == State.ACCEPTED
    assert Visit.objects.count() == 1


def test_a_corrected_account_takes_the_place_of_the_first(
    place: SimpleNamespace, plan: list[Person], tmp_path: Path
) -> None:
    first = Account([Case(1), Case(2, "p2", refused="1")], CAME, kind="ОПВ", name="DOM540001S54001_26051")
    take(place, first.pack(tmp_path))
    assert [one.outcome for one in Reported.objects.all()] == [Outcome.REFUSED]
    cases = [Case(1, refused="1", corrected="1"), Case(2, "p2", began="2026-05-18", corrected="1")]
    take(place, replace(first, cases=cases, name="DOM540001S54001_26062").pack(tmp_path))
    assert [one.person for one in Visit.objects.filter(corrected_by=None)] == [plan[1]]
    states = dict(PlanEntry.objects.values_list("person", "state"))
    assert states == {plan[0].pk: "open", plan[1].pk: "passed"}
    assert dict(Reported.objects.values_list("person", "outcome")) == {
        plan[0].pk: Outcome.REFUSED, plan[1].pk: Outcome.WITHDRAWN,
    }  # fmt: skip
    assert not Touch.objects.exclude(came_on=None).exists()


def test_a_refusal_stops_what_waits_and_is_no_visit(place: SimpleNamespace, plan: list[Person], tmp_path: Path) -> None:
    take(place, Account([Case(refused="1")], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path))
    assert not Visit.objects.exists()
    assert PlanEntry.objects.get(person=plan[0]).state == "open"
    assert Reported.objects.get().person == plan[0]


def test_whom_nobody_was_found_for_waits_for_a_person(
    place: SimpleNamespace, exchange_dir: Path, tmp_path: Path
) -> None:
    cases = [Case(1), Case(2, "p2", refused="1")]
    take(place, Account(cases, CAME).pack(tmp_path))
    assert Roll.objects.get().unmatched == 2
    assert list(Entry.objects.order_by("place").values_list("told", "state", "measure")) == [
        ("visit", "unmatched", "screening"), ("refusal", "unmatched", "screening"),
    ]  # fmt: skip
    assert Entry.objects.first().given["surname"] == "Подъячева"


def test_a_wrong_case_costs_itself_alone(place: SimpleNamespace, plan: list[Person], tmp_path: Path) -> None:
    cases = [Case(1), Case(2, "p2", ended="2026-05-01")]
    parcel = take(place, Account(cases, CAME, kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path))
    assert (parcel.state, parcel.counts["accepted"], parcel.counts["rejected"]) == (State.ACCEPTED, 1, 1)
    finding = parcel.findings.get()
    assert (finding.place, finding.record, finding.field) == (2, "2", "DATE_Z_2")
    assert Visit.objects.get().person == plan[0]


def test_a_refused_account_leaves_nothing(place: SimpleNamespace, plan: list[Person], tmp_path: Path) -> None:
    parcel = take(place, Account(people=None, kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path))
    assert (parcel.state, parcel.findings.get().field) == (State.REFUSED, "FILE")
    assert not Roll.objects.exists()


def test_an_appearance_under_observation_closes_the_planned_one(
    place: SimpleNamespace, plan: list[Person], tmp_path: Path
) -> None:
    roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="plan.xml")
    about = {"roll": roll, "place": 1, "territory": place.nsk.pk, "insurer": place.alfa, "measure": "observation"}
    PlannedVisit.objects.create(
        **about, person=plan[0], diagnosis="I10", visit_from=date(2026, 5, 1), visit_to=date(2026, 5, 31)
    )
    cases = [
        Case(1, parts=[("1.3", "2026-05-12", "2026-05-12")]),
        Case(2, "p2", parts=[("1.0", "2026-05-13", "2026-05-13")]),
    ]
    parcel = take(place, Account(cases, CAME, kind="", name=CARE).pack(tmp_path))
    assert (parcel.format, parcel.counts["records"]) == ("accounts-observation", 1)
    assert PlannedVisit.objects.get().came_on == date(2026, 5, 12)
    assert [one.person for one in Visit.objects.all()] == [plan[0]]


def test_an_account_goes_by_the_page(
    signed_in: SignIn, place: SimpleNamespace, plan: list[Person], tmp_path: Path
) -> None:
    path = Account([Case()], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path)
    client = signed_in("boris")
    file = SimpleUploadedFile(path.name, path.read_bytes())
    checked = client.post("/exchange/new/", {"organisation": place.alfa.pk, "file": [file]}).url
    process(Parcel.objects.get().pk)
    page = client.get(checked).content.decode()
    assert "Счёт за диспансеризацию и осмотры" in page
    assert not Visit.objects.exists()
    client.post(f"{checked}acceptance/")
    process(Parcel.objects.latest("pk").pk)
    assert Visit.objects.get().person == plan[0]


def test_an_account_goes_by_the_api(
    cast: SimpleNamespace, place: SimpleNamespace, plan: list[Person], tmp_path: Path
) -> None:
    path = Account([Case()], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path)
    rights = [str(Right.EXCHANGE_VIEW), str(Right.EXCHANGE_IMPORT)]
    partner = ApiPartner.objects.create(name="Счета", organisation=place.alfa, rights=rights, purpose="appeal")
    key = services.issue_key(partner, by=cast.admin)
    program = Program(services.exchange(key.text).session.text, partner)
    told = program.send("/exchange/files", path.name, path.read_bytes(), key="may").json()
    process(told["id"])
    state = program.get(f"/exchange/files/{told['id']}").json()
    assert (state["state"], state["format"], state["accepted"]) == ("accepted", "accounts-checkups", 1)
    assert Visit.objects.get().person == plan[0]


def test_the_file_itself_is_forgotten_in_a_month(place: SimpleNamespace, plan: list[Person], tmp_path: Path) -> None:
    parcel = take(place, Account([Case()], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(tmp_path))
    other = SAMPLES / "opora-informing-csv/03/opora-informing_81001_20260610_3.csv"
    ordinary = take(place, other)
    for one in (parcel, ordinary):
        aged(one, days=31)
    assert forgetting.forget() == 1
    assert not vault.place_of(parcel.sha256).exists()
    assert vault.place_of(ordinary.sha256).exists()
    assert Visit.objects.filter(person=plan[0]).exists()


def test_an_account_from_a_folder_is_not_copied_into_the_archive(
    place: SimpleNamespace, plan: list[Person], tmp_path: Path
) -> None:
    folder, *_ = folders.make_folders(place.alfa)
    path = Account([Case()], CAME[:1], kind="ОПВ", name="DOM540001S54001_26051").pack(folder)
    then = path.stat().st_mtime - 60
    os.utime(path, (then, then))
    assert folders.watch() == 1
    assert Visit.objects.get().person == plan[0]
    assert not [one for one in (vault.root() / "archive").rglob("*") if one.is_file()]
    assert not [one for one in folder.rglob("*") if one.is_file()]
