"""Whole texts beside their figures: read them in ``golden``; a change of a rule shows there."""

from pathlib import Path

import pytest

from opora.reports.narrative import Analysis, Complaints, Count, Item, Measure, Name, write
from opora.reports.tests.narrative.samples import AUGUST, FUND, REGION, SAMPLES, ordinary

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", SAMPLES)
def test_text_is_the_golden_one(name):
    assert write(SAMPLES[name]).plain() == (GOLDEN / f"{name}.txt").read_text()


def test_every_golden_text_has_its_figures():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SAMPLES)


def test_the_same_figures_give_the_same_text():
    assert write(ordinary).html() == write(ordinary).html()


def test_names_are_escaped_in_html_and_lists_are_lists():
    analysis = Analysis(
        Name("<b>Фонд</b>", "<b>Фонда</b>"), REGION, **AUGUST, total=Count(5), topics=(Item("<script>", Count(5)),)
    )
    html = write(analysis).html()
    assert "<b>" not in html
    assert "<script>" not in html
    assert "<ul><li>&lt;script&gt;" in html


def test_money_and_people_agree():
    analysis = Analysis(
        FUND,
        REGION,
        **AUGUST,
        total=Count(5),
        measures=(
            Measure("refunded", 1),
            Measure("refunded", 2_000_000),
            Measure("booked", 3),
            Measure("care_given", 1),
            Measure("claims", 0),
        ),
    )
    done = next(section for section in write(analysis).sections if section.heading == "Что сделано")
    assert [line.replace("\u00a0", " ").replace("\u202f", " ") for line in done.lists[0]] == [
        "застрахованным возвращён один рубль",
        "застрахованным возвращено 2 000 000 рублей",
        "3 человека записаны к врачу или на исследование",
        "один человек получил медицинскую помощь, в которой было отказано",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Complaints(Count(5), Count(3), Count(4)),
        lambda: Complaints(Count(5), Count(5), Count(2), settled=2, in_court=1),
        lambda: Analysis(FUND, REGION, **AUGUST, total=Count(5), topics=(Item("Полис", Count(6)),)),
        lambda: Count(-1),
        lambda: Count(1, -1),
    ],
)
def test_figures_that_contradict_themselves_are_refused(broken):
    with pytest.raises(ValueError, match=r"of|negative"):
        broken()
