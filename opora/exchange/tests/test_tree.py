"""Reading by a tree: every departure is said with its field and its record, blocks are kept, nothing makes it fall."""

import io
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from opora.exchange.context import Context
from opora.exchange.engine import check
from opora.exchange.findings import Block
from opora.exchange.tests.test_samples import SAMPLES
from opora.exchange.tree import DAY, NUMBER, Tree, block, codes, leaf, like, parse_day, parse_moment, text
from opora.exchange.treereader import read_tree
from opora.shared.tables.errors import TableRefused

NOBODY = Context(date(2026, 6, 15))
TREE = Tree(
    block(
        "LIST",
        "1",
        block("HEAD", "1", leaf("COUNT", "1", NUMBER), leaf("NOTE", "0..1", text(0, 5))),
        block("TOTAL", "0..n", leaf("KIND", "1", codes("R", "O"))),
        block(
            "PACK",
            "1",
            block(
                "ZAP",
                "1..3",
                leaf("N", "1", NUMBER),
                leaf("DR", "0..1", DAY),
                block("WHO", "1", leaf("FAM", "1", text(1, 10)), leaf("CODE", "0..1", like(r"\d{2}"))),
                block("PLAN", "0..1", leaf("CODE", "1", like(r"\d{2}"))),
                block("INF", "0..2", leaf("HOW", "1", codes("1", "2")), leaf("TAG", "0..n", text(1, 3))),
                leaf("ERROR", "0..n", NUMBER),
            ),
        ),
    ),
    record="PACK/ZAP",
    key="N",
)
HEAD = "<HEAD><COUNT>1</COUNT></HEAD>"
WHO = "<WHO><FAM>Ли</FAM></WHO>"


def read(body: str):  # type: ignore[no-untyped-def]
    return read_tree(io.BytesIO(f"<LIST>{body}</LIST>".encode()), TREE)


def faults(zap: str) -> set[str]:
    content = read(f"{HEAD}<PACK><ZAP>{zap}</ZAP></PACK>")
    assert all(found.place == 1 for found in content.findings)
    return {found.field for found in content.findings}


def test_a_record_is_flat_and_its_repeated_parts_are_blocks() -> None:
    inner = "<INF><HOW>1</HOW><TAG>a</TAG><TAG>b</TAG></INF><INF><HOW>2</HOW></INF><ERROR>5</ERROR><ERROR>7</ERROR>"
    both = "<WHO><FAM> Ли </FAM><CODE>11</CODE></WHO><PLAN><CODE>22</CODE></PLAN>"
    content = read(f"{HEAD}<TOTAL><KIND>R</KIND></TOTAL><PACK><ZAP><N>7</N>{both}{inner}</ZAP></PACK>")
    assert content.findings == []
    record = content.records[0]
    assert (record.place, record.key) == (1, "7")
    assert record.values == {"N": "7", "FAM": "Ли", "WHO/CODE": "11", "PLAN/CODE": "22"}
    tags = [Block({"TAG": "a"}), Block({"TAG": "b"})]
    assert record.blocks["INF"] == [Block({"HOW": "1"}, {"TAG": tags}), Block({"HOW": "2"})]
    assert [one.values["ERROR"] for one in record.blocks["ERROR"]] == ["5", "7"]
    assert content.header == {"COUNT": "1"}
    assert content.blocks == {"TOTAL": [Block({"KIND": "R"})]}


def test_an_open_tree_passes_over_what_it_does_not_name() -> None:
    record = block("ZAP", "1..n", leaf("N", "1", NUMBER), block("WHO", "1", leaf("FAM", "1", text(1, 10))))
    tree = Tree(block("LIST", "1", record), record="ZAP", key="N", ordered=False, is_open=True)
    body = "<LIST><SUM>5</SUM><ZAP><DS>I10</DS><WHO><FAM>Ли</FAM><DOC><NUM>1</NUM></DOC></WHO><N>7</N></ZAP></LIST>"
    content = read_tree(io.BytesIO(body.encode()), tree)
    assert (content.findings, content.header, content.records[0].blocks) == ([], {}, {})
    assert content.records[0].values == {"FAM": "Ли", "N": "7"}
    lacking = read_tree(io.BytesIO(body.replace("N>", "M>").encode()), tree)
    assert [one.field for one in lacking.findings] == ["N"]


@pytest.mark.parametrize(
    ("zap", "fields"),
    [
        (f"<N>1</N>{WHO}", set()),
        (WHO, {"N"}),
        ("<N>1</N>", {"WHO"}),
        (f"<N>1</N><N>2</N>{WHO}", {"N"}),
        (f"<N>1</N>{WHO}<COLOUR>red</COLOUR>", {"COLOUR"}),
        (f"<N>x</N>{WHO}", {"N"}),
        (f"<N/>{WHO}", {"N"}),
        (f"<N>1</N><DR>2026-02-30</DR>{WHO}", {"DR"}),
        (f"<N>1</N><DR/>{WHO}", {"DR"}),
        ("<N>1</N><WHO><FAM>Длиннаяфамилия</FAM></WHO>", {"FAM"}),
        ("<N>1</N><WHO><FAM/></WHO>", {"FAM"}),
        (f"{WHO}<N>1</N>", {"N"}),
        (f"<N>1</N>{WHO}<INF><HOW>3</HOW></INF>", {"HOW"}),
        (f"<N>1</N>{WHO}" + "<INF><HOW>1</HOW></INF>" * 3, {"INF"}),
        (f"<N>1<b/></N>{WHO}", {"N"}),
    ],
)
def test_every_departure_is_said(zap: str, fields: set[str]) -> None:
    assert faults(zap) == fields


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("<PACK><ZAP><N>1</N>" + WHO + "</ZAP></PACK>", "HEAD"),
        (HEAD, "PACK"),
        (HEAD + "<PACK/>", "ZAP"),
        (HEAD + "<PACK>" + f"<ZAP><N>1</N>{WHO}</ZAP>" * 4 + "</PACK>", "ZAP"),
        (HEAD + "<PACK><ODD/>" + f"<ZAP><N>1</N>{WHO}</ZAP>" + "</PACK>", "ODD"),
        (f"<PACK><ZAP><N>1</N>{WHO}</ZAP></PACK>" + HEAD, "PACK"),
    ],
)
def test_a_wrong_file_is_said_of_the_file(body: str, field: str) -> None:
    found = [(one.scope, one.field) for one in read(body).findings]
    assert ("file", field) in found or (field == "PACK" and ("file", "HEAD") in found)


@pytest.mark.parametrize("raw", [b"<OTHER/>", b"<LIST>", b"", b"<!DOCTYPE x><LIST/>", b"<LIST>&x;</LIST>"])
def test_what_is_not_this_list_is_refused(raw: bytes) -> None:
    with pytest.raises(TableRefused):
        read_tree(io.BytesIO(raw), TREE)


def test_days_and_moments_follow_the_calendar() -> None:
    assert parse_day("2026-02-28") == parse_day("20260228") == date(2026, 2, 28)
    assert [parse_day(bad) for bad in ("20260230", "2026-2-28", "2026022", "", "2026-02-28T00:00:00")] == [None] * 5
    assert parse_moment("2026-05-29T18:00:00") is not None
    assert parse_moment("2026-05-29") is None


GST = SAMPLES / "gst-dn-list/01/GST19_2605_1.zip"
BAD_ARCHIVES = {
    "two": [("GST19_2605_1.xml", b"<a/>"), ("second.xml", b"<a/>")],
    "nested": [("in/GST19_2605_1.xml", b"<a/>")],
    "climbing": [("../GST19_2605_1.xml", b"<a/>")],
    "other name": [("GST19_2605_2.xml", b"<a/>")],
    "nothing": [],
    "empty": [("GST19_2605_1.xml", b"")],
    "bomb": [("GST19_2605_1.xml", b"<DN_LIST>" + b" " * (70 << 20))],
}


@pytest.mark.parametrize("case", BAD_ARCHIVES)
def test_a_bad_archive_is_refused_with_a_sentence(tmp_path: Path, case: str) -> None:
    path = tmp_path / GST.name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in BAD_ARCHIVES[case]:
            archive.writestr(name, raw)
    outcome = check(path, NOBODY)
    assert (outcome.format, outcome.is_accepted, outcome.records) == ("gst-dn-list", False, [])
    assert len(outcome.findings) == 1


def spoilt(tmp_path: Path, *changes: tuple[str, str], name: str = "GST19_2605_4.xml", codec: str = "cp1251") -> Path:
    source = (SAMPLES / "gst-dn-list/04/GST19_2605_4.xml").read_text("cp1251")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    path = tmp_path / name
    path.write_bytes(source.encode(codec))
    return path


@pytest.mark.parametrize(
    ("changes", "scope", "field"),
    [
        ([("<FILENAME>GST19_2605_4", "<FILENAME>GST19_2605_5")], "file", "FILENAME"),
        ([("<SD_Z>1", "<SD_Z>2")], "file", "SD_Z"),
        ([("<VERSION>P1.20", "<VERSION>P1.21")], "file", "VERSION"),
        ([("<CODE_PINF>ДН", "<CODE_PINF>DH")], "record", "CODE_PINF"),
        ([("<DATE_DN_IN>2", "<DATE_DN_IN>9")], "record", "DATE_DN_IN"),
    ],
)
def test_controls_of_lists(tmp_path: Path, changes: list[tuple[str, str]], scope: str, field: str) -> None:
    found = check(spoilt(tmp_path, *changes), NOBODY).findings
    assert [(one.scope, one.field) for one in found] == [(scope, field)]


def test_a_wrong_name_and_a_wrong_encoding_refuse_the_file(tmp_path: Path) -> None:
    renamed = check(spoilt(tmp_path, name="list.xml"), NOBODY)
    assert (renamed.format, {one.field for one in renamed.findings}) == ("gst-dn-list", {"FILE", "FILENAME"})
    lying = check(spoilt(tmp_path, codec="utf-8"), NOBODY)
    assert not lying.is_accepted
    assert "одировк" in lying.findings[0].message


def test_a_wrong_check_digit_and_a_second_key_cost_the_record_alone(tmp_path: Path) -> None:
    source = (SAMPLES / "gst-dn-list/04/GST19_2605_4.xml").read_text("cp1251")
    zap = source[source.index("<ZAP>") : source.index("</DN_LIST>")]
    number = zap.split("<ENP>")[1][:16]
    wrong = zap.replace(number, number[:-1] + str((int(number[-1]) + 1) % 10)).replace("<CODE_L>", "<CODE_L>x")
    changes = [("</DN_LIST>", f"{zap}{wrong.replace('x', '', 0)}</DN_LIST>"), ("<SD_Z>1", "<SD_Z>3")]
    outcome = check(spoilt(tmp_path, *changes), NOBODY)
    assert outcome.is_accepted
    errors = {(one.field, one.place) for one in outcome.findings}
    assert ("CODE_L", 2) in errors
    assert ("ENP", 3) in errors
    assert outcome.rejected == 2


def test_fifty_thousand_records_stay_small(tmp_path: Path) -> None:
    """Small here (5 000 records within 25 MB); the bench reads ten times as many."""
    source = (SAMPLES / "gst-dn-list/04/GST19_2605_4.xml").read_bytes()
    start, end = source.index(b"<ZAP>"), source.index(b"</DN_LIST>")
    zaps = (source[start:end].replace(b"<CODE_L>", b"<CODE_L>%04d" % number)[:-1] for number in range(5000))
    path = tmp_path / "GST19_2605_4.xml"
    path.write_bytes(source[:start] + b"".join(zaps) + source[end:])
    tracemalloc.start()
    outcome = check(path, NOBODY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(outcome.records) == 5000
    assert peak < 25 << 20
