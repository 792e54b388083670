"""A bad file is refused with a sentence and its place; nothing that a partner sends makes the engine fall."""

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.exchange.context import Context, ContextRefused, read_context
from opora.exchange.engine import check, examine
from opora.exchange.findings import Finding, Outcome, Record, Severity
from opora.exchange.formats.flcp import write_answer
from opora.exchange.formats.users import split_name
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES

NOBODY = Context(date(2026, 6, 15))
JOURNAL = (SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml").read_bytes()
G1R = "g1r-journal-xml"

ADDRESS = "<adr>г. Ханты-Мансийск".encode("cp1251")
BAD_JOURNALS: list[tuple[str, Callable[[bytes], bytes], str, str]] = [
    ("empty", lambda _: b"", "FILE", "0 байт"),
    ("cut", lambda raw: raw[:-40], "XML", "обрывается"),
    ("doctype", lambda raw: raw.replace(b"?>\n", b"?>\n<!DOCTYPE x>\n", 1), "XML", "DOCTYPE"),
    ("entity", lambda raw: raw.replace(b"<way>1", b"<way>&x;", 1), "XML", "сущность"),
    ("nul", lambda raw: raw.replace(b"<way>1", b"<way>1\0", 1), "XML", ""),
    ("lie", lambda raw: raw.decode("cp1251").encode("utf-8"), "XML", "одировк"),
    ("way", lambda raw: raw.replace(b"<way>1", b"<way>7", 1), "WAY", "не из списка"),
    ("blank", lambda raw: raw.replace(b"<theme>4.3", b"<theme> ", 1), "THEME", "не заполнено"),
    ("theme", lambda raw: raw.replace(b"<theme>4.3", b"<theme>9.9", 1), "THEME", "нет в классификаторе"),
    ("day", lambda raw: raw.replace(b"2026-05-07", b"2026-02-30", 1), "DATE_CREATE", "не дата"),
    ("future", lambda raw: raw.replace(b"2026-05-07", b"2026-06-16", 1), "DATE_CREATE", "в будущем"),
    ("plan", lambda raw: raw.replace(b"2026-06-06", b"2026-05-06", 1), "DATA_PLAN", "раньше даты поступления"),
    ("guid", lambda raw: raw.replace(b"25a55080", b"35a55080", 1), "EMPLOYEE_1", "не известен"),
    ("verdict", lambda raw: raw.replace(b"<otv_t>", b"<zh_d>1</zh_d><otv_t>", 1), "ZH_D", "только у жалобы"),
    ("extra", lambda raw: raw.replace(b"<way>", b"<colour>red</colour><way>", 1), "XML", "<colour>"),
    ("twice", lambda raw: raw.replace(b"<way>1</way>", b"<way>1</way><way>2</way>", 1), "XML", "<way>"),
    ("month", lambda raw: raw.replace(b"<month>05", b"<month>13", 1), "MONTH", "месяц"),
    ("header", lambda raw: raw.replace(b"ZGLV", b"ZGLW"), "ZGLV", "нет заголовка"),
    ("address", lambda raw: raw.replace(b"<adr>", b"<adr>" + b"x" * 200, 1), "ADR", "можно до 120"),
]


@pytest.mark.parametrize(("name", "spoil", "field", "sentence"), BAD_JOURNALS, ids=[case[0] for case in BAD_JOURNALS])
def test_a_spoilt_journal(
    tmp_path: Path, name: str, spoil: Callable[[bytes], bytes], field: str, sentence: str
) -> None:
    path = tmp_path / "G1R_0526290001.xml"
    path.write_bytes(spoil(JOURNAL))
    assert path.read_bytes() != JOURNAL
    outcome = check(path, CONTEXT)
    assert not outcome.is_accepted
    assert any(found.field == field and sentence in found.message for found in outcome.findings), outcome.findings


def test_a_wrong_check_digit_is_a_warning_in_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "G1R_0526290001.xml"
    path.write_bytes(JOURNAL.replace(b"8653530823990014", b"8653530823990015"))
    outcome = check(path, CONTEXT)
    assert outcome.is_accepted
    assert (outcome.warned, outcome.findings[0].field) == (1, "Z_ENP")


def test_the_second_record_with_one_number_is_named(tmp_path: Path) -> None:
    start, end = JOURNAL.index(b"  <IRP>"), JOURNAL.index(b"</IRP_LIST>")
    path = tmp_path / "G1R_1.xml"
    path.write_bytes(JOURNAL[:end] + JOURNAL[start:end] + b"</IRP_LIST>")
    outcome = check(path, CONTEXT)
    assert [(found.field, found.place) for found in outcome.findings] == [("N_IRP", 2)]
    assert outcome.rejected == 2


def test_the_channel_is_compared(tmp_path: Path) -> None:
    path = SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml"
    fields = {found.field for found in check(path, CONTEXT.at(channel="81007")).findings}
    assert fields == {"SMO", "EMPLOYEE_1"}


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "sstu.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sstu_1.json", b"0" * (110 << 20))
    outcome = check(path, NOBODY)
    assert not outcome.is_accepted
    assert outcome.records == []


def test_a_nested_path_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sstu.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../sstu_1.json", "{}")
    assert not check(path, NOBODY).is_accepted


def test_a_missing_and_an_unknown_file_are_said(tmp_path: Path) -> None:
    assert "не найден" in check(tmp_path / "nothing.xml", NOBODY).findings[0].message
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 photo")
    outcome = check(tmp_path / "photo.jpg", NOBODY)
    assert (outcome.format, outcome.is_accepted) == (None, False)


PACKED = [path for path in SAMPLES.glob("*/*/*") if zipfile.is_zipfile(path) and path.suffix != ".xlsx"]


@pytest.mark.parametrize("sample", PACKED, ids=lambda path: path.parent.parent.name + path.parent.name)
def test_a_stream_that_does_not_unpack_is_refused(tmp_path: Path, sample: Path) -> None:
    with zipfile.ZipFile(sample) as archive:
        member = archive.infolist()[0]
    raw = bytearray(sample.read_bytes())
    begins = member.header_offset + 30 + len(member.filename.encode()) + 2
    raw[begins : begins + 40] = b"\xff" * 40
    (path := tmp_path / sample.name).write_bytes(raw)

    outcome = check(path, CONTEXT)

    assert not outcome.is_accepted
    assert outcome.findings


FILES = sorted(path for path in SAMPLES.glob("*/*/*") if path.name != "expected.json")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), st.floats(0, 1))
def test_no_damage_makes_it_fall(tmp_path: Path, sample: Path, damage: list[tuple[float, int]], length: float) -> None:
    raw = bytearray(sample.read_bytes())
    for where, value in damage:
        raw[int(where * (len(raw) - 1))] = value
    path = tmp_path / sample.name
    path.write_bytes(raw[: max(1, int(length * len(raw)))])
    json.dumps(check(path, CONTEXT).as_json(), ensure_ascii=False)


@pytest.mark.parametrize(("number", "source"), [("01", "g1r-journal-xml/01"), ("02", "users-xml/01")])
def test_the_answer_to_a_success_is_the_partner_s_own_bytes(number: str, source: str) -> None:
    answer = next(path for path in (SAMPLES / "flcp-protocol" / number).iterdir() if path.name != "expected.json")
    outcome, _ = examine(SAMPLES / source / answer.name, CONTEXT)
    assert write_answer(outcome) == answer.read_bytes()


def test_the_answer_can_be_read_back(tmp_path: Path) -> None:
    source = SAMPLES / "g1r-journal-xml/05/G1R_0526290005.xml"
    path = tmp_path / source.name
    path.write_bytes(write_answer(check(source, CONTEXT)))
    read = check(path, CONTEXT)
    assert (read.format, read.is_accepted, len(read.records)) == ("flcp-protocol", True, 2)


def test_names_are_split_by_place() -> None:
    assert split_name("Ли Бэй").patronymic == ""
    assert split_name("Мамедов Рашид Вагиф оглы").given_name == "Рашид"


def test_counts_of_a_list_taken_record_by_record() -> None:
    records = [Record(place, str(place), {}) for place in (1, 2, 3)]
    findings = [
        Finding("ENP", "ошибка", "1", 1),
        Finding("DR", "ещё одна в той же записи", "1", 1),
        Finding("TEL", "предупреждение", "2", 2, Severity.WARNING),
    ]
    by_record = Outcome("list.xml", "x", records, findings, is_atomic=False)
    assert (by_record.is_accepted, by_record.rejected, by_record.warned) == (True, 1, 1)
    whole = Outcome("list.xml", "x", records, findings, is_atomic=True)
    assert (whole.is_accepted, whole.rejected, whole.warned) == (False, 3, 0)


@pytest.mark.parametrize("text", ["{", "[]", '{"as_of": "вчера"}', '{"organisations": 5}'])
def test_a_bad_context_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "context.json"
    path.write_text(text)
    with pytest.raises(ContextRefused):
        read_context(path)
