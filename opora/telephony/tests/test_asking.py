"""Who asks to be called back keeps his place; what citizens pressed is counted, and names nobody."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.organisations.models import Assignment, Department
from opora.telephony import ratings
from opora.telephony.models import Call, CallBack
from opora.telephony.ports import Kind, PbxEvent
from opora.telephony.queries import tasks_of
from opora.telephony.services import take_in
from opora.telephony.tests.exchange import BEGAN, MemoryPbx
from opora.telephony.tests.test_pages import DAY, words

type SignIn = Callable[[str | None], Client]


def waits(pbx: MemoryPbx, call: str, caller: str, after: float) -> list[PbxEvent]:
    return [pbx.tell(call, Kind.ARRIVED, after, caller=caller), pbx.tell(call, Kind.QUEUED, after + 1)]


def asks(pbx: MemoryPbx, call: str, after: float) -> list[PbxEvent]:
    return [pbx.tell(call, Kind.SECRETARY, after, asks=True), pbx.tell(call, Kind.ENDED, after + 1)]


def test_he_keeps_his_place_and_is_called_in_his_turn(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    first = waits(pbx, "first", "89000000001", 0)
    second = waits(pbx, "second", "89000000002", 60)
    third = waits(pbx, "third", "89000000003", 120)
    late, early = asks(pbx, "second", 600), asks(pbx, "third", 300)
    take_in([*first, *second, *third, *early, *late])
    tasks = CallBack.objects.order_by("due_at")
    assert [(task.caller, task.why, task.place) for task in tasks] == [
        ("79000000002", "asked", 2),  # came earlier, though he pressed the key later
        ("79000000003", "asked", 3),
    ]
    assert tasks[0].due_at == BEGAN + timedelta(seconds=61, hours=1)
    take_in([*late, *early])
    assert [task.due_at for task in CallBack.objects.order_by("due_at")] == [task.due_at for task in tasks]
    with enter(cast.alina.scope):
        assert [task.ahead for task in tasks_of(cast.alina, BEGAN)] == [1, 1], "the first still waits"
    page = words(signed_in("alina").get("/telephony/"))
    assert "попросил перезвонить" in page
    assert "был в очереди 2-м" in page
    take_in([pbx.tell("first", Kind.ABANDONED, 700), pbx.tell("first", Kind.ENDED, 700)])
    assert "подошла очередь" in words(signed_in("alina").get("/telephony/"))
    assert Call.objects.get(call="second").result == "secretary", "he has not given up"
    call = Call.objects.get(call="second")
    assert "не ожидая в очереди" in words(signed_in("boris").get(f"/telephony/calls/{call.pk}/"))


def test_a_hidden_number_that_asks_cannot_be_called(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in([*waits(pbx, "a", "", 0), *asks(pbx, "a", 60)])
    assert not CallBack.objects.exists()


def test_who_was_missed_before_and_asks_now_has_one_task(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(pbx.missed("m"))
    take_in([*waits(pbx, "a", "89000000001", 600), *asks(pbx, "a", 660)])
    task = CallBack.objects.get()
    assert (task.why, task.missed, task.place) == ("asked", 2, 1)


def rated(pbx: MemoryPbx, call: str, score: int, agent: str, after: float) -> list[PbxEvent]:
    facts = pbx.whole(call, caller=f"8900000{1000 + int(after)}", agent=agent, after=after)
    return [*facts[:-1], pbx.tell(call, Kind.RATED, after + 112, score=str(score))]


def test_ratings_by_line_hour_and_group(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, place: SimpleNamespace, signed_in: SignIn
) -> None:
    for number, score in enumerate((5, 5, 4, 1)):
        take_in(rated(pbx, f"r{number}", score, "201" if number % 2 else "202", number * 300))
    take_in(pbx.whole("silent", after=3600)[:-1])
    group = Department.objects.create(organisation=place.alfa, name="Первая группа")
    Assignment.objects.filter(employee__in=[cast.alina, cast.sp2]).update(department=group)
    with enter(cast.boris.scope):
        [line] = ratings.ratings(cast.boris, "line", DAY, DAY)
        hours = ratings.ratings(cast.boris, "hour", DAY, DAY)
        [of_two] = ratings.ratings(cast.boris, "group", DAY, DAY)
    assert (line.title, line.answered, line.rated, line.keys) == ("Линия Альфы", 5, 4, (1, 0, 0, 1, 2))
    assert line.mean == pytest.approx(3.75)
    assert line.share == pytest.approx(80)
    assert [(hour.title, hour.rated) for hour in hours] == [("12", 4), ("13", 0)]
    assert of_two.is_hidden
    assert of_two.keys == (), "two people are named by their group"
    page = words(signed_in("boris").get(f"/telephony/ratings/?since={DAY:%d.%m.%Y}&until={DAY:%d.%m.%Y}"))
    assert "3,75" in page
    assert "показатели не показываем" in page
