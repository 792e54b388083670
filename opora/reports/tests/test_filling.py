"""What one appeal counts as: each column from the rooms' rows, days by the clock of the territory."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import services
from opora.appeals.intake import Closing
from opora.appeals.models import Appeal, Clock
from opora.appeals.services import Target
from opora.complaints.models import Case, Restoration
from opora.organisations.models import Territory
from opora.reports import filling, following
from opora.reports.models import AppealFact, Cursor, ReasonFact
from opora.reports.tests.conftest import Journal, whose

pytestmark = pytest.mark.django_db


def fact(appeal: Appeal) -> AppealFact:
    filling.fill_appeals([appeal.pk])
    return AppealFact.objects.get(pk=appeal.pk)


def test_a_question_answered_in_one_breath(journal: Journal, place: SimpleNamespace) -> None:
    one = fact(journal.question(closing=Closing(outcome="consulted", answer="Полис действует.", card="1")))
    assert (one.performer, one.insurer_id, one.taken_by_id, one.about_id) == (
        "insurer",
        place.alfa.pk,
        place.alfa.pk,
        0,
    )
    assert (one.at_once, one.in_time, one.answer_days, one.was_extended) == (True, True, 0, False)
    assert (one.stage, one.outcome, one.closed_on) == ("closed", "consulted", one.registered_on)


def test_what_is_not_answered_has_no_days_until_an_answer(journal: Journal) -> None:
    assert fact(journal.question()).answer_days is None


def test_days_and_hours_are_those_of_the_territory(journal: Journal, place: SimpleNamespace) -> None:
    appeal = journal.question()
    Appeal.objects.filter(pk=appeal.pk).update(answered_at=appeal.received_at + timedelta(days=3))
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # never of one date
        Territory.objects.filter(pk=place.nsk.pk).update(time_zone=zone)
        one, local = fact(appeal), appeal.registered_at.astimezone(ZoneInfo(zone))
        assert (one.registered_on, one.registered_hour, one.closed_on) == (local.date(), local.hour, None)
        assert (one.answer_days, one.in_time) == (3, None)
        days.add(one.registered_on)
    assert len(days) == 2


def test_of_its_own_insurer_and_of_whom_it_concerns(journal: Journal, place: SimpleNamespace, cast: Any) -> None:
    both = [whose(place.alfa), whose(place.beta, "concerned")]
    assert fact(journal.question(parties=both)).about_id == place.beta.pk
    assert fact(journal.question(parties=[whose(place.branch)])).about_id == place.alfa.pk
    of_branch = fact(journal.question(by=cast.filial))
    assert (of_branch.insurer_id, of_branch.taken_by_id) == (place.alfa.pk, place.alfa.pk)
    of_fund = fact(journal.question(by=cast.op2, parties=[whose(place.alfa)]))
    assert (of_fund.performer, of_fund.insurer_id, of_fund.taken_by_id) == ("fund", 0, 0)
    assert of_fund.about_id == place.alfa.pk


def test_what_was_handed_over_was_not_solved_at_once(journal: Journal, place: SimpleNamespace, cast: Any) -> None:
    appeal = journal.question()
    with enter(cast.alina.scope):
        services.hand_over(appeal.pk, to=Target(handler=place.fund), why="Фонду", by=cast.alina)
    moved = fact(appeal)
    assert (moved.insurer_id, moved.taken_by_id, moved.performer) == (0, place.alfa.pk, "fund")
    with enter(cast.op2.scope):
        services.return_back(appeal.pk, why="Это ваше", by=cast.op2)
    journal.close(appeal)
    back = fact(appeal)
    assert (back.insurer_id, back.closed_on is not None, back.at_once) == (place.alfa.pk, True, False)


def test_one_clock_missed_is_not_in_time(journal: Journal, cast: Any) -> None:
    appeal = journal.complaint(None)
    long_ago = timezone.now() - timedelta(days=3)
    Clock.objects.filter(appeal=appeal, is_main=True).update(due_at=long_ago, extension=5)
    journal.close(appeal, verdict="justified")
    late = fact(appeal)
    assert (late.in_time, late.was_extended) == (False, True)
    with enter(cast.sp3.scope):
        services.reopen(appeal.pk, why="Новые сведения", by=cast.sp3)
    assert fact(appeal).in_time is None
    journal.close(appeal, verdict="justified")
    assert fact(appeal).in_time is False


def test_flags_of_the_topic_join_its_own(journal: Journal, topics: Any) -> None:
    one = fact(journal.complaint(None, topic=topics.waiting, flags=["oncology"]))
    assert one.flags == ["oncology", "waiting"]


def test_each_reason_with_its_clinic_verdict_and_money(journal: Journal, place: SimpleNamespace, cast: Any) -> None:
    appeal = journal.complaint(place.clinic, place.clinic2)
    first = appeal.reasons.order_by("pk")[0]
    with enter(cast.alina.scope):
        services.amend(appeal.pk, changes={"verdicts": {first.pk: "pretrial"}}, by=cast.alina)
    journal.close(appeal, verdict="unjustified")
    Case.objects.get_or_create(appeal=appeal, defaults={"territory": place.nsk.pk})
    for amount in ("100.50", "19.50"):
        Restoration.objects.create(case_id=appeal.pk, reason=first, how="money", on=date(2026, 1, 2), amount=amount)
    fact(appeal)
    told = ReasonFact.objects.order_by("pk").values_list("provider_id", "verdict", "settled", "amount")
    assert [(clinic, verdict, settled, str(amount)) for clinic, verdict, settled, amount in told] == [
        (place.clinic.pk, "pretrial", "pretrial", "120.00"),
        (place.clinic2.pk, "unjustified", "", "0.00"),
    ]
    ReasonFact.objects.filter(pk=first.pk).update(reason_id=first.pk + 10**9)  # there is no such reason
    assert filling.fill_appeals([appeal.pk]) == filling.Merged(3, 1, 1)
    assert ReasonFact.objects.filter(pk=first.pk).exists()


def test_a_reason_is_justified_when_its_complaint_is(journal: Journal, place: SimpleNamespace, cast: Any) -> None:
    """Else one table would say that more reasons were justified than complaints, each of one reason."""
    appeal = journal.complaint(place.clinic)
    [reason] = appeal.reasons.all()
    verdicts = []
    for act in ("decide", "close", "reopen"):
        with enter(cast.sp3.scope):
            if act == "decide":
                services.amend(appeal.pk, changes={"verdicts": {reason.pk: "pretrial"}}, by=cast.sp3)
            elif act == "reopen":
                services.reopen(appeal.pk, why="Новое", by=cast.sp3)
        if act == "close":
            journal.close(appeal, verdict="justified")
        filling.fill_appeals([appeal.pk])
        told = ReasonFact.objects.get(appeal_id=appeal.pk)
        verdicts.append((act, told.verdict, told.settled, AppealFact.objects.get(pk=appeal.pk).verdict))
    assert verdicts == [("decide", "", "", ""), ("close", "pretrial", "pretrial", "justified"), ("reopen", "", "", "")]


def test_what_is_right_is_not_touched(journal: Journal, place: SimpleNamespace) -> None:
    appeals = [journal.complaint(place.clinic).pk, journal.question().pk]
    assert filling.fill_appeals(appeals) == filling.Merged(3, 3, 0)
    assert filling.fill_appeals(appeals) == filling.Merged(3, 0, 0)
    AppealFact.objects.filter(pk=appeals[0]).update(line="op1")
    assert filling.fill_appeals(appeals) == filling.Merged(3, 1, 0)


def test_reading_follows_the_chain_to_its_end(
    journal: Journal, chained: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = journal.question()
    assert following.follow().turns == 0  # not chained yet
    chained()
    done = following.follow(most=1)
    assert (done.appeals, done.changed, AppealFact.objects.count()) == (1, 1, 1)
    journal.close(appeal)
    chained()
    assert following.follow().changed == 1
    assert AppealFact.objects.get().stage == "closed"
    assert following.follow() == following.Followed()
    read = following.read_until()
    assert read is not None
    assert timezone.now() - read < timedelta(minutes=5)

    journal.question()
    chained()
    monkeypatch.setattr(following, "FAR", 0)
    assert following.follow().turns == 0  # made anew instead
    assert (AppealFact.objects.count(), Cursor.objects.get().turn) == (2, following.last_turn())


def test_a_rebuild_mends_what_drifted_and_says_how_much(
    journal: Journal, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "BATCH", 2)
    appeals = [journal.complaint(place.clinic) for _ in range(5)]
    heard: list[tuple[str, int]] = []
    done = {one.source: one for one in following.rebuild(lambda *told: heard.append(told))}
    assert (done["appeals"].facts, done["appeals"].differed, done["reasons"].facts) == (5, 5, 5)
    assert [facts for source, facts in heard if source == "appeals"] == [2, 4, 5]
    assert {one.differed for one in following.rebuild()} == {0}
    AppealFact.objects.filter(pk=appeals[1].pk).update(registered_hour=24)
    AppealFact.objects.filter(pk=appeals[4].pk).delete()
    ReasonFact.objects.create(
        reason_id=10**9, appeal_id=appeals[0].pk, territory=place.nsk.pk, registered_on=date(2026, 1, 1), topic_id=1
    )
    done = {one.source: one for one in following.rebuild()}
    assert (done["appeals"].differed, done["reasons"].differed) == (2, 1)


@pytest.mark.parametrize("of", [filling.APPEALS, filling.REASONS])
def test_a_part_that_is_right_is_not_compared_each_with_each(of: filling.Filling) -> None:
    """One row lies between two uuids, PostgreSQL thinks; twenty thousand took a minute to compare with as many."""
    given = {"keys": None, "after": UUID(int=1), "until": UUID(int=2), "began": None, "ended": None, "least": 1}
    with enter(Scope.system("a plan is looked at")), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (VERBOSE, COSTS OFF) {of._statement()}", given)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    gone, made = plan.split("CTE gone")[1].split("CTE made")
    assert "hashed SubPlan" in gone
    assert str(UUID(int=1)) not in made, "a fact is looked up by its key, never among those between two"
