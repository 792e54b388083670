"""The way of a message: coordinator, executor, approval, answer, rating, opened again; and the other ways out."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.db.utils import InternalError
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.adapters.poshouse.server import PosServer
from opora.appeals.errors import NotExtendable, OwnAnswer
from opora.appeals.models import Answer, Appeal, AppealText, Clock, File, Party
from opora.doors import services as doors
from opora.doors.errors import NoWayBack
from opora.doors.models import Door, Message, Thread
from opora.doors.services import reply
from opora.feedback import errors, services
from opora.feedback.models import Errand, PosMessage, Step
from opora.feedback.tests.conftest import PDF, POLINA
from opora.insured.models import Person


def kinds(message: PosMessage) -> list[str]:
    return list(Step.objects.filter(message=message).order_by("pk").values_list("kind", flat=True))


def test_the_whole_way(pos: PosServer, door: Door, message: PosMessage, cast: SimpleNamespace, place: Any) -> None:
    appeal = message.appeal
    assert (message.stage, message.handler, appeal.channel, appeal.handler) == (
        "received", place.alfa, "feedback", place.alfa
    )  # fmt: skip
    assert appeal.topic_code == "t-policy"
    assert Party.objects.get(appeal=appeal).enp == "5476410835001236"

    services.assign(message.pk, employee=cast.sp2, why="Проверьте прикрепление.", by=cast.boris)
    services.prepare(message.pk, "Полис обновлён.", outcome="consulted", by=cast.sp2)
    services.return_answer(message.pk, "Назовите срок.", by=cast.boris)
    services.prepare(message.pk, "Полис будет виден завтра.", outcome="consulted", by=cast.sp2)
    services.approve(message.pk, by=cast.boris)
    assert services.carry_due() == 1
    message.refresh_from_db()
    assert (message.stage, message.answered_by, message.published_at) == ("answered", place.alfa, None)
    assert [body["text"] for act, body in pos.given] == ["Полис будет виден завтра."]

    assert services.fetch_door(door) == 1
    message.refresh_from_db()
    appeal.refresh_from_db()
    assert message.published_at is not None
    assert (appeal.stage, appeal.outcome) == ("closed", "consulted")
    assert Answer.objects.get(state="delivered").text == "Полис будет виден завтра."
    assert Clock.objects.get(appeal=appeal, is_main=True).state == "kept"

    pos.platform.rate(message.external_id, 4, "Быстро")
    services.fetch_door(door)
    message.refresh_from_db()
    assert message.rating == 4
    assert kinds(message) == [
        "received", "assigned", "prepared", "returned", "prepared", "approved", "given", "published", "rated",
    ]  # fmt: skip


def test_each_track_has_its_own_clock(door: Door, write: Any, place: Any) -> None:
    at = timezone.now() - timedelta(days=1)
    for track in ("ordinary", "fast"):
        write(track=track, at=at.isoformat())
    services.fetch_door(door)
    slow, fast = PosMessage.objects.order_by("external_id")
    clock = Clock.objects.get(appeal=fast.appeal, is_main=True)
    assert (clock.term, Clock.objects.get(appeal=slow.appeal, is_main=True).term) == ("pos_fast", "pos")
    assert clock.started_on == at.astimezone(place.fund.zone).date()
    assert fast.due_at < slow.due_at


def test_who_answers_is_said_by_the_table_then_by_the_person(door: Door, write: Any, place: Any, polina: Any) -> None:
    write(category="Лечение")
    write(category="полис  ОМС", subcategory="")
    write(category="О котором не договаривались", subcategory="")
    write(citizen={"lastName": "Незнакомцев", "firstName": "Пётр"})
    services.fetch_door(door)
    found = PosMessage.objects.order_by("external_id").select_related("handler", "appeal")
    assert [(one.handler, one.appeal.topic_code, one.is_known_category) for one in found] == [
        (place.fund, "t-waiting", True),
        (place.alfa, "t-policy", True),
        (place.alfa, "t-insurer", False),
        (place.fund, "t-policy", True),
    ]


@pytest.mark.parametrize(
    ("in_register", "told", "is_she"),
    [
        ({}, {}, True),
        ({"snils": "11223344696"}, {}, False),
        ({"snils": None}, {}, True),
        ({}, {"snils": ""}, True),
        ({"snils": None, "is_far": True}, {}, False),
        ({"is_far": True}, {"snils": ""}, False),
        ({"is_far": True}, {}, True),
    ],
    ids=["snils", "another snils", "none known", "none told", "far, none known", "far, none told", "far, snils"],
)
def test_a_namesake_is_not_who_writes(
    door: Door, write: Any, place: Any, polina: Any, in_register: dict[str, Any], told: dict[str, str], is_she: bool
) -> None:
    known = {"snils": polina.snils, **in_register}
    territory = place.alt if known.pop("is_far", False) else polina.territory
    Person.objects.filter(pk=polina.pk).update(territory=territory, **known)
    write(citizen={**POLINA, **told})
    services.fetch_door(door)
    assert Thread.objects.get().person_id == (polina.pk if is_she else None)


def test_files_and_odd_names_come_along(door: Door, write: Any) -> None:
    citizen = {"lastName": "<script>alert(1)</script>", "firstName": "Ива\u202eн"}
    write("<b>Где полис?</b>\u0000", citizen=citizen, files=[{"name": "скан.pdf", "content": PDF}])
    assert services.fetch_door(door) == 1
    appeal = PosMessage.objects.get().appeal
    assert AppealText.objects.get(appeal=appeal).text == "<b>Где полис?</b>"
    assert File.objects.get(appeal=appeal).name == "скан.pdf"
    assert Party.objects.get(appeal=appeal).surname == "<script>alert(1)</script>"


def test_a_citizen_who_disagrees_gets_his_executor_again(pos: Any, door: Door, answered: Any, cast: Any) -> None:
    services.carry_due()
    pos.platform.reopen(answered.external_id, "Полиса всё равно нет.")
    services.fetch_door(door)
    answered.refresh_from_db()
    appeal = Appeal.objects.get()
    assert (answered.stage, answered.executor, answered.reopened) == ("work", cast.sp2, 1)
    assert (appeal.stage, appeal.owner) == ("assigned", cast.sp2)
    assert answered.due_at > timezone.now()
    assert Step.objects.get(kind="reopened").text == "Полиса всё равно нет."
    assert Thread.objects.get().state == "registered"
    assert Message.objects.filter(direction="in").count() == 2
    services.prepare(answered.pk, "Теперь виден.", outcome="consulted", by=cast.sp2)
    services.approve(answered.pk, by=cast.boris)
    services.carry_due()
    assert len(pos.platform.messages[answered.external_id]["answers"]) == 2


def test_a_fast_message_stays_fast_when_it_returns(pos: Any, door: Door, write: Any, polina: Any, cast: Any) -> None:
    write(track="fast")
    services.fetch_door(door)
    found = PosMessage.objects.get()
    services.prepare(found.pk, "Да.", outcome="consulted", by=cast.sp2)
    services.approve(found.pk, by=cast.boris)
    services.carry_due()
    pos.platform.reopen(found.external_id, "")
    services.fetch_door(door)
    assert Clock.objects.get(appeal=found.appeal, state="running").term == "pos_fast"


def test_a_longer_term_begins_when_the_platform_agrees(pos: Any, message: PosMessage, cast: Any) -> None:
    before = message.due_at
    services.extend(message.pk, days=10, order_number="17", why="Ждём клинику.", by=cast.boris)
    message.refresh_from_db()
    assert message.due_at == before
    with pytest.raises(errors.StillGoing):
        services.prepare(message.pk, "Ответ.", outcome="consulted", by=cast.sp2)
    services.carry_due()
    message.refresh_from_db()
    assert message.due_at > before + timedelta(days=5)
    assert (
        pos.platform.messages[message.external_id]["until"] == message.appeal.__class__.objects.get().due_on.isoformat()
    )
    with pytest.raises(NotExtendable):
        services.extend(message.pk, days=40, order_number="18", why="Ещё.", by=cast.boris)
    assert Errand.objects.count() == 1


def test_a_term_the_platform_does_not_move_stays(pos: Any, message: PosMessage, cast: Any) -> None:
    before = message.due_at
    pos.troubles = [(422, '{"code": "no", "message": "Нельзя продлить"}')]
    services.extend(message.pk, days=10, order_number="17", why="Ждём клинику.", by=cast.boris)
    services.carry_due()
    message.refresh_from_db()
    assert (message.due_at, message.trouble) == (before, "Не принято: Нельзя продлить")


def test_what_is_not_ours_is_given_away_and_closed(pos: Any, message: PosMessage, cast: Any) -> None:
    services.redirect(message.pk, outside="authority", to="Минздрав", why="Вопрос о лекарствах.", by=cast.boris)
    services.carry_due()
    message.refresh_from_db()
    appeal = Appeal.objects.get()
    assert (message.stage, appeal.stage, appeal.outcome) == ("redirected", "closed", "redirected")
    assert pos.platform.messages[message.external_id]["to"] == "Минздрав"


def test_another_organisation_goes_on(message: PosMessage, cast: Any, place: Any) -> None:
    services.assign(message.pk, organisation=place.fund, why="Человек сменил страховую.", by=cast.boris)
    message.refresh_from_db()
    assert (message.handler, message.stage) == (place.fund, "received")
    with pytest.raises(errors.NoSuchMessage):
        services.take(message.pk, by=cast.sp2)
    services.take(message.pk, by=cast.op2)


@pytest.mark.parametrize(
    ("text", "outcome", "refusal"),
    [
        (" \u200b", "consulted", errors.WordsNeeded),
        ("я" * 4001, "consulted", errors.AnswerTooLong),
        ("Да.", "withdrawn", errors.OutcomeNeeded),
        ("Да.", "", errors.OutcomeNeeded),
    ],
)
def test_what_is_no_answer(message: PosMessage, cast: Any, text: str, outcome: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        services.prepare(message.pk, text, outcome=outcome, by=cast.sp2)
    assert not Answer.objects.exists()


def test_who_may_not(message: PosMessage, cast: Any) -> None:
    with pytest.raises(RightMissing):
        services.take(message.pk, by=cast.alina)
    with pytest.raises(RightMissing):
        services.assign(message.pk, employee=cast.sp2, why="Мне.", by=cast.sp2)
    with pytest.raises(errors.NobodyChosen):
        services.assign(message.pk, why="Кому-нибудь.", by=cast.boris)
    with pytest.raises(errors.WordsNeeded):
        services.assign(message.pk, employee=cast.sp2, why=" ", by=cast.boris)
    with pytest.raises(errors.MessageChanged):
        services.take(message.pk, by=cast.sp2, version=99)
    services.prepare(message.pk, "Сам.", outcome="consulted", by=cast.boris)
    with pytest.raises(OwnAnswer), transaction.atomic():
        services.approve(message.pk, by=cast.boris)
    with pytest.raises(errors.NotNow):
        services.take(message.pk, by=cast.sp2)


def test_the_room_of_doors_answers_nothing_here(message: PosMessage, cast: Any) -> None:
    with pytest.raises(NoWayBack):
        reply(Thread.objects.get(), "Мимо утверждения.", by=cast.op2)


def test_a_place_changed_in_the_journal_is_followed(message: PosMessage, cast: Any) -> None:
    Appeal.objects.update(owner=cast.sp2)
    assert services.follow() == 1
    assert services.follow() == 0
    message.refresh_from_db()
    assert message.executor == cast.sp2


def test_steps_stay(message: PosMessage) -> None:
    for spoil in (lambda: Step.objects.update(text="другое"), lambda: Step.objects.all().delete()):
        with pytest.raises((ProgrammingError, InternalError), match="append-only"), transaction.atomic():
            spoil()


def test_a_forgotten_thread_leaves_the_message_and_its_steps(message: PosMessage) -> None:
    assert Thread.objects.get().forget_at is not None
    Thread.objects.update(forget_at=timezone.now() - timedelta(seconds=1))
    doors.forget()
    message.refresh_from_db()
    assert (message.thread, Message.objects.count(), kinds(message)) == (None, 0, ["received"])
