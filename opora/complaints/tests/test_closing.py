"""The journal closes a complaint by what its case has come to, not against it and not before it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import services as journal
from opora.appeals.errors import NotDecided
from opora.appeals.models import Appeal, Reason
from opora.appeals.tests.test_register import complaint as bare
from opora.appeals.tests.test_register import registered
from opora.complaints import services
from opora.complaints.errors import TooEarly
from opora.complaints.models import Case, Control
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE


@pytest.fixture
def answered(play: Play, complaint: Appeal, cast: SimpleNamespace) -> Appeal:
    """The clerk of the journal has answered the citizen, the expert may be at work still."""
    answer(play, cast)
    complaint.refresh_from_db()
    return complaint


def answer(play: Play, cast: SimpleNamespace) -> None:
    prepared = play.as_(cast.sp3, journal.prepare_answer, play.case.pk, text="Проверили.")
    play.as_(cast.sp3, journal.submit_answer, prepared.pk)
    play.as_(cast.boris, journal.approve_answer, prepared.pk)
    play.as_(cast.sp3, journal.send_answer, prepared.pk, channel="post")


def closed(play: Play, verdict: str = "unjustified") -> Any:
    return play.as_(
        play.cast.sp3, journal.close, play.case.pk, outcome="complaint_considered", verdict=verdict
    ).closed_at


def decided(play: Play, verdict: str) -> None:
    play.as_(play.expert, services.set_verdict, Reason.objects.get().pk, verdict=verdict, why="По документам")


def test_nothing_is_closed_before_the_case_is_ready(play: Play, answered: Appeal) -> None:
    with pytest.raises(NotDecided, match=f"{answered.number} не закончено. Сначала решите, нужна ли экспертиза"):
        closed(play)
    play.decided("not_needed")
    with pytest.raises(NotDecided, match="Примите решение по каждой причине"):
        closed(play)
    decided(play, "justified")
    with pytest.raises(NotDecided, match="как восстановлено право"):
        closed(play, "justified")
    play.as_(play.expert, services.restore, play.case.pk, how="appointment", on=timezone.localdate())

    assert closed(play, "justified")


def test_nothing_is_closed_while_the_expert_works(play: Play, answered: Appeal) -> None:
    control = play.assigned()
    with pytest.raises(NotDecided, match="дождитесь акта эксперта"):
        closed(play)
    with pytest.raises(NotDecided, match="сначала отмените проверку"):
        play.as_(play.cast.sp3, journal.close, play.case.pk, outcome="withdrawn", why="Позвонила")

    play.as_(play.expert, services.cancel, control.pk, why="Жалобу отозвали")
    play.as_(play.expert, services.decide, play.case.pk, decision="not_needed", ground_note="Жалобу отозвали")
    assert play.as_(play.cast.sp3, journal.close, play.case.pk, outcome="withdrawn", why="Позвонила").closed_at
    services.follow([play.case.pk])
    assert (play.stage(), play.case.awaited_by) == ("ready", None)
    play.as_(play.expert, services.close_case, play.case.pk)


CONTRARY = [("unjustified", "justified"), ("unjustified", "court"), ("pretrial", "unjustified")]


@pytest.mark.parametrize(("of_case", "of_clerk"), CONTRARY)
@pytest.mark.parametrize("is_ended", [False, True])
def test_the_clerk_does_not_close_against_the_case(
    play: Play, answered: Appeal, of_case: str, of_clerk: str, is_ended: bool
) -> None:
    play.decided("not_needed")
    decided(play, of_case)
    if of_case != "unjustified":
        play.as_(play.expert, services.restore, play.case.pk, how="appointment", on=timezone.localdate())
    if is_ended:
        play.as_(play.expert, services.close_case, play.case.pk)

    with pytest.raises(NotDecided, match=f"В деле по жалобе {answered.number} решено"):
        closed(play, of_clerk)
    assert closed(play, of_case)


def test_a_form_that_can_do_nothing_has_no_button(play: Play, answered: Appeal, signed_in: Any) -> None:
    client, at = signed_in("sp3"), f"/appeals/{answered.number}/acts/close/"
    assert "data-save" in client.get(at).content.decode()
    play.assigned()
    page = client.get(at).content.decode()
    assert "не закончено" in page
    assert "data-save" not in page
    assert "К обращению" in page


def test_the_form_says_what_is_awaited_and_proposes_the_verdict(play: Play, answered: Appeal, signed_in: Any) -> None:
    client, at = signed_in("sp3"), f"/appeals/{answered.number}/acts/close/"
    page = client.get(at)
    assert "Сначала решите, нужна ли экспертиза" in page.content.decode()
    assert [code for code, _ in page.context["form"].fields["outcome"].choices] == ["", "withdrawn"]
    play.decided("not_needed")
    decided(play, "pretrial")
    play.as_(play.expert, services.restore, play.case.pk, how="appointment", on=timezone.localdate())

    page = client.get(at)
    assert page.context["form"]["verdict"].value() == "pretrial"
    assert {code for code, _ in page.context["form"].fields["verdict"].choices} == {
        "",
        "pretrial",
        "justified",
        "court",
    }
    data = {"version": answered.version + 1, "outcome": "complaint_considered", "verdict": "pretrial"}
    assert client.post(at, data).status_code == 302
    answered.refresh_from_db()
    assert answered.verdict == "pretrial"


def test_a_verdict_from_elsewhere_is_outdated_once_a_check_has_ended(play: Play, answered: Appeal) -> None:
    act = play.handed(LATE_CARE)
    reason = Reason.objects.get()
    verdicts = {"verdicts": {reason.pk: "unjustified"}}
    play.as_(play.cast.sp3, journal.amend, answered.pk, changes=verdicts)
    play.as_(play.clerk, services.sign, act.pk)
    play.as_(play.expert, services.finish, act.pk)

    assert play.stage() == "verdict"
    with pytest.raises(TooEarly, match="решите по причинам ещё раз"):
        play.as_(play.expert, services.close_case, play.case.pk)
    with pytest.raises(NotDecided, match="решите по причинам ещё раз"):
        closed(play)
    decided(play, "unjustified")
    assert play.stage() == "ready"
    assert closed(play)


def test_each_reason_is_looked_at_again_after_a_check(play: Play, topics: SimpleNamespace) -> None:
    second = Reason.objects.create(appeal_id=play.case.pk, topic=topics.quality, topic_code=topics.quality.code)
    act = play.handed(LATE_CARE)
    Control.objects.filter(pk=act.pk).update(state="final", final_at=timezone.now())
    first, _ = rows = list(Reason.objects.order_by("pk"))
    for row in rows:
        play.as_(play.expert, services.set_verdict, row.pk, verdict="unjustified", why="Акт")
    assert play.stage() == "ready"
    Control.objects.filter(pk=act.pk).update(final_at=timezone.now())
    play.as_(play.expert, services.set_verdict, second.pk, verdict="unjustified", why="Второй акт")
    assert play.stage() == "verdict"
    play.as_(play.expert, services.set_verdict, first.pk, verdict="unjustified", why="Второй акт")
    assert play.stage() == "ready"


def test_a_complaint_without_reasons_has_the_verdict_of_the_journal(
    cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace, experts: SimpleNamespace
) -> None:
    done = registered(cast.sp3, bare(topics, mine=True))
    services.follow([done.id])
    play = Play(Case.objects.get(pk=done.id), cast, place, experts)
    answer(play, cast)
    with pytest.raises(NotDecided, match="нужна ли экспертиза"):
        closed(play)
    play.decided("not_needed")
    assert closed(play)

    services.follow([done.id])
    assert play.stage() == "ready"


def test_who_does_not_see_cases_is_held_by_them_too(play: Play, answered: Appeal, cast: SimpleNamespace) -> None:
    """The case decides, not the sight of who closes: an operator of the same insurer is told the same."""
    with enter(cast.alina.scope), pytest.raises(NotDecided):
        journal.close(answered.pk, outcome="complaint_considered", verdict="unjustified", by=cast.boris)
