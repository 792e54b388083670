"""A case follows its appeal: every row goes with it, to the fund or to another insurer, and back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import services as journal
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.events import Chained
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.models import Appeal, Event
from opora.audit.services import uuid7
from opora.complaints import matters, news, queries, services
from opora.complaints.errors import NoSuchCase, TooEarly
from opora.complaints.models import (
    Case,
    CaseEvent,
    Claim,
    Control,
    Dispute,
    DoubtedService,
    Paper,
    RecordsRequest,
    Reminder,
    Restoration,
    Violation,
)
from opora.complaints.rules import NEVER
from opora.complaints.services.tally import fold_tally
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE
from opora.organisations.models import Role

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
EVERY = (
    Case, CaseEvent, RecordsRequest, Reminder, Paper, Control, Violation, Claim, Restoration, Dispute, DoubtedService,
)  # fmt: skip
FILTERED = [model for model in EVERY if hasattr(model.objects, "accessible_to")]


@pytest.fixture
def full(play: Play, settings: Any, tmp_path: Any) -> Play:
    """A case with a row of every kind."""
    settings.DATA_DIR = tmp_path
    today, key = timezone.localdate(), play.case.pk
    play.as_(play.expert, services.doubt, key, on=today, title="Осмотр терапевта")
    row = play.asked()
    Reminder.objects.create(request=row, kind="before", due_on=row.due_on, way="inbox")
    play.as_(play.clerk, services.add_paper, row.pk, name="карта.pdf", content=PDF)
    play.as_(play.clerk, services.answer, row.pk)
    play.as_(play.expert, services.accept, row.pk)
    act = play.as_(play.expert, services.assign, row.pk, kind="ekmp", expert=play.experts.free)
    written = {"number": "Э-1", "on": today, "conclusion": "Не обследован", "found": [LATE_CARE]}
    play.as_(play.expert, services.write_act, act.pk, **written)
    play.as_(play.expert, services.hand_over, act.pk)
    play.as_(play.clerk, services.sign, act.pk, disagreement="Нет")
    play.as_(play.clerk, services.claim, act.pk, number="П-1", grounds="Не согласны")
    play.as_(play.expert, services.restore, key, how="appointment", on=today)
    play.sued()
    return play


def handed(play: Play, to: Any, by: Any) -> None:
    """Hand the appeal over in the journal and let the chainer tell of it."""
    play.as_(by, journal.hand_over, play.case.pk, to=journal.Target(handler=to), why="Ведёте вы")
    while chain_batch():
        pass


def seen(who: Any) -> set[type[Model]]:
    """Which rows PostgreSQL shows her without any filter; those the program filters must agree."""
    with enter(who.scope):
        shown = {model for model in EVERY if model.objects.exists()}
        assert shown & set(FILTERED) == {model for model in FILTERED if model.objects.accessible_to(who).exists()}
    return shown


@pytest.mark.parametrize("to", ["fund", "beta"])
def test_every_row_goes_with_the_appeal(full: Play, cast: SimpleNamespace, place: SimpleNamespace, to: str) -> None:
    cast.vera.assignments.update(role=Role.objects.get(slug="sp3"))
    assert seen(cast.sp3) == set(EVERY)
    assert seen(cast.vera) == set()
    handed(full, getattr(place, to), cast.sp3)
    assert seen(cast.sp3) == set()
    assert seen({"fund": cast.op2, "beta": cast.vera}[to]) == set(EVERY)
    assert seen(cast.vera) == (set(EVERY) if to == "beta" else set())
    assert seen(cast.clerk) == {RecordsRequest, Reminder, Paper, Control, Violation, Claim}


@pytest.mark.parametrize("to", ["fund", "beta"])
def test_the_new_holder_acts_and_the_former_cannot(
    full: Play, cast: SimpleNamespace, place: SimpleNamespace, to: str
) -> None:
    cast.vera.assignments.update(role=Role.objects.get(slug="sp3"))
    newcomer = {"fund": cast.op2, "beta": cast.vera}[to]
    handed(full, getattr(place, to), cast.sp3)
    full.as_(newcomer, services.take, full.case.pk)
    full.as_(newcomer, services.finish, Control.objects.get().pk, reply="Остаётся")
    full.case.refresh_from_db()
    assert (full.case.insurer, full.case.expert) == (None if to == "fund" else place.beta, newcomer)
    with pytest.raises(NoSuchCase):
        full.as_(cast.sp3, services.note, full.case.pk, text="Ещё")


def test_handing_over_is_told_in_the_case(full: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    handed(full, place.fund, cast.sp3)
    told = CaseEvent.objects.get(kind="handed_on")
    assert told.text == "Было: СМО Альфа. Стало: ТФОМС Новосибирской области."
    assert told.details == {"from": place.alfa.pk, "to": place.fund.pk}


def test_an_ended_case_goes_with_its_appeal_too(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    Case.objects.filter(pk=play.case.pk).update(closed_at=timezone.now(), stage="closed")
    handed(play, place.fund, cast.sp3)
    play.case.refresh_from_db()
    assert (play.case.insurer, play.case.is_open) == (None, False)


def registered(cast: SimpleNamespace, topics: SimpleNamespace, kind: str) -> Appeal:
    """An appeal of somebody whose complaint names no clinic, so that it may become something else."""
    who = NewParty(surname="Соловьёва", given_name="Полина")
    new = NewAppeal(kind=kind, topic=topics.waiting, channel="post", text="Жду приёма", parties=[who])
    with enter(cast.sp3.scope):
        done = register(new, by=cast.sp3)
    while chain_batch():
        pass
    return Appeal.objects.get(pk=done.id)


def amended(cast: SimpleNamespace, appeal: Appeal, kind: str) -> None:
    with enter(cast.sp3.scope):
        journal.amend(appeal.pk, changes={"kind": kind}, why="Уточнили", by=cast.sp3)
    while chain_batch():
        pass


def test_the_chainer_opens_the_case_of_a_new_complaint(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    appeal = registered(cast, topics, "complaint")
    case = Case.objects.get(pk=appeal.pk)
    assert (case.stage, case.insurer_id, case.due_on) == ("opened", appeal.handler_id, appeal.due_on)
    assert case.events.get().kind == "opened"


def test_the_chainer_opens_no_case_of_a_consultation(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    registered(cast, topics, "consultation")
    assert not Case.objects.exists()


def test_a_case_ends_with_the_complaint_and_begins_again(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    appeal = registered(cast, topics, "complaint")
    amended(cast, appeal, "consultation")
    case = Case.objects.get(pk=appeal.pk)
    assert (case.stage, case.is_open) == ("closed", False)
    assert case.events.latest("at").text == "Вид обращения исправили: это больше не жалоба."
    with enter(cast.sp3.scope), pytest.raises(TooEarly, match="больше не жалоба"):
        services.reopen_case(case.pk, why="Надо", by=cast.sp3)
    amended(cast, appeal, "complaint")
    case.refresh_from_db()
    assert (case.stage, case.withdrawn_at) == ("opened", None)
    assert [event.kind for event in case.events.order_by("at")] == ["opened", "no_complaint", "reopened"]


def heard(case: Case, kind: str) -> None:
    """Tell the room an event of the journal as the chainer does; what it says stands in the appeal already."""
    news.follow([Chained(timezone.now(), uuid7(), case.appeal.organisation_id, 1, case.pk, kind, case.territory)])


def test_an_extended_answer_is_late_later(play: Play, complaint: Appeal) -> None:
    order = {"order_number": "12", "order_on": timezone.localdate(), "why": "Ждём архив", "notice_text": "Продлили"}
    play.as_(play.expert, journal.extend, complaint.pk, days=30, **order)
    while chain_batch():
        pass
    former = complaint.due_on
    complaint.refresh_from_db()
    play.case.refresh_from_db()
    assert complaint.due_on > former
    assert play.case.due_on == complaint.due_on


ANSWERED: dict[str, Any] = {"answered_at": timezone.now}
CLOSED = ANSWERED | {"closed_at": timezone.now, "stage": "closed", "outcome": "resolved", "verdict": "justified"}


@pytest.mark.parametrize(
    ("kind", "columns", "due"),
    [
        ("clock_moved", {"due_on": date(2199, 3, 3)}, date(2199, 3, 3)),
        ("answered", ANSWERED, NEVER),
        ("closed", CLOSED, NEVER),
    ],
)
def test_the_day_of_a_case_is_that_of_its_answer(
    play: Play, cast: SimpleNamespace, kind: str, columns: dict[str, Any], due: date
) -> None:
    """The desk and the board call late what is late, the sums of the board too."""
    Appeal.objects.filter(pk=play.case.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    heard(play.case, "clock_moved")
    with enter(cast.sp3.scope):
        assert next(one.text for one in matters.overdue(cast.sp3)) == "Жалобы с прошедшим сроком: 1"
    new = {name: value() if callable(value) else value for name, value in columns.items()}
    Appeal.objects.filter(pk=play.case.pk).update(**new)
    version = Case.objects.get().version
    heard(play.case, kind)
    play.case.refresh_from_db()
    assert (play.case.due_on, play.case.stage, play.case.version) == (due, "opened", version)
    fold_tally()
    with enter(cast.sp3.scope):
        assert [(one.number, one.late) for one in queries.stages(cast.sp3) if one.stage == "opened"] == [(1, 0)]
        assert not any("прошедшим" in one.text for one in matters.overdue(cast.sp3))


def test_a_verdict_of_the_journal_moves_the_case(play: Play) -> None:
    play.decided("not_needed")
    Appeal.objects.get(pk=play.case.pk).reasons.update(verdict="unjustified")
    heard(play.case, "amended")
    assert play.stage() == "ready"


def test_a_reopened_appeal_opens_its_case(play: Play, cast: SimpleNamespace, complaint: Appeal) -> None:
    def end() -> None:
        Case.objects.filter(pk=play.case.pk).update(closed_at=timezone.now(), stage="closed", due_on=NEVER)

    end()
    play.as_(play.expert, journal.close, complaint.pk, outcome="withdrawn", why="Отозвала")
    play.as_(play.expert, journal.reopen, complaint.pk, why="Заявитель передумал")
    while chain_batch():
        pass
    complaint.refresh_from_db()
    play.case.refresh_from_db()
    assert (play.case.stage, play.case.due_on) == ("opened", complaint.due_on)
    assert play.case.events.latest("at").text == "Обращение возобновили в журнале."
    assert list(queries.board(cast.sp3)) == [play.case]
    at = Event.objects.get(appeal_id=complaint.pk, kind="reopened").at
    end()
    assert services.follow([complaint.pk], reopened={complaint.pk: at}) == 0, "ended after that: it stays ended"


def test_the_clinic_is_not_waited_for_any_more(play: Play, cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    row = play.asked()
    Appeal.objects.filter(pk=play.case.pk).update(kind="consultation")
    assert services.follow([play.case.pk]) == 1
    row.refresh_from_db()
    assert (row.state, play.stage()) == ("withdrawn", "closed")
    with enter(cast.clerk.scope):
        assert queries.inbox(row.provider_id, cast.clerk)[0] == []


def test_the_page_says_that_it_is_no_complaint(
    cast: SimpleNamespace, topics: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    appeal = registered(cast, topics, "complaint")
    amended(cast, appeal, "consultation")
    client = signed_in("sp3")
    session = client.session
    session["purpose"] = "control"
    session.save()
    page = client.get(f"/complaints/{appeal.number}/").content.decode()
    assert "Обращение больше не жалоба" in page
    assert "Возобновить" not in page


def test_an_analyst_may_not_read_a_paper(full: Play, signed_in: Callable[[str], Client]) -> None:
    paper = Paper.objects.get()
    client = signed_in("timur")
    session = client.session
    session["purpose"] = "control"
    session.save()
    assert client.get(f"/complaints/papers/{paper.request_id}/{paper.pk}/").status_code == 403


def test_a_stopped_clock_is_the_clock_of_every_row(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: at)
    play.as_(play.expert, services.doubt, play.case.pk, on=at.date(), title="Осмотр")
    row = play.asked()
    assert (row.asked_at, row.case.events.latest("at").at) == (at, at)
    assert DoubtedService.objects.get().at == at


def test_the_board_counts_what_stands_where(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    """Sums of the counters are those of the rows, after every move and after a fold."""

    def counted(who: Any) -> dict[str, tuple[int, int]]:
        with enter(who.scope):
            found = {str(one.stage): (one.number, one.late) for one in queries.stages(who)}
            today = timezone.localdate()
            for stage, (number, late) in found.items():
                rows = Case.objects.filter(stage=stage)
                assert (number, late) == (rows.count(), rows.filter(due_on__lt=today).count())
        return {stage: figures for stage, figures in found.items() if figures != (0, 0)}

    assert counted(cast.sp3) == {"opened": (1, 0)}
    row = play.asked()
    RecordsRequest.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    play.as_(play.expert, services.note, play.case.pk, text="Звонили")
    assert counted(cast.sp3) == {"records": (1, 1)}
    assert fold_tally() == 1
    assert counted(cast.sp3) == counted(cast.op2) == {"records": (1, 1)}
    handed(play, place.fund, cast.sp3)
    assert counted(cast.sp3) == {}
    assert counted(cast.op2) == {"records": (1, 1)}
    Case.objects.filter(pk=play.case.pk).update(closed_at=timezone.now(), stage="closed")
    assert counted(cast.op2) == {}
    assert fold_tally() == 0
