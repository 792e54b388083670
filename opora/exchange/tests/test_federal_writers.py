"""What we send to ГИС ОМС and to Khakassia is taken by our own controls and means what we meant."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.exchange.codebook import CodeUnknown
from opora.exchange.engine import examine
from opora.exchange.errors import FactMissing
from opora.exchange.format import Content
from opora.exchange.lists import batch_of
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.writers.federal import merge
from opora.exchange.writers.khakassia import DspnReturn, ProfWriter
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, Named
from opora.informing.words import Channel, Measure, Outcome, Purpose, Sequence
from opora.shared import enp

MADE = datetime(2026, 6, 1, 12, 0, tzinfo=ZoneInfo("Asia/Krasnoyarsk"))
OUT = Outgoing(sender="19000", made_at=MADE, number=7, region="19", provider="190006")


def content_of(name: str) -> Content:
    outcome, content = examine(SAMPLES / name, CONTEXT)
    assert outcome.is_accepted
    return content


def read_back(folder: Path, name: str, raw: bytes) -> tuple[Content, Batch]:
    path = folder / name
    path.write_bytes(raw)
    outcome, content = examine(path, CONTEXT)
    assert (outcome.is_accepted, outcome.findings) == (True, [])
    return content, batch_of(outcome, content)


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("gsm-dn-list-mo/02/GSM190006_2605_2.zip", "gsm-dn-list-mo/03/GSM190006_2605_3.zip", "GST19_2605_7.zip"),
        ("gpt-gpm-dn-plan/03/GPM190006_2605_1.zip", "gpt-gpm-dn-plan/03/GPM190006_2605_1.zip", "GPT19_2605_7.zip"),
    ],
)
def test_the_region_s_file_is_its_clinics_together(tmp_path: Path, first: str, second: str, name: str) -> None:
    parts = [content_of(first), content_of(second)]
    merged = merge(parts, OUT)
    content, _ = read_back(tmp_path, merged.name, merged.raw)
    wanted = {record.key: record.values for part in reversed(parts) for record in part.records}
    assert merged.name == name
    assert {record.key: record.values for record in content.records} == wanted
    assert merged.records == len(wanted)
    assert merged.records + len(merged.left_out) == sum(len(part.records) for part in parts)


def test_only_lists_of_one_kind_region_and_month_are_merged() -> None:
    gsm = content_of("gsm-dn-list-mo/01/GSM190006_2605_1.zip")
    gpm = content_of("gpt-gpm-dn-plan/03/GPM190006_2605_1.zip")
    june = Content(gsm.records, {**gsm.header, "FILENAME": "GSM190006_2606_1"})
    for parts in ([], [gsm, gpm], [content_of("gst-dn-list/01/GST19_2605_1.zip")], [gsm, june]):
        with pytest.raises(FactMissing):
            merge(parts, OUT)
    with pytest.raises(FactMissing, match="региона 34"):
        merge([gsm], replace(OUT, region="34"))


def contact(key: str = "1", **change: object) -> IncomingContact:
    one = IncomingContact(
        place=1,
        key=key,
        measure=Measure.OBSERVATION,
        channel=Channel.CALL,
        on=date(2026, 5, 28),
        sequence=Sequence.REPEAT,
        outcome=Outcome.PROMISED,
    )
    return replace(one, **change)  # type: ignore[arg-type]


def test_dspn_goes_back_with_our_facts_after_theirs(tmp_path: Path) -> None:
    came = content_of("dspn-dn-informing/02/DSPN_M190006T19_26052.zip")
    writer = DspnReturn()
    made = [
        contact(),
        contact(),
        contact(outcome=Outcome.NO_ANSWER, on=date(2026, 5, 29)),
        contact(purpose=Purpose.ASK_WHY, on=date(2026, 5, 30)),
    ]
    content, batch = read_back(tmp_path, writer.name(OUT), writer.write(came, made, OUT))
    assert content.records[0].values == came.records[0].values
    former = came.records[0].blocks["INF"]
    assert content.records[0].blocks["INF"][: len(former)] == former
    assert [(one.channel, one.on) for one in batch.contacts[len(former) :]] == [(Channel.CALL, date(2026, 5, 28))]


def test_dspn_knows_neither_another_measure_nor_a_leaflet() -> None:
    came = content_of("dspn-dn-informing/01/DSPN_M190006T19_26051.zip")
    for wrong in (contact(measure=Measure.CHECKUP), contact(channel=Channel.PRINT)):
        with pytest.raises(CodeUnknown):
            DspnReturn().write(came, [wrong], OUT)
    for wrong in (contact(sequence=None), contact(key="99")):
        with pytest.raises(FactMissing):
            DspnReturn().write(came, [wrong], OUT)


def test_prof_wants_the_doctor_and_one_clinic() -> None:
    batch = batch_of(*examine(SAMPLES / "prof-preventive-list/03/PROF_M190006T19_263.zip", CONTEXT))
    first, second = batch.entries
    with pytest.raises(FactMissing, match="IDDOKT"):
        ProfWriter().write(Batch(entries=[replace(first, doctor_snils="")]), OUT)
    with pytest.raises(FactMissing, match="клиника"):
        ProfWriter().write(Batch(entries=[first, replace(second, provider_code="190001")]), OUT)
    with pytest.raises(CodeUnknown):
        ProfWriter().write(Batch(entries=[replace(first, measure=Measure.FERTILITY)]), OUT)
    with pytest.raises(FactMissing, match="месяц"):
        ProfWriter().write(Batch(entries=[replace(first, month=None)]), OUT)


NAMES = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=40).map(str.capitalize)
NUMBERS = st.integers(10**14, 10**15 - 1).map(lambda n: f"{n}{enp.check_digit(str(n))}")
PEOPLE = st.builds(
    lambda surname, given_name, number, birth_on, sex, phone: Named(
        surname=surname,
        given_name=given_name,
        birth_on=birth_on,
        sex=sex,
        enp=number,
        policy_kind="3",
        policy_number=number,
        phones=phone,
        insurer_code="19003",
    ),
    NAMES,
    NAMES,
    NUMBERS,
    st.dates(date(1920, 1, 1), date(2026, 6, 1)),
    st.sampled_from([1, 2]),
    st.sampled_from([(), ("+79000002407",)]),
)
WHEN = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from([Measure.SCREENING, Measure.CHECKUP])),
    min_size=1,
    max_size=3,
    unique=True,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PEOPLE, WHEN), min_size=1, max_size=4))
def test_any_prof_means_the_same_when_it_is_read(tmp_path: Path, drawn: list) -> None:
    entries = [
        IncomingEntry(
            place=place,
            key=str(place),
            who=who,
            measure=measure,
            year=2026,
            month=month,
            provider_code="190006",
            doctor_snils="99960161781",
        )
        for place, (who, when) in enumerate(drawn, start=1)
        for month, measure in when
    ]
    batch, writer = Batch(entries=entries, year=2026), ProfWriter()
    _, again = read_back(tmp_path, writer.name(OUT), writer.write(batch, OUT))
    assert again == batch
