"""Every bad file gets a sentence with the place, and no row of it is taken for good."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from opora.shared.tables import Kind, Limits, TableRefused, inspect, open_table

HEADER = "Фамилия;Имя;Дата\n"
ROW = "Соловьёва;Полина;14.03.1985\n"
CAPITALS = "СОЛОВЬЁВА;ПОЛИНА;АНДРЕЕВНА\n"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def packed(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def locked(content: bytes) -> bytes:
    """The same archive with the «encrypted» bit set in both its headers."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(mark) + offset] |= 1
    return bytes(changed)


def book(tmp_path: Path, rows: list[list[str]]) -> bytes:
    with xlsxwriter.Workbook(str(tmp_path / "whole.xlsx")) as whole:
        page = whole.add_worksheet()
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    return (tmp_path / "whole.xlsx").read_bytes()


def swapped(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same book with one member rewritten."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed(*[(n, change(archive.read(n)) if n == member else archive.read(n)) for n in archive.namelist()])


BAD_TEXTS: list[tuple[str, bytes, str]] = [
    ("zero bytes", b"", "0 байт"),
    ("nul byte", (HEADER + ROW).encode() + b"\0" + ROW.encode(), "Строка 3: нулевой байт"),
    ("dos encoding", (HEADER + ROW * 50).encode("cp866"), "cp866"),
    ("unix encoding", (HEADER + ROW * 50).encode("koi8-r"), "KOI8-R"),
    ("unix encoding, capitals", (HEADER + CAPITALS * 50).encode("koi8-r"), "KOI8-R"),
    ("decoded twice", (HEADER + ROW * 50).encode().decode("cp1251", "replace").encode(), "перекодированы дважды"),
    ("two encodings", (HEADER + ROW * 9).encode() + ROW.encode("cp1251"), "Строка 11: байты не читаются как UTF-8"),
    ("cut in a letter", (HEADER + ROW).encode()[:-22] + "Я".encode()[:1], "не читаются как UTF-8"),
    ("wrong separator", (HEADER + ROW.replace(";", ",")).encode(), "Строка 2: заголовок разделён точкой с запятой"),
    ("no separator", "Фамилия\nСоловьёва\n".encode(), "Колонки не разделены"),
    (
        "column twice",
        "Фамилия;Имя;фамилия\n".encode(),
        "Строка 1, колонка «фамилия»: колонка названа в заголовке дважды",
    ),
    ("cut line", (HEADER + ROW).encode() + "Петров;Пё".encode(), "Строка 3: файл обрывается"),
    ("open quote", (HEADER + '"Соловьёва;Полина;14.03.1985\n').encode(), "открыта кавычка"),
    ("stray quote", (HEADER + '"Соловь"ёва;Полина;1\n').encode(), "Строка 2: после закрывающей кавычки"),
    (
        "million letters",
        (HEADER + ROW + "Я" * 1_000_000 + ";Полина;14.03.1985\n").encode(),
        "Строка 3, колонка «Фамилия»: в ячейке 1000000 знаков",
    ),
    ("endless line", HEADER.encode() + b"x" * 5_000_000, "Строка 2: строка длиннее"),
    ("old book", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "под паролем или старого вида"),
    ("doctype", (XML + "<!DOCTYPE r [<!ENTITY x 'y'>]><r><record><a>&x;</a></record></r>").encode(), "DOCTYPE"),
    ("doctype, no records", (XML + "<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'><r></r>").encode(), "DOCTYPE"),
    ("unknown entity", (XML + "<r>\n<record><a>&x;</a></record></r>").encode(), "Строка 3: в XML встретилась сущность"),
    ("cut xml", (XML + "<r>\n<record><a>1</a></record>\n<record><a>").encode(), "файл обрывается"),
    ("xml not closed", (XML + "<r>\n<record><a>1</a></record>\n").encode(), "файл обрывается"),
    ("xml lies", (XML + "<r><record><a>Я</a></record></r>").encode("cp1251"), "кодировка в объявлении XML"),
    ("xml wrong tags", (XML + "<r>\n<record><a>1</b></record></r>").encode(), "Строка 3: файл не разбирается как XML"),
    (
        "million letters in xml",
        (XML + "<r>\n<record><a>" + "Я" * 1_000_000 + "</a></record></r>").encode(),
        "колонка «a»: в поле 1000000 знаков",
    ),
    ("deep xml", (XML + "<r>" + "<a>" * 100_000).encode(), "вложенность"),
    ("nul in xml", (XML + "<r>\n<record>\0</record></r>").encode(), "Строка 3: нулевой байт"),
    ("cut archive", packed(("a.csv", (HEADER + ROW * 99).encode()))[:-30], "оборваны или повреждены"),
    ("two in archive", packed(("a.csv", b"a;b\n"), ("b.csv", b"a;b\n")), "В архиве 2 файлов, а нужен один"),
    ("way out", packed(("../a.csv", b"a;b\n")), "выйти из своей папки"),
    ("rooted", packed(("/etc/a.csv", b"a;b\n")), "выйти из своей папки"),
    ("archive in archive", packed(("a.zip", packed(("a.csv", b"a;b\n")))), "ещё один архив"),
    ("locked", locked(packed(("a.csv", HEADER.encode()))), "Архив под паролем"),
    ("bomb", packed(("a.csv", b"a;b\n" + b"0" * 70_000_000)), "архивную бомбу"),
    ("document", packed(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")), "не книга Excel"),
    ("empty in archive", packed(("a.csv", b"")), "в нём 0 байт"),
]


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(TableRefused) as caught, open_table(inspect(path, limits=limits)) as table:
        list(table)
    return caught.value.sentence


@pytest.mark.parametrize(("content", "sentence"), [case[1:] for case in BAD_TEXTS], ids=[case[0] for case in BAD_TEXTS])
def test_a_bad_file_is_refused_with_the_place(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sentence in refusal(path)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    assert "Файл не открывается" in refusal(tmp_path / "nowhere.csv")


def test_limits_of_size_are_settings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((HEADER + ROW * 100).encode())
    assert "Файл больше допустимого" in refusal(path, Limits(file=1000))
    path.write_bytes(packed(("a.csv", (HEADER + ROW * 100).encode())))
    assert "Распакованный файл больше" in refusal(path, Limits(unpacked=1000))
    path.write_bytes(packed(*[(f"{n}.csv", b"a;b\n") for n in range(5)]))
    assert "можно до 3" in refusal(path, Limits(members=3))


BAD_BOOKS: list[tuple[str, str, Callable[[bytes], bytes], str]] = [
    ("cut sheet", "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2], "файл обрывается"),
    ("sheet bomb", "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 70_000_000, "архивную бомбу"),
    (
        "doctype in strings",
        "xl/sharedStrings.xml",
        lambda xml: xml.replace(b"<sst", b"<!DOCTYPE sst [<!ENTITY a 'b'>]><sst", 1),
        "DOCTYPE",
    ),
    ("no such string", "xl/sharedStrings.xml", lambda xml: xml[: xml.index(b"<si>")] + b"</sst>", "Книга оборвана"),
    ("no sheets", "xl/workbook.xml", lambda xml: xml.replace(b"<sheet ", b"<other "), "нет листов"),
    (
        "million letters",
        "xl/sharedStrings.xml",
        lambda xml: xml.replace("Полина".encode(), b"x" * 1_000_000),
        "в ячейке 1000000 знаков",
    ),
]


@pytest.mark.parametrize(
    ("member", "change", "sentence"), [case[1:] for case in BAD_BOOKS], ids=[case[0] for case in BAD_BOOKS]
)
def test_a_bad_book_is_refused(tmp_path: Path, member: str, change: Callable[[bytes], bytes], sentence: str) -> None:
    whole = book(tmp_path, [["Фамилия", "Имя"], ["Соловьёва", "Полина"]])
    path = tmp_path / "bad.xlsx"
    path.write_bytes(swapped(whole, member, change))
    assert sentence in refusal(path)


def test_a_cut_book_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(book(tmp_path, [["Фамилия", "Имя"], ["Соловьёва", "Полина"]])[:-200])
    assert "оборваны или повреждены" in refusal(path)


def test_an_endless_line_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    path.write_bytes(HEADER.encode() + b"x" * 60_000_000)
    tracemalloc.start()
    refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000


def test_what_does_not_fit_a_row_is_a_fault_of_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + ROW + ROW + "лишняя;ячейка;в;конце\n" + ROW)
    source = inspect(path)
    assert source.kind is Kind.CSV
    with open_table(source) as table:
        assert [(row.line, row.fault) for row in table] == [
            (2, ""),
            (3, ""),
            (4, "колонок 4, а в заголовке 3"),
            (5, ""),
        ]
