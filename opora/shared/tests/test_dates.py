"""Days in every writing an operator may use, and sentences for days that do not exist."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.shared import dates

TODAY = date(2026, 3, 2)
days = st.dates(date(1880, 1, 1), date(2199, 12, 31))

WRITINGS = [
    "14.03.1985", "14.3.1985", "14.3.85", "14.03.85", "14/03/1985", "14-03-85", "14 03 1985", "140385", "14031985",
    "19850314", "1985-03-14", "1985.03.14", "1985-03-14T00:00:00", "14 марта 1985", "14 мар. 85", "14 Марта 1985 г.",
    "14 март 1985", " 14.03.1985 г.р. ", "14.03.1985 года рождения", "14,03,1985",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITINGS)
def test_one_day_in_every_writing(text):
    assert dates.parse_day(text, today=TODAY) == date(1985, 3, 14)


@pytest.mark.parametrize(
    ("text", "shift"), [("вчера", -1), ("Сегодня", 0), ("позавчера", -2), ("ЗАВТРА", 1), ("послезавтра", 2)]
)
def test_words(text, shift):
    assert dates.parse_day(text, today=TODAY) == TODAY + timedelta(days=shift)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01.03.26", date(2026, 3, 1)),
        ("02.03.26", TODAY),
        ("03.03.26", date(1926, 3, 3)),
        ("29.02.00", date(2000, 2, 29)),
    ],
)
def test_two_digits_of_a_year_never_reach_the_future(text, day):
    assert dates.parse_day(text, today=TODAY) == day


REFUSED = [
    ("31.02.1985", "Даты 31.02.1985 нет: в феврале 1985 года 28 дней"),
    ("29.02.85", "в феврале 1985 года 28 дней"),
    ("00.03.1985", "Даты 00.03.1985 нет"),
    ("31.04.1985", "в апреле 1985 года 30 дней"),
    ("14.13.1985", "Месяца 13 нет"),
    ("14.03.1785", "Год 1785 не подходит"),
    ("14.03.0085", "Год 85 не подходит"),
    ("", "не похоже на дату"),
    ("14.03", "не похоже на дату"),
    ("14 шашлыка 1985", "не похоже на дату"),
    ("марш 1985", "не похоже на дату"),
    ("١٤.٠٣.١٩٨٥", "не похоже на дату"),
    ("9" * 1_000_000, "не похоже на дату"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_a_wrong_day_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(dates.DayNotUnderstood, match=sentence):
        dates.parse_day(text, today=TODAY)


@given(days, st.sampled_from(["%d.%m.%Y", "%d%m%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"]))
def test_every_day_is_read_back_from_every_full_writing(day, writing):
    assert dates.parse_day(day.strftime(writing), today=TODAY) == day
    assert dates.parse_day(dates.show(day), today=TODAY) == day


@given(st.dates(TODAY - timedelta(days=36_000), TODAY), st.sampled_from(["%d.%m.%y", "%d%m%y"]))
def test_every_birth_day_of_the_living_is_read_back_from_two_digits(day, writing):
    assert dates.parse_day(day.strftime(writing), today=TODAY) == day


@given(st.text(max_size=60))
def test_no_text_gives_anything_but_a_day_or_a_sentence(text):
    try:
        answer = dates.parse_day(text, today=TODAY)
    except dates.DayNotUnderstood as refusal:
        answer = str(refusal)
    assert answer


SPANS = [
    ("1985", date(1985, 1, 1), date(1985, 12, 31)),
    ("1985 г.р.", date(1985, 1, 1), date(1985, 12, 31)),
    ("03.1985", date(1985, 3, 1), date(1985, 3, 31)),
    ("2.1984", date(1984, 2, 1), date(1984, 2, 29)),
    ("1985-03", date(1985, 3, 1), date(1985, 3, 31)),
    ("март 1985", date(1985, 3, 1), date(1985, 3, 31)),
    ("14.03.85", date(1985, 3, 14), date(1985, 3, 14)),
]


@pytest.mark.parametrize(("text", "first", "last"), SPANS)
def test_a_birth_date_may_be_known_in_part(text, first, last):
    span = dates.parse_birth_day(text, today=TODAY)
    assert (span.first, span.last) == (first, last)
    assert span.is_one_day == (first == last)


@pytest.mark.parametrize("text", ["2027", "04.2026", "03.03.2026", "завтра"])
def test_nobody_is_born_in_the_future(text):
    with pytest.raises(dates.DayNotUnderstood, match="не может быть в будущем"):
        dates.parse_birth_day(text, today=TODAY)
