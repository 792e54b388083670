"""Any figures give a text one may publish: right forms, no word against the sign, shares of the table."""

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from opora.classifiers.words import Channel, Kind
from opora.reports import figures
from opora.reports.narrative import Analysis, Complaints, Count, Item, Measure, Name, Timeliness, write
from opora.reports.narrative.change import Trend, short, trend
from opora.reports.narrative.numbers import share
from opora.reports.narrative.words import KINDS, MEASURES

NUMBERS = st.integers(0, 60) | st.integers(0, 3_000) | st.integers(0, 2_000_000)
DAYS = st.decimals(0, 60, places=2)
NAMES = st.text("абвгдЕЖЗ «&<", min_size=1, max_size=30).filter(lambda text: re.search(r"[а-яЁё]", text))
# Forms by an independent table: what a teacher of Russian would write in the margin.
FORMS = [
    ("обращение", "обращения", "обращений"),
    ("жалоба", "жалобы", "жалоб"),
    ("обоснованная жалоба", "обоснованные жалобы", "обоснованных жалоб"),
    ("консультация", "консультации", "консультаций"),
    ("заявление", "заявления", "заявлений"),
    ("предложение", "предложения", "предложений"),
    ("благодарность", "благодарности", "благодарностей"),
    ("ответ", "ответа", "ответов"),
    ("раз", "раза", "раз"),
    ("экспертиза", "экспертизы", "экспертиз"),
    ("претензия", "претензии", "претензий"),
    ("письмо", "письма", "писем"),
    ("человек", "человека", "человек"),
    ("рубль", "рубля", "рублей"),
    ("процентный пункт", "процентных пункта", "процентных пунктов"),
]
GROWTH = r"\b(вырос|увеличил|прибав|больше,|больше$|впервые)"
DECLINE = r"\b(снизил|уменьшил|сократил|убав|потерял|меньше,|меньше$)"


def counts(direction=None):
    """Counts with the year before known or not; of one direction only, where it is asked for."""
    if direction is None:
        return st.builds(Count, NUMBERS, st.none() | NUMBERS)
    pairs = st.tuples(NUMBERS, NUMBERS).map(sorted)
    return pairs.map(lambda pair: Count(pair[1], pair[0]) if direction == "up" else Count(pair[0], pair[1]))


@st.composite
def periods(draw):
    since = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    until = draw(st.dates(since, date(since.year, 12, 31)))
    whole = draw(st.booleans())
    if whole:
        since = since.replace(day=1)
        until = (until.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return since, until


@st.composite
def parts_of(draw, whole):
    """A count within a count, in both years."""
    now = draw(st.integers(0, whole.now))
    return Count(now, None if whole.former is None else draw(st.integers(0, whole.former)))


@st.composite
def whole_of(draw, kinds, channels, topics, adds_up, direction):
    """A total not less than any sum of its parts; equal to the largest of them where it is to add up."""
    least = max(sum(count.now for count in parts) for parts in (kinds, channels, topics))
    now = least + (0 if adds_up else draw(NUMBERS))
    gap = draw(NUMBERS)
    former = {"up": max(0, now - gap), "down": now + gap}.get(direction, gap)
    return Count(now, former if direction else draw(st.none() | st.just(former)))


@st.composite
def analyses(draw, direction=None):
    since, until = draw(periods())
    one = counts(direction)
    items = st.lists(st.builds(Item, NAMES, one), max_size=6).map(tuple)
    decided, answered = draw(counts()), draw(counts())
    justified = draw(parts_of(decided))
    settled = draw(st.none() | st.integers(0, justified.now))
    kinds = draw(st.dictionaries(st.sampled_from(Kind), one))
    adds_up = draw(st.booleans()) and direction is None
    channels = {} if adds_up else draw(st.dictionaries(st.sampled_from(Channel), one))
    topics = () if adds_up else draw(items)
    total = draw(whole_of(kinds.values(), channels.values(), [topic.count for topic in topics], adds_up, direction))
    return Analysis(
        Name("Фонд", draw(NAMES)),
        Name("Область", "Области"),
        since,
        until,
        total=total,
        kinds=kinds,
        channels=channels,
        oral=draw(st.none() | one),
        written=draw(st.none() | one),
        topics=topics,
        by_fund=draw(st.none() | one),
        by_insurers=draw(items),
        complaints=None
        if direction
        else draw(st.none() | st.builds(
            Complaints, one, st.just(decided), st.just(justified), reasons=items, settled=st.just(settled),
            in_court=st.just(None if settled is None else justified.now - settled), pending=st.none() | NUMBERS,
        )),
        timeliness=None
        if direction
        else draw(st.none() | st.builds(
            Timeliness, st.just(answered), parts_of(answered), at_once=st.none() | st.integers(0, answered.now),
            mean_days=st.none() | DAYS, former_mean_days=st.none() | DAYS,
        )),
        measures=draw(st.lists(st.builds(
            Measure, st.sampled_from(sorted(MEASURES)), NUMBERS), max_size=4).map(tuple)),
    )  # fmt: skip


def plain(analysis):
    """Return the text with ordinary blanks between words, and numbers without blanks inside."""
    return re.sub(r"(?<=\d)\u202f(?=\d)", "", write(analysis).plain()).replace("\u00a0", " ")


@settings(max_examples=40, deadline=None)
@given(analyses())
def test_nothing_is_left_of_the_machine(analysis):
    text = write(analysis).plain()
    assert not re.search(r"None|nan|\{|\}|!|  | [,.;:]|\.\.|,,|\(\)|«»", text)
    assert all(line[0].isupper() or line[0].isdigit() or line[0] in "–«" for line in text.splitlines() if line)
    assert "\u00a0 " not in text


@settings(max_examples=40, deadline=None)
@given(analyses())
def test_nouns_agree_with_their_numbers(analysis):
    text = plain(analysis)
    for forms in FORMS:
        one, few, many = forms
        for number, form in re.findall(
            rf"(?<![\d,])(\d+) ({'|'.join(sorted(set(forms), key=len, reverse=True))})\b", text
        ):
            size = int(number)
            right = many if size % 100 in range(11, 15) else {1: one, 2: few, 3: few, 4: few}.get(size % 10, many)
            assert form == right, f"{number} {form}"


@settings(max_examples=40, deadline=None)
@given(analyses())
def test_verbs_agree_with_the_numbers_after_them(analysis):
    text = plain(analysis)
    for verb, number, noun in re.findall(r"\b(поступил\w?|рассмотрен\w?) (\d+) (обращ|жалоб)", text, re.IGNORECASE):
        is_one = number.endswith("1") and not number.endswith("11")
        assert verb[-1] == ("а" if noun == "жалоб" and is_one else "о"), f"{verb} {number} {noun}"


@settings(max_examples=40, deadline=None)
@given(analyses(direction="up"))
def test_growth_is_never_called_decline(analysis):
    assert not re.findall(DECLINE, without_names(analysis), re.MULTILINE | re.IGNORECASE)


@settings(max_examples=40, deadline=None)
@given(analyses(direction="down"))
def test_decline_is_never_called_growth(analysis):
    assert not re.findall(GROWTH, without_names(analysis), re.MULTILINE | re.IGNORECASE)


def without_names(analysis):
    return re.sub(r"обращений меньше 50|Где одно из чисел меньше 50", "", plain(analysis), flags=re.IGNORECASE)


@settings(max_examples=80, deadline=None)
@given(analyses())
def test_a_share_of_the_text_is_the_one_of_the_table(analysis):
    """The table rounds each share by itself; a text that moved a tenth would say another number beside it."""
    kinds = next((s for s in write(analysis).sections if s.heading == "Виды обращений"), None)
    if kinds is None:
        return
    lines = [line for lines in kinds.lists for line in lines]
    said = dict(found.groups() for line in lines if (found := re.match(r"(.+)\u00a0— .+? \(([\d,]+)\u00a0%\)", line)))
    for kind, count in analysis.kinds.items():
        if text := said.get(KINDS[kind].plural):
            assert Decimal(text.replace(",", ".")) == figures.share(count.now, analysis.total.now)


@settings(max_examples=40, deadline=None)
@given(analyses())
def test_rounded_words_are_true(analysis):
    for word, size, exact in re.findall(r"(более|почти) (\d+) тысяч\w* обращений \((\d+)\)", plain(analysis)):
        gap = int(exact) - 1000 * int(size)
        assert 0 < gap <= 500 if word == "более" else -100 <= gap < 0


@given(counts())
def test_small_numbers_get_no_per_cents(count):
    if count.former is not None and min(count.now, count.former) < 50:
        assert "%" not in short(count)
        assert "раз" not in short(count).replace("годом раньше", "")


@given(st.integers(50, 10**6), st.integers(50, 10**6))
def test_the_trend_tells_the_sign_and_the_size(now, former):
    found = trend(Count(now, former))
    exact = Fraction(now - former, former)
    assert (found is Trend.STEADY or found is Trend.SAME) == (abs(exact) <= Fraction(1, 200))
    if found in {Trend.UP, Trend.DOWN}:
        assert (exact > 0) == (found is Trend.UP)
        if "почти вдвое" not in short(Count(now, former)):
            said = Decimal(re.search(r"на ([\d,]+)\u00a0%", short(Count(now, former)))[1].replace(",", "."))
            assert abs(Fraction(said) - 100 * abs(exact)) <= Fraction(1, 20)
    if found is Trend.TIMES_UP:
        assert now >= 2 * former
    if found is Trend.TIMES_DOWN:
        assert former >= 2 * now


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_rounded_to_the_nearest_tenth(part, whole):
    assert abs(Fraction(share(part, whole)) - Fraction(100 * part, whole)) <= Fraction(1, 20)
