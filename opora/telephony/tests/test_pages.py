"""Pages of the line: who calls, what opens, what is counted; strangers get 404."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.appeals.models import Draft
from opora.audit.models import AuditLine
from opora.insured.models import Contact, Person
from opora.organisations.models import Assignment, Department
from opora.telephony import figures, ratings
from opora.telephony.models import Call, CallBack, Line, PopUp
from opora.telephony.ports import Kind
from opora.telephony.services import take_in
from opora.telephony.tests.exchange import BEGAN, MemoryPbx

type SignIn = Callable[[str | None], Client]
DAY = date(2026, 3, 11)


def rings(pbx: MemoryPbx, call: str = "a", caller: str = "89000000001", agent: str = "201") -> Call:
    take_in(
        [
            pbx.tell(call, Kind.ARRIVED, 0, caller=caller),
            pbx.tell(call, Kind.QUEUED, 1),
            pbx.tell(call, Kind.RINGING, 2, agent=agent),
        ]
    )
    return Call.objects.get(call=call)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_person_is_shown_before_the_answer(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, polina: Person
) -> None:
    call = rings(pbx)
    desk = signed_in("alina")
    shown = words(desk.get("/telephony/ringing/"))
    assert "Звонит" in shown
    assert "Соловьёва-Седая Полина Андреевна" in shown
    assert shown.count("data-open-intake") == 1
    for _ in range(2):
        desk.get("/telephony/ringing/")
    assert PopUp.objects.filter(call=call).count() == 1
    lines = AuditLine.objects.filter(action="telephony.popup")
    assert [(line.subject_id, line.purpose) for line in lines] == [(str(polina.pk), "appeal")]


@pytest.mark.parametrize("login", ["sp2", "op1", "vera"])
def test_nobody_else_is_shown_the_call(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, polina: Person, login: str
) -> None:
    rings(pbx)
    assert "Звонит" not in words(signed_in(login).get("/telephony/ringing/"))


def test_five_people_of_one_number_are_to_be_chosen(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, polina: Person, place: SimpleNamespace
) -> None:
    from opora.insured.models import Policy

    for number in range(4):
        person = Person.objects.create(
            territory=place.nsk, surname=f"Родня{number}", given_name="Лев", birth_on=date(2000 + number, 1, 1), sex=1
        )
        Policy.objects.create(
            person=person, kind=Policy.Kind.UNIFORM, number=f"{number}" * 16, insurer=place.alfa, since=date(2020, 1, 1)
        )
        Contact.objects.create(person=person, kind="phone", value=f"+7900000000{number}", normalised="79000000001")
    call = rings(pbx)
    desk = signed_in("alina")
    shown = words(desk.get("/telephony/ringing/"))
    assert shown.count('class="button pick"') == 5
    answer = desk.post(f"/telephony/calls/{call.pk}/intake/", {"person": polina.pk})
    assert answer.status_code == 302
    assert Draft.objects.get().body["person"] == [str(polina.pk)]


def test_a_wrong_number_is_not_his_any_more(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, polina: Person
) -> None:
    Contact.objects.update(state=Contact.State.WRONG)
    rings(pbx)
    assert "Человека с таким номером не нашли" in words(signed_in("alina").get("/telephony/ringing/"))


def test_a_hidden_number_opens_an_empty_draft(pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn) -> None:
    call = rings(pbx, caller="anonymous")
    desk = signed_in("alina")
    assert "Номер скрыт" in words(desk.get("/telephony/ringing/"))
    desk.post(f"/telephony/calls/{call.pk}/intake/")
    draft = Draft.objects.get()
    assert (draft.call_id, draft.body) == (call.code, {"channel": ["hot_line"], "call_id": [call.code]})


def test_one_call_is_one_draft_and_the_sheet_carries_it(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, polina: Person
) -> None:
    call = rings(pbx)
    desk = signed_in("alina")
    addresses = {desk.post(f"/telephony/calls/{call.pk}/intake/", {"person": polina.pk}).url for _ in range(3)}
    assert len(addresses) == 1
    sheet = words(desk.get(addresses.pop()))
    assert f'value="{call.code}"' in sheet
    assert "Соловьёва-Седая" in sheet


def test_a_transfer_carries_what_was_typed(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, polina: Person
) -> None:
    call = rings(pbx)
    signed_in("alina").post(f"/telephony/calls/{call.pk}/intake/", {"person": polina.pk})
    draft = Draft.objects.get()
    draft.body = {**draft.body, "text": ["Отказали в приёме"], "window": ["1-2"]}
    draft.save()
    take_in(
        [
            pbx.tell("a", Kind.ANSWERED, 5, agent="201"),
            pbx.tell("a", Kind.TRANSFERRED, 50, to="202", warm=True),
            pbx.tell("a", Kind.RINGING, 51, agent="202"),
        ]
    )
    second = signed_in("sp2")
    assert "Звонит" in words(second.get("/telephony/ringing/"))
    second.post(f"/telephony/calls/{call.pk}/intake/")
    theirs = Draft.objects.exclude(pk=draft.pk).get()
    assert theirs.body["text"] == ["Отказали в приёме"]
    assert theirs.body["person"] == [str(polina.pk)]
    assert "window" not in theirs.body


def test_strangers_find_no_call(pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn) -> None:
    call = rings(pbx)
    assert signed_in("op1").post(f"/telephony/calls/{call.pk}/intake/").status_code == 404
    assert signed_in("boris").get(f"/telephony/calls/{call.pk}/").status_code == 200
    assert signed_in("alina").get(f"/telephony/calls/{call.pk}/").status_code == 403


def test_the_page_of_the_line(pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn) -> None:
    facts = [*pbx.missed("m"), *pbx.whole("w", caller="89000000002", after=60)]
    take_in(facts[:8])
    take_in(facts[8:])
    desk = signed_in("alina")
    shown = words(desk.get("/telephony/"))
    assert "дописываю" in shown
    assert "+7 900 •••-00-01" in shown, "a number is whole for its owner only"
    task = CallBack.objects.get()
    assert "+7 900 000-00-01" in words(desk.post(f"/telephony/tasks/{task.pk}/take/", headers={"HX-Request": "true"}))
    assert "на линии" in words(desk.post("/telephony/state/ready/", headers={"HX-Request": "true"}))
    assert "обед" in words(desk.post("/telephony/state/break/", {"reason": "meal"}, headers={"HX-Request": "true"}))
    assert desk.post("/telephony/state/talk/").status_code == 404
    assert signed_in("op1").post(f"/telephony/tasks/{task.pk}/take/").status_code == 404


@pytest.mark.parametrize("typed", ["двести", "2 0 1", "9" * 30])
def test_an_extension_is_digits(lines: SimpleNamespace, signed_in: SignIn, typed: str) -> None:
    answer = signed_in("alina").post("/telephony/seat/", {"extension": typed})
    assert answer.status_code == 422
    assert "Добавочный состоит из цифр" in words(answer)


def test_without_an_exchange_the_page_says_so(cast: SimpleNamespace, signed_in: SignIn) -> None:
    assert "Линия на АТС не подключена" in words(signed_in("vera").get("/telephony/"))


def test_lines_are_entered_by_the_administrator(signed_in: SignIn, place: SimpleNamespace) -> None:
    desk = signed_in("alfa_admin")
    given = {"title": "Горячая линия", "pbx": "main", "number": "100", "level": "1"}
    assert desk.post("/telephony/lines/new/", given).status_code == 302
    line = Line.objects.get()
    assert line.organisation == place.alfa
    assert desk.post("/telephony/lines/new/", given).status_code == 422
    assert signed_in("admin").get(f"/telephony/lines/{line.pk}/").status_code == 404


def month(pbx: MemoryPbx) -> None:
    """Two answered after 10 s, one after 30 s, one given up in 30 s, one night."""
    pbx.whole("a", after=0)
    pbx.whole("b", caller="89000000002", agent="202", after=200)
    late = [(Kind.ARRIVED, 0), (Kind.ANSWERED, 30), (Kind.ENDED, 90)]
    for kind, after in late:
        pbx.tell("c", kind, 3600 + after, caller="89000000003", agent="201" if kind is Kind.ANSWERED else "")
    pbx.missed("d", caller="89000000004", after=3700)
    pbx.tell("n", Kind.ARRIVED, 7200, caller="89000000005")
    pbx.tell("n", Kind.SECRETARY, 7210, file="n.wav")
    pbx.tell("n", Kind.ENDED, 7220)
    take_in(pbx.log)


def test_figures_by_line_and_hour(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(pbx)
    with enter(cast.boris.scope):
        [line] = figures.figures(cast.boris, "line", DAY, DAY)
        hours = figures.figures(cast.boris, "hour", DAY, DAY)
        assert figures.figures(cast.boris, "line", DAY - timedelta(days=1), DAY - timedelta(days=1)) == []
    assert (line.title, line.calls, line.answered, line.abandoned, line.secretary) == ("Линия Альфы", 5, 3, 1, 1)
    assert line.level == 50
    assert line.waited == pytest.approx(50 / 3)
    assert line.talked == pytest.approx(260 / 3)
    assert [(hour.title, hour.calls) for hour in hours] == [("12", 2), ("13", 2), ("14", 1)]
    page = words(signed_in("boris").get("/telephony/figures/?since=11.03.2026&until=11.03.2026"))
    assert "Линия Альфы" in page
    assert "50\u00a0%" in page or "50 %" in page


def test_a_small_group_is_not_shown(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    team = Department.objects.create(organisation=cast.alina.assignment.organisation, name="Смена А")
    Assignment.objects.filter(employee__in=[cast.alina, cast.sp2]).update(department=team)
    month(pbx)
    with enter(cast.boris.scope):
        [group] = figures.figures(cast.boris, "group", DAY, DAY)
    assert (group.title, group.is_hidden, group.talked) == ("Смена А", True, None)


def test_who_serves_for_her_is_a_group_of_his_own(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    take_in([*pbx.whole("a", agent="301"), *pbx.whole("b", caller="89000000002", after=300)])
    with enter(cast.boris.scope):
        found = figures.figures(cast.boris, "group", DAY, DAY)
        rated = ratings.ratings(cast.boris, "group", DAY, DAY)
    names = {place.fund.name: 1, "без отдела": 1}
    assert {row.title: row.answered for row in found} == names
    assert {row.title: row.answered for row in rated} == names


def test_half_hours_for_staffing(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    month(pbx)
    with enter(cast.boris.scope):
        rows = figures.half_hours(BEGAN, BEGAN + timedelta(days=1))
    assert [(row.half_hour - BEGAN, row.calls, row.answered, row.abandoned, row.talk_seconds) for row in rows] == [
        (timedelta(0), 2, 2, 0, 200),
        (timedelta(hours=1), 2, 1, 1, 60),
        (timedelta(hours=2), 1, 0, 0, 0),
    ]
    with enter(cast.op1.scope):
        assert figures.half_hours(BEGAN, BEGAN + timedelta(days=1)) == []


def test_overflow_is_accounted_for_both(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    take_in([*pbx.whole("a", agent="301"), *pbx.whole("b", caller="89000000002", after=300)])
    for who in (cast.boris, cast.op1):
        with enter(who.scope):
            [row] = figures.served_for_others(place.alfa, DAY, DAY)
        assert (row.whose, row.served, row.calls, row.talk_seconds) == (place.alfa.pk, place.fund.pk, 1, 100)
