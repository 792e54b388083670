"""Registering: the number, the clocks, who sees it, what is refused."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import errors
from opora.appeals.actor import actor_of
from opora.appeals.errors import NotComplete
from opora.appeals.intake import (
    REGISTER,
    Closing,
    NewAppeal,
    NewParty,
    NewReason,
    Registered,
    document,
    parameters,
    register,
)
from opora.appeals.models import Appeal, Clock, Event, Grant, Party, Reason, Tally, Unchained
from opora.appeals.words import Stage
from opora.organisations.models import Assignment, Organisation


def registered(by: Any, new: NewAppeal) -> Registered:
    with enter(by.scope):
        return register(new, by=by)


def question(topics: SimpleNamespace, **fields: Any) -> NewAppeal:
    given: dict[str, Any] = {
        "kind": "consultation",
        "topic": topics.policy,
        "channel": "hot_line",
        "text": "Где полис?",
    }
    return NewAppeal(**{**given, **fields})


def complaint(topics: SimpleNamespace, **fields: Any) -> NewAppeal:
    given: dict[str, Any] = {"kind": "complaint", "topic": topics.quality, "channel": "post", "text": "Лечили плохо."}
    return NewAppeal(**{**given, **fields})


ANSWERED = Closing(outcome="consulted", answer="Полис действует.", card="1")


def test_a_typical_question_is_answered_and_closed_in_one_breath(
    cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    done = registered(cast.alina, question(topics, closing=ANSWERED))

    appeal = Appeal.objects.get(pk=done.id)
    assert (appeal.stage, appeal.outcome, appeal.owner) == (Stage.CLOSED, "consulted", cast.alina)
    kinds = list(Event.objects.filter(appeal=appeal).order_by("at").values_list("kind", flat=True))
    assert kinds == ["registered", "answered", "closed"]
    assert appeal.answers.get().text == "Полис действует."
    assert not Tally.objects.exists()


def test_numbers_follow_each_other_and_a_refusal_leaves_no_gap(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    first = registered(cast.alina, question(topics))
    with transaction.atomic():
        registered(cast.alina, question(topics))
        transaction.set_rollback(True)
    second = registered(cast.sp2, question(topics))

    year = timezone.localdate().strftime("%y")
    assert [first.number, second.number] == [f"54001-{year}-000001", f"54001-{year}-000002"]
    assert registered(cast.vera, question(topics)).number == f"54002-{year}-000001"


def test_a_written_complaint_starts_its_clocks(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    received = timezone.now() - timedelta(days=1)
    reasons = [NewReason(topic=topics.quality, provider_name="Поликлиника № 1"), NewReason(topic=topics.waiting)]
    done = registered(cast.sp3, complaint(topics, received_at=received, reasons=reasons, mine=True))

    appeal = Appeal.objects.get(pk=done.id)
    clocks = {clock.term: clock for clock in Clock.objects.filter(appeal=appeal)}
    assert set(clocks) == {"consideration", "registration"}
    assert clocks["consideration"].is_main
    assert clocks["consideration"].state == "running"
    assert clocks["registration"].state == "kept"
    assert appeal.due_on == clocks["consideration"].due_on
    assert appeal.stage == Stage.IN_WORK
    assert Reason.objects.filter(appeal=appeal).count() == 2
    assert Tally.objects.get().change == 1


def test_who_sees_a_new_appeal(cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> None:
    done = registered(cast.alina, question(topics, parties=[NewParty(surname="Соловьёва", phone="+79000000001")]))

    assert set(Grant.objects.filter(appeal=done.id).values_list("organisation", flat=True)) == {
        place.alfa.pk,
        place.fund.pk,
    }
    for login, sees in [("sp3", 1), ("op1", 1), ("filial", 1), ("vera", 0), ("clerk", 0), ("far", 0)]:
        who = getattr(cast, login)
        with enter(who.scope):
            assert Appeal.objects.accessible_to(who).count() == sees, login
            assert Appeal.objects.count() == sees, f"{login}: row security"
            assert Party.objects.count() == sees, f"{login}: row security of people"


def test_handing_over_to_another_insurer_lets_it_see(
    cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    done = registered(cast.alina, question(topics, handler=place.beta, handed_over_why="Застрахован в Бете"))

    appeal = Appeal.objects.get(pk=done.id)
    assert (appeal.handler, appeal.line, appeal.stage) == (place.beta, "sp2", Stage.REGISTERED)
    with enter(cast.vera.scope):
        assert Appeal.objects.get() == appeal
        assert [event.kind for event in Event.objects.order_by("at")] == ["registered", "handed_over"]


def test_the_function_writes_under_the_row_security_of_who_calls_it(
    cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    given = parameters(question(topics), actor_of(cast.alina), timezone.now())
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with refused, enter(cast.vera.scope), connection.cursor() as cursor:
        cursor.execute(REGISTER, [document(given)])


def test_every_event_waits_for_its_place_in_the_chain(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    registered(cast.alina, question(topics, closing=ANSWERED))

    assert Unchained.objects.count() == Event.objects.count() == 3


REFUSED = [
    ({"topic": "quality"}, "не бывает у обращений этого вида"),
    ({"received_at": timedelta(days=1)}, "в будущем"),
    ({"origin": "other"}, "Назовите организацию"),
    ({"closing": Closing(outcome="consulted")}, "Запишите ответ"),
    ({"closing": Closing(outcome="")}, "Укажите исход"),
    ({"parties": [NewParty(), NewParty()]}, "указывается один раз"),
]


@pytest.mark.parametrize(("fields", "sentence"), REFUSED)
def test_what_is_not_complete_is_refused_and_takes_no_number(
    cast: SimpleNamespace, topics: SimpleNamespace, fields: dict[str, Any], sentence: str
) -> None:
    if "topic" in fields:
        fields = {"topic": getattr(topics, fields["topic"])}
    if "received_at" in fields:
        fields = {"received_at": timezone.now() + fields["received_at"]}

    with pytest.raises(NotComplete, match=sentence):
        registered(cast.alina, question(topics, **fields))

    assert not Appeal.objects.exists()


WRONG_PLACES = [
    ({"handler": "other_fund"}, errors.NoSuchPlace, "в другом регионе"),
    ({"handler": "beta", "line": "op1"}, errors.NoSuchPlace, "Линии ОП1 нет"),
    ({"line": "op2"}, errors.NoSuchPlace, "Линии ОП2 нет"),
    ({"handler": "clinic"}, errors.ToTheAccused, "на кого жалуются"),
    ({"handler": "clinic2"}, errors.ToTheAccused, "на кого жалуются"),
    ({"handler": "beta", "owner": "sp2"}, errors.NoSuchPlace, "не ведёт обращения"),
    ({"owner": "timur"}, errors.NoSuchPlace, "не ведёт обращения"),
    ({"owner": 0}, errors.NoSuchPlace, "Такого сотрудника нет"),
]


@pytest.mark.parametrize(("where", "refusal", "sentence"), WRONG_PLACES)
def test_it_is_not_registered_where_it_could_not_be_handed_over(
    cast: SimpleNamespace,
    topics: SimpleNamespace,
    place: SimpleNamespace,
    where: dict[str, Any],
    refusal: type[Exception],
    sentence: str,
) -> None:
    given: dict[str, Any] = {"line": where.get("line")}
    given["handler"] = getattr(place, where["handler"]) if "handler" in where else None
    owner = where.get("owner")
    given["owner_id"] = getattr(cast, owner).pk if isinstance(owner, str) else owner
    reasons = [
        NewReason(topic=topics.quality, provider_id=place.clinic.pk),
        NewReason(topic=topics.quality, provider_name=" поликлиника № 2"),
    ]
    with pytest.raises(refusal, match=sentence):
        registered(cast.sp3, complaint(topics, reasons=reasons, **given))

    assert not Appeal.objects.exists()


def test_who_is_closed_or_who_left_gets_nothing_new(
    cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    today = timezone.localdate()
    Organisation.objects.filter(pk=place.beta.pk).update(closed_on=today)
    place.beta.refresh_from_db()
    with pytest.raises(errors.NoSuchPlace, match="больше не работает"):
        registered(cast.alina, question(topics, handler=place.beta))
    Assignment.objects.filter(employee=cast.sp2).update(until=today - timedelta(days=1))
    with pytest.raises(errors.NoSuchPlace, match="не ведёт обращения"):
        registered(cast.alina, question(topics, owner_id=cast.sp2.pk))
    Organisation.objects.filter(pk=place.beta.pk).update(closed_on=today + timedelta(days=3))
    place.beta.refresh_from_db()
    assert registered(cast.alina, question(topics, handler=place.beta)).number


def test_only_who_answers_for_an_appeal_closes_it(
    cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    with pytest.raises(errors.NotYours, match="передайте его без закрытия"):
        registered(cast.alina, question(topics, handler=place.beta, closing=ANSWERED))


def test_a_complaint_is_not_closed_without_a_verdict(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    closing = Closing(outcome="complaint_considered", answer="Проверили.")
    with pytest.raises(NotComplete, match="обоснована"):
        registered(cast.sp3, complaint(topics, closing=closing))
