"""Numbers of letters: one after another for each organisation and year, none lost, none twice; the book stays."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.access.errors import RightMissing
from opora.access.scope import enter
from opora.mailroom import rules, services
from opora.mailroom.errors import AlreadyCame, MailroomError, NoSuchPaper, PaperChanged
from opora.mailroom.models import Incoming, Numbering, PaperEvent
from opora.mailroom.services.registering import NewLetter


class Undone(Exception):
    pass


@given(st.lists(st.tuples(st.sampled_from(["boris", "sp2", "filial"]), st.booleans()), max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_go_one_by_one_whoever_gives_up(
    cast: SimpleNamespace, place: SimpleNamespace, tried: list[tuple[str, bool]]
) -> None:
    """Whatever is registered and whatever is undone in between, each organisation has 1, 2, 3… and no gap."""
    before = {house.pk: Incoming.objects.filter(organisation=house).count() for house in (place.alfa, place.branch)}
    kept: dict[int, int] = dict.fromkeys(before, 0)
    for login, stays in tried:
        who = getattr(cast, login)
        try:
            with enter(who.scope), transaction.atomic():
                services.register(NewLetter(sender="Кто-то"), by=who)
                if not stays:
                    raise Undone
        except Undone:
            continue
        kept[who.assignment.organisation_id] += 1
    for house, number in kept.items():
        found = list(
            Incoming.objects.filter(organisation=house).order_by("sequence").values_list("sequence", flat=True)
        )
        assert found == list(range(1, before[house] + number + 1))


def test_a_number_says_whose_and_when(came: Any, place: SimpleNamespace, cast: SimpleNamespace) -> None:
    year = timezone.localdate(timezone=place.alfa.zone).year % 100
    first, second, branch = came(), came(), came(by=cast.filial)
    assert (first.number, second.number) == (f"54001-ВХ-{year}-000001", f"54001-ВХ-{year}-000002")
    assert branch.number == f"54003-ВХ-{year}-000001"
    assert [event.kind for event in first.events.all()] == ["registered"]


def test_a_new_year_begins_with_one(came: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The year is that of the organisation's own clock: in Novosibirsk it has begun while it has not in Greenwich."""
    moment = datetime(2027, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Novosibirsk
    monkeypatch.setattr("opora.mailroom.services.registering.timezone.now", lambda: moment)
    old = came(came_on=date(2027, 12, 31))
    monkeypatch.setattr("opora.mailroom.services.registering.timezone.now", lambda: moment + timedelta(minutes=2))
    new = came(came_on=date(2027, 12, 31))
    assert (old.year, old.number[-9:], new.year, new.number[-9:]) == (2027, "27-000001", 2028, "28-000001")


def test_the_database_keeps_the_book(came: Any) -> None:
    letter = came()
    for broken in (
        lambda: Incoming.objects.filter(pk=letter.pk)._raw_delete("default"),
        lambda: Incoming.objects.filter(pk=letter.pk).update(number="1"),
        lambda: Numbering.objects.update(last=7),
        lambda: PaperEvent.objects.update(text="другое"),
        lambda: PaperEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=r"deleted|stays|one by one"), transaction.atomic():
            broken()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="never emptied"), transaction.atomic():
            cursor.execute("TRUNCATE mailroom_paperevent CASCADE")


@pytest.mark.parametrize("typed", [" № 17-ог / 2", "17–OГ/2", "17-ОГ/2"])
def test_the_same_letter_is_noticed(came: Any, typed: str) -> None:
    first = came(outside_number="17-ОГ/2", outside_on=date(2026, 3, 2))
    with pytest.raises(AlreadyCame, match=first.number):
        came(outside_number=typed)
    second = came(outside_number=typed, again=True)
    assert second.sequence == first.sequence + 1


def test_no_number_is_no_sameness(came: Any) -> None:
    assert came(outside_number="б/н").sequence + 1 == came(outside_number="б/н").sequence


def test_another_house_does_not_see_it(came: Any, cast: SimpleNamespace) -> None:
    letter = came(outside_number="17")
    for stranger in (cast.vera, cast.op2, cast.filial):
        with enter(stranger.scope):
            assert not Incoming.objects.accessible_to(stranger).exists()
            assert not services.duplicates("17", by=stranger)
    with enter(cast.vera.scope):
        assert not Incoming.objects.exists()  # the second belt
        assert not PaperEvent.objects.exists()
    with enter(cast.boris.scope), pytest.raises(NoSuchPaper):
        services.file_away(letter.pk.__class__(int=1), why="нет", by=cast.boris)


def test_who_may_only_see_changes_nothing(came: Any, cast: SimpleNamespace) -> None:
    with enter(cast.alina.scope), pytest.raises(RightMissing):
        services.register(NewLetter(sender="Кто-то"), by=cast.alina)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"sender": " \x00 "}, "от кого"),
        ({"came_on": date(2999, 1, 1)}, "в будущем"),
        ({"sheets": 0}, "Листов"),
        ({"track": "17"}, "Трек-номер"),
        ({"way": "pigeon"}, "как пришло"),
    ],
)
def test_what_cannot_be_is_refused_and_no_number_is_lost(came: Any, typed: dict[str, Any], why: str) -> None:
    with pytest.raises(MailroomError, match=why):
        came(**typed)
    assert came().sequence == 1


def test_putting_right_names_the_fields(came: Any, cast: SimpleNamespace) -> None:
    letter = came(about="О полисе")
    with enter(cast.boris.scope):
        changed = services.amend(
            letter.pk, NewLetter(sender=letter.sender, about="О прикреплении", sheets=3), version=1, by=cast.boris
        )
        with pytest.raises(PaperChanged):
            services.amend(letter.pk, NewLetter(sender="Другой"), version=1, by=cast.boris)
    assert (changed.about, changed.number) == ("О прикреплении", letter.number)
    told = letter.events.get(kind="amended")
    assert told.details == {"fields": ["about", "sheets"]}


@given(st.text(max_size=80))
def test_a_key_is_stable(text: str) -> None:
    key = rules.outside_key(text)
    assert rules.outside_key(key) == key
    assert not any(sign.isspace() for sign in key)


def test_people_go_and_the_line_stays(came: Any, cast: SimpleNamespace) -> None:
    letter, other = came(about="О полисе"), came()
    Incoming.objects.filter(pk=letter.pk).update(forget_at=timezone.now() - timedelta(days=1))
    assert services.forget() == 1
    letter.refresh_from_db()
    assert (letter.sender, letter.about, letter.sequence) == ("", "", 1)
    assert not letter.events.exists()
    assert other.events.exists()
    with enter(cast.boris.scope), pytest.raises(NoSuchPaper):
        services.amend(letter.pk, NewLetter(sender="Снова"), by=cast.boris)
    assert services.forget() == 0
