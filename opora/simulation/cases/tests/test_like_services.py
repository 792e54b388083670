"""A case laid down by sets has the rows that the services leave when its people work."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from opora.appeals.models import Answer, Appeal
from opora.complaints import rules, services
from opora.complaints.models import (
    Case,
    CaseEvent,
    CaseTally,
    Claim,
    Control,
    Dispute,
    Expert,
    RecordsRequest,
    Restoration,
    Violation,
)
from opora.complaints.services._step import facts_of
from opora.simulation.cases.claims import Claims
from opora.simulation.cases.settle import settle_cases
from opora.simulation.demo_complaints import _Play
from opora.simulation.journal.exact import Order, tell
from opora.simulation.journal.stream import Stream

# What differs from case to case by chance or by who was there; everything else is filled alike or not at all.
ASIDE = {
    Case: {"consent_note", "version"},
    RecordsRequest: {"enp", "answered_by_id", "birth_on", "remind_on", "version"},
    Control: {"answered_by_id", "version", "reply", "disagreement"},
    Violation: {"note", "nonpay", "fine", "fine_share", "nonpay_share"},
    Restoration: {"amount", "note", "reason_id"},
    Dispute: {"number", "claimed", "awarded"},
    Claim: {"filed_by_id", "review_id", "version", "is_late"},
}
MAY = Stream("50000", date(2026, 5, 1), date(2026, 5, 31), seed=3)
COMPLAINT = ("post", "complaint")


@pytest.fixture
def world(cast: SimpleNamespace, place: SimpleNamespace, polina: Any) -> SimpleNamespace:
    return SimpleNamespace(cast=cast, place=place, polina=polina)


def told(world: SimpleNamespace, number: int = 3) -> None:
    orders = [Order(world.place.alfa.pk, *COMPLAINT, number, "6.1", "pretrial", identified=True)]
    tell(MAY, orders)


def filled(model: Any, case: Any) -> set[frozenset[str]]:
    """The names of the columns that hold something, row by row."""
    way = {Case: "pk", Violation: "control__case", Claim: "control__case"}.get(model, "case")
    rows = model.objects.filter(**{way: case}).values()
    return {
        frozenset(name for name, value in row.items() if value not in (None, "", []) and name not in ASIDE[model])
        for row in rows
    }


def walked(world: SimpleNamespace) -> Any:
    """One complaint taken all the way by its people."""
    from opora.simulation.demo_complaints import _experts

    cast, place = world.cast, world.place
    experts = _experts("50000", place.clinic2)
    play = _Play(cast.sp3, cast.clerk, cast.op2, place.clinic, experts)
    assert play.registered(0, "6.1", "Лечение назначили без осмотра.")
    for step in ("asked", "answered", "assigned", "handed", "signed", "judged", "restored"):
        getattr(play, step)()
    row = play.by(cast.sp3, services.open_dispute, play.case.pk, track="pretrial", filed_on=play.today,
                  place="Главный врач клиники")  # fmt: skip
    play.by(cast.sp3, services.end_dispute, row.pk, outcome="satisfied", decided_on=play.today)
    play.closed()
    return play


def test_rows_are_filled_alike(world: SimpleNamespace) -> None:
    play = walked(world)
    play.claimed()
    play.by(world.cast.op2, services.decide_claim, play.claim.pk, decision="unjustified", answer="Акт в силе.",
            upheld=list(Violation.objects.values_list("pk", flat=True)))  # fmt: skip
    play.closed()
    told(world, 1)
    settle_cases("50000", seed=1, claims=Claims(1, 0, date(2026, 12, 31), world.cast.op2))
    theirs, ours = play.case.pk, Case.objects.exclude(pk=play.case.pk).get().pk
    for model in ASIDE:
        assert filled(model, ours) == filled(model, theirs), model
    kinds = {case: list(CaseEvent.objects.filter(case=case).order_by("at", "id").values_list("kind", flat=True))
             for case in (ours, theirs)}  # fmt: skip
    assert set(kinds[ours]) == set(kinds[theirs])
    assert kinds[ours][0] == kinds[theirs][0] == "opened"
    assert kinds[ours][-1] == kinds[theirs][-1] == "closed"
    shapes = {
        case: {(one.kind, frozenset(one.details)) for one in CaseEvent.objects.filter(case=case)}
        for case in (ours, theirs)
    }
    assert shapes[ours] == shapes[theirs]


def test_stages_are_the_fold_of_what_was_done(world: SimpleNamespace) -> None:
    told(world)
    assert settle_cases("50000", seed=1).cases == 3
    for case in Case.objects.all():
        assert case.stage == str(rules.stage(facts_of(case))) == "closed"
        assert case.due_on == rules.due(facts_of(case))
        assert case.closed_at >= case.appeal.closed_at
    assert not CaseTally.objects.exists() or not sum(CaseTally.objects.values_list("change", flat=True))
    assert not CaseEvent.objects.filter(at__gt=timezone.now()).exists()


def test_a_case_that_was_settled_is_left_alone(world: SimpleNamespace) -> None:
    told(world)
    settle_cases("50000", seed=1)
    events = CaseEvent.objects.count()
    assert settle_cases("50000", seed=1).cases == 0
    assert CaseEvent.objects.count() == events


def test_acts_are_numbered_without_gaps_after_those_that_are_there(world: SimpleNamespace) -> None:
    walked(world)
    told(world)
    settle_cases("50000", seed=1)
    numbers = [int(one.partition("/")[0]) for one in Control.objects.values_list("act_number", flat=True)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) == 4


def test_claims_find_their_acts_and_only_so_many_are_justified(world: SimpleNamespace) -> None:
    told(world)
    settled = settle_cases("50000", seed=1, claims=Claims(8, 2, date(2026, 12, 31), world.cast.op2))
    assert settled.claims == Claim.objects.count() == 8
    assert Claim.objects.filter(decision="justified").count() == 2
    assert not Violation.objects.filter(control__claim__decision="justified").exclude(is_upheld=False).exists()
    assert all(claim.filed_at > claim.control.final_at for claim in Claim.objects.select_related("control"))
    for case in Case.objects.all():
        assert case.closed_at > max(claim.decided_at for claim in Claim.objects.filter(control__case=case))


def test_nobody_checks_the_clinic_that_employs_him(world: SimpleNamespace) -> None:
    told(world)
    settle_cases("50000", seed=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM complaints_control c JOIN complaints_employment e"
            " ON e.expert_id = c.expert_id AND e.provider_id = c.provider_id"
        )
        assert cursor.fetchone() == (0,)
    assert Expert.objects.filter(controls__isnull=False).exists()


def test_the_appeal_is_answered_and_its_verdict_is_that_of_its_reason(world: SimpleNamespace) -> None:
    told(world)
    for appeal in Appeal.objects.all():
        assert appeal.verdict == appeal.reasons.get().verdict == "pretrial"
        assert Answer.objects.filter(appeal=appeal, kind="final").exists()
