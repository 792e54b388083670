"""From a letter to the journal: the draft holds what the book says, the appeal carries the number."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from opora.access.scope import enter
from opora.appeals.events import taken_in
from opora.appeals.models import Appeal, Draft, Event
from opora.mailroom import services
from opora.mailroom.errors import AlreadyLinked, NoSuchAppeal, NotNew, WordsNeeded
from opora.mailroom.models import Incoming, Outgoing


def test_intake_opens_with_what_the_book_says(came: Any, cast: SimpleNamespace) -> None:
    letter = came(way="hand", about="Просит объяснить отказ", sender_address="630099, Новосибирск")
    with enter(cast.boris.scope):
        draft = services.open_intake(letter.pk, by=cast.boris)
        assert services.open_intake(letter.pk, by=cast.boris) == draft
    body = Draft.objects.get(pk=draft).body
    assert body["incoming_number"] == [letter.number]
    assert (body["channel"], body["surname"], body["patronymic"]) == (["letter"], ["Соловьёва-Седая"], ["Андреевна"])
    assert (body["text"], body["address"]) == (["Просит объяснить отказ"], ["630099, Новосибирск"])


def test_a_house_is_not_taken_for_a_person(came: Any, cast: SimpleNamespace) -> None:
    letter = came("Министерство здравоохранения № 2")
    with enter(cast.boris.scope):
        draft = services.open_intake(letter.pk, by=cast.boris)
    assert "surname" not in Draft.objects.get(pk=draft).body


def test_what_was_registered_ties_the_letter(
    came: Any, waiting: Outgoing, appeal_of: Any, cast: SimpleNamespace
) -> None:
    letter, appeal = came(), appeal_of(waiting)
    with enter(cast.boris.scope), transaction.atomic():
        draft = Draft.objects.get(pk=services.open_intake(letter.pk, by=cast.boris))
        draft.appeal = appeal
        draft.save()
        taken_in.send(sender=Draft, draft=draft, by=cast.boris)
    letter.refresh_from_db()
    assert (letter.state, letter.appeal_id) == ("linked", appeal.pk)
    with enter(cast.boris.scope), pytest.raises(NotNew):
        services.open_intake(letter.pk, by=cast.boris)


def test_an_appeal_that_is_there_takes_the_number(
    came: Any, waiting: Outgoing, appeal_of: Any, cast: SimpleNamespace
) -> None:
    first, second, appeal = came(), came(), appeal_of(waiting)
    with enter(cast.boris.scope):
        services.link(first.pk, number=f" {appeal.number} ", by=cast.boris)
        services.link(second.pk, number=appeal.number, by=cast.boris)
        with pytest.raises(AlreadyLinked):
            services.link(first.pk, number=appeal.number, by=cast.boris)
    found = Appeal.objects.get(pk=appeal.pk)
    assert (found.incoming_number, found.incoming_on) == (first.number, first.came_on)
    notes = Event.objects.filter(appeal_id=appeal.pk, kind="noted").values_list("text", flat=True)
    assert [second.number in text for text in notes] == [True]


def test_another_houses_appeal_is_none(came: Any, waiting: Outgoing, appeal_of: Any, cast: SimpleNamespace) -> None:
    letter = came(by=cast.vera) if cast.vera.holds("mailroom:work") else came(by=cast.op2)
    who = letter.registered_by
    Appeal.objects.filter(pk=appeal_of(waiting).pk)
    with enter(who.scope), pytest.raises(NoSuchAppeal):
        services.link(letter.pk, number="54001-26-999999", by=who)


def test_no_appeal_needs_a_reason_and_can_be_taken_back(came: Any, cast: SimpleNamespace) -> None:
    letter: Incoming = came()
    assert isinstance(letter.pk, UUID)
    with enter(cast.boris.scope):
        with pytest.raises(WordsNeeded):
            services.file_away(letter.pk, why="", by=cast.boris)
        services.file_away(letter.pk, why="Реклама", by=cast.boris)
        with pytest.raises(NotNew):
            services.file_away(letter.pk, why="Реклама", by=cast.boris)
        assert services.reopen(letter.pk, by=cast.boris).is_new
    assert [event.kind for event in letter.events.all()] == ["reopened", "filed", "registered"]
