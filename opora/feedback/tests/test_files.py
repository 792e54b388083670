"""What goes along with an answer: chosen files and the letter, within what the platform takes."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import InternalError, ProgrammingError
from django.urls import reverse

from opora.adapters.poshouse.server import PosServer
from opora.appeals import services as journal
from opora.appeals import store
from opora.appeals.errors import ChannelRefused, NotComplete
from opora.appeals.models import Answer, File
from opora.feedback import errors, services
from opora.feedback.models import Errand, PosMessage

PDF = b"%PDF-1.4\n%%EOF\n"
TEXT = "Ответ с приложением.".encode()


@pytest.fixture
def file(message: PosMessage, cast: SimpleNamespace) -> File:
    return journal.add_file(message.appeal_id, name="выписка.pdf", content=PDF, by=cast.sp2)


def given(pos: PosServer, message: PosMessage) -> list[tuple[str, bytes]]:
    """What the platform keeps of the files of the last answer."""
    files = pos.platform.messages[message.external_id]["answers"][-1]["files"]
    return [(one["name"], base64.b64decode(pos.platform.files[one["id"]])) for one in files]


def test_a_file_and_the_letter_leave_with_the_answer(
    pos: PosServer, message: PosMessage, file: File, cast: Any
) -> None:
    services.prepare(message.pk, "Виден.", outcome="consulted", enclosed=[file.pk], with_letter=True, by=cast.sp2)
    services.approve(message.pk, by=cast.boris)
    assert services.carry_due() == 1
    letter, added = given(pos, message)
    assert added == ("выписка.pdf", PDF)
    assert letter[0] == f"Ответ {message.appeal.number}.pdf"
    assert letter[1].startswith(b"%PDF")


def test_from_the_card_they_leave_too(pos: PosServer, message: PosMessage, file: File, cast: Any) -> None:
    answer = journal.prepare_answer(message.appeal_id, text="Виден.", enclosed=[file.pk], by=cast.sp2)
    journal.submit_answer(answer.pk, by=cast.sp2)
    journal.approve_answer(answer.pk, by=cast.boris)
    journal.send_answer(answer.pk, channel="feedback", by=cast.sp2)
    services.take_up_left()
    services.carry_due()
    assert given(pos, message) == [("выписка.pdf", PDF)]


def test_what_the_platform_does_not_take_is_said_by_name(message: PosMessage, cast: Any) -> None:
    text = journal.add_file(message.appeal_id, name="записка.txt", content=TEXT, by=cast.sp2)
    with pytest.raises(errors.FilesRefused, match=r"записка\.txt"):
        services.prepare(message.pk, "Да.", outcome="consulted", enclosed=[text.pk], by=cast.sp2)
    answer = journal.prepare_answer(message.appeal_id, text="Да.", enclosed=[text.pk], by=cast.sp2)
    journal.submit_answer(answer.pk, by=cast.sp2)
    journal.approve_answer(answer.pk, by=cast.boris)
    with pytest.raises(ChannelRefused, match="только pdf"):
        journal.send_answer(answer.pk, channel="feedback", by=cast.sp2)


@pytest.mark.parametrize(
    ("files", "with_letter", "words"),
    [
        ([("a.pdf", 1)] * 5, True, "не больше 5 файлов вместе с письмом"),
        ([("a.pdf", 1)] * 6, False, "не больше 5 файлов, у вас 6"),
        ([("a.PDF", 1), ("большой.pdf", 10 * 1024 * 1024 + 1)], False, "«большой.pdf» больше"),
        ([("без-вида", 1)], False, "без-вида"),
    ],
)
def test_limits_are_sentences(files: Any, with_letter: bool, words: str) -> None:
    from opora.adapters.pos import wire
    from opora.feedback import limits

    named: Any = [SimpleNamespace(name=name, size=size) for name, size in files]
    with pytest.raises(errors.FilesRefused, match=words):
        limits.check_files(named, wire.LIMITS, with_letter=with_letter)


@pytest.mark.parametrize("spoil", ["removed", "broken"])
def test_what_is_no_longer_whole_does_not_leave(
    pos: PosServer, message: PosMessage, file: File, cast: Any, spoil: str
) -> None:
    services.prepare(message.pk, "Виден.", outcome="consulted", enclosed=[file.pk], by=cast.sp2)
    services.approve(message.pk, by=cast.boris)
    if spoil == "removed":
        journal.remove_file(file.pk, why="Не тот.", by=cast.sp2)
    else:
        store.place_of(file.sha256).unlink()
    services.carry_due()
    message.refresh_from_db()
    assert "выписка.pdf" in message.trouble
    assert (Errand.objects.get().state, pos.given) == ("failed", [])
    services.return_answer(message.pk, "Приложите заново.", by=cast.boris)


def test_a_file_of_another_appeal_is_not_enclosed(message: PosMessage, cast: Any) -> None:
    stranger = File(pk=message.pk)
    with pytest.raises(NotComplete):
        journal.prepare_answer(message.appeal_id, text="Да.", enclosed=[stranger.pk], by=cast.sp2)


def test_what_was_approved_stays(message: PosMessage, file: File, cast: Any) -> None:
    services.prepare(message.pk, "Да.", outcome="consulted", enclosed=[file.pk], by=cast.sp2)
    services.approve(message.pk, by=cast.boris)
    with pytest.raises((ProgrammingError, InternalError), match="does not change"), transaction.atomic():
        Answer.objects.update(enclosed=[])


def test_both_pages_ask_what_goes_along(signed_in: Any, message: PosMessage, file: File) -> None:
    executor = signed_in("sp2")
    card = reverse("appeals:act", args=[message.appeal.number, "prepare_answer"])
    for address in (f"/feedback/{message.pk}/prepare/", card):
        page = executor.get(address, follow=True).content.decode()
        assert "выписка.pdf" in page
        assert "письмом на бланке" in page
    version = PosMessage.objects.get().version
    sent = {"version": version, "text": "Виден.", "outcome": "consulted", "enclosed": str(file.pk), "with_letter": "on"}
    executor.post(f"/feedback/{message.pk}/prepare/", sent)
    answer = Answer.objects.get()
    assert (answer.enclosed, answer.with_letter) == ([str(file.pk)], True)
    shown = executor.get(f"/feedback/{message.pk}/").content.decode()
    assert "письмо на бланке, выписка.pdf" in shown
