"""A round: its sample, its quotas, two who finish the last place, a version that changes, the end."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from opora.access.scope import enter
from opora.appeals.models import Appeal
from opora.informing.models import Campaign, Touch
from opora.insured.models import Consent
from opora.surveys import calls, services
from opora.surveys.errors import NotHeld, RoundChanged, RoundNotRunning, SurveysError
from opora.surveys.models import Attempt, Cell, Invitee, Round, Sheet, Survey, SurveyVersion, Waiting
from opora.surveys.strata import cell_of
from opora.surveys.tests.conftest import ANSWERS, NOON, QUESTIONS, TODAY, crowd

TOWN, VILLAGE = cell_of("urban", "female", 46), cell_of("rural", "female", 46)


def take(who: Any) -> calls.Call:
    with enter(who.scope):
        call = calls.next_call(who)
    assert call is not None
    return call


def interviewed(who: Any, call: calls.Call, answers: Any = ANSWERS) -> None:
    with enter(who.scope):
        calls.finish_interview(call.invitee.pk, call.invitee.round.version_id, answers, by=who)


def end(who: Any, asked: Round) -> int:
    asked.refresh_from_db()
    with enter(who.scope):
        return services.close_round(asked.pk, lock=asked.lock, by=who)


def test_quotas_follow_the_insured_and_add_up(place: SimpleNamespace, running: Any) -> None:
    crowd(place, 7)
    crowd(place, 4, village=True)
    crowd(place, 3, birth_on=date(2015, 1, 1))  # children are not asked
    crowd(place, 5, insurer=place.beta)
    asked = running(wanted=3, reserve=2)
    cells = {cell.number: (cell.population, cell.planned) for cell in Cell.objects.filter(round=asked)}
    assert cells == {TOWN: (7, 2), VILLAGE: (4, 1)}
    assert Invitee.objects.filter(round=asked, cell=TOWN).count() == 4
    assert Invitee.objects.filter(round=asked, cell=VILLAGE).count() == 2


def test_who_must_not_be_asked_is_not(place: SimpleNamespace, running: Any) -> None:
    some = crowd(place, 4)
    Consent.objects.create(person=some[0], channel="call", purpose="survey", is_granted=False, decided_on=TODAY)
    some[1].contacts.filter(kind="phone").update(state="wrong")
    first = running(wanted=1, reserve=5)
    assert set(Invitee.objects.values_list("person_id", flat=True)) == {some[2].pk, some[3].pk}
    with pytest.raises(SurveysError, match="Спросить некого"):
        running(title="Ещё раз")  # everybody else is being asked already
    assert Cell.objects.get(round=first).population == 4


def test_people_of_a_campaign(place: SimpleNamespace, running: Any) -> None:
    came, missed, away = crowd(place, 3)
    campaign = Campaign.objects.create(
        territory=place.nsk.pk, insurer=place.alfa, title="Осмотры", measure="checkup", year=2026, state="running"
    )
    for person, day in ((came, TODAY), (missed, None)):
        Touch.objects.create(
            year=2026, campaign_id=campaign.pk, wave_id=1, round=1, person_id=person.pk, channel="sms",
            territory=place.nsk.pk, insurer=place.alfa, measure="checkup", purpose="invite", lane="bulk", zone="UTC",
            state="delivered", not_before=NOON, came_on=day,
        )  # fmt: skip
    by_source = {
        source: running(title=source, source=source, campaign=campaign, wanted=1) for source in ("came", "missed")
    }
    found = {name: Invitee.objects.get(round=asked).person_id for name, asked in by_source.items()}
    assert found == {"came": came.pk, "missed": missed.pk}
    assert away.pk not in found.values()


def test_an_interview_is_counted_and_sealed(place: SimpleNamespace, cast: SimpleNamespace, running: Any) -> None:
    crowd(place, 3)
    asked = running(wanted=1)
    call = take(cast.alina)
    assert call.person.surname.startswith("Опросова")
    interviewed(cast.alina, call)
    assert Cell.objects.get(round=asked).done == 1
    assert Invitee.objects.get(pk=call.invitee.pk).state == "done"
    assert "speed" not in Waiting.objects.get().sealed
    assert not Sheet.objects.exists()
    with enter(cast.alina.scope):
        assert calls.next_call(cast.alina) is None, "the cell is full"


def test_the_last_place_is_taken_once(place: SimpleNamespace, cast: SimpleNamespace, running: Any) -> None:
    crowd(place, 4)
    asked = running(wanted=2)
    mine, hers = take(cast.alina), take(cast.sp2)
    with enter(cast.filial.scope):
        assert calls.next_call(cast.filial) is None, "both places are in hand"
    Cell.objects.filter(round=asked).update(planned=1)  # as if both had taken their people before the other's end
    interviewed(cast.alina, mine)
    with enter(cast.sp2.scope):
        assert not calls.finish_interview(hers.invitee.pk, asked.version_id, ANSWERS, by=cast.sp2)
    assert Invitee.objects.get(pk=hers.invitee.pk).state == "over"
    assert Waiting.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Cell.objects.filter(round=asked).update(done=2)


def test_a_questionnaire_holds_its_round_before_its_person_and_then_goes_into_the_box(
    place: SimpleNamespace, cast: SimpleNamespace, running: Any
) -> None:
    """So a round that ends at that moment has it, or refuses it; the other order would let the two wait for ever."""
    crowd(place, 3)
    running(wanted=2)
    call = take(cast.alina)
    with CaptureQueriesContext(connection) as told:
        interviewed(cast.alina, call)
    said = [query["sql"] for query in told.captured_queries]
    held = next(place for place, sql in enumerate(said) if "surveys_round" in sql and "FOR SHARE" in sql)
    person = next(place for place, sql in enumerate(said) if "surveys_invitee" in sql and "FOR UPDATE" in sql)
    box = next(place for place, sql in enumerate(said) if sql.startswith('INSERT INTO "surveys_waiting"'))
    assert held < person < box


def test_a_round_that_has_ended_takes_no_questionnaire(
    place: SimpleNamespace, cast: SimpleNamespace, running: Any
) -> None:
    crowd(place, 3)
    asked = running(wanted=2)
    end(cast.boris, asked)
    with enter(cast.alina.scope), pytest.raises(RoundNotRunning):
        services.take_sheet(asked, asked.version_id, ANSWERS, cell=TOWN)
    assert not Waiting.objects.exists()


def test_who_is_forgotten_in_hand_goes_back_and_keeps_no_place(
    place: SimpleNamespace, cast: SimpleNamespace, running: Any, noon: Any
) -> None:
    crowd(place, 3)
    running(wanted=1)
    mine = take(cast.alina)
    with enter(cast.sp2.scope):
        assert calls.next_call(cast.sp2) is None, "the one place is in hand"
    noon(NOON + calls.LONGEST_TALK - timedelta(minutes=1))
    assert calls.let_forgotten_go() == 0
    noon(NOON + calls.LONGEST_TALK + timedelta(minutes=1))
    assert calls.let_forgotten_go() == 1
    assert take(cast.sp2).invitee.employee_id == cast.sp2.pk
    with pytest.raises(NotHeld):
        interviewed(cast.alina, mine)


def test_how_a_call_ends(place: SimpleNamespace, cast: SimpleNamespace, running: Any, noon: Any) -> None:
    crowd(place, 6)
    asked = running(wanted=2)
    for outcome, state in (("refused", "refused"), ("wrong", "wrong"), ("no_answer", "waiting")):
        call = take(cast.alina)
        with enter(cast.alina.scope):
            calls.finish_call(call.invitee.pk, outcome=outcome, by=cast.alina)
            with pytest.raises(NotHeld):
                calls.finish_call(call.invitee.pk, outcome=outcome, by=cast.alina)
        assert Invitee.objects.get(pk=call.invitee.pk).state == state
    call = take(cast.alina)
    with enter(cast.alina.scope):
        with pytest.raises(SurveysError, match="рано или поздно"):
            calls.finish_call(call.invitee.pk, outcome="later", again_at=NOON + timedelta(hours=12), by=cast.alina)
        calls.finish_call(call.invitee.pk, outcome="later", again_at=NOON + timedelta(hours=2), by=cast.alina)
    noon(NOON + timedelta(hours=2, minutes=1))
    assert take(cast.sp2).invitee.pk == call.invitee.pk, "a promised call comes first"
    assert Attempt.objects.count() == 4
    assert end(cast.boris, asked) == 0
    asked.refresh_from_db()
    assert asked.silent == {"waiting": 4, "refused": 1, "wrong": 1}
    assert not Invitee.objects.exclude(phone="").exists()


def test_five_silences_end_the_trying(place: SimpleNamespace, cast: SimpleNamespace, running: Any, noon: Any) -> None:
    crowd(place, 1)
    running(wanted=1)
    for day in range(5):
        noon(NOON + timedelta(days=day if day < 3 else day + 2))
        call = take(cast.alina)
        with enter(cast.alina.scope):
            calls.finish_call(call.invitee.pk, outcome="no_answer", by=cast.alina)
    assert Invitee.objects.get().state == "silent"


def test_a_new_version_leaves_the_talk_under_way_alone(
    place: SimpleNamespace, cast: SimpleNamespace, running: Any, survey: Survey
) -> None:
    crowd(place, 2)
    asked = running(wanted=1)
    call = take(cast.alina)
    with enter(cast.boris.scope):
        services.new_version(survey.pk, {**QUESTIONS, "questions": QUESTIONS["questions"][:1], "contradictions": []}, by=cast.boris)  # fmt: skip  # noqa: E501
        services.change_version(asked.pk, lock=asked.lock, by=cast.boris)
    interviewed(cast.alina, call)  # with the version it began with
    end(cast.boris, asked)
    assert Sheet.objects.get().version == SurveyVersion.objects.get(survey=survey, number=1)
    assert Sheet.objects.get().answers["doctor"] == ["5"]


def test_a_version_in_use_does_not_change(running: Any, place: SimpleNamespace, survey: Survey) -> None:
    crowd(place, 1)
    running(wanted=1)
    with pytest.raises(IntegrityError, match="next version"), transaction.atomic():
        SurveyVersion.objects.update(content={})
    with pytest.raises(ProtectedError):
        SurveyVersion.objects.filter(survey=survey).delete()


def test_somebody_was_faster(place: SimpleNamespace, cast: SimpleNamespace, running: Any) -> None:
    crowd(place, 1)
    asked = running(wanted=1)
    with enter(cast.boris.scope), pytest.raises(RoundChanged):
        services.close_round(asked.pk, lock=asked.lock - 1, by=cast.boris)


def test_people_are_forgotten_half_a_year_later(
    place: SimpleNamespace, cast: SimpleNamespace, running: Any, noon: Any
) -> None:
    crowd(place, 2)
    asked = running(wanted=1)
    interviewed(cast.alina, take(cast.alina))
    end(cast.boris, asked)
    assert services.forget_people() == 0
    noon(NOON + timedelta(days=181))
    services.forget_people()
    assert not Invitee.objects.exists()
    assert not Attempt.objects.exists()
    assert Sheet.objects.count() == 1
    assert not Appeal.objects.exists()
