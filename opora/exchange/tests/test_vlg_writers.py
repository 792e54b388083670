"""Volgograd and Stavropol: what we write is what they write, and a missing fact stops the file."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opora.exchange.codebook import CodeUnknown
from opora.exchange.engine import examine
from opora.exchange.errors import FactMissing
from opora.exchange.lists import batch_of
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.tests.test_vlg import ANSWER, D01, R11, STV, read
from opora.exchange.writers.lists import LIST_WRITERS, Outgoing
from opora.informing.incoming import Batch, IncomingAnswer
from opora.informing.words import Measure

OUT = Outgoing(
    sender="26002", made_at=datetime(2026, 5, 29, 12, tzinfo=ZoneInfo("Europe/Volgograd")), number=3, provider="101001"
)
PERSONS, ANSWERS = LIST_WRITERS["vlg-r01-r11-persons"], LIST_WRITERS["vlg-answers-r02-r12-d02"]
PEOPLE = LIST_WRITERS["stv-people-xml"]


def text_of(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        (name,) = archive.namelist()
        return archive.read(name).decode("cp1251")


@pytest.mark.parametrize("case", ["01", "02", "05"])
def test_the_list_of_stavropol_comes_out_byte_for_byte(case: str) -> None:
    (path,) = (SAMPLES / "stv-people-xml" / case).glob("*.xml")
    assert PEOPLE.write(read(path), OUT).strip() == path.read_bytes().strip()


def test_the_list_of_volgograd_differs_by_the_guid_of_the_person_alone() -> None:
    theirs = text_of(R11.read_bytes()).splitlines()
    ours = text_of(PERSONS.write(read(R11), OUT)).splitlines()
    differing = {mine.partition(">")[0].strip() for mine, their in zip(ours, theirs, strict=True) if mine != their}
    assert differing == {"<IDPAC"}
    assert PERSONS.name(OUT) == R11.name


def test_a_number_of_any_writing_is_written_as_the_fund_reads_it(tmp_path: Path) -> None:
    entry = read(R11).entries[0]
    who = replace(entry.who, phones=("222-15-15", "+78442221515", "+7 900 000 07 13"))
    path = tmp_path / PERSONS.name(OUT)
    path.write_bytes(PERSONS.write(Batch(entries=[replace(entry, who=who)]), OUT))
    outcome, content = examine(path, CONTEXT)
    assert outcome.findings == []
    assert batch_of(outcome, content).entries[0].who.phones == ("8-900-0000713", "8-8442-221515")


def test_a_key_of_ours_becomes_the_guid(tmp_path: Path) -> None:
    entry = replace(read(R11).entries[0], key="d24f00f6-6e33-43f4-9629-368b75ee555c", place=40)
    made = text_of(PERSONS.write(Batch(entries=[entry]), OUT))
    assert "<ZAP>1</ZAP>" in made
    assert "<IDPAC>d24f00f6-6e33-43f4-9629-368b75ee555c</IDPAC>" in made


def test_what_is_missing_stops_the_list() -> None:
    batch = read(R11)
    entry = batch.entries[0]
    holes = [
        replace(entry, who=replace(entry.who, document_kind="")),
        replace(entry, who=replace(entry.who, birth_on=None)),
        replace(entry, who=replace(entry.who, okato="")),
        replace(entry, who=replace(entry.who, policy_number="", enp="")),
        replace(entry, provider_code="101002"),
        replace(entry, month=None),
    ]
    for hole in holes:
        with pytest.raises(FactMissing):
            PERSONS.write(Batch(entries=[hole]), OUT)
    with pytest.raises(FactMissing, match="одного периода"):
        PERSONS.write(Batch(entries=[entry, replace(entry, month=6)]), OUT)
    with pytest.raises(CodeUnknown, match="Углублённая"):
        PERSONS.write(Batch(entries=[replace(entry, measure=Measure.EXTENDED)]), OUT)


def test_a_list_to_call_without_a_quarter_is_not_written() -> None:
    entry = read(STV).entries[0]
    with pytest.raises(FactMissing, match="PD"):
        PEOPLE.write(Batch(entries=[replace(entry, quarter=None)]), OUT)
    with pytest.raises(CodeUnknown, match="госпитализация"):
        PEOPLE.write(Batch(entries=[replace(entry, measure=Measure.HOSPITAL)]), OUT)


NAMES = [
    ("R01T34M101001_2605004", "R02M101001T34_2605004.zip"),
    ("R11T34M101001_2605003", "R12M101001T34_2605003.zip"),
    ("D01T34M101001_2512003", "D02M101001T34_2512003.zip"),
]


@pytest.mark.parametrize(("sent", "name"), NAMES)
def test_an_answer_is_named_after_what_it_answers(sent: str, name: str) -> None:
    assert ANSWERS.name(replace(OUT, answers=sent)) == name


def test_there_is_no_answer_to_a_file_of_another_kind() -> None:
    with pytest.raises(FactMissing):
        ANSWERS.name(replace(OUT, answers="I01T34M101001_2605281"))
    with pytest.raises(FactMissing, match="одного файла"):
        ANSWERS.write(read(ANSWER), replace(OUT, answers="R11T34M101001_2605003"))


def test_a_refusal_without_words_of_the_fund_is_an_error() -> None:
    """What our controls say of a clinic's file goes back as RESULT 2; an accepted record names no error."""
    said = [
        IncomingAnswer(place=1, key="1", answered_file=D01.stem, is_accepted=True),
        IncomingAnswer(place=2, key="2", answered_file=D01.stem, is_accepted=False),
    ]
    made = text_of(ANSWERS.write(Batch(answers=said), replace(OUT, answers=D01.stem)))
    assert made.count("<RESULT>1</RESULT>") == made.count("<RESULT>2</RESULT>") == 1
    assert "<ERRORS>" not in made
