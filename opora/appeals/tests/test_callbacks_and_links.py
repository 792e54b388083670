"""Promises to phone back, links and bundles: who may, what they leave, what is refused."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.scope import enter
from opora.appeals import errors, story
from opora.appeals.desk import desk_of
from opora.appeals.models import Answer, Appeal, Bundle, Callback, Clock, Event, Relation
from opora.appeals.services import Target, reassign
from opora.appeals.tests.test_carrying import assert_row_is_its_fold, do, history, row
from opora.appeals.tests.test_register import complaint, question, registered
from opora.appeals.words import CallbackState, EventKind, Stage
from opora.audit.models import AuditLine


def soon(**delta: int) -> Any:
    return timezone.now() + timedelta(**(delta or {"hours": 2}))


@pytest.fixture
def asked(cast: SimpleNamespace, topics: SimpleNamespace) -> Any:
    return registered(cast.alina, question(topics)).id


@pytest.fixture
def later(cast: SimpleNamespace, topics: SimpleNamespace, asked: Any) -> Any:
    return registered(cast.alina, question(topics)).id


def test_a_promise_has_an_owner_and_a_time_and_counts_attempts(cast: SimpleNamespace, asked: Any) -> None:
    promised = do(cast.alina, "promise_callback", asked, due_at=soon(), owner=cast.sp2, note="Сказать про полис")
    do(cast.sp2, "miss_callback", promised.pk, note="Не взяла трубку", next_at=soon(hours=5))
    do(cast.sp2, "complete_callback", promised.pk, result="Рассказала про полис")

    done = Callback.objects.get(pk=promised.pk)
    assert (done.owner, done.attempts, done.state) == (cast.sp2, 2, CallbackState.DONE)
    assert history(asked)[1:] == ["callback_promised", "callback_missed", "callback_done"]
    assert AuditLine.objects.filter(action="appeals.miss_callback", subject_id=str(asked)).count() == 1
    assert_row_is_its_fold(asked)
    with pytest.raises(errors.CallbackEnded):
        do(cast.alina, "complete_callback", promised.pk, result="Ещё раз")


def test_a_missed_call_asks_for_the_next_time(cast: SimpleNamespace, asked: Any) -> None:
    promised = do(cast.alina, "promise_callback", asked, due_at=soon(), owner=cast.alina)
    Callback.objects.filter(pk=promised.pk).update(due_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(errors.NotComplete):
        do(cast.alina, "miss_callback", promised.pk, note="")
    with pytest.raises(errors.NotComplete):
        do(cast.alina, "miss_callback", promised.pk, note="", next_at=timezone.now() - timedelta(days=1))
    next_at = soon(days=1)
    do(cast.alina, "miss_callback", promised.pk, note="", next_at=next_at)

    waiting = Callback.objects.get(pk=promised.pk)
    assert (waiting.state, waiting.due_at, waiting.attempts) == (CallbackState.OPEN, next_at, 1)


def test_a_promise_is_to_come_and_its_owner_works_here(cast: SimpleNamespace, asked: Any) -> None:
    with pytest.raises(errors.NotComplete):
        do(cast.alina, "promise_callback", asked, due_at=timezone.now(), owner=cast.alina)
    with pytest.raises(errors.NoSuchPlace):
        do(cast.alina, "promise_callback", asked, due_at=soon(), owner=cast.vera)
    assert not Callback.objects.exists()


def promises(who: Any) -> tuple[list[int], int]:
    """What her desk shows of promises, and how many it counts."""
    with enter(who.scope):
        desk = desk_of(who)
    return [promise.pk for promise in desk.promises], desk.counters.promises


def put_on(asked: Any, by: Any, **promise: Any) -> int:
    made = do(by, "promise_callback", asked, **{"due_at": soon(minutes=1), "owner": None, **promise})
    Callback.objects.filter(pk=made.pk).update(due_at=timezone.now())  # of today, whatever the hour
    return int(made.pk)


def test_a_promise_of_nobody_is_on_the_desks_of_the_line_and_goes_to_who_takes_the_appeal(
    cast: SimpleNamespace, asked: Any
) -> None:
    promised = put_on(asked, cast.filial)

    nothing: tuple[list[int], int] = ([], 0)
    assert promises(cast.alina) == ([promised], 1)
    assert [promises(who) for who in (cast.sp2, cast.vera, cast.clerk, cast.far)] == [nothing] * 4
    do(cast.alina, "take", asked)
    assert Callback.objects.get().owner == cast.alina
    assert promises(cast.alina) == ([promised], 1)
    taken = Event.objects.get(appeal=asked, kind="taken")
    assert taken.details["callbacks"] == [promised]
    assert "вместе с обещанием перезвонить" in story.sentence(taken.kind, taken.details, story.named([taken]))
    assert_row_is_its_fold(asked)


def test_a_promise_handed_to_a_line_waits_on_its_desks(
    cast: SimpleNamespace, place: SimpleNamespace, asked: Any
) -> None:
    do(cast.alina, "take", asked)
    do(cast.alina, "hand_over", asked, to=Target(line="sp2"), why="Сложный случай", callback_at=soon(minutes=1))
    Callback.objects.update(due_at=timezone.now())
    promised = Callback.objects.get()

    assert promises(cast.sp2) == ([promised.pk], 1)
    assert promises(cast.alina) == ([], 0)
    do(cast.sp2, "hand_over", asked, to=Target(handler=place.beta, line="sp1"), why="Застрахован там")
    promised.refresh_from_db()
    assert (promised.owner, promised.organisation) == (None, place.beta)
    assert promises(cast.sp2) == ([], 0)
    do(cast.vera, "take", asked)
    assert promises(cast.vera) == ([promised.pk], 1)


def test_promises_of_who_is_absent_go_with_her_appeals(cast: SimpleNamespace, asked: Any, later: Any) -> None:
    for one in (asked, later):
        do(cast.alina, "take", one)
    hers, colleagues = put_on(asked, cast.alina, owner=cast.alina), put_on(asked, cast.alina, owner=cast.sp2)
    free = put_on(later, cast.alina)

    with enter(cast.boris.scope):
        reassign([asked, later], to=Target(owner=cast.sp3), why="Болеет", by=cast.boris)
    assert {promise.pk: promise.owner for promise in Callback.objects.all()} == {
        hers: cast.sp3,
        colleagues: cast.sp2,
        free: cast.sp3,
    }
    told = {event.appeal_id: event.details["callbacks"] for event in Event.objects.filter(kind="reassigned")}
    assert told == {asked: [hers], later: [free]}
    assert set(promises(cast.sp3)[0]) == {hers, free}
    with enter(cast.boris.scope):
        reassign([asked], to=Target(line="sp1"), why="Уволилась", by=cast.boris)
    assert promises(cast.alina) == ([hers], 1)


WHO = [
    ("alina", None),
    ("filial", None),  # a branch works on its insurer's
    ("timur", RightMissing),
    ("vera", errors.NotFound),
    ("far", errors.NotFound),
]


@pytest.mark.parametrize(("who", "refusal"), WHO)
def test_who_may_promise_and_phone(cast: SimpleNamespace, asked: Any, who: str, refusal: Any) -> None:
    by = getattr(cast, who)
    promised = do(cast.alina, "promise_callback", asked, due_at=soon(), owner=cast.alina)
    commands: list[Any] = [
        lambda: do(by, "promise_callback", asked, due_at=soon(), owner=None),
        lambda: do(by, "miss_callback", promised.pk, note=""),
        lambda: do(by, "complete_callback", promised.pk, result="Поговорили"),
    ]
    for command in commands:
        if refusal is None:
            command()
        else:
            with pytest.raises(refusal):
                command()
    assert Callback.objects.filter(state=CallbackState.OPEN).count() == 1


def test_a_repeated_appeal_is_marked_and_the_mark_goes_with_the_link(
    cast: SimpleNamespace, asked: Any, later: Any
) -> None:
    made = do(cast.alina, "link", later, asked, kind="repeat", why="Спрашивает о том же")

    assert (made.earlier_id, made.later_id) == (asked, later)
    assert (row(asked).is_repeat, row(later).is_repeat) == (False, True)
    with pytest.raises(errors.AlreadyLinked):
        do(cast.alina, "link", asked, later, kind="related", why="Снова")

    do(cast.alina, "unlink", made.pk, why="Ошиблась номером")
    assert not row(later).is_repeat
    assert Relation.objects.get().undone_why == "Ошиблась номером"
    for one in (asked, later):
        assert history(one)[1:] == ["linked", "unlinked"]
        assert_row_is_its_fold(one)
    with pytest.raises(errors.NotLinked):
        do(cast.alina, "unlink", made.pk, why="Ещё раз")
    do(cast.alina, "link", asked, later, kind="duplicate", why="То же самое")


def test_what_was_repeated_before_the_link_stays_repeated(
    cast: SimpleNamespace, topics: SimpleNamespace, asked: Any
) -> None:
    repeated = registered(cast.alina, question(topics, is_repeat=True)).id
    made = do(cast.alina, "link", asked, repeated, kind="repeat", why="Спрашивает о том же")
    do(cast.alina, "unlink", made.pk, why="Не о том же")
    assert row(repeated).is_repeat


def test_links_are_refused_to_oneself_without_words_and_without_sight(
    cast: SimpleNamespace, topics: SimpleNamespace, asked: Any, later: Any
) -> None:
    of_beta = registered(cast.vera, question(topics)).id
    for refusal, given in (
        (errors.NotComplete, (asked, asked, "related", "О том же")),
        (errors.NotComplete, (asked, later, "merged", "О том же")),
        (errors.WordsMissing, (asked, later, "related", " ")),
        (errors.NotFound, (asked, of_beta, "related", "О том же")),
    ):
        one, other, kind, why = given
        with pytest.raises(refusal):
            do(cast.alina, "link", one, other, kind=kind, why=why)
    with pytest.raises(errors.NotYours):
        do(cast.op1, "link", asked, of_beta, kind="related", why="О том же")
    assert not Relation.objects.exists()


def test_a_bundle_keeps_numbers_and_clocks_apart(cast: SimpleNamespace, asked: Any, later: Any) -> None:
    numbers = {row(asked).number, row(later).number}
    made = do(cast.alina, "bundle", [asked, later], title="Не работает портал", cause="Авария")
    with pytest.raises(errors.AlreadyBundled):
        do(cast.alina, "bundle", [asked], title="Другая")
    do(cast.alina, "remove_from_bundle", made.pk, later, why="О другом")
    with pytest.raises(errors.NotBundled):
        do(cast.alina, "remove_from_bundle", made.pk, later, why="О другом")
    do(cast.alina, "add_to_bundle", made.pk, [asked, later])

    assert {appeal.number for appeal in Bundle.objects.get().appeals.all()} == numbers
    assert Clock.objects.filter(is_main=True, state="running").count() == 2
    assert history(asked)[1:] == ["bundled"]
    assert history(later)[1:] == ["bundled", "unbundled", "bundled"]
    for refusal, who in ((errors.NotFound, cast.vera), (RightMissing, cast.timur)):
        with pytest.raises(refusal):
            do(who, "add_to_bundle", made.pk, [asked])


def test_one_text_answers_each_and_names_who_was_refused(
    cast: SimpleNamespace, topics: SimpleNamespace, asked: Any, later: Any
) -> None:
    colleagues = registered(cast.sp2, question(topics, mine=True)).id
    promised = do(cast.alina, "promise_callback", later, due_at=soon(), owner=cast.alina)
    made = do(cast.alina, "bundle", [asked, later, colleagues], title="Не работает портал")

    report = do(cast.alina, "answer_bundle", made.pk, text="Портал работает.", channel="call", outcome="consulted")

    assert report.closed == [row(asked).number]
    assert dict(report.refused).keys() == {row(later).number, row(colleagues).number}
    assert "перезвонить" in dict(report.refused)[row(later).number]
    assert (row(asked).stage, row(later).stage) == (Stage.CLOSED, Stage.REGISTERED)
    assert not Answer.objects.filter(appeal__in=[later, colleagues]).exists()
    assert Bundle.objects.get().closed_at is None

    do(cast.alina, "complete_callback", promised.pk, result="Позвонила")
    do(cast.sp2, "remove_from_bundle", made.pk, colleagues, why="Ответит сама")
    report = do(cast.alina, "answer_bundle", made.pk, text="Портал работает.", outcome="consulted")
    assert (report.closed, report.refused) == ([row(later).number], [])
    assert Bundle.objects.get().closed_at is not None
    assert_row_is_its_fold(later)


def test_complaints_of_a_bundle_wait_for_approval_and_then_leave(
    cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    complaints = [registered(cast.sp3, complaint(topics, mine=True)).id for _ in range(2)]
    made = do(cast.sp3, "bundle", complaints, title="Очередь в регистратуре")
    answer = {
        "text": "Очередь разобрана.",
        "channel": "post",
        "outcome": "complaint_considered",
        "verdict": "justified",
    }

    report = do(cast.sp3, "answer_bundle", made.pk, **answer)
    assert (len(report.submitted), report.closed) == (2, [])
    do(cast.boris, "approve_answer", Answer.objects.get(appeal=complaints[0]).pk)

    report = do(cast.sp3, "answer_bundle", made.pk, **answer)
    assert report.closed == [row(complaints[0]).number]
    assert [number for number, _ in report.refused] == [row(complaints[1]).number]


def test_intake_does_not_change_the_kind_by_a_link(cast: SimpleNamespace, topics: SimpleNamespace, asked: Any) -> None:
    """A link tells its kind under a word of its own: the fold reads «kind» as that of the appeal."""
    later = registered(cast.alina, question(topics)).id
    do(cast.alina, "link", asked, later, kind="repeat", why="Снова о том же")
    told = Event.objects.filter(kind=EventKind.LINKED).values_list("details", flat=True)
    assert all("kind" not in details for details in told)
    with enter(cast.alina.scope):
        assert Appeal.objects.accessible_to(cast.alina).filter(kind="consultation").count() == 2
