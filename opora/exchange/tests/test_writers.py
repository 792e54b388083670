"""What we write we can read; what the partner writes we write byte for byte; nothing the format can hold is lost."""

import json
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.classifiers.words import Channel, Kind, Origin, Outcome, Outside, Responsible, Verdict
from opora.exchange.codebook import CodeUnknown, PairsBook
from opora.exchange.engine import check, examine
from opora.exchange.mapping import LENGTHS, to_record, to_values
from opora.exchange.record import NOBODY, JournalRecord, Leaving, Someone, Told
from opora.exchange.tests.books import BOOK, ONE_TO_ONE
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.writers import WRITERS, Sending
from opora.exchange.writers.users import Colleague, name_of, write_users
from opora.shared.enp import check_digit

ZONE = ZoneInfo("Asia/Yekaterinburg")
MADE = datetime(2026, 5, 29, 18, 5, tzinfo=ZONE)
DEPARTMENT = "00000000-0000-4000-8000-0000000000ab"
NO_BOOK = PairsBook({}, {})  # the table of words falls back on ours
SENDING = Sending("81001", MADE, BOOK, organisation_name="СМО А", department=DEPARTMENT)
GUIDS = sorted(guid for guid, code in CONTEXT.employees.items() if code == "81001")

# What a field of XML in windows-1251 may hold; letters outside of it go as references and come back.
letters = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufffe\uffff"),
    max_size=60,
).map(lambda text: " ".join(text.split()))


def one_of(of: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(ONE_TO_ONE[of].values()))


def texts(field: str) -> st.SearchStrategy[str]:
    return letters.map(lambda text: text[: LENGTHS[field]].strip())


@st.composite
def policies(draw: st.DrawFn) -> str:
    payload = draw(st.text("0123456789", min_size=15, max_size=15))
    return draw(st.sampled_from(["", payload + str(check_digit(payload))]))


@st.composite
def someones(draw: st.DrawFn, *, prefix: str) -> Someone:
    found = Someone(
        surname=draw(texts(f"{prefix}_f")),
        given_name=draw(texts(f"{prefix}_i")),
        patronymic=draw(texts(f"{prefix}_o").filter(lambda text: text.casefold() != "нет")),
        birth_on=draw(st.none() | st.dates(date(1910, 1, 1), date(2026, 5, 1))),
        enp=draw(policies()),
        insurer=draw(st.sampled_from(["", "81001", "81007"])),
        document_kind=draw(st.sampled_from(["", "14", "3"])),
        document_series=draw(texts(f"{prefix}_docser")),
        document_number=draw(texts(f"{prefix}_docnum")),
    )
    if prefix == "z":
        found = replace(
            found,
            address=draw(texts("adr")),
            phone=draw(texts("phone")),
            email=draw(st.sampled_from(["", "person7@example.org"])),
        )
    return found if draw(st.booleans()) else NOBODY


@st.composite
def records(draw: st.DrawFn) -> JournalRecord:
    kind = Kind(draw(one_of("kind")))
    origin = Origin(draw(one_of("origin")))
    day = draw(st.dates(date(2025, 1, 1), date(2026, 6, 1)))
    has_time, crossed_time = draw(st.booleans()), draw(st.booleans())
    clock = draw(st.times()).replace(microsecond=0)
    received = datetime.combine(day, clock if has_time else datetime.min.time(), ZONE)
    closed = draw(st.none() | st.integers(0, 10).map(lambda days: day + timedelta(days=days)))
    outside = draw(st.none() | one_of("outside").map(Outside))
    later = datetime.combine(day, clock if crossed_time else datetime.min.time(), ZONE) + timedelta(days=1)
    redirected = draw(st.sampled_from([None, later])) if outside else None
    return JournalRecord(
        key=draw(st.uuids(version=4)).__str__(),
        kind=kind,
        received_at=received,
        has_time=has_time,
        origin=origin,
        origin_name=draw(texts("way_n").filter(bool)) if origin is Origin.OTHER else draw(texts("way_n")),
        channel=Channel(draw(one_of("channel"))),
        topic=draw(one_of("topic")),
        topic_note=draw(texts("theme_comment")),
        text=draw(texts("text")),
        verdict=Verdict(draw(one_of("verdict"))) if kind is Kind.COMPLAINT and draw(st.booleans()) else None,
        responsible=Responsible(draw(one_of("responsible"))),
        responsible_code=draw(st.sampled_from(["81000", "81001"])),
        taken_by=draw(st.sampled_from(GUIDS)),
        handled_by=draw(st.sampled_from(["", *GUIDS])),
        due_on=day + timedelta(days=30),
        closed_on=closed,
        outcome=Outcome(draw(one_of("outcome"))) if closed else None,
        applicant=draw(someones(prefix="z")),
        person=draw(someones(prefix="in")),
        outside=outside,
        redirected_at=redirected,
        redirected_has_time=bool(redirected) and crossed_time,
    )


@pytest.mark.parametrize("name", ["g1r", "g1out", "xlsx"])
@settings(max_examples=60, deadline=None)
@given(st.lists(records(), min_size=1, max_size=3, unique_by=lambda record: record.key))
def test_nothing_that_the_format_holds_is_lost(name: str, given_records: list[JournalRecord]) -> None:
    writer = WRITERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / writer.name(SENDING)
        assert writer.write(map(Leaving, given_records), SENDING, path) == len(given_records)
        outcome, content = examine(path, CONTEXT.at(channel="81001"))
    assert outcome.format == writer.slug
    assert outcome.is_accepted, outcome.findings
    assert [to_record(record.values, BOOK, ZONE) for record in content.records] == given_records


def sample_record(**changes: object) -> JournalRecord:
    made = JournalRecord(
        key="2026-000017",
        kind=Kind.COMPLAINT,
        received_at=datetime(2026, 5, 12, 10, 20, 33, tzinfo=ZONE),
        origin=Origin.DIRECT,
        channel=Channel.HOT_LINE,
        topic="3.2",
        responsible=Responsible.INSURER,
        responsible_code="81001",
        taken_by=GUIDS[0],
        due_on=date(2026, 6, 11),
        text="=1+1 Жалоба & «кавычки» <тег> ♥",
        closed_on=date(2026, 5, 20),
        outcome=Outcome.COMPLAINT_CONSIDERED,
        verdict=Verdict.JUSTIFIED,
        applicant=Someone(
            surname="Ярцев", given_name="Олег", patronymic="Юрьевич", birth_on=date(1965, 4, 10), phone="+79000005275"
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


TOLD = Told(
    incoming_number="2205/Э",
    sstu_code="0002.0014.0143.0390",
    reply=b"%PDF-1.4 synthetic" * 10,
    taker_email="sp1@example.org",
    answer="Разъяснён порядок",
)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_what_we_write_we_can_read(tmp_path: Path, name: str) -> None:
    writer = WRITERS[name]
    path = tmp_path / writer.name(SENDING)
    items = [Leaving(sample_record(), TOLD), Leaving(sample_record(key="18", channel=Channel.CHAT), TOLD)]
    sending = replace(SENDING, book=NO_BOOK) if name == "intraservice" else SENDING
    assert writer.write(items, sending, path) == 2
    outcome = check(path, CONTEXT.at(channel="81001"))
    assert (outcome.format, outcome.is_accepted, len(outcome.records)) == (writer.slug, True, 2), outcome.findings
    assert outcome.findings == []


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"g1r", "xlsx", "sstu"}))
def test_an_empty_period_is_a_readable_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / WRITERS[name].name(SENDING)
    assert WRITERS[name].write([], SENDING, path) == 0
    assert check(path, CONTEXT).is_accepted


JOURNALS = sorted(
    case
    for folder, _ in (("g1out-journal-outbound", ""), ("g1r-journal-xml", ""))
    for case in (SAMPLES / folder).glob("*/*.xml")
    if json.loads((case.parent / "expected.json").read_text())["expect"]["file"] == "accept"
)


@pytest.mark.parametrize("case", JOURNALS, ids=lambda case: f"{case.parent.parent.name}/{case.parent.name}")
def test_the_partner_s_file_comes_back_byte_for_byte(tmp_path: Path, case: Path) -> None:
    outcome, content = examine(case, CONTEXT)
    name = "g1out" if outcome.format == "g1out-journal-outbound" else "g1r"
    header = content.header
    made = datetime.fromisoformat(f"{header['data']}T{header['time']}").replace(tzinfo=ZONE)
    number = int(case.stem[-4:]) if name == "g1r" else 1
    sending = Sending(header["smo"], made, BOOK, number=number)
    items = [Leaving(to_record(record.values, BOOK, ZONE)) for record in content.records]
    path = tmp_path / case.name
    WRITERS[name].write(items, sending, path)
    assert path.read_bytes() == case.read_bytes()
    assert WRITERS[name].name(sending) == case.name


def test_seconds_and_zones_are_kept() -> None:
    moment = datetime(2026, 5, 12, 20, 20, 33, tzinfo=UTC)
    values = to_values(sample_record(received_at=moment), BOOK, ZONE)
    assert (values["date_create"], values["time_create"]) == ("2026-05-13", "01:20:33")
    assert to_record(values, BOOK, ZONE).received_at == moment


def test_too_long_a_text_is_cut_with_a_mark(tmp_path: Path) -> None:
    values = to_values(sample_record(text="я" * 3000), BOOK, ZONE)
    assert len(values["text"]) == 1000
    assert values["text"].endswith("…")


def test_a_word_without_a_code_is_said_and_a_code_without_a_word() -> None:
    nothing = PairsBook({}, {})
    with pytest.raises(CodeUnknown, match="consultation"):
        to_values(sample_record(kind=Kind.CONSULTATION), nothing, ZONE)
    with pytest.raises(CodeUnknown, match="«2»"):
        to_record(to_values(sample_record(), BOOK, ZONE), nothing, ZONE)


def test_no_is_no_patronymic() -> None:
    values = to_values(sample_record(), BOOK, ZONE) | {"z_o": "НЕТ"}
    assert to_record(values, BOOK, ZONE).applicant.patronymic == ""


def test_only_answered_and_named_appeals_go_to_the_portal(tmp_path: Path) -> None:
    items = [
        Leaving(sample_record(), TOLD),
        Leaving(sample_record(applicant=NOBODY), TOLD),
        Leaving(sample_record(closed_on=None, outcome=None), TOLD),
    ]
    assert WRITERS["sstu"].write(items, SENDING, tmp_path / "sstu.zip") == 1


def test_employees_are_written_as_the_partner_does(tmp_path: Path) -> None:
    case = SAMPLES / "users-xml/01/USERS052629001.xml"
    _, content = examine(case, CONTEXT)
    colleagues = [
        Colleague(one.key, one.values["USER_FULLNAME"], one.values.get("USER_EMAIL", "")) for one in content.records
    ]
    path = tmp_path / name_of(date(2026, 5, 29))
    assert write_users(colleagues, path) == 2
    assert (path.name, path.read_bytes()) == (case.name, case.read_bytes())
