"""Whatever a superuser does behind the program is found and named; a clean history is never accused."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.appeals.chain.chainer import chain_batch
from opora.appeals.chain.digest import EVENT, GENESIS, link_hash
from opora.appeals.chain.findings import Finding
from opora.appeals.chain.verify import Head, verify
from opora.appeals.models import Appeal, ChainHead, ChainLink, Event

Forge = Callable[..., int]


def found() -> list[Finding]:
    return verify().findings


def event_at(organisation: Any, position: int) -> ChainLink:
    return ChainLink.objects.get(organisation_id=organisation.pk, position=position)


def test_a_clean_history_is_not_accused(history: SimpleNamespace, place: SimpleNamespace) -> None:
    report = verify()
    assert report.findings == []
    assert (report.events, report.waiting, report.appeals) == (9, 0, 5)
    assert {end.organisation: end.position for end in report.ends} == {place.alfa.pk: 8, place.beta.pk: 1}


def test_what_waits_for_its_place_is_no_trouble(
    history: SimpleNamespace, cast: SimpleNamespace, write: Callable[..., Any]
) -> None:
    write(cast.alina, closed=True)
    report = verify()
    assert report.is_clean
    assert report.waiting == 3


CHANGES = [
    "text = 'Переписано'",
    'details = details || \'{"stage": "closed"}\'',
    "at = at + interval '1 microsecond'",
    "employee_id = employee_id + 1",
    "employee_id = NULL",
    "employee_name = 'Другая Анна'",
    "kind = 'noted'",
    "depth = 4",
    "line = 'op2'",
    "territory = '01000'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_event_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge, change: str) -> None:
    link = event_at(place.alfa, 3)
    number = Appeal.objects.get(pk=Event.objects.get(at=link.event_at, id=link.event_id).appeal_id).number
    assert forge(f"UPDATE appeals_event SET {change} WHERE id = %s", [link.event_id]) == 1

    first = found()[0]
    assert (first.organisation, first.position, first.event) == (place.alfa.pk, 3, str(link.event_id))
    if change.startswith("at"):
        assert first.what == "event_removed"  # it is elsewhere in time now, and stands there without a place
        assert "event_inserted" in {one.what for one in found()}
    else:
        assert (first.what, first.number) == ("event_changed", number)


def test_a_changed_last_event_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    forge("UPDATE appeals_event SET text = 'x' WHERE id = %s", [event_at(place.alfa, 8).event_id])
    assert (found()[0].what, found()[0].position) == ("event_changed", 8)


def test_a_removed_event_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    link = event_at(place.alfa, 4)
    forge("DELETE FROM appeals_event WHERE id = %s", [link.event_id])
    first = found()[0]
    assert (first.what, first.position, first.event) == ("event_removed", 4, str(link.event_id))


def test_a_link_cut_out_with_its_event_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    link = event_at(place.alfa, 4)
    forge("DELETE FROM appeals_event WHERE id = %s", [link.event_id])
    forge("DELETE FROM appeals_chainlink WHERE event_id = %s", [link.event_id])
    first = found()[0]
    assert (first.what, first.position) == ("gap", 5)
    assert "4" in first.sentence


def test_a_cut_tail_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    for position in (7, 8):
        link = event_at(place.alfa, position)
        forge("DELETE FROM appeals_event WHERE id = %s", [link.event_id])
        forge("DELETE FROM appeals_chainlink WHERE event_id = %s", [link.event_id])
    first = found()[0]
    assert (first.what, first.position) == ("tail_cut", 7)


def test_a_cut_tail_with_its_head_is_found_by_the_daily_head(
    history: SimpleNamespace, place: SimpleNamespace, forge: Forge
) -> None:
    head = kept_head(place.alfa)
    link = event_at(place.alfa, 8)
    forge("DELETE FROM appeals_event WHERE id = %s", [link.event_id])
    forge("DELETE FROM appeals_chainlink WHERE event_id = %s", [link.event_id])
    last = bytes(event_at(place.alfa, 7).hash)
    forge("UPDATE appeals_chainhead SET position = 7, hash = %s WHERE organisation_id = %s", [last, place.alfa.pk])
    assert verify(heads=[head]).findings[0].what == "tail_cut"


INSERTED = """
INSERT INTO appeals_event SELECT at + interval '1 second', gen_random_uuid(), territory, organisation_id, 'noted',
       employee_id, employee_name, line, depth, details, 'подложено', appeal_id
  FROM appeals_event WHERE id = %s
"""


def test_a_forged_event_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    columns = (
        "at, id, territory, organisation_id, kind, employee_id, employee_name, line, depth, details, text, appeal_id"
    )
    forge(
        INSERTED.replace("appeals_event SELECT", f"appeals_event ({columns}) SELECT"),
        [event_at(place.alfa, 2).event_id],
    )
    first = found()[0]
    assert (first.what, first.organisation) == ("event_inserted", place.alfa.pk)
    assert first.number


def test_two_swapped_events_are_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    second, sixth = event_at(place.alfa, 2), event_at(place.alfa, 6)
    forge("DELETE FROM appeals_chainlink WHERE position IN (2, 6) AND organisation_id = %s", [place.alfa.pk])
    for position, link, own in ((2, sixth, second), (6, second, sixth)):
        forge(
            "INSERT INTO appeals_chainlink VALUES (%s, %s, %s, %s, %s)",
            [place.alfa.pk, position, link.event_at, link.event_id, bytes(own.hash)],
        )
    first = found()[0]
    assert (first.what, first.position) == ("reordered", 2)
    assert "6" in first.sentence


def test_a_forged_link_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    forge(
        "UPDATE appeals_chainlink SET hash = sha256('x') WHERE position = 5 AND organisation_id = %s", [place.alfa.pk]
    )
    assert [(one.what, one.position) for one in found()] == [("link_forged", 5)]


def test_an_event_of_another_organisation_is_named(
    history: SimpleNamespace, place: SimpleNamespace, forge: Forge
) -> None:
    link = event_at(place.alfa, 3)
    forge("UPDATE appeals_event SET organisation_id = %s WHERE id = %s", [place.beta.pk, link.event_id])
    assert (found()[0].what, found()[0].position) == ("event_foreign", 3)


def test_a_link_forged_over_nothing_does_not_stand_for_a_removed_event(
    history: SimpleNamespace, place: SimpleNamespace, forge: Forge
) -> None:
    link = event_at(place.alfa, 8)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {EVENT} FROM (SELECT) nothing LEFT JOIN appeals_event e ON false")
        [of_nothing] = cursor.fetchone()
    forged = link_hash(bytes(event_at(place.alfa, 7).hash), 8, bytes(of_nothing))
    forge("DELETE FROM appeals_event WHERE id = %s", [link.event_id])
    for table in ("link", "head"):
        where = "organisation_id = %s AND position = 8"
        forge(f"UPDATE appeals_chain{table} SET hash = %s WHERE {where}", [forged, place.alfa.pk])
    assert (found()[0].what, found()[0].position) == ("event_removed", 8)


def test_a_chain_rewritten_as_a_whole_is_found_by_a_kept_head(
    history: SimpleNamespace, place: SimpleNamespace, forge: Forge
) -> None:
    head = kept_head(place.alfa)
    rewrite(place.alfa, forge, position=3)
    assert [one for one in found() if one.position is not None] == []  # in itself it is whole again
    named = verify(heads=[head]).findings[0]
    assert (named.what, named.position) == ("rewritten", 8)
    assert "ТФОМС" in named.sentence


def rewrite(organisation: Any, forge: Forge, position: int) -> None:
    """Change an event and count all links after it anew, as a clever superuser would."""
    forge("UPDATE appeals_event SET text = 'Переписано' WHERE id = %s", [event_at(organisation, position).event_id])
    former = GENESIS
    for link in ChainLink.objects.filter(organisation_id=organisation.pk).order_by("position"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {EVENT} FROM appeals_event e WHERE id = %s", [link.event_id])
            former = link_hash(former, link.position, bytes(cursor.fetchone()[0]))
        forge(
            "UPDATE appeals_chainlink SET hash = %s WHERE organisation_id = %s AND position = %s",
            [former, organisation.pk, link.position],
        )
    forge("UPDATE appeals_chainhead SET hash = %s WHERE organisation_id = %s", [former, organisation.pk])


def kept_head(organisation: Any) -> Head:
    head = ChainHead.objects.get(pk=organisation.pk)
    return Head(organisation.pk, datetime.now(UTC).date(), head.position, bytes(head.hash).hex(), "ТФОМС")


def test_a_removed_or_forged_head_is_named(history: SimpleNamespace, place: SimpleNamespace, forge: Forge) -> None:
    forge("UPDATE appeals_chainhead SET hash = sha256('x') WHERE organisation_id = %s", [place.alfa.pk])
    forge("DELETE FROM appeals_chainhead WHERE organisation_id = %s", [place.beta.pk])
    assert {one.what for one in found()} == {"head_forged", "head_removed"}


def test_an_event_removed_before_its_place_is_named(
    cast: SimpleNamespace, write: Callable[..., Any], forge: Forge
) -> None:
    write(cast.alina)
    forge("DELETE FROM appeals_event")
    assert chain_batch() == 0
    assert "event_removed" in {one.what for one in found()}


BEHIND = [
    ("UPDATE appeals_appeal SET verdict = '', kind = 'application'", "row_changed"),
    ("UPDATE appeals_appeal SET owner_id = NULL WHERE owner_id IS NOT NULL", "row_changed"),
    ("UPDATE appeals_appeal SET outcome = 'withdrawn' WHERE closed_at IS NOT NULL", "row_changed"),
    ("UPDATE appeals_appeal SET stage = 'waiting' WHERE closed_at IS NULL", "row_changed"),
    ("UPDATE appeals_appeal SET number = 'X' || number", "row_changed"),
    ("UPDATE appeals_appeal SET received_at = received_at - interval '1 hour'", "row_changed"),
    ("UPDATE appeals_appeal SET registered_at = registered_at + interval '1 second'", "row_changed"),
    ("UPDATE appeals_appeal SET due_on = due_on + 1, due_at = due_at + interval '1 day'", "row_changed"),
    ("UPDATE appeals_appeal SET due_at = due_at + interval '7 days' WHERE due_at IS NOT NULL", "row_changed"),
    ("UPDATE appeals_appeal SET answered_at = answered_at - interval '1 day'", "row_changed"),
    ("UPDATE appeals_appeal SET needs_answer = NOT needs_answer", "row_changed"),
    ("UPDATE appeals_appeal SET flags = ARRAY['cardio']", "row_changed"),
    ("UPDATE appeals_appeal SET due_at = due_at + interval '1 hour' WHERE closed_at IS NULL", "term_differs"),
    ("UPDATE appeals_clock SET due_on = due_on + 7 WHERE state = 'running'", "term_differs"),
    ("UPDATE appeals_appealtext SET text = 'Не так'", "content_changed"),
    ("UPDATE appeals_party SET surname = 'Иванова'", "content_changed"),
    ("DELETE FROM appeals_party", "content_changed"),
    ("UPDATE appeals_answer SET text = 'Мы этого не обещали'", "answer_changed"),
    ("DELETE FROM appeals_answer", "answer_changed"),
    ("UPDATE appeals_clock SET state = 'stopped', stopped_at = now() WHERE state = 'running'", "no_clock"),
    ("UPDATE appeals_grant SET stage = 'waiting'", "list_differs"),
    ("DELETE FROM appeals_grant", "nobody_sees"),
    ("UPDATE appeals_tally SET change = change + 1", "tally_differs"),
    ("UPDATE appeals_numbering SET last = last + 1", "number_missing"),
]


@pytest.mark.parametrize(("statement", "what"), BEHIND)
def test_what_is_changed_behind_the_services_is_found(
    history: SimpleNamespace, forge: Forge, statement: str, what: str
) -> None:
    assert forge(statement) > 0
    assert what in {one.what for one in found()}
