from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from opora.shared import drawing
from opora.shared.charts import KINDS, Chart, Series, dresses
from opora.shared.drawing.scales import Scale
from opora.shared.shares import shares

NUMBERS = st.none() | st.integers(-(10**7), 10**7) | st.floats(-1e6, 1e6)


@st.composite
def charts(draw):
    kind = draw(st.sampled_from(KINDS))
    names = draw(st.lists(st.text("абвгд & <", min_size=1, max_size=40), min_size=1, max_size=9))
    numbers = st.none() | st.integers(0, 10**7) if kind == "share" else NUMBERS
    series = draw(st.lists(st.tuples(st.lists(numbers, min_size=9, max_size=9), st.booleans()), min_size=1, max_size=8))
    lines = [Series(f"с{n}", values[: len(names)], former) for n, (values, former) in enumerate(series)]
    return Chart(kind, "Обращения", "штук", names, lines)


def shown(chart):
    return Template("{% load ui %}{% chart chart %}").render(Context({"chart": chart}))


@given(charts())
def test_any_chart_is_drawn_within_its_sheet(chart):
    drawn = drawing.draw(chart)
    points = [at for shape in drawn.shapes for at in points_of(shape)]
    assert drawn.height > 0
    assert all(-6 <= x <= drawn.width + 12 and -6 <= y <= drawn.height + 6 for x, y in points)


def points_of(shape):
    if hasattr(shape, "points"):
        return shape.points
    return [shape.at] if hasattr(shape, "at") else [point for line in shape.lines for point in line]


@given(charts())
def test_any_chart_is_also_a_table_of_the_same_size(chart):
    table = chart.table
    assert len(table.rows) == (len(chart.series) if chart.kind == "heatmap" else len(chart.categories))
    assert {len(cells) for _, cells in table.rows} == {len(table.heads)}


@given(charts())
def test_a_drawing_is_the_same_every_time_and_holds_no_mark_up_of_names(chart):
    assert drawing.svg(chart) == drawing.svg(chart)
    assert "<<" not in drawing.svg(chart)
    assert "style=" not in drawing.svg(chart)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.integers(0, 3))
def test_shares_add_up_to_a_hundred_and_none_is_off_by_a_whole_digit(parts, places):
    found = shares(parts, places)
    assert sum(found) == (100 if any(parts) else 0)
    for part, share in zip(parts, found, strict=True):
        assert not any(parts) or abs(share - Decimal(100) * part / sum(parts)) < Decimal(1).scaleb(-places)


@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1))
def test_a_scale_begins_and_ends_on_round_numbers_around_zero_and_all_values(values):
    scale = Scale.over(values, 0, 100)
    assert scale.low <= min(0, *values, 0)
    assert scale.high >= max(0, *values, 0)
    assert 1 <= len(scale.ticks) <= 8


def test_series_differ_in_dress():
    series = [Series(str(n), []) for n in range(12)] + [Series("год назад", [], former=True)]
    assert len(set(dresses(series))) == 13


@pytest.mark.parametrize("link", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"])
def test_a_link_leads_nowhere_outside(link):
    with pytest.raises(ValueError, match="outside"):
        Chart("bar", "", "", ["а"], [Series("с", [1], links=[link])])


def test_a_chart_of_uneven_series_is_refused():
    with pytest.raises(ValueError, match="1 values for 2 categories"):
        Chart("bar", "", "", ["а", "б"], [Series("с", [1])])


def test_a_month_without_a_figure_is_a_gap_not_a_zero():
    whole, broken = (Chart("line", "", "", list("абв"), [Series("с", values)]) for values in ([5, 5, 5], [5, None, 5]))
    assert drawing.svg(whole).count("stroke-1") == 1
    assert drawing.svg(broken).count("stroke-1") == 0  # two lone points
    assert "<td" in shown(broken)
    assert "—" in shown(broken)


def test_the_page_shows_numbers_as_the_house_writes_them():
    page = shown(
        Chart("bar", "Виды", "обращений", ["а"], [Series("с", [Decimal("64211.5")], links=["/journal/?kind=2"])])
    )
    assert '<a href="/journal/?kind=2">64\u202f211,5</a>' in page


def test_names_are_escaped_in_the_page_and_in_its_drawing():
    page = shown(Chart("bar", "<b>", "", ["<script>"], [Series('"x"', [1]), Series("<i>", [2])]))
    assert "<script>" not in page
    assert "<b></b>" not in page
    assert "<i>" not in page


def test_a_picture_and_a_sheet_are_made_of_every_kind():
    from fpdf import FPDF

    from opora.shared.documents import FONTS

    sheet = FPDF(unit="mm")
    sheet.add_font("LiberationSerif", "", FONTS / "LiberationSerif-Regular.ttf")
    sheet.add_page()
    sheet.set_font("LiberationSerif", size=12)
    for kind in KINDS:
        chart = Chart(
            kind, "", "", ["первая", "вторая"], [Series("2025", [3, None]), Series("2024", [2, 5], former=True)]
        )
        assert drawing.png(chart)[:4] == b"\x89PNG"
        assert drawing.png(chart) == drawing.png(chart)
        before = sheet.pages[1].contents and len(sheet.pages[1].contents)
        assert drawing.on_sheet(sheet, chart, x=20, y=20, width=165) > 10
        assert len(sheet.pages[1].contents) > before
    assert sheet.font_size_pt == 12
