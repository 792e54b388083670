"""What goes into a letter comes out of the file, in both formats."""

import hashlib
import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from opora.shared import documents
from opora.shared.documents import Letter, Letterhead, Signature

HEAD = Letterhead(
    "Территориальный фонд обязательного медицинского страхования Новосибирской области",
    ("630000, г. Новосибирск, Красный проспект, д. 1", "тел. +7 383 000-00-00"),
)
LETTER = Letter(
    head=HEAD,
    body=(
        "Мы проверили, почему вас приняли позже срока.",
        "Клиника «Первая» назначила приём на 05.03.2026.\nКабинет № 7.",
    ),
    dated=date(2026, 3, 2),
    number="54-17/2026",
    addressee=("Константинопольской-Преображенской Александре Константиновне", "г. Новосибирск, ул. Ленина, д. 1"),
    replies_to="На № 17 от 01.02.2026",
    about="О сроке приёма",
    greeting="Уважаемая Александра Константиновна,",
    enclosures=("копия ответа на 2 л.", "выписка"),
    signature=Signature("Начальник отдела защиты прав застрахованных", "И. И. Иванов"),
    prepared_by="Алиева Алина, 8 800 000-00-01",
)
LONG = Letter(
    head=HEAD, body=tuple(f"Абзац {n}. " + "Мы отвечаем на каждый вопрос по порядку. " * 9 for n in range(40))
)
FORMATS = ["docx", "pdf"]


def words(text: str) -> list[str]:
    return re.findall(r"[\w№«»./-]+", text)


def text_of(content: bytes, to: str) -> str:
    if to == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    document = docx.Document(BytesIO(content))
    lines = []
    for block in document.iter_inner_content():
        cells = block.rows[0].cells if hasattr(block, "rows") else [block]
        lines += [p.text for cell in cells for p in (cell.paragraphs if hasattr(cell, "paragraphs") else [cell])]
    return "\n".join(lines)


def parts_of(letter: Letter) -> list[str]:
    signature = [letter.signature.position, letter.signature.name] if letter.signature else []
    return [
        letter.head.name, *letter.head.lines, *letter.marks, letter.about, *letter.addressee, letter.title,
        letter.greeting, *letter.body, *letter.enclosed, *signature, letter.prepared_by,
    ]  # fmt: skip


@pytest.mark.parametrize("to", FORMATS)
def test_the_text_comes_back_word_by_word(to: documents.Format) -> None:
    expected = [word for part in parts_of(LETTER) for word in words(part)]
    assert words(text_of(documents.letter(LETTER, to), to)) == expected


@pytest.mark.parametrize("to", FORMATS)
def test_a_long_letter_loses_no_paragraph(to: documents.Format) -> None:
    found = text_of(documents.letter(LONG, to), to)
    assert re.findall(r"Абзац (\d+)\.", found) == [str(n) for n in range(40)]
    assert found.count("порядку.") == 360


def test_pages_of_a_long_letter_are_numbered_from_the_second() -> None:
    pages = PdfReader(BytesIO(documents.letter(LONG, "pdf"))).pages
    assert len(pages) > 3
    assert [page.extract_text().split()[0] for page in pages] == [
        "Территориальный",
        *map(str, range(2, len(pages) + 1)),
    ]


@pytest.mark.parametrize("to", FORMATS)
def test_a_word_longer_than_the_line_is_broken_not_lost(to: documents.Format) -> None:
    letter = Letter(head=Letterhead("Ё" * 300), body=("щ" * 500,), addressee=("ю" * 120,))
    found = text_of(documents.letter(letter, to), to)
    assert [found.count(sign) for sign in "Ёщю"] == [300, 500, 120]


def test_fonts_lie_inside_the_pdf() -> None:
    fonts = PdfReader(BytesIO(documents.letter(LETTER, "pdf"))).pages[0]["/Resources"]["/Font"]
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]
    assert len(descriptors) == 2
    assert all("/FontFile2" in descriptor.get_object() for descriptor in descriptors)


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_letter_is_the_same_file(to: documents.Format) -> None:
    assert documents.letter(LETTER, to) == documents.letter(LETTER, to)


def test_properties_name_nobody() -> None:
    assert set(PdfReader(BytesIO(documents.letter(LETTER, "pdf"))).metadata or {}) == {"/CreationDate", "/Producer"}
    about = docx.Document(BytesIO(documents.letter(LETTER, "docx"))).core_properties
    assert (about.author, about.last_modified_by, about.title, about.comments) == ("", "", "", "")
    assert about.created is not None
    assert about.created.year == 2000


def test_a_card_without_addressee_has_its_title() -> None:
    card = Letter(head=HEAD, title="Карточка обращения № 17", body=("Вид: консультация", "Тема: полис"))
    for to in FORMATS:
        assert "Карточка обращения № 17" in text_of(documents.letter(card, to), to)  # type: ignore[arg-type]


ANY = st.text(max_size=80)


@settings(deadline=None, max_examples=40)
@given(ANY, ANY, ANY, ANY)
def test_no_text_breaks_a_letter(name: str, line: str, about: str, position: str) -> None:
    letter = Letter(
        head=Letterhead(name), body=(line, about), addressee=(line,), about=about, signature=Signature(position, name)
    )
    assert documents.letter(letter, "pdf").startswith(b"%PDF")
    assert zipfile.ZipFile(BytesIO(documents.letter(letter, "docx"))).testzip() is None


def test_the_fonts_are_the_ones_we_know() -> None:
    folder = Path(documents.__file__).parent / "fonts"
    for line in (folder / "SHA256").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
