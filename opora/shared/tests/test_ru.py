from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

FILTERS = [
    ("day", date(1985, 3, 14), "14.03.1985"),
    ("day", datetime(2026, 3, 14, 22, 30, tzinfo=UTC), "15.03.2026"),  # local day
    ("day", None, "—"),
    ("moment", datetime(2026, 3, 14, 12, 20, tzinfo=UTC), "14.03.2026 19:20"),
    ("duration", timedelta(days=2, hours=3, minutes=9), "2 дня 3 часа"),
    ("duration", timedelta(seconds=1), "1 секунда"),
    ("duration", timedelta(0), "0 секунд"),
    ("clock", timedelta(seconds=42), "00:42"),
    ("clock", timedelta(hours=12, seconds=1), "12:00:01"),
    ("thousands", 2641342, "2 641 342"),
    ("thousands", 9999, "9999"),
    ("thousands", 10000, "10 000"),
    ("thousands", Decimal("1234567.80"), "1 234 567,80"),
    ("thousands", -5.5, "−5,5"),
    ("thousands", 0, "0"),
    ("thousands", None, "—"),
    ("about", 48_712, "около 49 тыс."),
    ("about", 999, "около 1000"),
    ('plural:"запись,записи,записей"', 1, "1 запись"),
    ('plural:"запись,записи,записей"', 22, "22 записи"),
    ('plural:"запись,записи,записей"', 11, "11 записей"),
    ('plural:"запись,записи,записей"', 0, "0 записей"),
    ("phone", "+79000000000", "+7 900 000-00-00"),
    ("phone", "", "—"),
    ("masked", "7754320889001236", "•••• 1236"),
    ("masked", None, "—"),
    ("initials", "Иванов Пётр Сергеевич", "Иванов П. С."),
    ("initials", "Соловьёва-Седая Полина", "Соловьёва-Седая П."),
    ("initials", "", ""),
    ("quoted", "ООО «Ромашка»", "«ООО „Ромашка“»"),
    ("dash", "", "—"),
    ("dash", 0, "0"),
    ("yes_no", False, "нет"),
    ("yes_no", None, "—"),
    ("filesize_ru", 5_360_000, "5,4 МБ"),
]


def render(expression: str, value: object) -> str:
    text = Template("{% load ru %}{{ value|" + expression + " }}").render(Context({"value": value}))
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("expression", "value", "shown"), FILTERS)
def test_filter(expression, value, shown):
    assert render(expression, value) == shown


def test_numbers_never_break_at_the_end_of_a_line():
    shown = Template("{% load ru %}{{ n|thousands }}{{ p|phone }}").render(Context({"n": 2641342, "p": "+79000000000"}))
    assert " " not in shown


@pytest.mark.parametrize("expression", ["quoted", "initials", "masked", "phone", "dash"])
def test_filters_do_not_let_markup_through(expression):
    assert "<b>" not in render(expression, "<b>Иванов <b>Пётр")
    assert render("quoted", mark_safe("<b>Ромашка</b>")) == "«<b>Ромашка</b>»"
