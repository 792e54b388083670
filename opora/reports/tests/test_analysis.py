"""The text of a month is written from the same cells that the tables show."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import Scope, enter
from opora.reports.analysis import analysis, text
from opora.reports.narrative import Count
from opora.reports.tests import desk
from opora.reports.tests.forms import golden

pytestmark = pytest.mark.django_db


def test_figures_of_the_text_are_cells_of_the_report(place: SimpleNamespace) -> None:
    written = golden.read("fund-analysis")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, "fund-analysis", written)
        found, told = analysis(report), text(report)
    assert found.total == Count(13, 6)
    assert found.complaints is not None
    assert (found.complaints.justified, found.complaints.settled) == (Count(3, 1), 3)
    assert [item.name for item in found.by_insurers] == ["СМО Альфа", "СМО Бета"]
    assert found.territory.genitive == "Новосибирской области"
    assert told is not None
    assert "13" in told.plain()


def test_a_form_without_a_text_has_none(place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        assert text(golden.report(place, "pg-a", golden.read("pg-a"))) is None


def test_the_page_of_the_analysis_holds_its_text(place: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    written = golden.read("fund-analysis")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
    desk.become(cast.op1, "analyst")
    page = signed_in("op1").get(f"/reports/fund-analysis/?of={place.nsk.code}&period={written.period}")
    assert page.context["text"].title in page.content.decode()
    assert "<h2>Как посчитано</h2>" in page.content.decode()


def test_figures_that_contradict_each_other_have_no_text(
    place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ValueError("a part larger than its whole")

    monkeypatch.setattr("opora.reports.narrative.write", refuse)
    with enter(Scope.system("a test counts")):
        assert text(golden.report(place, "fund-analysis", golden.read("fund-analysis"))) is None
