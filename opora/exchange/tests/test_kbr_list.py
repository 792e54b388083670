"""A list of Kabardino-Balkaria and the answer to it: two files in, one file out, the ids of the list kept."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from opora.exchange.engine import examine
from opora.exchange.lists import batch_of
from opora.exchange.lists.kbr import ids_of
from opora.exchange.tests.test_lists_regions import DPO, KBR, talk, unzipped
from opora.exchange.tests.test_samples import CONTEXT
from opora.informing.incoming import Batch
from opora.informing.words import Measure

CASES = """<?xml version="1.0" encoding="windows-1251"?>
<ZL_LIST><ZGLV><VERSION>2.1</VERSION><DATA>2026-05-05</DATA><NEWTAG>x</NEWTAG></ZGLV>
<ZAP><N_ZAP>1</N_ZAP><DISP>ДВ4</DISP><PACIENT><ID_PAC>p1</ID_PAC><ENP>0773650882994954</ENP><SMO>07004</SMO></PACIENT>
<SLUCH><IDCASE>c1</IDCASE><LPU>070012</LPU><MONTH>6</MONTH></SLUCH></ZAP>
<ZAP><N_ZAP>2</N_ZAP><DISP>ДН1</DISP><PACIENT><ID_PAC>p2</ID_PAC><SMO>07004</SMO></PACIENT>
<SLUCH><IDCASE>c2</IDCASE><LPU>070012</LPU></SLUCH></ZAP></ZL_LIST>"""
PERSONS = """<?xml version="1.0" encoding="windows-1251"?>
<PERS_LIST><PERS><ID_PAC>p1</ID_PAC><FAM>Хан</FAM><IM>Алия</IM><W>2</W><DR>1984-12-01</DR></PERS>
<PERS><ID_PAC>p2</ID_PAC><FAM>Ёлкин</FAM><IM>Семён</IM><OT>Петрович</OT><W>1</W><DR>1953-08-18</DR></PERS></PERS_LIST>"""


def pack(folder: Path, cases: str = CASES, persons: str = PERSONS, **more: str) -> Path:
    path = folder / "DPL0700407_260501.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {"DPL0700407_260501.XML": cases, "L0700407_260501.XML": persons, **more}.items():
            if text:
                archive.writestr(name, text.encode("cp1251"))
    return path


def test_a_list_is_read_and_every_person_of_it_is_answered(tmp_path: Path) -> None:
    outcome, content = examine(pack(tmp_path), CONTEXT)
    assert (outcome.format, outcome.findings) == ("kbr-dpl-list", [])
    batch = batch_of(outcome, content)
    first, second = batch.entries
    assert (first.measure, first.year, first.who.surname, first.provider_code) == (
        Measure.SCREENING, 2026, "Хан", "070012",
    )  # fmt: skip
    assert (second.measure, second.who.birth_on, ids_of(second.key)) == (
        Measure.OBSERVATION, date(1953, 8, 18), ("c2", "p2"),
    )  # fmt: skip
    answer = Batch(entries=batch.entries, contacts=[talk(first)], year=batch.year)
    path = tmp_path / DPO.name(KBR)
    path.write_bytes(DPO.write(answer, replace(KBR, version=content.header["VERSION"])))
    assert unzipped(path.read_bytes()).count("<NOTIFICATION1>") == 1
    read, content = examine(path, CONTEXT)
    assert (read.is_accepted, read.rejected, [one.key for one in content.records]) == (True, 0, ["c1", "c2"])


WRONG = [
    ({"persons": PERSONS.replace("<ID_PAC>p2<", "<ID_PAC>p3<")}, "ID_PAC"),
    ({"persons": PERSONS.replace("1953-08-18", "1953-08-32")}, "DR"),
    ({"cases": CASES.replace("ДН1", "ДН9")}, "DISP"),
    ({"cases": CASES.replace("0773650882994954", "0773650882994955")}, "ENP"),
    ({"cases": CASES.replace("<IDCASE>c2<", "<IDCASE>c1<")}, "IDCASE"),
    ({"cases": CASES.replace("<LPU>070012</LPU></SLUCH></ZAP></ZL", "</SLUCH></ZAP></ZL")}, "LPU"),
]


@pytest.mark.parametrize(("change", "field"), WRONG, ids=[field for _, field in WRONG])
def test_a_wrong_case_is_named_and_the_other_stays(tmp_path: Path, change: dict[str, str], field: str) -> None:
    outcome, _ = examine(pack(tmp_path, **change), CONTEXT)
    assert (outcome.is_accepted, outcome.rejected, {one.field for one in outcome.findings}) == (True, 1, {field})


REFUSED = [
    {"persons": ""},
    {"cases": CASES.replace("<DATA>2026-05-05</DATA>", "")},
    {"cases": CASES[:-30]},
    {"more.XML": PERSONS},
    {"persons": PERSONS.replace("<PERS_LIST>", "<!DOCTYPE x><PERS_LIST>")},
]


@pytest.mark.parametrize("change", REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_an_archive_that_is_not_whole_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    outcome, _ = examine(pack(tmp_path, **change), CONTEXT)
    assert (outcome.format, outcome.is_accepted) == ("kbr-dpl-list", False)
