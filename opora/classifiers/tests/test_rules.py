"""Rows of reports: every topic, kind and set of flags has one row, in every generation."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.classifiers.packs import SHIPPED, read_file
from opora.classifiers.rules import report_rows
from opora.classifiers.tables import generations, table
from opora.classifiers.words import Flag, Kind

THREE = read_file(SHIPPED / "topics-3.json").topics
TWO = read_file(SHIPPED / "topics-2.json").topics
MOVED = json.loads((SHIPPED / "topics-3.json").read_text())["moved"]
TOPIC = {topic.code: topic for topic in THREE}
flag_sets = st.frozensets(st.sampled_from(Flag.values))
FORMS = ("pg-a", "pg-b")


def counted(code: str, kind: str, generation: str, *flags: str) -> str:
    topic = TOPIC[code]
    return report_rows(topic.rows, kind, {*flags, *topic.flags}, generation)[0]


@given(st.sampled_from(THREE), st.sampled_from(Kind.values), flag_sets, st.sampled_from(FORMS))
def test_every_appeal_has_a_row_that_exists(topic: Any, kind: str, flags: frozenset[str], generation: str) -> None:
    rows = report_rows(topic.rows, kind, flags, generation)
    assert rows
    assert set(rows) <= set(table(generation).rows)


@given(st.sampled_from(THREE), st.sampled_from(Kind.values), flag_sets, st.sampled_from(generations()))
def test_rows_are_one_branch_with_one_deepest(topic: Any, kind: str, flags: frozenset[str], generation: str) -> None:
    rows = report_rows(topic.rows, kind, flags, generation)
    assert all(deep.startswith(f"{wide}.") for deep, wide in pairwise(rows))
    assert len(set(rows)) == len(rows)


@given(st.sampled_from(THREE), st.sampled_from([Kind.CONSULTATION, Kind.COMPLAINT]), flag_sets, st.sampled_from(FORMS))
def test_the_row_is_of_its_kind(topic: Any, kind: str, flags: frozenset[str], generation: str) -> None:
    assert table(generation).rows[report_rows(topic.rows, kind, flags, generation)[0]].kind == kind


@given(st.sampled_from(TWO), st.sampled_from(Kind.values), flag_sets)
def test_a_topic_of_edition_2_counts_in_generation_b(topic: Any, kind: str, flags: frozenset[str]) -> None:
    assert report_rows(topic.rows, kind, flags, "pg-b") == ()
    successor = TOPIC[MOVED.get(topic.code, topic.code)]
    assert report_rows(successor.rows, kind, flags, "pg-b")


@pytest.mark.parametrize("generation", generations())
def test_rules_of_a_form_stay_inside_it(generation: str) -> None:
    form = table(generation)
    for rule in form.refine:
        assert {rule.row, rule.to} <= set(form.rows), rule
        assert rule.flags <= set(Flag.values), rule
        assert form.rows[rule.row].kind == form.rows[rule.to].kind, rule
    assert set(form.defaults.values()) <= set(form.rows)
    assert set(form.defaults) in (set(), set(Kind.values))


# The bridge of the handbook, 21 §3.4: a consultation and a complaint in A, then in B.
BRIDGE = {
    "2": ("4.1", "ж3", "4.2", "3.2"),
    "1": ("4.4", "ж6.1", "4.1", "3.1"),
    "3": ("4.2", "ж4.1", "4.3", "3.3"),
    "4": ("4.3", "ж5", "4.4", "3.4"),
    "5": ("4.5", "ж7", "4.5", "3.5"),
    "5.10": ("4.6", "ж8", "4.5", "3.5"),
    "5.11": ("4.5", "ж9", "4.5", "3.5.1"),
    "13.1": ("4.7", "ж10", "4.13", "3.12"),
    "6": ("4.8", "ж11", "4.6", "3.6"),
    "6.2": ("4.5", "ж7", "4.6.1", "3.6"),
    "6.4": ("4.5", "ж7", "4.6.1", "3.6.2.1"),
    "7": ("4.14", "ж17", "4.7", "3.7"),
    "8": ("4.9", "ж12", "4.8", "3.8"),
    "10": ("4.11", "ж13.2", "4.10", "3.9"),
    "10.3": ("4.11", "ж15.2", "4.10", "3.9"),
    "11": ("4.10", "ж13.1", "4.11", "3.10"),
    "12": ("4.12", "ж15.1", "4.12", "3.11"),
    "15": ("4.14", "ж17.1", "4.13", "3.12"),
}


@pytest.mark.parametrize("code", BRIDGE)
def test_the_bridge_between_generations(code: str) -> None:
    found = [counted(code, kind, generation) for generation in FORMS for kind in ("consultation", "complaint")]
    assert tuple(found) == BRIDGE[code]


FINER = [
    ("2.8", "consultation", "pg-a", (), "4.1.1"),
    ("2.3", "application", "pg-a", (), "3.5.2"),
    ("2.4", "application", "pg-a", (), "3.5.1"),
    ("1.1", "application", "pg-a", (), "3.2.2"),
    ("1.2", "application", "pg-a", (), "3.2.1"),
    ("12.8", "application", "pg-a", (), "3.1"),
    ("15", "application", "pg-a", (), "3.6.1"),
    ("15.1", "out_of_scope", "pg-a", (), "3.6.1"),
    ("12.1", "consultation", "pg-a", (), "4.12.1"),
    ("1.6", "complaint", "pg-a", (), "ж6.3"),
    ("1.3", "complaint", "pg-a", ("abroad",), "ж6.2"),
    ("11.2", "complaint", "pg-a", ("abroad",), "ж13.2"),
    ("6", "complaint", "pg-b", ("oncology", "waiting"), "3.6.2.1"),
    ("6", "complaint", "pg-b", ("oncology", "child"), "3.6.4"),
    ("6.7", "complaint", "pg-b", (), "3.6.1"),
    ("6.8", "complaint", "pg-b", (), "3.6.5"),
    ("6", "consultation", "pg-b", ("telemedicine",), "4.9"),
    ("7.2", "consultation", "pg-b", ("age_65",), "4.7.2.1"),
    ("7.3", "complaint", "pg-b", ("age_65",), "3.7.3.1"),
    ("8.4", "complaint", "pg-b", (), "3.8.1.2"),
    ("8.5", "consultation", "pg-b", (), "4.8.1.1"),
    ("12.4", "complaint", "pg-b", (), "3.11.1"),
    ("9", "consultation", "pg-b", (), "4.9"),
    ("14.1", "proposal", "pg-b", (), "5"),
    ("2", "consultation", "sstu", (), "0002.0014.0143.0418"),
    ("10.3", "complaint", "sstu", (), "0002.0014.0143.0389"),
]


@pytest.mark.parametrize(("code", "kind", "generation", "flags", "row"), FINER)
def test_flags_lead_to_the_real_row(code: str, kind: str, generation: str, flags: tuple[str, ...], row: str) -> None:
    assert counted(code, kind, generation, *flags) == row


def test_paid_services_have_no_group_of_the_portal() -> None:
    assert report_rows(TOPIC["12.5"].rows, "consultation", set(), "sstu") == ()


def test_every_row_of_form_b_can_be_reached() -> None:
    """A row no topic and no flag leads to would stay empty for ever."""
    reached = {
        row
        for topic in THREE
        for kind in Kind.values
        for extra in [set(), *({flag} for flag in Flag.values)]
        for row in report_rows(topic.rows, kind, {*topic.flags, *extra}, "pg-b")
    }
    assert reached == set(table("pg-b").rows)
