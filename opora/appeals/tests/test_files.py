"""Files: what is inside decides, names are no paths, bytes leave by rights and depth."""

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.errors import RightMissing
from opora.appeals import errors, file_kinds, store
from opora.appeals.models import Event, File, Grant
from opora.appeals.tests.test_carrying import assert_row_is_its_fold, do, history
from opora.appeals.tests.test_register import question, registered
from opora.audit.models import AuditLine

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
LETTER = "From: a@example.ru\r\nTo: b@example.ru\r\nSubject: Полис\r\n\r\nГде полис?".encode()


def packed(*parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        for part in parts:
            pack.writestr(part, "x")
    return stream.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")

ACCEPTED = [
    ("акт.pdf", PDF),
    ("акт.DOCX", DOCX),
    ("список.xlsx", XLSX),
    ("фото.jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    ("снимок.png", PNG),
    ("скан.tif", b"II*\x00\x08\x00\x00\x00"),
    ("скан.tiff", b"MM\x00*\x00\x00\x00\x08"),
    ("слова.txt", "Полис, ё".encode()),
    ("слова.txt", "Полис, ё".encode("cp1251")),
    ("письмо.eml", LETTER),
]


@pytest.mark.parametrize(("name", "content"), ACCEPTED)
def test_known_kinds_are_accepted(name: str, content: bytes) -> None:
    assert file_kinds.check(name, content, limit=1000)[0] == name


LIES = [
    ("архив.zip", packed("акт.pdf"), "Архивы не принимаются"),
    ("архив.rar", b"Rar!\x1a\x07\x00", "Архивы не принимаются"),
    ("акт.docx", packed("акт.pdf"), "Внутри не docx"),
    ("акт.xlsx", DOCX, "Внутри не xlsx"),
    ("акт.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "макрос"),
    ("акт.docx", DOCX[:-30], "Внутри не docx"),
    ("акт.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "старого вида"),
    ("акт.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "с паролем"),
    ("акт.pdf", b"MZ\x90\x00", "внутри другое"),
    ("акт.pdf", PNG, "внутри другое"),
    ("снимок.png", b"<svg onload='x'>", "внутри другое"),
    ("слова.txt", b"MZ\x90\x00\x03", "внутри другое"),
    ("слова.txt", PDF, "внутри другое"),
    ("письмо.eml", "Просто слова".encode(), "внутри другое"),
    ("страница.html", b"<html>", "не принимаются"),
    ("акт.pdf.exe", b"MZ", "не принимаются"),
    ("акт", PDF, "нет расширения"),
    ("акт.pdf", b"", "пустой"),
    ("акт.pdf", PDF * 100, "больше"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), LIES)
def test_a_name_that_lies_is_refused_with_a_sentence(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(errors.FileRefused) as refused:
        file_kinds.check(name, content, limit=1000)
    assert sentence in refused.value.sentence


NAMES = [
    ("../../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\a\\акт.pdf", "акт.pdf"),
    ("акт\r\nSet-Cookie: a.pdf", "актSet-Cookie_ a.pdf"),
    ("акт\u202efdp.txt", "актfdp.txt"),
    ("  ...акт  .pdf", "акт .pdf"),
    ("a\x00b.pdf", "ab.pdf"),
    ("я" * 300 + ".pdf", "я" * 196 + ".pdf"),
    ("..", "файл"),
]


@pytest.mark.parametrize(("name", "plain"), NAMES)
def test_a_name_is_no_path(name: str, plain: str) -> None:
    assert file_kinds.plain_name(name) == plain


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def asked(cast: SimpleNamespace, topics: SimpleNamespace, folder: Path) -> Any:
    return registered(cast.alina, question(topics)).id


def test_bytes_lie_once_under_their_hash(cast: SimpleNamespace, asked: Any, folder: Path) -> None:
    added = do(cast.alina, "add_file", asked, name="../акт.pdf", content=PDF)
    again = do(cast.sp2, "add_file", asked, name="снова.pdf", content=PDF)

    assert again == added
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [added.sha256]
    assert kept[0].stat().st_mode & 0o077 == 0
    assert (added.name, added.size, added.depth) == ("акт.pdf", len(PDF), 4)
    assert history(asked)[1:] == ["file_added"]
    assert Event.objects.get(kind="file_added").depth == 4
    assert_row_is_its_fold(asked)


def test_a_removed_file_is_gone_from_reading_not_from_the_disk(cast: SimpleNamespace, asked: Any) -> None:
    added = do(cast.alina, "add_file", asked, name="акт.pdf", content=PDF)
    with pytest.raises(errors.WordsMissing):
        do(cast.alina, "remove_file", added.pk, why="")
    do(cast.alina, "remove_file", added.pk, why="Чужой документ")

    with pytest.raises(errors.NotFound):
        do(cast.alina, "read_file", added.pk)
    with pytest.raises(errors.NotFound):
        do(cast.alina, "remove_file", added.pk, why="Ещё раз")
    assert store.place_of(added.sha256).exists()
    assert history(asked)[1:] == ["file_added", "file_removed"]
    assert do(cast.alina, "add_file", asked, name="акт.pdf", content=PDF) != added


WHO = [
    # who, adds, reads, removes Alina's
    ("alina", None, None, None),
    ("sp2", None, None, None),
    ("timur", RightMissing, None, RightMissing),
    ("op1", None, None, errors.NotYours),
    ("vera", errors.NotFound, errors.NotFound, errors.NotFound),
    ("clerk", errors.NotFound, errors.NotFound, errors.NotFound),
    ("far", errors.NotFound, errors.NotFound, errors.NotFound),
]


@pytest.mark.parametrize(("who", "adds", "reads", "removes"), WHO)
def test_who_may_what_with_files(
    cast: SimpleNamespace, asked: Any, who: str, adds: Any, reads: Any, removes: Any
) -> None:
    by = getattr(cast, who)
    added = do(cast.alina, "add_file", asked, name="акт.pdf", content=PDF)
    for refusal, command in (
        (adds, lambda: do(by, "add_file", asked, name="слова.txt", content=b"words")),
        (reads, lambda: do(by, "read_file", added.pk)),
        (removes, lambda: do(by, "remove_file", added.pk, why="Лишний")),
    ):
        if refusal is None:
            command()
        else:
            with pytest.raises(refusal):
                command()
    assert (AuditLine.objects.filter(action="appeals.file.read").count() == 1) is (reads is None)


def test_a_file_is_as_deep_as_who_adds_it_sees(cast: SimpleNamespace, asked: Any) -> None:
    deep = do(cast.alina, "add_file", asked, name="паспорт.png", content=PNG)
    Grant.objects.filter(appeal=asked).update(depth1=3)
    with pytest.raises(errors.NotFound):
        do(cast.alina, "read_file", deep.pk)
    shallow = do(cast.alina, "add_file", asked, name="ответ.pdf", content=PDF)
    assert shallow.depth == 3
    assert do(cast.alina, "read_file", shallow.pk)[1].read() == PDF


def test_broken_bytes_are_not_given(cast: SimpleNamespace, asked: Any) -> None:
    added = do(cast.alina, "add_file", asked, name="акт.pdf", content=PDF)
    store.place_of(added.sha256).write_bytes(b"something else")
    with pytest.raises(errors.FileBroken):
        do(cast.alina, "read_file", added.pk)
    store.place_of(added.sha256).unlink()
    with pytest.raises(errors.FileBroken):
        do(cast.alina, "read_file", added.pk)


def test_a_torn_write_leaves_nothing(cast: SimpleNamespace, asked: Any, folder: Path, monkeypatch: Any) -> None:
    def torn(*args: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(store.os, "replace", torn)
    with pytest.raises(OSError, match="no space"):
        do(cast.alina, "add_file", asked, name="акт.pdf", content=PDF)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not File.objects.exists()
