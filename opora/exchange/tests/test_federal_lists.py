"""What the lists of ГИС ОМС and of Khakassia mean in our words, and the controls that only they have."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from opora.exchange.engine import check, examine
from opora.exchange.lists import batch_of
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.tests.test_treewriter import xml_of
from opora.informing.incoming import Batch
from opora.informing.words import Channel, Measure, Sequence

DSPN = SAMPLES / "dspn-dn-informing"
PLAN = SAMPLES / "gpt-gpm-dn-plan"


def read(path: Path) -> Batch:
    outcome, content = examine(path, CONTEXT)
    assert outcome.is_accepted, outcome.findings
    return batch_of(outcome, content)


def test_an_observation_of_gst() -> None:
    batch = read(SAMPLES / "gst-dn-list/03/GST19_2605_3.zip")
    first, second, removed = batch.observations
    assert (batch.year, batch.month) == (2026, 5)
    assert (first.who.enp, first.diagnosis, first.since) == ("1955720885990982", "I10", date(2024, 3, 18))
    assert (first.who, second.diagnosis) == (second.who, "E11.9")
    assert (removed.until, removed.reason_out, first.until) == (date(2026, 4, 30), "3", None)


def test_the_last_case_of_gst_is_the_only_day_of_care() -> None:
    (case,) = read(SAMPLES / "gst-dn-list/01/GST19_2605_1.zip").visits
    assert (case.measure, case.on, case.diagnosis) == (Measure.OBSERVATION, date(2026, 2, 5), "I69.3")
    assert case.provider_code == "190006"


def test_a_planned_visit_is_somebody_to_be_informed() -> None:
    batch = read(PLAN / "01/GPT19_2605_1.zip")
    (entry,), (visit,) = batch.entries, batch.observations
    assert (entry.measure, entry.year, entry.month) == (Measure.OBSERVATION, 2026, 7)
    assert (entry.inform_by, entry.sequence) == (date(2026, 6, 25), Sequence.FIRST)
    assert (visit.diagnosis, visit.visit_from, visit.visit_to) == ("I10", date(2026, 7, 1), date(2026, 7, 31))


def test_gf_tells_the_fate_of_what_was_sent() -> None:
    batch = read(SAMPLES / "gf-dn-check-result/02/GF19_2605_2.zip")
    refused, accepted = batch.answers
    assert (refused.is_accepted, refused.codes, refused.text) == (False, ("12",), "ЕНП не найден в ЕРЗЛ")
    assert (accepted.is_accepted, accepted.codes, accepted.answered_file) == (True, (), "GST19_2605_1")
    unasked = read(SAMPLES / "gf-dn-check-result/03/GF19_2605_3.zip")
    assert (unasked.answers, len(unasked.observations)) == ([], 1)


def test_an_answer_to_what_was_never_sent_waits_for_a_person() -> None:
    path = SAMPLES / "gf-dn-check-result/02/GF19_2605_2.zip"
    key = read(path).answers[0].key
    outcome = check(path, CONTEXT.at(sent={"GST19_2605_1": frozenset({key})}))
    assert [(one.place, one.field) for one in outcome.findings] == [(2, "CODE_L")]
    assert (outcome.is_accepted, outcome.rejected) == (True, 1)
    assert check(path, CONTEXT.at(sent={})).rejected == 2


def test_df_names_who_is_due() -> None:
    (entry,) = read(SAMPLES / "df-disp-status/05/DF19_5.zip").entries
    assert (entry.measure, entry.year, entry.who.sex) == (Measure.EXTENDED, 2026, 2)
    assert entry.note == "DISPANS_STATUS 3"


def test_dspn_keeps_every_fact_of_informing() -> None:
    batch = read(DSPN / "03/DSPN_M190006T19_26053.zip")
    said = [(one.sequence, one.channel, one.on) for one in batch.contacts]
    assert said == [
        (Sequence.FIRST, Channel.SMS, date(2026, 5, 12)),
        (Sequence.REPEAT, Channel.EMAIL, date(2026, 5, 20)),
    ]
    (entry,) = batch.entries
    assert (entry.who.surname, entry.who.phones, entry.month) == ("Щербак", ("+79000002407",), 7)


def test_a_person_taken_off_observation_is_not_invited() -> None:
    batch = read(DSPN / "05/DSPN_M190006T19_26055.zip")
    assert [one.place for one in batch.observations] == [1, 2]
    removed = {one.place for one in batch.observations if one.until}
    assert removed
    assert {one.place for one in batch.entries} == {1, 2} - removed


def test_prof_gives_an_entry_for_each_measure() -> None:
    batch = read(SAMPLES / "prof-preventive-list/03/PROF_M190006T19_263.zip")
    said = [(one.measure, one.month) for one in batch.entries]
    assert said == [(Measure.CHECKUP, 3), (Measure.SCREENING, 9)]
    assert (batch.entries[0].provider_code, batch.entries[0].doctor_snils) == ("190006", "99960161781")
    many = read(SAMPLES / "prof-preventive-list/02/PROF_M190006T19_262.zip")
    assert [one.who.patronymic for one in many.entries].count("") == 3


def test_rpl_agrees_or_not() -> None:
    path = SAMPLES / "rpl-answer-dspn-prof/05/T19_M190006_26055.xml"
    agreed, refused = read(path).answers
    assert (agreed.key, agreed.is_accepted, agreed.enp) == ("1", True, "1976350825992578")
    assert (refused.is_accepted, refused.enp, refused.text) == (False, "", "Лицо не найдено")
    assert agreed.answered_file == "DSPN_M190006T19_26055"
    stranger = check(path, CONTEXT.at(sent={}))
    assert [(one.scope, one.field) for one in stranger.findings] == [("file", "FILENAME_1")]
    partly = check(path, CONTEXT.at(sent={"DSPN_M190006T19_26055": frozenset({"1"})}))
    assert [(one.place, one.field) for one in partly.findings] == [(2, "N_ZAP")]


Spoil = Callable[[str], str]
SPOILT: list[tuple[str, Spoil, tuple[str, str, str]]] = [
    ("gpt-gpm-dn-plan/01", lambda x: x.replace("2026-07-31", "2026-06-30"), ("record", "PLAN_DATE_END", "error")),
    ("gpt-gpm-dn-plan/01", lambda x: x.replace("2026-06-25", "2026-08-25"), ("record", "END_DATE_INF", "warning")),
    ("gpt-gpm-dn-plan/01", lambda x: x.replace("2026-07", "3026-07"), ("record", "PLAN_DATE_START", "error")),
    ("prof-preventive-list/01", lambda x: x.replace("<YEAR>20", "<YEAR>30"), ("record", "YEAR", "error")),
    ("dspn-dn-informing/03", lambda x: x.replace("<DR>2001", "<DR>1801"), ("record", "DR", "error")),
    ("gpt-gpm-dn-plan/01", lambda x: x.replace("E>GPT<", "E>GPM<"), ("file", "FILE_TYPE", "error")),
    ("gpt-gpm-dn-plan/01", lambda x: x.replace("CD>19<", "CD>34<"), ("file", "REGION_CD", "error")),
    ("gf-dn-check-result/01", lambda x: x.replace("P>1</SD", "P>9</SD"), ("file", "SD_VALITED_ENP", "error")),
    ("gf-dn-check-result/01", lambda x: x.replace("D>202605</PE", "D>202613</PE"), ("file", "PERIOD", "error")),
    (
        "df-disp-status/01",
        lambda x: x.replace("ДВ4", "Z9").replace("Диспанс", "Z"),
        ("record", "DISPANS_TYPE", "error"),
    ),
    ("df-disp-status/01", lambda x: x.replace("1949-02-23", "2949-02-23"), ("record", "DR", "error")),
    ("dspn-dn-informing/01", lambda x: x.replace("<DIAG_DATE>20", "<DIAG_DATE>25"), ("record", "DIAG_DATE", "error")),
    ("dspn-dn-informing/02", lambda x: x.replace("F>2026", "F>2027"), ("record", "DATAINF", "error")),
    ("dspn-dn-informing/02", lambda x: x.replace("<MONTH>05", "<MONTH>5"), ("file", "MONTH", "error")),
    ("dspn-dn-informing/02", lambda x: x.replace("<IDDOKT>9", "<IDDOKT>8"), ("record", "IDDOKT", "warning")),
    ("prof-preventive-list/01", lambda x: x.replace("ДВ4", "ДВ5").replace("ОПВ", "ДВ5"), ("record", "DISP", "error")),
    (
        "prof-preventive-list/03",
        lambda x: x.replace(">03<", ">09<").replace("ОПВ", "ДВ4"),
        ("record", "SV_PL_MER", "warning"),
    ),
    ("prof-preventive-list/03", lambda x: x.replace("<SNILS>999-101-617-51", "<SNILS>"), ("record", "SNILS", "error")),
    ("rpl-answer-dspn-prof/05", lambda x: x.replace("<RPL>0", "<RPL>2"), ("record", "RPL", "error")),
]


@pytest.mark.parametrize(("case", "spoil", "wanted"), SPOILT, ids=[f"{c[0][:4]}-{c[2][1]}" for c in SPOILT])
def test_a_spoilt_list_is_named(tmp_path: Path, case: str, spoil: Spoil, wanted: tuple[str, str, str]) -> None:
    source = next(path for path in (SAMPLES / case).iterdir() if path.name != "expected.json")
    good = xml_of(source).decode("cp1251")
    assert spoil(good) != good
    path = tmp_path / f"{source.stem}.xml"
    path.write_bytes(spoil(good).encode("cp1251"))
    outcome = check(path, CONTEXT)
    assert wanted in {(one.scope, one.field, str(one.severity)) for one in outcome.findings}
    assert outcome.format == case.partition("/")[0]
