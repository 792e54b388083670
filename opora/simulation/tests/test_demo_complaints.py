"""Complaints of the demonstration stand at every stage, and everything on their way is the work of the services."""

from collections import Counter

import pytest

from opora.complaints import rules
from opora.complaints.models import Case, CaseEvent, Claim, Control, Dispute, Restoration
from opora.complaints.services._step import facts_of
from opora.complaints.words import CaseStage
from opora.simulation.demo import LOGINS, ensure_demo
from opora.simulation.demo_complaints import PATHS, ensure_complaints
from opora.simulation.people.words import territories

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def opened(kept: None) -> None:
    ensure_demo(scale=0.05)


@pytest.fixture
def demo(opened: None, system: None) -> None:
    """The demonstration, opened once for all tests of this file."""


def test_a_territory_looks_lived_in(demo: None) -> None:
    cases = list(Case.objects.all())
    stages = Counter(case.stage for case in cases)
    assert set(stages) == set(CaseStage.values)
    assert (len(cases), stages["closed"]) == (len(PATHS), 3)
    assert [case.stage for case in cases] == [str(rules.stage(facts_of(case))) for case in cases]
    assert set(Restoration.objects.values_list("how", flat=True)) == {"appointment", "money"}
    assert Claim.objects.get(decision="justified").review.state == "final"
    assert Claim.objects.filter(decision="").count() == 1
    dispute = Dispute.objects.get(track="court")
    assert dispute.filed_on < dispute.decided_on
    assert 0 < dispute.awarded < dispute.claimed
    assert Control.objects.exclude(act_number="").count() == Control.objects.filter(act_on__isnull=False).count()
    assert not CaseEvent.objects.filter(employee_name="").exists()


def test_a_second_start_adds_nothing_and_a_number_adds_so_many(demo: None) -> None:
    people = {"expert": LOGINS["sp3"], "clerk": LOGINS["clinic_clerk"], "fund": LOGINS["op2"]}
    home = territories()[0].okato
    assert ensure_complaints(home, **people) == 0
    assert ensure_complaints(home, **people, number=5, seed=7) == 5
    assert Case.objects.count() == len(PATHS) + 5
