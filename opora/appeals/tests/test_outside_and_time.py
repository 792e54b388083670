"""Forwarding outside, waiting, extension, putting right, sight given by hand."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import errors
from opora.appeals.intake import NewParty, NewReason
from opora.appeals.models import Answer, Appeal, AppealText, Clock, Event, Grant, Party, Reason
from opora.appeals.tests.test_carrying import assert_row_is_its_fold, do, history, row
from opora.appeals.tests.test_register import complaint, question, registered
from opora.appeals.words import AnswerKind, EventKind, Stage
from opora.deadlines.packs import check_pack
from opora.deadlines.services import load_pack

LETTERS = {"cover_text": "Направляем по компетенции.", "notice_text": "Ваше обращение направлено."}
ORDER = {"order_number": "17-п", "why": "Запрошены документы", "notice_text": "Срок продлён."}


@pytest.fixture
def written(cast: SimpleNamespace, topics: SimpleNamespace) -> Any:
    people = [NewParty(surname="Соловьёва", given_name="Полина", phone="+79000000001")]
    return registered(cast.sp3, complaint(topics, mine=True, parties=people)).id


def forward(who: Any, appeal: Any, **fields: Any) -> Appeal:
    return do(who, "forward", appeal, **{**LETTERS, **fields})


def test_forwarding_makes_two_letters_and_keeps_control(
    cast: SimpleNamespace, place: SimpleNamespace, written: Any
) -> None:
    forward(cast.sp3, written, outside="provider", to_organisation=place.clinic)

    appeal = row(written)
    assert (appeal.stage, appeal.outside, appeal.handler, appeal.owner) == (
        Stage.FORWARDED,
        "provider",
        place.alfa,
        cast.sp3,
    )
    assert set(Answer.objects.values_list("kind", flat=True)) == {AnswerKind.COVER, AnswerKind.NOTICE}
    assert Clock.objects.get(appeal=written, term="forwarding").state == "kept"
    assert history(written) == ["registered", "forwarded", "notified"]
    do(cast.sp3, "close", written, outcome="redirected")
    assert_row_is_its_fold(written)


def test_a_clinic_sees_what_was_addressed_to_it_and_may_add_to_it(
    cast: SimpleNamespace, place: SimpleNamespace, written: Any
) -> None:
    with enter(cast.clerk.scope):
        assert not Appeal.objects.accessible_to(cast.clerk).exists()
    forward(cast.sp3, written, outside="provider", to_organisation=place.clinic)
    with enter(cast.clerk.scope):
        assert Appeal.objects.accessible_to(cast.clerk).get().pk == written
        assert AppealText.objects.get().text == "Лечили плохо."
    do(cast.clerk, "note", written, text="Объяснение врача приложено")
    with pytest.raises(errors.NotYours):
        do(cast.clerk, "resume", written)


def test_a_late_forwarding_is_known_as_late(cast: SimpleNamespace, place: SimpleNamespace, topics: Any) -> None:
    done = registered(cast.sp3, complaint(topics, mine=True))
    with enter(cast.sp3.scope):
        from opora.appeals import terms
        from opora.appeals.services import _clocks

        planned = terms.plan("forwarding", timezone.now() - timedelta(days=20), "50000", place.alfa.zone)
        _clocks.judged(row(done.id), planned, timezone.now())
    assert Clock.objects.get(appeal=done.id, term="forwarding").state == "missed"


WRONG_ADDRESSES = [
    ({"outside": "moon"}, "Выберите, куда"),
    ({"outside": "authority"}, "Назовите организацию"),
    ({"outside": "provider", "to_organisation": "authority"}, "выберите другой вид"),
    ({"outside": "territory", "to_organisation": "authority"}, "этот ли регион"),
]


@pytest.mark.parametrize(("fields", "sentence"), WRONG_ADDRESSES)
def test_where_nothing_is_forwarded(
    cast: SimpleNamespace, place: SimpleNamespace, written: Any, fields: dict[str, Any], sentence: str
) -> None:
    if "to_organisation" in fields:
        fields = {**fields, "to_organisation": getattr(place, fields["to_organisation"])}
    with pytest.raises(errors.NoSuchPlace, match=sentence):
        forward(cast.sp3, written, **fields)
    assert history(written) == ["registered"]


def test_a_complaint_is_not_forwarded_to_the_accused(
    cast: SimpleNamespace, place: SimpleNamespace, topics: Any
) -> None:
    reasons = [NewReason(topic=topics.quality, provider_id=place.clinic.pk), NewReason(topic=topics.waiting)]
    done = registered(cast.sp3, complaint(topics, mine=True, reasons=reasons))
    with pytest.raises(errors.ToTheAccused):
        forward(cast.sp3, done.id, outside="provider", to_organisation=place.clinic)
    with pytest.raises(errors.ToTheAccused):
        forward(cast.sp3, done.id, outside="provider", to_name=place.clinic.name)
    forward(cast.sp3, done.id, outside="authority", to_organisation=place.authority)


def test_the_accused_named_in_words_is_known_too(cast: SimpleNamespace, topics: Any) -> None:
    reasons = [NewReason(topic=topics.quality, provider_name="Клиника «Луч»")]
    done = registered(cast.sp3, complaint(topics, mine=True, reasons=reasons))
    with pytest.raises(errors.ToTheAccused):
        forward(cast.sp3, done.id, outside="provider", to_name=" Клиника «Луч» ")


def test_waiting_starts_the_clock_of_the_request_and_the_law_runs_on(cast: SimpleNamespace, written: Any) -> None:
    due = row(written).due_on
    do(cast.sp3, "pause", written, what_for="Запросили карту в поликлинике")
    assert row(written).stage == Stage.WAITING
    assert Clock.objects.get(appeal=written, term="documents").state == "running"

    do(cast.sp3, "resume", written)
    assert (row(written).stage, row(written).due_on) == (Stage.IN_WORK, due)
    assert Clock.objects.get(appeal=written, term="documents").state == "kept"
    assert Clock.objects.get(appeal=written, term="consideration").pauses == []
    assert_row_is_its_fold(written)


def pausing_law(**more: Any) -> None:
    term = {
        "code": "consideration",
        "title": "Рассмотрение",
        "unit": "calendar_days",
        "length": 30,
        "start": "регистрация",
        "clause": "тест",
        "may_pause": True,
        **more,
    }
    head = {"kind": "law", "code": "appeals", "territory": "50000", "version": "t", "since": "2020-01-01"}
    pack = {**head, "until": None, "title": "Тест", "source": "test", "terms": [term]}
    load_pack(check_pack(pack, name="test", sha256=""))


def test_days_of_waiting_are_not_counted_where_the_law_says_so(cast: SimpleNamespace, topics: Any) -> None:
    pausing_law()
    appeal_id = registered(cast.sp3, complaint(topics, mine=True)).id
    due = row(appeal_id).due_on
    do(cast.sp3, "pause", appeal_id, what_for="Экспертиза")
    clock = Clock.objects.get(appeal=appeal_id, is_main=True)
    later = timezone.localdate(timezone=cast.sp3.assignment.organisation.zone)
    started = later - timedelta(days=3)
    Clock.objects.filter(pk=clock.pk).update(
        started_on=started, pauses=[[str(later), None, "Экспертиза"]], due_on=due - timedelta(days=3)
    )
    do(cast.sp3, "resume", appeal_id)

    clock.refresh_from_db()
    assert clock.pauses == [[str(later), str(later), "Экспертиза"]]
    assert clock.due_on == started + timedelta(days=31)
    assert row(appeal_id).due_on == clock.due_on
    assert_row_is_its_fold(appeal_id)


def test_closing_while_waiting_ends_the_wait(cast: SimpleNamespace, written: Any) -> None:
    do(cast.sp3, "pause", written, what_for="Документы")
    do(cast.sp3, "close", written, outcome="withdrawn", why="Отозвала по телефону")
    assert not Clock.objects.filter(appeal=written, state="running").exists()


def test_a_term_is_extended_by_an_order_not_longer_than_the_law(cast: SimpleNamespace, written: Any) -> None:
    due = row(written).due_on
    today = timezone.localdate()
    do(cast.sp3, "extend", written, days=20, order_on=today, **ORDER)
    assert row(written).due_on > due + timedelta(days=15)
    clock = Clock.objects.get(appeal=written, is_main=True)
    assert (clock.extension, clock.order_number) == (20, "17-п")
    assert Answer.objects.get().kind == AnswerKind.NOTICE
    with pytest.raises(errors.NotExtendable, match="на 1–10 календарных дней"):
        do(cast.sp3, "extend", written, days=11, order_on=today, **ORDER)
    do(cast.sp3, "extend", written, days=10, order_on=today, **ORDER)
    with pytest.raises(errors.NotExtendable, match="больше не продлевается"):
        do(cast.sp3, "extend", written, days=1, order_on=today, **ORDER)
    assert history(written) == ["registered", "extended", "notified", "extended", "notified"]
    assert_row_is_its_fold(written)


def test_what_extension_asks_for(cast: SimpleNamespace, topics: Any, written: Any) -> None:
    today = timezone.localdate()
    for missing, refusal in [("order_number", errors.WordsMissing), ("notice_text", errors.NotComplete)]:
        with pytest.raises(refusal):
            do(cast.sp3, "extend", written, days=5, order_on=today, **{**ORDER, missing: " "})
    oral = registered(cast.sp3, question(topics, mine=True)).id
    with pytest.raises(errors.NotExtendable):
        do(cast.sp3, "extend", oral, days=1, order_on=today, **ORDER)


def test_a_term_that_is_over_is_not_extended(cast: SimpleNamespace, written: Any) -> None:
    Clock.objects.filter(appeal=written, is_main=True).update(due_at=timezone.now() - timedelta(days=1))
    with pytest.raises(errors.NotExtendable, match="уже истёк"):
        do(cast.sp3, "extend", written, days=5, order_on=timezone.localdate(), **ORDER)


def test_an_interim_answer_leaves_the_clock_running(cast: SimpleNamespace, written: Any) -> None:
    do(cast.sp3, "answer_interim", written, text="Идёт проверка.", channel="post")
    appeal = row(written)
    assert appeal.interim_answered_at
    assert appeal.stage == Stage.IN_WORK
    with pytest.raises(errors.NoAnswer):
        do(cast.sp3, "close", written, outcome="complaint_considered", verdict="justified")


def test_codes_are_put_right_with_old_and_new(cast: SimpleNamespace, topics: Any) -> None:
    appeal_id = registered(cast.sp2, question(topics, mine=True)).id
    do(cast.sp2, "amend", appeal_id, changes={"topic": topics.waiting, "flags": ["child"]}, why="Уточнили")

    event = Event.objects.get(appeal=appeal_id, kind=EventKind.AMENDED)
    assert event.details["amended"]["topic"] == ["t-policy", "t-waiting"]
    assert row(appeal_id).flags == ["child", "waiting"]
    assert Grant.objects.filter(appeal=appeal_id, topic_code="t-waiting").count() == 2
    assert_row_is_its_fold(appeal_id)


def test_a_consultation_that_is_a_complaint_gets_its_term(cast: SimpleNamespace, topics: Any) -> None:
    appeal_id = registered(cast.sp2, question(topics, topic=topics.waiting, mine=True)).id
    do(cast.sp2, "amend", appeal_id, changes={"kind": "complaint", "reasons": [NewReason(topic=topics.quality)]})

    clocks = dict(Clock.objects.filter(appeal=appeal_id).values_list("term", "state"))
    assert clocks == {"deferred_next_day": "stopped", "consideration": "running"}
    assert row(appeal_id).due_on == Clock.objects.get(appeal=appeal_id, state="running").due_on
    reason = Reason.objects.get()
    do(cast.sp2, "amend", appeal_id, changes={"verdicts": {reason.pk: "justified"}})
    assert Reason.objects.get().verdict == "justified"
    with pytest.raises(errors.NotComplete, match="остаётся жалобой"):
        do(cast.sp2, "amend", appeal_id, changes={"kind": "consultation"})
    assert_row_is_its_fold(appeal_id)


def test_people_are_put_right_and_the_history_names_nobody(cast: SimpleNamespace, written: Any) -> None:
    before = Event.objects.get(appeal=written, kind="registered").details["content"]
    people = [NewParty(surname="Соловьёва-Седая", given_name="Полина", phone="+79000000002")]
    do(cast.sp3, "amend", written, changes={"parties": people, "text": "Лечили плохо, две недели."})

    assert Party.objects.get().surname == "Соловьёва-Седая"
    details = Event.objects.get(appeal=written, kind=EventKind.AMENDED).details
    assert details["amended"] == {"text": "changed", "parties": {"applicant": ["phone", "surname"]}}
    assert details["content"] != before
    assert "Седая" not in str(details)
    do(
        cast.sp3,
        "amend",
        written,
        changes={
            "parties": [NewParty(surname="Соловьёва", given_name="Полина", phone="+79000000001")],
            "text": "Лечили плохо.",
        },
    )
    assert Event.objects.filter(kind=EventKind.AMENDED).latest("at").details["content"] == before


def test_nothing_put_right_leaves_no_trace(cast: SimpleNamespace, written: Any) -> None:
    version = row(written).version
    do(cast.sp3, "amend", written, changes={"text": "Лечили плохо.", "kind": "complaint"})
    assert history(written) == ["registered"]
    assert row(written).version == version


REFUSED_CHANGES = [
    {"number": "1"},
    {"kind": "consultation"},
    {"kind": "ticket"},
    {"flags": ["purple"]},
    {"standing": "x"},
    {"origin": "other"},
    {"origin": "x"},
]


@pytest.mark.parametrize("changes", REFUSED_CHANGES, ids=str)
def test_what_cannot_be_put_right(cast: SimpleNamespace, written: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(errors.NotComplete):
        do(cast.sp3, "amend", written, changes=changes)


def test_sight_is_given_and_taken_by_hand(cast: SimpleNamespace, place: SimpleNamespace, written: Any) -> None:
    do(
        cast.boris,
        "grant_access",
        written,
        organisation=place.beta,
        depth1=1,
        depth2=2,
        depth3=3,
        why="Переходит к ним",
    )
    with enter(cast.vera.scope):
        assert Grant.objects.get().depth1 == 1
        assert not Appeal.objects.exists()  # level 1 knows only that it exists
    do(cast.boris, "revoke_access", written, organisation=place.beta, why="Не переходит")
    with enter(cast.vera.scope):
        assert not Grant.objects.exists()
    for organisation in (place.alfa, place.fund):
        with pytest.raises(errors.NoSuchPlace):
            do(cast.boris, "revoke_access", written, organisation=organisation, why="Так")
    assert history(written) == ["registered", "granted", "revoked"]
