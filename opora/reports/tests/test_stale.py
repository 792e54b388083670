"""What other rooms change names itself stale, and facts of those rooms follow."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.complaints.models import Case, Dispute, Restoration
from opora.policies.models import Delivery
from opora.reports import following
from opora.reports.models import Change, DeliveryFact, DisputeFact, MeasureFact, ReasonFact, Stale, SurveyFact
from opora.reports.sources import SOURCES
from opora.surveys.models import Round, Survey, SurveyVersion

pytestmark = pytest.mark.django_db


def test_what_was_restored_and_disputed(journal: Any, place: SimpleNamespace) -> None:
    appeal = journal.complaint(place.clinic)
    case, _ = Case.objects.get_or_create(appeal=appeal, defaults={"territory": place.nsk.pk, "insurer": place.alfa})
    reason = appeal.reasons.get()
    money = Restoration.objects.create(case=case, reason=reason, how="money", on=date(2026, 1, 9), amount="70.30")
    Dispute.objects.create(case=case, track="court", filed_on=date(2026, 1, 10), place="Суд", claimed="100")
    assert set(Stale.objects.values_list("source", "key")) == {("cases", str(appeal.pk))}
    following.follow()
    assert not Stale.objects.exists()
    [measure] = MeasureFact.objects.all()
    assert (measure.pk, measure.amount, measure.appeal_id) == (money.pk, Decimal("70.30"), appeal.pk)
    assert measure.insurer_id == (case.insurer_id or 0)
    assert ReasonFact.objects.get().amount == Decimal("70.30")
    assert DisputeFact.objects.get().claimed == 100

    Case.objects.filter(pk=case.pk).update(insurer=place.beta)
    Restoration.objects.filter(pk=money.pk).update(amount="80")
    following.follow()
    assert MeasureFact.objects.get().insurer_id == place.beta.pk
    assert ReasonFact.objects.get().amount == 80


def test_a_delivery(place: SimpleNamespace, polina: Any) -> None:
    given = {"settlement": "Новосибирск", "house": "1", "phone": "+79000000001", "recipient": "П."}
    one = Delivery.objects.create(
        territory=place.nsk.pk, insurer=place.alfa, person=polina, category="disabled", source="phone",
        due_on=timezone.localdate() + timedelta(days=5), **given,
    )  # fmt: skip
    following.follow()
    fact = DeliveryFact.objects.get(pk=one.pk)
    assert (fact.state, fact.ended_on, fact.in_time, fact.insurer_id) == ("waiting", None, None, place.alfa.pk)
    Delivery.objects.filter(pk=one.pk).update(state="declined", closed_at=timezone.now(), tries=2)
    following.follow()
    fact.refresh_from_db()
    assert (fact.state, fact.ended_on is not None, fact.in_time, fact.tries) == ("declined", True, None, 2)


def test_a_round_that_ended(place: SimpleNamespace) -> None:
    survey = Survey.objects.create(code="quality", title="Качество", territory=place.nsk.pk)
    version = SurveyVersion.objects.create(survey=survey, number=1, content={})
    asked = Round.objects.create(
        survey=survey, version=version, territory=place.nsk.pk, insurer=place.alfa, title="Январь",
        since=date(2026, 1, 1), until=date(2026, 1, 31), modes=["post"], state="running",
    )  # fmt: skip
    assert following.follow().others == 0
    one = {
        "sheets": [[0, 12], [3, 8]],
        "answers": [["q1", "yes", 0, 9, 9], ["q1", "no", 3, 5, 5], ["q2", "a", 0, 4, 4]],
    }
    other = {"sheets": [[0, 11]], "answers": [["q1", "yes", 0, 11, 11]]}
    Round.objects.filter(pk=asked.pk).update(state="closed", closed_at=timezone.now(), tally={"1": one, "2": other})
    following.follow()
    told = {(fact.question, fact.answer): fact.people for fact in SurveyFact.objects.all()}
    # Four answers to the second question are too few to be told.
    assert told == {("", ""): 31, ("q1", ""): 25, ("q1", "yes"): 20, ("q1", "no"): 5}
    assert SurveyFact.objects.get(pk=f"{asked.pk}:q1:no").survey_code == "quality"


ROUNDS = [
    ("2024-12-31", "2025-01-09T05:00+00:00", "2024-12-31"),  # closed after the holidays: people were asked in December
    ("2024-12-31", "2024-12-31T18:00+00:00", "2024-12-31"),  # in Novosibirsk it is the new year already
    ("2025-03-31", "2025-01-20T18:00+00:00", "2025-01-21"),  # closed before its time: nobody was asked later
]


@pytest.mark.parametrize(("until", "closed", "day"), ROUNDS)
def test_answers_stand_where_people_were_asked(place: SimpleNamespace, until: str, closed: str, day: str) -> None:
    survey = Survey.objects.create(code="quality", title="Качество", territory=place.nsk.pk)
    Round.objects.create(
        survey=survey, version=SurveyVersion.objects.create(survey=survey, number=1, content={}), modes=["post"],
        territory=place.nsk.pk, insurer=place.alfa, title="Зима", since=date(2024, 12, 1), until=until, state="closed",
        closed_at=closed, tally={"1": {"sheets": [[0, 12]], "answers": []}},
    )  # fmt: skip
    following.follow()
    assert [f"{one:%Y-%m-%d}" for one in SurveyFact.objects.values_list("closed_on", flat=True)] == [day]
    assert {one.source: one.differed for one in following.rebuild()}["surveys"] == 0


def test_people_may_change_what_names_itself_stale(journal: Any, place: SimpleNamespace, cast: Any) -> None:
    appeal = journal.complaint(place.clinic)
    case, _ = Case.objects.get_or_create(appeal=appeal, defaults={"territory": place.nsk.pk, "insurer": place.alfa})
    with enter(cast.sp3.scope):
        Restoration.objects.create(case=case, how="drug", on=date(2026, 1, 9))
    assert Stale.objects.count() == 1


def test_a_change_has_room_for_the_key_of_any_fact() -> None:
    longest = max(getattr(one.model._meta.pk, "max_length", 0) or 36 for one in SOURCES.values())
    assert Change._meta.get_field("key").max_length >= longest
