"""A file in the journal: the same rows and promises as registering one by one, and nothing done twice or halfway."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.appeals import visibility
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.chain.verify import verify
from opora.appeals.importing import PLAN
from opora.appeals.intake import content_digest
from opora.appeals.models import (
    Appeal,
    Clock,
    Event,
    Grant,
    Numbering,
    Party,
    Reason,
    Tally,
    Unchained,
    VisibilityRule,
)
from opora.appeals.terms import ANSWER
from opora.appeals.words import Stage
from opora.classifiers.words import Kind, Line, Outcome, Outside, Verdict
from opora.exchange.books import book_of
from opora.exchange.codebook import HMAO
from opora.exchange.models import Parcel, Provenance
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, document, process, receive_file
from opora.exchange.record import NOBODY, JournalRecord, Leaving
from opora.exchange.tests.test_samples import SAMPLES
from opora.exchange.tests.test_writers import GUIDS, ZONE, sample_record
from opora.exchange.writers import WRITERS, Sending

RECEIVED = datetime(2026, 5, 12, 10, 20, 33, tzinfo=ZONE)


def open_record(**changes: Any) -> JournalRecord:
    """An open consultation taken by an employee of 81001."""
    given: dict[str, Any] = {
        "key": "A-1",
        "kind": Kind.CONSULTATION,
        "topic": "3",
        "closed_on": None,
        "outcome": None,
        "verdict": None,
        "text": "Как сменить поликлинику?",
        "taken_line": Line.SP1,
    }
    return sample_record(**{**given, **changes})


@pytest.fixture
def load(channels: dict[str, Any], tmp_path: Path) -> Any:
    """Write records as G1R and take them through the channel of 81001."""
    numbers = iter(range(1, 1000))

    def loading(*records: JournalRecord, **changes: Any) -> Parcel:
        book = book_of(HMAO, timezone.localdate())
        sending = Sending("81001", datetime(2026, 5, 29, 18, 5, tzinfo=ZONE), book, number=next(numbers))
        path = tmp_path / WRITERS["g1r"].name(sending)
        WRITERS["g1r"].write(map(Leaving, records), sending, path)
        return process(receive_file(path, Coming(channels["81001"], path.name, Way.COMMAND, **changes)).pk)

    return loading


def test_a_new_record_has_all_that_a_registered_appeal_has(load: Any, channels: dict[str, Any]) -> None:
    parcel = load(open_record(), open_record(key="A-2"))
    assert parcel.state == State.ACCEPTED, document(parcel)

    first, second = Appeal.objects.order_by("sequence")
    year = timezone.now().astimezone(ZONE).strftime("%y")
    assert [first.number, second.number] == [f"81001-{year}-000001", f"81001-{year}-000002"]
    assert (first.received_at, first.organisation, first.handler) == (RECEIVED, channels["81001"], channels["81001"])
    assert (first.stage, first.due_on, first.line_received) == (Stage.REGISTERED, date(2026, 6, 11), Line.SP1)
    assert str(first.registered_by.guid) == GUIDS[0]
    grants = dict(Grant.objects.filter(appeal=first).values_list("organisation__code", "reason"))
    assert grants == {"81001": "registered", "81000": "fund"}
    clock = Clock.objects.get(appeal=first)
    assert (clock.term, clock.is_main, clock.state, clock.due_on) == (ANSWER, True, "running", first.due_on)
    assert clock.law_version
    assert Tally.objects.get().change == 2
    party = Party.objects.get(appeal=first)
    assert (party.surname, party.phone) == ("Ярцев", "+79000005275")
    events = list(Event.objects.filter(appeal=first).order_by("at"))
    assert [event.kind for event in events] == ["registered", "imported"]
    assert events[0].details["number"] == first.number
    assert events[1].employee_name == f"Файл {parcel.name}"
    assert events[1].details == {"parcel": parcel.pk, "place": 1, "key": "A-1"}
    assert Unchained.objects.count() == Event.objects.count() == 4
    provenance = Provenance.objects.get(key="A-1")
    assert (provenance.subject_id, provenance.parcel, provenance.place) == (first.pk, parcel, 1)


def test_a_file_gives_no_deeper_sight_than_registering_does(load: Any, channels: dict[str, Any]) -> None:
    territory = channels["81001"].territory_id
    own = {"territory": territory, "reason": "registered", "depth1": 2, "depth2": 3, "depth3": 4}
    VisibilityRule.objects.create(**own)
    VisibilityRule.objects.create(
        territory=territory, reason="fund", appeal_kind="complaint", depth1=0, depth2=1, depth3=2
    )
    visibility.forget()
    load(open_record(), open_record(key="A-2", kind=Kind.COMPLAINT))

    columns = ("appeal__kind", "organisation__code", "depth1", "depth2", "depth3")
    assert set(Grant.objects.values_list(*columns)) == {
        ("consultation", "81001", 2, 3, 4),
        ("consultation", "81000", 4, 4, 4),
        ("complaint", "81001", 2, 3, 4),
        ("complaint", "81000", 0, 1, 2),
    }


def test_a_complaint_has_its_theme_as_its_reason(load: Any) -> None:
    closed = {"closed_on": date(2026, 5, 20), "outcome": Outcome.COMPLAINT_CONSIDERED, "verdict": Verdict.PRETRIAL}
    load(open_record(kind=Kind.COMPLAINT), open_record(key="A-2"))
    reason = Reason.objects.get()
    appeal = Appeal.objects.get(kind="complaint")
    assert (reason.appeal, reason.topic, reason.topic_code) == (appeal, appeal.topic, appeal.topic_code)
    assert (reason.provider, reason.provider_name, reason.verdict) == (None, "", "")

    load(open_record(kind=Kind.COMPLAINT, **closed), open_record(key="A-2", kind=Kind.COMPLAINT))
    assert list(Reason.objects.order_by("pk").values_list("appeal__kind", "verdict")) == [
        ("complaint", "pretrial"),
        ("complaint", ""),
    ]


def test_reasons_that_people_wrote_are_left_alone(load: Any) -> None:
    load(open_record(kind=Kind.COMPLAINT))
    Reason.objects.update(provider_name="Поликлиника № 1", note="Нет талонов")
    load(open_record(kind=Kind.COMPLAINT, text="Сказано подробнее", topic="6.1"))
    reason = Reason.objects.get()
    assert (reason.provider_name, reason.note) == ("Поликлиника № 1", "Нет талонов")
    assert reason.topic_code != Appeal.objects.get().topic_code


@pytest.mark.parametrize("number", ["02", "03"])
def test_complaints_of_the_samples_have_reasons(channels: dict[str, Any], number: str) -> None:
    [path] = (SAMPLES / "g1r-journal-xml" / number).glob("G1R_*.xml")
    parcel = process(receive_file(path, Coming(channels["81001"], path.name, Way.COMMAND)).pk)
    complaints = Appeal.objects.filter(kind="complaint")
    assert Reason.objects.count() == complaints.count()
    assert complaints.exists() is parcel.is_stored


def test_the_first_event_binds_text_and_people(load: Any) -> None:
    load(open_record())
    appeal = Appeal.objects.get()
    party = Party.objects.filter(appeal=appeal).values().get()
    del party["id"], party["appeal_id"]
    party["birth_on"] = party["birth_on"].isoformat()
    assert Event.objects.get(kind="registered").details["content"] == content_digest(
        appeal.pk, appeal.content.text, [party]
    )


def test_a_closed_record_is_closed_with_its_events(load: Any) -> None:
    load(open_record(kind=Kind.COMPLAINT, closed_on=date(2026, 5, 20), outcome=Outcome.COMPLAINT_CONSIDERED,
                     verdict=Verdict.PRETRIAL))  # fmt: skip
    appeal = Appeal.objects.get()
    assert (appeal.stage, appeal.outcome, appeal.verdict) == (Stage.CLOSED, "complaint_considered", "pretrial")
    assert appeal.closed_at.astimezone(ZONE).date() == date(2026, 5, 20)
    kinds = list(Event.objects.order_by("at").values_list("kind", flat=True))
    assert kinds == ["registered", "imported", "answered", "closed"]
    assert not Tally.objects.exists()
    assert not Clock.objects.exists()


def test_an_anonymous_record_needs_no_answer(load: Any) -> None:
    load(open_record(applicant=NOBODY))
    appeal = Appeal.objects.get()
    assert (appeal.needs_answer, appeal.standing) == (False, "anonymous")
    assert not Party.objects.exists()


def test_a_known_key_is_changed_and_the_history_says_what(load: Any) -> None:
    load(open_record())
    appeal = Appeal.objects.get()
    handled = open_record(handled_by=GUIDS[1], text="Как сменить поликлинику ребёнку?", due_on=date(2026, 6, 20))
    parcel = load(handled)
    assert (parcel.counts["new"], parcel.counts["changed"]) == (0, 1)
    changed = Appeal.objects.get()
    assert (changed.pk, changed.number, changed.version) == (appeal.pk, appeal.number, appeal.version + 1)
    assert (changed.due_on, str(changed.owner.guid), changed.stage) == (date(2026, 6, 20), GUIDS[1], Stage.ASSIGNED)
    assert changed.content.text == "Как сменить поликлинику ребёнку?"
    event = Event.objects.get(kind="amended")
    assert event.details["fields"]["due_on"] == ["2026-06-11", "2026-06-20"]
    assert event.details["deep"] == ["text"]
    assert "ребёнку" not in str(event.details)
    assert Clock.objects.values_list("due_on", "term").get() == (date(2026, 6, 20), PLAN)
    assert Grant.objects.filter(due_at=changed.due_at).count() == 2
    assert sum(Tally.objects.values_list("change", flat=True)) == 1


def test_closing_by_a_later_file_stops_the_clock(load: Any) -> None:
    load(open_record())
    load(open_record(closed_on=date(2026, 5, 20), outcome=Outcome.CONSULTED))
    assert Appeal.objects.get().stage == Stage.CLOSED
    assert Clock.objects.get().state == "kept"
    assert Event.objects.filter(kind="closed").count() == 1
    assert sum(Tally.objects.values_list("change", flat=True)) == 0


def test_a_closed_appeal_is_not_reopened_and_the_whole_file_is_refused(load: Any) -> None:
    load(open_record(closed_on=date(2026, 5, 20), outcome=Outcome.CONSULTED))
    before = Event.objects.count()
    parcel = load(open_record(key="A-2"), open_record(text="Ещё раз"))
    assert parcel.state == State.REFUSED
    assert [(found.field, found.record) for found in parcel.findings.all()] == [("DATE_CLOSE", "A-1")]
    assert (Appeal.objects.count(), Event.objects.count()) == (1, before)


def test_a_complaint_is_not_closed_without_a_verdict(load: Any) -> None:
    parcel = load(open_record(kind=Kind.COMPLAINT, closed_on=date(2026, 5, 20), outcome=Outcome.COMPLAINT_CONSIDERED))
    assert [found.field for found in parcel.findings.all()] == ["ZH_D"]
    assert not Appeal.objects.exists()


def test_the_same_record_in_another_file_changes_nothing(load: Any) -> None:
    load(open_record())
    before = Event.objects.count()
    parcel = load(open_record(), open_record(key="A-2"))
    assert (parcel.counts["new"], parcel.counts["same"]) == (1, 1)
    assert Event.objects.count() == before + 2


def test_the_same_number_of_two_partners_are_two_appeals(load: Any, channels: dict[str, Any], tmp_path: Path) -> None:
    load(open_record())
    book = book_of(HMAO, timezone.localdate())
    sending = Sending("81000", datetime(2026, 5, 29, 18, 5, tzinfo=ZONE), book)
    path = tmp_path / "G1R_fund.xml"
    guid = "d24f00f6-6e33-43f4-9629-368b75ee555c"
    WRITERS["g1r"].write([Leaving(open_record(taken_by=guid))], sending, path)
    process(receive_file(path, Coming(channels["81000"], path.name, Way.COMMAND)).pk)
    assert Appeal.objects.count() == 2


def test_a_dry_run_takes_no_number(load: Any) -> None:
    parcel = load(open_record(), is_trial=True)
    assert (parcel.state, parcel.counts["new"]) == (State.CHECKED, 1)
    assert not Appeal.objects.exists()
    assert not Numbering.objects.exists()


def test_the_insured_person_is_found_when_number_and_name_agree(load: Any, channels: dict[str, Any]) -> None:
    from opora.insured.models import Person

    person = Person.objects.create(
        territory=channels["81001"].territory,
        surname="Ярцев",
        given_name="Олег",
        birth_on=date(1965, 4, 10),
        sex=Person.Sex.MALE,
        enp="5476410835001236",
    )
    named = sample_record().applicant
    load(
        open_record(applicant=replace(named, enp="5476410835001236")),
        open_record(key="A-2", applicant=replace(named, enp="5476410835001236", surname="Другой")),
    )
    found = dict(Party.objects.values_list("appeal__sequence", "person"))
    assert found == {1: person.pk, 2: None}


def test_queries_do_not_grow_with_the_file(load: Any) -> None:
    counts = []
    for size in (5, 60):
        with CaptureQueriesContext(connection) as queries:
            load(*(open_record(key=f"{size}-{number}") for number in range(size)))
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_a_moment_later_today_is_not_before_its_registering(load: Any) -> None:
    soon = timezone.now().astimezone(ZONE).replace(hour=23, minute=59, second=58, microsecond=0)
    parcel = load(open_record(received_at=soon, due_on=soon.date() + timedelta(days=3)))
    assert parcel.state == State.ACCEPTED, document(parcel)
    assert Appeal.objects.get().received_at == soon


def test_the_history_can_be_proved_after_new_changed_and_closed_records(load: Any) -> None:
    load(open_record(), open_record(key="A-2", applicant=NOBODY), open_record(key="A-3", outside=Outside.PROVIDER))
    while chain_batch():
        pass
    load(
        open_record(handled_by=GUIDS[1], text="Как сменить поликлинику ребёнку?", due_on=date(2026, 6, 20)),
        open_record(key="A-2", closed_on=date(2026, 5, 20), outcome=Outcome.CONSULTED),
        open_record(key="A-4", closed_on=date(2026, 5, 20), outcome=Outcome.CONSULTED),
    )
    load(open_record(key="A-4", closed_on=date(2026, 5, 21), outcome=Outcome.CONSIDERED, topic="1"))
    assert verify().findings == []
    while chain_batch():
        pass
    report = verify()
    assert (report.findings, report.appeals) == ([], 4)
