"""Answers that leave by post: picked up once, listed, tracked, handed over, come back; the journal hears of it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from opora.access.scope import enter
from opora.appeals import services as journal
from opora.appeals.models import Answer, Appeal
from opora.mailroom import papers, queries, rules, services
from opora.mailroom.errors import MailroomError, NothingChosen, NotWaiting, TracksUnread, WordsNeeded
from opora.mailroom.models import Outgoing, PostList
from opora.mailroom.papers import Envelope
from opora.mailroom.papers.envelopes import STROKES
from opora.mailroom.services import collecting
from opora.organisations.models import Organisation

TRACKS = ["80089012345670", "80089012345687", "RA123456785RU"]


@pytest.fixture
def listed(answered: Callable[..., Answer], cast: SimpleNamespace) -> PostList:
    for number in ("17-исх", "18-исх"):
        answered(number)
    with enter(cast.boris.scope):
        return services.make_list([one.pk for one in queries.waiting(cast.boris)], by=cast.boris)


def by_number(number: str) -> Outgoing:
    return Outgoing.objects.get(number=number)


def test_an_answer_by_post_waits_to_be_sent(waiting: Outgoing, place: SimpleNamespace) -> None:
    assert (waiting.state, waiting.organisation, waiting.number) == ("waiting", place.alfa, "17-исх")
    assert waiting.addressee == "Соловьёвой Полине Андреевне"
    assert rules.index_of(waiting.address) == "630099"


def test_it_is_picked_up_once(waiting: Outgoing, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        journal.note(waiting.appeal_id, text="Заметка", by=cast.boris)
    services.collect([SimpleNamespace(kind="answered", appeal_id=waiting.appeal_id, organisation_id=1)])  # type: ignore[list-item]
    assert Outgoing.objects.count() == 1


def test_what_was_not_heard_is_picked_up_later_and_once(
    answered: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(collecting, "_letter", fail)
        answer = answered()
    assert not Outgoing.objects.exists()
    assert services.collect_left() == 0, "the chainer may be at it"
    later = timezone.now() + timedelta(minutes=2)
    assert services.collect_left(later + timedelta(days=4)) == 0, "somebody has sent it by hand"

    assert services.collect_left(later) == 1

    assert services.collect_left(later) == 0
    assert Outgoing.objects.get().answer_id == answer.pk


def test_who_else_sees_it(waiting: Outgoing, cast: SimpleNamespace) -> None:
    for stranger in (cast.vera, cast.filial, cast.op2):
        with enter(stranger.scope):
            assert not Outgoing.objects.accessible_to(stranger).exists()
    with enter(cast.vera.scope):
        assert not Outgoing.objects.exists()


def test_a_list_has_a_number_and_an_order(listed: PostList, cast: SimpleNamespace) -> None:
    assert listed.number.endswith("-000001")
    assert [(one.place, one.number, one.state) for one in queries.items_of(listed)] == [
        (1, "17-исх", "listed"),
        (2, "18-исх", "listed"),
    ]
    with enter(cast.boris.scope):
        with pytest.raises(NotWaiting):
            services.make_list([by_number("17-исх").pk], by=cast.boris)
        with pytest.raises(NothingChosen):
            services.make_list([], by=cast.boris)


def test_without_an_address_nothing_is_listed(answered: Callable[..., Answer], cast: SimpleNamespace) -> None:
    answered(address="")
    letter = Outgoing.objects.get()
    with enter(cast.boris.scope):
        with pytest.raises(MailroomError, match="Без адреса"):
            services.make_list([letter.pk], by=cast.boris)
        with pytest.raises(MailroomError, match="адрес с индексом"):
            services.address(letter.pk, addressee="Кому", address=" ", by=cast.boris)
        services.address(letter.pk, addressee="Кому", address="630000, Новосибирск", by=cast.boris)
        assert services.make_list([letter.pk], category="simple", by=cast.boris).category == "simple"


def test_tracks_are_pasted_by_number_or_in_order(listed: PostList, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        assert services.add_tracks(listed.pk, text=f"18-исх\t{TRACKS[0]}\n\n17-ИСХ {TRACKS[2]}", by=cast.boris) == 2
    assert (by_number("18-исх").track, by_number("17-исх").track) == (TRACKS[0], TRACKS[2])


def test_tracks_in_the_order_of_the_list(listed: PostList, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        services.add_tracks(listed.pk, text="\n".join(TRACKS[:2]), by=cast.boris)
    assert [one.track for one in queries.items_of(listed)] == TRACKS[:2]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Вставьте"),
        ("17-исх 123", "в строках: 1"),
        (f"{TRACKS[0]}\n{TRACKS[0]}", "дважды"),
        (f"99-исх {TRACKS[0]}", "для строк: 1"),
        ("\n".join(TRACKS), "для строк: 3"),
    ],
)
def test_a_bad_paste_changes_nothing(listed: PostList, cast: SimpleNamespace, text: str, why: str) -> None:
    with enter(cast.boris.scope), pytest.raises(TracksUnread, match=why):
        services.add_tracks(listed.pk, text=text, by=cast.boris)
    assert not Outgoing.objects.exclude(track="").exists()


def test_a_track_of_another_letter_is_refused(listed: PostList, cast: SimpleNamespace) -> None:
    first, second = queries.items_of(listed)
    with enter(cast.boris.scope):
        services.set_track(first.pk, track=TRACKS[0], by=cast.boris)
        with pytest.raises(TracksUnread, match="уже записан"):
            services.set_track(second.pk, track=TRACKS[0], by=cast.boris)


def test_what_was_handed_over_reaches_the_journal(listed: PostList, cast: SimpleNamespace) -> None:
    first, second = queries.items_of(listed)
    with enter(cast.boris.scope):
        services.take_off(second.pk, by=cast.boris)
        services.hand_over(listed.pk, by=cast.boris)
        with pytest.raises(NotWaiting):
            services.hand_over(listed.pk, by=cast.boris)
        with pytest.raises(NotWaiting):
            services.take_off(first.pk, by=cast.boris)
        services.delivered(first.pk, by=cast.boris)
    assert Answer.objects.get(pk=first.answer_id).state == "delivered"
    assert by_number("18-исх").state == "waiting"
    assert [event.kind for event in first.events.all()] == ["delivered", "sent", "listed", "picked"]


def test_a_letter_that_came_back_wakes_the_appeal(listed: PostList, cast: SimpleNamespace) -> None:
    """The clerk of the mailroom is not who answers for the appeal, and tells of it all the same."""
    letter = by_number("17-исх")
    with enter(cast.sp2.scope):
        services.hand_over(listed.pk, by=cast.sp2)
        with pytest.raises(WordsNeeded):
            services.returned(letter.pk, why="", by=cast.sp2)
        services.returned(letter.pk, why="Истёк срок хранения", by=cast.sp2)
    assert Answer.objects.get(pk=letter.answer_id).state == "failed"
    appeal = Appeal.objects.get(pk=letter.appeal_id)
    assert (appeal.answered_at, appeal.stage) == (None, "in_work")


def test_a_day_before_the_post_took_it_is_refused(listed: PostList, cast: SimpleNamespace) -> None:
    letter = by_number("17-исх")
    with enter(cast.boris.scope):
        with pytest.raises(MailroomError, match="не раньше"):
            services.hand_over(listed.pk, on=listed.on - timedelta(days=1), by=cast.boris)
        services.hand_over(listed.pk, by=cast.boris)
        with pytest.raises(MailroomError, match="после сдачи"):
            services.delivered(letter.pk, on=listed.on - timedelta(days=1), by=cast.boris)


def test_a_letter_may_not_leave_at_all(waiting: Outgoing, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        services.drop(waiting.pk, why="Отдали на приёме", by=cast.boris)
        assert queries.waiting(cast.boris) == []
        assert queries.by_track("17-исх", cast.boris) == [waiting]


def test_the_address_goes_when_its_time_is_over(waiting: Outgoing, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        services.drop(waiting.pk, why="Отдали на приёме", by=cast.boris)
    Outgoing.objects.update(forget_at=waiting.picked_at - timedelta(days=1))
    assert services.forget() == 1
    waiting.refresh_from_db()
    assert (waiting.addressee, waiting.address, waiting.number) == ("", "", "17-исх")


@pytest.mark.parametrize("to", ["pdf", "docx"])
def test_the_list_on_paper(listed: PostList, place: SimpleNamespace, to: Any) -> None:
    Organisation.objects.filter(pk=place.alfa.pk).update(full_name="Общество «Альфа»", address="630007, Новосибирск")
    listed.refresh_from_db()
    content = papers.print_list(queries.paper_of(listed, queries.items_of(listed)), to)
    if to == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    else:
        document = docx.Document(BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for part in (listed.number, "Общество «Альфа»", "17-исх", "Соловьёвой", "Всего отправлений: 2"):
        assert part in text, part


@pytest.mark.parametrize(("size", "points"), [("dl", (624, 312)), ("c5", (649, 459))])
def test_envelopes_have_the_size_of_an_envelope(size: str, points: tuple[int, int]) -> None:
    one = Envelope("Общество «Альфа»", "Новосибирск", "630007", "Соловьёвой П. А.", "630099, ул. Ленина, 1", "630099")
    reader = PdfReader(BytesIO(papers.print_envelopes([one, one], size)))
    assert len(reader.pages) == 2
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == points
    text = reader.pages[0].extract_text()
    assert "Соловьёвой П. А." in text
    assert "630007, Новосибирск" in text


def test_digits_of_the_index_differ() -> None:
    """Each digit is a set of strokes of its own."""
    drawn = {
        digit: frozenset(frozenset(pair) for stroke in strokes for pair in pairwise(stroke))
        for digit, strokes in STROKES.items()
    }
    assert len(set(drawn.values())) == len(STROKES) == 10


@given(st.text(max_size=120))
@settings(max_examples=60, deadline=None)
def test_a_paste_is_read_or_named(text: str) -> None:
    """Whatever is pasted, each line that is not empty is read or named."""
    found, bare = rules.pasted(text)
    assert sorted([one.row for one in found] + bare) == [n for n, row in enumerate(text.splitlines(), 1) if row.strip()]
    assert all(rules.track(one.track) == one.track for one in found)


@given(st.lists(st.integers(0, 9), min_size=13, max_size=13))
def test_one_last_digit_agrees(digits: list[int]) -> None:
    start = "".join(map(str, digits))
    assert sum(not rules.is_doubtful(f"{start}{last}") for last in range(10)) == 1
