"""Which number first, and whether to phone at all: rules without a database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.insured.models import Consent, Contact
from opora.insured.reach import BROKEN, WEEKEND, WORKDAY, answers, best, by_quality, call_window, refuses_calls
from opora.insured.rules import Period, age

NSK = ZoneInfo("Asia/Novosibirsk")
TODAY = date(2026, 3, 4)


def phone(pk: int = 0, **fields: object) -> Contact:
    return Contact(
        **{"pk": pk, "kind": "phone", "value": "1", "normalised": "79000000001", "phone_kind": "mobile"} | fields
    )


contacts = st.lists(
    st.builds(
        phone,
        pk=st.integers(1, 10**6),
        state=st.sampled_from(Contact.State.values),
        owner=st.sampled_from(Contact.Owner.values),
        phone_kind=st.sampled_from(Contact.PhoneKind.values),
        normalised=st.sampled_from(["", "79000000001"]),
        is_preferred=st.booleans(),
        confirmed_on=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    ),
    max_size=8,
    unique_by=lambda contact: contact.pk,
)


@given(contacts)
def test_the_best_phone_is_never_a_broken_one(rows: list[Contact]) -> None:
    chosen = best(rows)

    assert (chosen is None) == all(row.state in BROKEN for row in rows)
    assert chosen is None or chosen.is_usable


@given(contacts, st.randoms())
def test_the_order_depends_on_quality_alone(rows: list[Contact], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert by_quality(rows) == by_quality(shuffled)
    usable = [row.is_usable for row in by_quality(rows)]
    assert usable == sorted(usable, reverse=True)


@given(contacts)
def test_what_the_person_chose_goes_before_what_we_think(rows: list[Contact]) -> None:
    chosen = best(rows)
    wanted = [row for row in rows if row.is_usable and row.is_preferred]

    assert not wanted or (chosen is not None and chosen.is_preferred)


ORDER = [
    ("confirmed before not", phone(1), phone(2, state="confirmed", confirmed_on=TODAY)),
    (
        "confirmed lately before long ago",
        phone(1, state="confirmed", confirmed_on=date(2020, 1, 1)),
        phone(2, state="confirmed", confirmed_on=TODAY),
    ),
    ("mobile before landline", phone(1, phone_kind="landline"), phone(2)),
    ("his own before a relative's", phone(1, owner="relative"), phone(2)),
    ("dialable before one without the area code", phone(1, normalised=""), phone(2, owner="unknown")),
]


@pytest.mark.parametrize(("why", "worse", "better"), ORDER, ids=[case[0] for case in ORDER])
def test_quality(why: str, worse: Contact, better: Contact) -> None:
    assert best([worse, better]) is better


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(moments, st.sampled_from(["Europe/Kaliningrad", "Europe/Moscow", "Asia/Novosibirsk", "Asia/Kamchatka"]))
def test_nobody_is_phoned_at_night(moment: datetime, zone: str) -> None:
    window = call_window(moment.astimezone(ZoneInfo(zone)))
    opens, closes = WEEKEND if window.now.weekday() >= 5 else WORKDAY

    assert window.is_open == (opens <= window.now.time() < closes)
    assert timedelta(0) < window.changes_at - window.now <= timedelta(hours=14)
    assert call_window(window.changes_at).is_open is not window.is_open


WINDOWS = [
    (datetime(2026, 3, 4, 7, 59), "звонить рано, можно с 08:00"),
    (datetime(2026, 3, 4, 19, 40), "звонить можно до 22:00"),
    (datetime(2026, 3, 4, 22, 0), "звонить рано, можно завтра с 08:00"),
    (datetime(2026, 3, 6, 23, 0), "звонить рано, можно завтра с 09:00"),
    (datetime(2026, 3, 7, 19, 59), "звонить можно до 20:00"),
]


@pytest.mark.parametrize(("now", "words"), WINDOWS)
def test_the_window_in_words(now: datetime, words: str) -> None:
    assert call_window(now.replace(tzinfo=NSK)).words == words


def consent(pk: int, on: date, granted: bool, until: date | None = None, **fields: object) -> Consent:
    return Consent(
        **{"pk": pk, "channel": "call", "purpose": "informing", "decided_on": on, "is_granted": granted, "until": until}
        | fields
    )


def test_the_latest_decision_counts() -> None:
    rows = [consent(2, date(2026, 1, 1), False), consent(1, date(2025, 1, 1), True)]

    assert refuses_calls(rows, TODAY)
    assert not refuses_calls([*rows, consent(3, date(2026, 1, 1), True)], TODAY)


def test_an_expired_decision_is_none() -> None:
    answer = answers([consent(1, date(2025, 1, 1), True, until=date(2025, 12, 31))], TODAY)["call", "informing"]

    assert (answer.decision, answer.words) == (None, "срок вышел")


def test_every_channel_has_an_answer() -> None:
    assert len(answers([], TODAY)) == len(Consent.Channel.values) * len(Consent.Purpose.values)


days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(days, st.none() | st.integers(0, 9999), days, st.none() | st.integers(0, 9999))
def test_periods_overlap_both_ways(first: date, long: int | None, second: date, longer: int | None) -> None:
    one = Period(first, None if long is None else first + timedelta(days=long))
    other = Period(second, None if longer is None else second + timedelta(days=longer))

    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) == (one.holds(max(first, second)) and other.holds(max(first, second)))


@given(days, st.integers(0, 120))
def test_a_birthday_adds_a_year(born: date, years: int) -> None:
    day = date(born.year + years, born.month, min(born.day, 28))

    assert age(born, day) in {years, years - 1}
    assert age(born, day + timedelta(days=4)) >= years or born.day <= 28


def test_times_of_the_window_are_ordered() -> None:
    assert time(0) < WORKDAY[0] < WORKDAY[1]
    assert WORKDAY[0] <= WEEKEND[0] < WEEKEND[1] <= WORKDAY[1]
