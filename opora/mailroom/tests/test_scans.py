"""Scans: read by a real Tesseract for finding only; what would stop a worker is refused with a sentence."""

import struct
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from opora.access.scope import enter
from opora.appeals.errors import FileRefused
from opora.appeals.models import File
from opora.mailroom import queries, services
from opora.mailroom.errors import ScanRefused, WordsNeeded
from opora.mailroom.models import Incoming, Page, Scan
from opora.mailroom.reading import bounded, pages
from opora.mailroom.reading.inspecting import inspect
from opora.mailroom.services import reading
from opora.mailroom.tests.conftest import page_picture, saved

needs_reader = pytest.mark.skipif(not pages.can_read(), reason="no Tesseract with Russian on this machine")
needs_poppler = pytest.mark.skipif(not bounded.there("pdftoppm", "pdfinfo"), reason="no Poppler on this machine")
WORDS = "В поликлинике отказали\nв направлении на томографию.\nПрошу разобраться."


@pytest.fixture
def scan(came: Callable[..., Incoming], cast: SimpleNamespace) -> Callable[..., Scan]:
    def add(content: bytes, name: str = "скан.pdf", letter: Incoming | None = None) -> Scan:
        with enter(cast.boris.scope):
            return services.add_scan((letter or came()).pk, name=name, content=content, by=cast.boris)

    return add


@needs_reader
@needs_poppler
@pytest.mark.slow
def test_a_scan_is_found_by_what_stands_on_it(scan: Any, came: Any, cast: SimpleNamespace) -> None:
    other = came("Другой Отправитель", about="О прикреплении")
    found = scan(saved([page_picture(WORDS), page_picture("Страница вторая: реабилитация.")], "PDF"))
    reading.read_scan(found.pk)

    found.refresh_from_db()
    assert (found.state, found.why, found.pages) == ("read", "", 2)
    read = list(Page.objects.filter(scan=found).order_by("number"))
    assert "томографи" in read[0].text.lower()
    assert "реабилитация" in read[1].text.lower()
    assert all(page.picture for page in read)
    with enter(cast.boris.scope):
        assert queries.search("томография", cast.boris) == [found.incoming]  # another form of the word
        assert queries.search("прикрепление", cast.boris) == [other]
        assert queries.search("грыжа", cast.boris) == []
    with enter(cast.vera.scope):
        assert queries.search("томография", cast.vera) == []


@needs_reader
@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), [("TIFF", "скан.tif"), ("PNG", "скан.png"), ("JPEG", "скан.jpg")])
def test_pictures_are_read_too(scan: Any, kind: str, name: str) -> None:
    sheets = [page_picture("Первая страница"), page_picture("Вторая страница")][: 2 if kind == "TIFF" else 1]
    found = scan(saved(sheets, kind), name)
    assert found.pages == len(sheets)
    reading.read_scan(found.pk)
    texts = list(Page.objects.filter(scan=found).order_by("number").values_list("text", flat=True))
    assert [text.split()[0] for text in texts] == ["Первая", "Вторая"][: len(sheets)]


def test_without_the_program_everything_else_works(scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "can_read", lambda: False)
    found = scan(saved([page_picture("Слова")], "PNG"), "скан.png")
    reading.read_scan(found.pk)
    found.refresh_from_db()
    assert (found.state, found.why) == ("unread", reading.NO_PROGRAM)
    assert Page.objects.get(scan=found).picture


def test_an_empty_page_says_so(scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "can_read", lambda: True)
    monkeypatch.setattr(pages, "_words", lambda *_: "")
    found = scan(saved([page_picture("")], "PNG"), "скан.png")
    reading.read_scan(found.pk)
    found.refresh_from_db()
    assert (found.state, found.why) == ("unread", reading.NOTHING)


def test_a_scan_is_read_once_and_again_when_its_worker_died(scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "can_read", lambda: False)
    found = scan(saved([page_picture("Слова")], "PNG"), "скан.png")
    long_ago = found.added_at - reading.LOST_AFTER * 2
    Scan.objects.filter(pk=found.pk).update(state="reading", since=long_ago, added_at=long_ago, attempts=1)
    reading.read_scan(found.pk)  # somebody has it
    found.refresh_from_db()
    assert found.state == "reading"
    assert reading.read_left() == 1
    found.refresh_from_db()
    assert (found.state, found.attempts) == ("unread", 2)

    Scan.objects.filter(pk=found.pk).update(state="reading", since=long_ago, attempts=reading.MOST_ATTEMPTS)
    assert reading.read_left() == 0
    found.refresh_from_db()
    assert found.why == reading.GAVE_UP


def test_the_same_bytes_are_the_same_scan(scan: Any, came: Any) -> None:
    letter, content = came(), saved([page_picture("Слова")], "PNG")
    assert scan(content, "а.png", letter).pk == scan(content, "б.png", letter).pk
    assert letter.scans.count() == 1


def _locked_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption(owner_password="owner", user_password="secret")
    return bytes(pdf.output())


def _bomb() -> bytes:
    """A TIFF of a few hundred bytes that says it is 60 000 × 60 000 points of deflated zeros."""
    strip = zlib.compress(b"\0" * 10_000)
    side = 60_000
    tags = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 8), (262, 3, 1), (273, 4, 200), (278, 4, side)]
    tags.append((279, 4, len(strip)))
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return head.ljust(200, b"\0") + strip


def _looped() -> bytes:
    """A TIFF whose first page is followed by itself."""
    return struct.pack("<2sHIHI", b"II", 42, 8, 0, 8)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        pytest.param(_locked_pdf(), "скан.pdf", "паролем", marks=needs_poppler),
        pytest.param(b"%PDF-1.4 \x00\xff broken", "скан.pdf", "не открывается", marks=needs_poppler),
        (_bomb(), "скан.tif", "60000 × 60000"),
        (_looped(), "скан.tif", "не открывается"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "скан.png", "не открывается"),
        (b"\xff\xd8\xff" + b"\0" * 40, "скан.jpg", "не открывается"),
        ("Письмо словами".encode(), "письмо.txt", "PDF, JPEG, PNG или TIFF"),
    ],
)
def test_what_is_no_scan_is_refused_with_a_sentence(scan: Any, content: bytes, name: str, why: str) -> None:
    with pytest.raises(ScanRefused, match=why):
        scan(content, name)
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ\x90\x00", "скан.pdf"), (b"PK\x03\x04", "скан.zip"), (b"", "а.png")]
)
def test_the_wrong_type_is_told_by_what_is_inside(scan: Any, content: bytes, name: str) -> None:
    with pytest.raises(FileRefused):
        scan(content, name)


@needs_poppler
@pytest.mark.slow
def test_a_thousand_pages_are_kept_and_the_first_are_read(scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = PdfReader(_stream(saved([page_picture("Слова", size=(60, 80), points=10)], "PDF"))).pages[0]
    whole = PdfWriter()
    for _ in range(1000):
        whole.add_page(one)
    written = _stream(b"")
    whole.write(written)
    monkeypatch.setattr(pages, "MOST_PAGES", 3)
    monkeypatch.setattr(pages, "can_read", lambda: True)
    monkeypatch.setattr(pages, "_words", lambda *_: "слова")
    found = scan(written.getvalue())
    assert found.pages == 1000
    reading.read_scan(found.pk)
    found.refresh_from_db()
    assert (found.state, Page.objects.filter(scan=found).count()) == ("read", 3)
    assert "3 из 1000" in found.why


def _stream(content: bytes) -> Any:
    from io import BytesIO

    return BytesIO(content)


def test_a_greedy_program_is_stopped() -> None:
    hungry = bounded.run(["python3", "-c", "x = bytearray(400_000_000); print('got it')"], seconds=5, megabytes=150)
    assert not hungry.is_done
    assert b"got it" not in hungry.output
    assert not bounded.run(["python3", "-c", "while True: pass"], seconds=1, megabytes=500).is_done


def test_a_program_of_ours_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPORA_SECRET_KEY", "тайна")
    ran = bounded.run(["env"], seconds=2, megabytes=200)
    assert ran.is_done
    assert "OPORA" not in ran.output.decode()


def test_a_picture_has_one_page() -> None:
    assert inspect(saved([page_picture("Слова")], "JPEG"), "image/jpeg") == 1


def test_a_scan_goes_with_a_reason(scan: Any, cast: SimpleNamespace) -> None:
    found = scan(saved([page_picture("Слова")], "PNG"), "скан.png")
    with enter(cast.boris.scope):
        with pytest.raises(WordsNeeded):
            services.remove_scan(found.incoming_id, found.pk, why=" ", by=cast.boris)
        services.remove_scan(found.incoming_id, found.pk, why="Не то письмо", by=cast.boris)
    assert not Scan.objects.exists()
    assert found.incoming.events.get(kind="unscanned").text == "Не то письмо"


def test_scans_go_along_into_the_appeal(scan: Any, came: Any, waiting: Any, appeal_of: Any, cast: Any) -> None:
    letter, appeal = came(), appeal_of(waiting)
    scan(saved([page_picture("Слова")], "PNG"), "скан.png", letter)
    with enter(cast.boris.scope):
        services.link(letter.pk, number=appeal.number, by=cast.boris)
    assert File.objects.get(appeal=appeal).name == "скан.png"
