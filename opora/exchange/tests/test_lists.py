"""Lists of regions: what a file means in our words, and that what we write means the same when it is read."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opora.exchange.codebook import CodeUnknown
from opora.exchange.engine import examine
from opora.exchange.errors import FactMissing
from opora.exchange.lists import BATCHES, batch_of
from opora.exchange.tests.test_samples import CASES, CONTEXT, SAMPLES
from opora.exchange.writers.lists import LIST_WRITERS, Outgoing
from opora.informing.incoming import Batch, IncomingContact, Named
from opora.informing.words import Channel, Measure, Sequence

MADE = datetime(2026, 5, 29, 18, 0, tzinfo=ZoneInfo("Europe/Moscow"))
LISTS = [case for case in CASES if case.parent.name in BATCHES]
TOLD: dict[str, Callable[[Batch], dict[str, str]]] = {
    "nsk": lambda batch: {"sender": "1"},
    "vlg": lambda batch: {
        "provider": "101001",
        "version": "R11" if batch.month and all(entry.month for entry in batch.entries) else "R01",
        "answers": batch.answers[0].answered_file if batch.answers else "",
    },
    "kbr": lambda batch: {"sender": "07004", "region": "07", "version": "2.1"},
    "kk": lambda batch: {"sender": "23004"},
}
"""What a partner asks of the sender beside the rest, by the first part of the slug."""


def named(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def expected(case: Path) -> dict:
    found: dict = json.loads((case / "expected.json").read_text())
    return found


def is_whole(case: Path) -> bool:
    """Whether every record is accepted: places move when one is refused."""
    wanted = expected(case)["expect"]
    return bool(wanted["file"] == "accept" and not wanted["rejected"])


WRITTEN = [case for case in LISTS if case.parent.name in LIST_WRITERS and is_whole(case)]


def read(path: Path) -> Batch:
    outcome, content = examine(path, CONTEXT)
    assert outcome.is_accepted, outcome.findings
    return batch_of(outcome, content)


@pytest.fixture
def outgoing() -> Outgoing:
    return Outgoing(sender="81001", made_at=MADE, package="c0ffee00-0000-4000-8000-000000000001", provider="600101")


@pytest.mark.parametrize("case", LISTS, ids=named)
def test_every_accepted_record_has_a_meaning(case: Path) -> None:
    wanted = expected(case)
    outcome, content = examine(case / wanted["file"], CONTEXT)
    found = batch_of(outcome, content)
    told = [*found.entries, *found.contacts, *found.visits, *found.observations, *found.referrals, *found.answers]
    told += [*found.volumes, *found.consents]
    refused = {one.place for one in outcome.findings if one.place and one.severity == "error"}
    first = {one.key: one.place for one in reversed(content.records)}  # several errors of one record are one answer
    kept = set(first.values()) - refused if outcome.is_accepted else set()
    if not outcome.is_counted:
        assert told, "a file of numbers has no records, yet it means something"
        return
    assert {one.place for one in told} - {0} == kept  # 0 is what is said of the file itself


@pytest.mark.parametrize("case", WRITTEN, ids=named)
def test_what_we_write_means_the_same(case: Path, tmp_path: Path, outgoing: Outgoing) -> None:
    outcome, content = examine(case / expected(case)["file"], CONTEXT)
    batch = batch_of(outcome, content)
    writer = LIST_WRITERS[case.parent.name]
    told = TOLD.get(writer.slug.partition("-")[0])
    outgoing = replace(outgoing, **told(batch)) if told else outgoing
    path = tmp_path / writer.name(outgoing)
    path.write_bytes(writer.write(batch, outgoing))
    again, content = examine(path, CONTEXT)
    assert (again.format, again.is_accepted, again.rejected) == (writer.slug, True, 0), again.findings
    assert batch_of(again, content) == batch


def test_pskov_s_rows_come_back_but_for_what_only_the_clinic_knows(outgoing: Outgoing) -> None:
    case = SAMPLES / "psk-plan-csv/02/D600101260502.zip"
    made = LIST_WRITERS["psk-plan-csv"].write(read(case), outgoing)
    with zipfile.ZipFile(case) as archive:
        (name,) = archive.namelist()
        given = archive.read(name)
    theirs = given.replace(b'"20200115"', b'""').splitlines()
    ours = unzipped(made).splitlines()
    assert [line.split(b";")[:12] for line in ours] == [line.split(b";")[:12] for line in theirs]
    assert unzipped(made).endswith(b'"\r\n')


def unzipped(raw: bytes) -> bytes:
    import io

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        (name,) = archive.namelist()
        return archive.read(name)


def test_pskov_s_plan_knows_neither_another_measure_nor_another_alphabet(outgoing: Outgoing) -> None:
    batch = read(SAMPLES / "psk-plan-csv/01/D600101260501.zip")
    writer, entry = LIST_WRITERS["psk-plan-csv"], batch.entries[0]
    with pytest.raises(CodeUnknown, match="Профилактический осмотр"):
        writer.write(Batch(entries=[replace(entry, measure=Measure.CHECKUP)]), outgoing)
    with pytest.raises(CodeUnknown, match="Ҡ"):
        writer.write(Batch(entries=[replace(entry, who=replace(entry.who, surname="Ҡаһарманов"))]), outgoing)
    with pytest.raises(FactMissing, match="квартал"):
        writer.write(Batch(entries=[replace(entry, quarter=None)]), outgoing)


def test_chapter_15_tells_a_talk_from_what_is_observed() -> None:
    batch = read(SAMPLES / "ch15-individual-informing-json/04/getIndividualInforming_4.json")
    (contact,) = batch.contacts
    assert (contact.measure, contact.channel, contact.on) == (Measure.OBSERVATION, Channel.CALL, date(2026, 5, 14))
    assert [(one.key, one.diagnosis) for one in batch.observations] == [("1", "E11.9"), ("1.2", "E78.0")]
    assert batch.observations[0].inform_by == date(2026, 8, 1)


def test_chapter_15_wants_a_diagnosis_and_a_date(outgoing: Outgoing) -> None:
    who = Named(surname="Хан", given_name="Алия", birth_on=date(1984, 12, 1), enp="1547510898995242")
    contact = IncomingContact(
        place=1, key="1", who=who, measure=Measure.OBSERVATION, channel=Channel.SMS, on=date(2026, 5, 1)
    )
    writer = LIST_WRITERS["ch15-individual-informing-json"]
    with pytest.raises(FactMissing):
        writer.write(Batch(contacts=[contact]), outgoing)
    with pytest.raises(FactMissing, match="диагноз"):
        writer.write(Batch(contacts=[replace(contact, sequence=Sequence.FIRST)]), outgoing)


def test_an_answer_of_chapter_15_is_no_status_of_http(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    codes = [{"respCode": 500}, {"respCode": 503, "text": "не найден"}, {"respCode": 502}]
    answer = {"resultResponseCode": 200, "reqID": "dbaa3d4b", "numberRecordsProcessed": 3, "patients": codes}
    path.write_text(json.dumps(answer, ensure_ascii=False))
    outcome, content = examine(path, CONTEXT)
    assert (outcome.format, outcome.findings) == ("ch15-answer-json", [])
    found = batch_of(outcome, content).answers
    assert [(one.key, one.is_accepted, one.codes) for one in found] == [
        ("1", True, ()), ("2", False, ("503",)), ("3", False, ("502",)),
    ]  # fmt: skip
    assert found[1].text == "не найден"


BROKEN_PSKOV = [
    (lambda line: line.replace(b'"19730402"', b'"19730230"'), "DR"),
    (lambda line: line.replace(b'"19730402"', b'"20260616"'), "DR"),
    (lambda line: line.replace(b"6055620897994675", b"6055620897994676"), "NPOLIS"),
    (lambda line: line.replace(b'"9000004799"', b'"+79000004799"'), "TEL"),
    (lambda line: line.replace(b'"2";"2020', b'"5";"2020'), "QUART"),
    (lambda line: line.replace(b'"99910327254"', b'"99910327255"'), "SNILS_VR"),
    (lambda line: line.replace(b'"600101"', b'"6001"'), "MO_CODE"),
    (lambda line: line.replace(b';"999103269"', b""), "CSV"),
    (lambda line: line + line, "PERSON_ID"),
]


@pytest.mark.parametrize(("spoil", "field"), BROKEN_PSKOV, ids=[str(n) for n in range(len(BROKEN_PSKOV))])
def test_a_broken_row_of_pskov_is_named_and_the_rest_stays(tmp_path: Path, spoil, field: str) -> None:  # type: ignore[no-untyped-def]
    good = unzipped((SAMPLES / "psk-plan-csv/02/D600101260502.zip").read_bytes())
    line = unzipped((SAMPLES / "psk-plan-csv/01/D600101260501.zip").read_bytes())
    path = tmp_path / "D600101260501.csv"
    path.write_bytes(good + spoil(line))
    outcome, _ = examine(path, CONTEXT)
    assert outcome.is_accepted
    assert ({one.field for one in outcome.findings}, outcome.rejected) == ({field}, 1)


def pack(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name.replace("__", "/"), raw)
    return path


def test_an_archive_of_pskov_that_is_not_one_file_is_refused(tmp_path: Path) -> None:
    line = unzipped((SAMPLES / "psk-plan-csv/01/D600101260501.zip").read_bytes())
    path = tmp_path / "D600101260501.zip"
    bad = [
        {"D600101260501.csv": line, "D600101260502.csv": line},
        {"folder__D600101260501.csv": line},
        {"D600101260509.csv": line},
        {"D600101260501.csv": line.decode("cp1251").encode()},
        {"D600101260501.csv": line[:-9]},
        {"D600101260501.csv": b""},
    ]
    for members in bad:
        outcome, _ = examine(pack(path, **members), CONTEXT)
        assert (outcome.format, outcome.is_accepted) == ("psk-plan-csv", False), (members, outcome)
    path.write_bytes((SAMPLES / "psk-plan-csv/01/D600101260501.zip").read_bytes()[:90])
    assert examine(path, CONTEXT)[0].format == "psk-plan-csv"


BROKEN_CH15 = [
    ({"enp": "1547510898995243"}, "enp"),
    ({"dateNotification": "2026-06-16"}, "dateNotification"),
    ({"sequenceInformation": 3}, "sequenceInformation"),
    ({"mainDiagnosis": "I10'; DROP TABLE"}, "mainDiagnosis"),
    ({"surname": ["Хан"]}, "surname"),
    ({"phone": "+79000000000"}, "phone"),
]


@pytest.mark.parametrize(("change", "field"), BROKEN_CH15, ids=[field for _, field in BROKEN_CH15])
def test_a_broken_fact_of_chapter_15_is_named(tmp_path: Path, change: dict, field: str) -> None:
    case = SAMPLES / "ch15-individual-informing-json/03/getIndividualInforming_3.json"
    document = json.loads(case.read_text())
    document["patients"][1].update(change)
    path = tmp_path / case.name
    path.write_text(json.dumps(document, ensure_ascii=False))
    outcome, _ = examine(path, CONTEXT)
    assert {(one.record, one.field) for one in outcome.findings} == {("2", field)}
    assert (outcome.is_accepted, outcome.rejected) == (True, 1)
