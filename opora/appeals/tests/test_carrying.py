"""Carrying an appeal: taken, handed over, returned, answered, closed, reopened."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.scope import enter
from opora.appeals import errors, rules, services
from opora.appeals.intake import Closing
from opora.appeals.models import Answer, Appeal, Callback, Clock, Event, Grant, Reason
from opora.appeals.services import Target
from opora.appeals.tests.test_register import complaint, question, registered
from opora.appeals.words import AnswerState, CallbackState, EventKind, Stage
from opora.audit.models import AuditLine
from opora.organisations.models import Assignment


def do(who: Any, command: str, *args: Any, **fields: Any) -> Any:
    """Run a command the way a page does: in the scope of who sends it."""
    with enter(who.scope):
        return getattr(services, command)(*args, **fields, by=who)


def row(appeal_id: Any) -> Appeal:
    return Appeal.objects.get(pk=appeal_id)


def history(appeal_id: Any) -> list[str]:
    return list(Event.objects.filter(appeal=appeal_id).order_by("at", "id").values_list("kind", flat=True))


def assert_row_is_its_fold(appeal_id: Any) -> None:
    told = Event.objects.filter(appeal=appeal_id).order_by("at", "id").values_list("details", flat=True)
    appeal = row(appeal_id)
    assert rules.fold(told) == rules.told({name: getattr(appeal, name) for name in rules.FOLDED})


@pytest.fixture
def asked(cast: SimpleNamespace, topics: SimpleNamespace) -> Any:
    return registered(cast.alina, question(topics)).id


@pytest.fixture
def complained(cast: SimpleNamespace, topics: SimpleNamespace) -> Any:
    return registered(cast.sp3, complaint(topics, mine=True)).id


def test_taking_from_the_queue(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked, version=1)

    appeal = row(asked)
    assert (appeal.stage, appeal.owner, appeal.version) == (Stage.IN_WORK, cast.alina, 2)
    assert AuditLine.objects.filter(action="appeals.take", subject_id=str(asked)).exists()
    assert Grant.objects.filter(appeal=asked, owner_id=cast.alina.pk, stage=Stage.IN_WORK).count() == 2
    assert_row_is_its_fold(asked)


def test_a_command_costs_few_questions(cast: SimpleNamespace, asked: Any, django_assert_max_num_queries: Any) -> None:
    with enter(cast.alina.scope):
        cast.alina.scope.settings()
        with django_assert_max_num_queries(5):  # lock, row, event, audit line
            services.take(asked, by=cast.alina)


def test_a_second_hand_on_the_same_card_is_told(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked, version=1)
    with pytest.raises(errors.ChangedMeanwhile):
        do(cast.sp2, "take", asked, version=1)
    with pytest.raises(errors.ColleaguesAppeal):
        do(cast.sp2, "take", asked)
    with pytest.raises(errors.AlreadyYours):
        do(cast.alina, "take", asked)


def test_the_first_level_does_not_take_what_waits_for_the_second(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "hand_over", asked, to=Target(line="sp2"), why="Не типовой")
    with pytest.raises(errors.OtherLevel):
        do(cast.alina, "take", asked)
    do(cast.sp2, "take", asked)


def test_a_hand_over_carries_all_that_is_known(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked)
    when = timezone.now() + timedelta(hours=2)
    do(
        cast.alina,
        "hand_over",
        asked,
        to=Target(owner=cast.sp2),
        why="Спор о прикреплении",
        draft="Уважаемая Полина Андреевна, ",
        identity="личность подтверждена",
        callback_at=when,
        call_id="call-77",
    )

    appeal = row(asked)
    assert (appeal.stage, appeal.owner, appeal.line) == (Stage.ASSIGNED, cast.sp2, "sp2")
    moved = Event.objects.get(appeal=asked, kind=EventKind.HANDED_OVER)
    assert moved.text == "Спор о прикреплении"
    assert moved.details["from_owner"] == cast.alina.pk
    assert moved.details["owner"] == cast.sp2.pk
    assert moved.details["identity"] == "личность подтверждена"
    assert moved.details["call_id"] == "call-77"
    assert Answer.objects.get(pk=moved.details["draft"]).text == "Уважаемая Полина Андреевна,"
    promise = Callback.objects.get(appeal=asked)
    assert (promise.owner, promise.due_at) == (cast.sp2, when)
    assert_row_is_its_fold(asked)


def test_a_hand_over_to_another_insurer_lets_it_see_and_the_former_keep(
    cast: SimpleNamespace, place: SimpleNamespace, asked: Any
) -> None:
    do(cast.alina, "hand_over", asked, to=Target(handler=place.beta), why="Застрахована в Бете")

    appeal = row(asked)
    assert (appeal.handler, appeal.line, appeal.owner_id, appeal.stage) == (place.beta, "sp2", None, Stage.REGISTERED)
    assert appeal.outside == "insurer"
    with enter(cast.vera.scope):
        assert Appeal.objects.accessible_to(cast.vera).get() == appeal
    with enter(cast.alina.scope):
        assert Appeal.objects.accessible_to(cast.alina).get() == appeal
    with pytest.raises(errors.NotYours):
        do(cast.alina, "take", asked)
    assert_row_is_its_fold(asked)


def test_a_return_goes_back_step_by_step(cast: SimpleNamespace, place: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked)
    do(cast.alina, "hand_over", asked, to=Target(owner=cast.sp2), why="Не типовой")
    do(cast.sp2, "hand_over", asked, to=Target(owner=cast.sp3), why="Нужен эксперт")

    do(cast.sp3, "return_back", asked, why="Экспертиза не нужна")
    assert row(asked).owner == cast.sp2
    do(cast.sp2, "return_back", asked, why="Есть карточка ответа")
    assert (row(asked).owner, row(asked).stage) == (cast.alina, Stage.ASSIGNED)
    with pytest.raises(errors.NobodyToReturnTo):
        do(cast.alina, "return_back", asked, why="Не знаю кому")
    assert_row_is_its_fold(asked)


def test_what_was_registered_for_another_insurer_comes_back_to_who_registered(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    done = registered(cast.alina, question(topics, handler=place.beta, handed_over_why="Застрахован в Бете"))
    do(cast.vera, "return_back", done.id, why="Полис Альфы")

    appeal = row(done.id)
    assert (appeal.handler, appeal.owner, appeal.responsible) == (place.alfa, cast.alina, "insurer")


def test_who_left_gets_nothing_back(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked)
    do(cast.alina, "hand_over", asked, to=Target(owner=cast.sp2), why="Не типовой")
    Assignment.objects.filter(employee=cast.alina).update(until=timezone.localdate() - timedelta(days=1))
    do(cast.sp2, "return_back", asked, why="Типовой")

    assert (row(asked).owner, row(asked).stage, row(asked).line) == (None, Stage.REGISTERED, "sp1")


REFUSED_PLACES = [
    ({"line": "op1"}, "Линии ОП1 нет"),
    ({}, "Укажите, кому передать"),
    ({"owner": "vera"}, "не ведёт обращения"),
    ({"owner": "timur"}, "не ведёт обращения"),
    ({"handler": "other_fund"}, "в другом регионе"),
]


@pytest.mark.parametrize(("target", "sentence"), REFUSED_PLACES)
def test_where_an_appeal_cannot_go(
    cast: SimpleNamespace, place: SimpleNamespace, asked: Any, target: dict[str, Any], sentence: str
) -> None:
    if "owner" in target:
        target = {"owner": getattr(cast, target["owner"])}
    if "handler" in target:
        target = {"handler": getattr(place, target["handler"])}
    with pytest.raises(errors.NoSuchPlace, match=sentence):
        do(cast.alina, "hand_over", asked, to=Target(**target), why="Так")
    assert history(asked) == ["registered"]


def test_a_complaint_does_not_go_to_the_accused(
    cast: SimpleNamespace, place: SimpleNamespace, complained: Any, topics: SimpleNamespace
) -> None:
    Reason.objects.create(appeal_id=complained, topic=topics.quality, topic_code="t-quality", provider=place.clinic)
    with pytest.raises(errors.ToTheAccused):
        do(cast.sp3, "hand_over", complained, to=Target(handler=place.clinic), why="Разберитесь")
    do(cast.sp3, "hand_over", complained, to=Target(handler=place.clinic2), why="Разберитесь")


def test_reassigning_for_somebody_absent(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    ids = [registered(cast.sp2, question(topics, mine=True)).id for _ in range(3)]
    assert do(cast.boris, "reassign", ids, to=Target(owner=cast.sp3), why="Отпуск") == 3

    for appeal_id in ids:
        assert (row(appeal_id).owner, row(appeal_id).stage, row(appeal_id).line) == (cast.sp3, Stage.ASSIGNED, "sp3")
        assert history(appeal_id) == ["registered", "reassigned"]
        assert_row_is_its_fold(appeal_id)


def test_reassigning_takes_as_many_questions_for_a_hundred_as_for_one(
    cast: SimpleNamespace, topics: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    ids = [registered(cast.sp2, question(topics, mine=True)).id for _ in range(30)]
    with enter(cast.boris.scope), django_assert_max_num_queries(16):
        services.reassign(ids, to=Target(line="sp3"), why="Отпуск", by=cast.boris)


def test_a_question_is_answered_aloud_and_closed(cast: SimpleNamespace, asked: Any) -> None:
    answer = do(cast.alina, "prepare_answer", asked, text="Полис действует.", card="1")
    assert row(asked).owner == cast.alina  # who begins an answer has it
    do(cast.alina, "send_answer", answer.pk, channel="hot_line")
    do(cast.alina, "close", asked, outcome="consulted")

    appeal = row(asked)
    assert (appeal.stage, appeal.outcome) == (Stage.CLOSED, "consulted")
    assert Answer.objects.get().state == AnswerState.DELIVERED
    assert set(Clock.objects.filter(appeal=asked).values_list("state", flat=True)) == {"kept"}
    assert history(asked) == ["registered", "answer_prepared", "answered", "closed"]
    assert_row_is_its_fold(asked)


def test_the_answer_to_a_complaint_is_approved_by_another(cast: SimpleNamespace, complained: Any) -> None:
    first = do(cast.sp3, "prepare_answer", complained, text="Проверили.")
    with pytest.raises(errors.NeedsApproval):
        do(cast.sp3, "send_answer", first.pk, channel="post")
    do(cast.sp3, "submit_answer", first.pk)
    assert row(complained).stage == Stage.PREPARED
    do(cast.boris, "return_answer", first.pk, why="Укажите номер акта")
    assert (row(complained).stage, Answer.objects.get().returned_why) == (Stage.IN_WORK, "Укажите номер акта")

    second = do(cast.sp3, "prepare_answer", complained, text="Проверили, акт № 7.")
    assert second.pk != first.pk
    do(cast.sp3, "submit_answer", second.pk)
    do(cast.boris, "approve_answer", second.pk)
    do(cast.sp3, "send_answer", second.pk, channel="post", outgoing_number="12-и", outgoing_on=timezone.localdate())
    assert (row(complained).stage, row(complained).outgoing_number) == (Stage.ANSWERED, "12-и")
    with pytest.raises(errors.NoVerdict):
        do(cast.sp3, "close", complained, outcome="complaint_considered")
    do(cast.sp3, "close", complained, outcome="complaint_considered", verdict="justified")
    do(cast.sp3, "confirm_delivery", second.pk)
    assert Answer.objects.get(pk=second.pk).state == AnswerState.DELIVERED
    assert_row_is_its_fold(complained)


def test_nobody_approves_her_own_answer(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    appeal_id = registered(cast.boris, complaint(topics, mine=True)).id
    answer = do(cast.boris, "prepare_answer", appeal_id, text="Проверили.")
    do(cast.boris, "submit_answer", answer.pk)
    with pytest.raises(errors.OwnAnswer):
        do(cast.boris, "approve_answer", answer.pk)


def test_a_letter_that_came_back_is_no_answer(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    appeal_id = registered(cast.sp2, question(topics, channel="post", mine=True)).id
    answer = do(cast.sp2, "prepare_answer", appeal_id, text="Ответ.")
    do(cast.sp2, "send_answer", answer.pk, channel="post")
    do(cast.sp2, "confirm_delivery", answer.pk, failed_why="Адресат выбыл")

    assert (row(appeal_id).stage, row(appeal_id).answered_at) == (Stage.IN_WORK, None)
    with pytest.raises(errors.NoAnswer):
        do(cast.sp2, "close", appeal_id, outcome="consulted")
    assert_row_is_its_fold(appeal_id)


REFUSED_CHANNELS = [
    ("post", "email", "отвечают письмом"),
    ("hot_line", "email", "устное"),
    ("internet", "email", "не записана почта"),
    ("post", "dove", "Выберите"),
]


@pytest.mark.parametrize(("came_by", "leaves_by", "sentence"), REFUSED_CHANNELS)
def test_an_answer_leaves_by_the_citizens_way(
    cast: SimpleNamespace, topics: SimpleNamespace, came_by: str, leaves_by: str, sentence: str
) -> None:
    appeal_id = registered(cast.sp2, question(topics, channel=came_by, mine=True)).id
    answer = do(cast.sp2, "prepare_answer", appeal_id, text="Ответ.")
    with pytest.raises(errors.ChannelRefused, match=sentence):
        do(cast.sp2, "send_answer", answer.pk, channel=leaves_by)


def test_nothing_is_closed_without_an_answer(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked)
    with pytest.raises(errors.NoAnswer):
        do(cast.alina, "close", asked, outcome="consulted")
    with pytest.raises(errors.NotForwarded):
        do(cast.alina, "close", asked, outcome="redirected")
    do(cast.alina, "close", asked, outcome="withdrawn", why="Отозвала по телефону")
    with pytest.raises(errors.AlreadyClosed):
        do(cast.alina, "take", asked)


WORDLESS = [
    ("complaint", "post", "call_redirected", "Отвечает другой отдел", errors.NotACall),
    ("complaint", "visit", "call_redirected", "Отвечает другой отдел", errors.NotACall),
    ("complaint", "hot_line", "call_redirected", "", errors.WordsMissing),
    ("complaint", "post", "withdrawn", "", errors.WordsMissing),
    ("complaint", "post", "withdrawn", "  ", errors.WordsMissing),
    ("consultation", "post", "withdrawn", "", errors.WordsMissing),
    ("consultation", "post", "call_redirected", "", errors.NotACall),
]


@pytest.mark.parametrize(("kind", "channel", "outcome", "why", "refusal"), WORDLESS)
def test_what_is_closed_without_an_answer_is_closed_with_its_reason(
    cast: SimpleNamespace, topics: SimpleNamespace, kind: str, channel: str, outcome: str, why: str, refusal: Any
) -> None:
    make = complaint if kind == "complaint" else question
    appeal_id = registered(cast.sp3, make(topics, channel=channel, mine=True)).id
    with pytest.raises(refusal):
        do(cast.sp3, "close", appeal_id, outcome=outcome, why=why)
    verdict = "unjustified" if make is complaint else ""
    at_once = make(topics, channel=channel, closing=Closing(outcome=outcome, answer="Так", why=why, verdict=verdict))
    with pytest.raises(refusal):
        registered(cast.sp3, at_once)

    assert row(appeal_id).is_open
    assert Appeal.objects.count() == 1


def test_a_call_that_was_put_through_and_a_withdrawal_keep_their_words(
    cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    call = registered(cast.sp3, complaint(topics, channel="hot_line", mine=True)).id
    do(cast.sp3, "close", call, outcome="call_redirected", why="Эксперту фонда")
    withdrawn = Closing(outcome="withdrawn", why="Отозвала, не положив трубку")
    at_once = registered(cast.sp3, question(topics, closing=withdrawn)).id

    said = dict(Event.objects.filter(kind="closed").values_list("appeal", "text"))
    assert said == {call: "Эксперту фонда", at_once: "Отозвала, не положив трубку"}
    assert_row_is_its_fold(call)
    assert_row_is_its_fold(at_once)


def test_a_promise_to_phone_is_given_up_only_with_words(cast: SimpleNamespace, asked: Any) -> None:
    do(
        cast.alina,
        "hand_over",
        asked,
        to=Target(owner=cast.sp2),
        why="Не типовой",
        callback_at=timezone.now() + timedelta(hours=1),
    )
    with pytest.raises(errors.OpenCallback):
        do(cast.sp2, "close", asked, outcome="withdrawn", why="Отозвала по телефону")
    do(cast.sp2, "close", asked, outcome="withdrawn", why="Отозвала по телефону", callbacks_why="Просила не звонить")
    assert Callback.objects.get().state == CallbackState.CANCELLED
    assert Event.objects.get(appeal=asked, kind="closed").text == "Отозвала по телефону\nПросила не звонить"


def test_reopening_starts_a_new_clock(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.sp3, "take", asked)
    do(cast.sp3, "close", asked, outcome="withdrawn", why="Отозвала по телефону")
    with pytest.raises(RightMissing):
        do(cast.alina, "reopen", asked, why="Пожаловалась снова")
    do(cast.sp3, "reopen", asked, why="Пожаловалась снова")

    appeal = row(asked)
    assert (appeal.stage, appeal.owner, appeal.outcome, appeal.closed_at) == (Stage.ASSIGNED, cast.sp3, "", None)
    assert list(Clock.objects.filter(appeal=asked).order_by("started_at").values_list("state", flat=True)) == [
        "kept",
        "running",
    ]
    assert_row_is_its_fold(asked)


def test_a_note_stands_on_a_closed_appeal_too(cast: SimpleNamespace, asked: Any) -> None:
    do(cast.alina, "take", asked)
    do(cast.alina, "close", asked, outcome="withdrawn", why="Отозвала по телефону")
    do(cast.op1, "note", asked, text="Звонила в фонд, благодарила")
    assert history(asked)[-1] == "noted"
    with pytest.raises(errors.WordsMissing):
        do(cast.op1, "note", asked, text=" ")
