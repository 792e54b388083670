"""Whose facts, seals and changes are whose; and that people write none of them."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.reports.models import (
    AppealFact,
    Change,
    ClaimFact,
    Cursor,
    DeliveryFact,
    DisputeFact,
    InsuredCount,
    MeasureFact,
    ReasonFact,
    Seal,
    SurveyFact,
)
from opora.reports.periods import Period
from opora.reports.services.sealing import seal
from opora.reports.subjects import Subject
from opora.reports.tests.conftest import Facts

pytestmark = pytest.mark.django_db
FACTS = (AppealFact, ReasonFact, MeasureFact, DisputeFact, ClaimFact, DeliveryFact, SurveyFact, InsuredCount)
DAY = date(2024, 3, 5)


@pytest.fixture
def rows(place: SimpleNamespace) -> None:
    """In each table a fact of Alfa, one of Beta, one of the fund; and an appeal the fund handles about Alfa."""
    for number, insurer in enumerate((place.alfa.pk, place.beta.pk, 0), start=1):
        _everywhere(place, number, insurer)
    facts = Facts(place)
    facts.made = 100
    facts.appeal(insurer_id=0, about_id=place.alfa.pk)


def _everywhere(place: SimpleNamespace, number: int, insurer: int) -> None:
    whose, key = {"territory": place.nsk.pk, "insurer_id": insurer}, UUID(int=number)
    facts = Facts(place)
    facts.made = number - 1
    facts.appeal(insurer_id=insurer)
    ReasonFact.objects.create(reason_id=number, appeal_id=key, registered_on=DAY, topic_id=1, **whose)
    MeasureFact.objects.create(restoration_id=key, appeal_id=key, on=DAY, how="drug", **whose)
    DisputeFact.objects.create(dispute_id=key, appeal_id=key, filed_on=DAY, track="court", **whose)
    ClaimFact.objects.create(claim_id=key, provider_id=place.clinic.pk, filed_on=DAY, **whose)
    DeliveryFact.objects.create(delivery_id=number, asked_on=DAY, category="disabled", state="waiting", **whose)
    InsuredCount.objects.create(day=DAY, people=5, counted_at=timezone.now(), **whose)
    SurveyFact.objects.create(key=f"{number}::", round_id=number, survey_code="q", closed_on=DAY, people=5, **whose)


# Facts of appeals and of each other table that one sees, by row security alone and by the adjective of the model.
SIGHT = [
    ("op2", 4, 3),
    ("alina", 2, 1),
    ("filial", 2, 1),
    ("vera", 1, 1),
    ("clerk", 0, 0),
    ("ministry", 0, 0),
    ("far", 0, 0),
]


@pytest.mark.parametrize(("who", "appeals", "others"), SIGHT)
def test_who_sees_which_facts(who: str, appeals: int, others: int, rows: None, cast: SimpleNamespace) -> None:
    employee = getattr(cast, who)
    with enter(employee.scope):
        assert [model.objects.count() for model in FACTS] == [appeals] + [others] * (len(FACTS) - 1)
    seen = [model.objects.accessible_to(employee).count() for model in FACTS]
    assert seen == [appeals] + [others] * (len(FACTS) - 1)


def test_nobody_sees_nothing(rows: None) -> None:
    with enter(Scope()):
        assert [model.objects.count() for model in FACTS] == [0] * len(FACTS)


def test_seals_and_what_changed_under_them(place: SimpleNamespace, head: Any, cast: Any, form: Any) -> None:
    facts = Facts(place)
    one, other = facts.appeal(), facts.appeal(insurer_id=place.beta.pk)
    whole = Subject(place.nsk.pk, None, place.nsk.name, place.nsk.pk)
    alfa = Subject(place.nsk.pk, place.alfa.pk, place.alfa.name, place.alfa.code)
    for subject in (whole, alfa):
        seal("small-form", subject, Period.read("2024-03"), by=head)
    AppealFact.objects.filter(pk__in=[one.pk, other.pk]).update(form="written")
    sees = {}
    for who in ("op2", "alina", "vera", "clerk", "far"):
        with enter(getattr(cast, who).scope):
            sees[who] = (Seal.objects.count(), set(Change.objects.values_list("key", flat=True)))
    both = {str(one.pk), str(other.pk)}
    assert sees == {
        "op2": (2, both),
        "alina": (1, {str(one.pk)}),
        "vera": (0, {str(other.pk)}),
        "clerk": (0, set()),
        "far": (0, set()),
    }


def test_people_write_nothing(rows: None, place: SimpleNamespace, cast: Any) -> None:
    given = {"territory": place.nsk.pk, "insurer_id": place.alfa.pk}
    with enter(cast.boris.scope):
        for model in FACTS:
            assert model.objects.update(insurer_id=place.alfa.pk) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            DeliveryFact.objects.create(delivery_id=99, asked_on=DAY, category="x", state="waiting", **given)
        with pytest.raises(DatabaseError), transaction.atomic():
            Change.objects.create(source="appeals", key="1", territory=place.nsk.pk, at="2026-01-01T00:00Z")
        with pytest.raises(DatabaseError), transaction.atomic():
            Cursor.objects.create(turn=1)
    assert not DeliveryFact.objects.filter(pk=99).exists()
