"""Volgograd and Stavropol: what is wrong with a file is named, and what a good one means."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opora.exchange.context import Context, sent_files
from opora.exchange.engine import check, examine
from opora.exchange.findings import Severity
from opora.exchange.formats.stv import KINDS
from opora.exchange.lists import batch_of
from opora.exchange.lists.stv_codes import MEASURES
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.informing.incoming import Batch
from opora.informing.words import Measure

R11, R05, D01, I01 = (
    SAMPLES / "vlg-r01-r11-persons/03/R11T34M101001_2605003.zip",
    SAMPLES / "vlg-r05-year-plan/01/R05T34M101001_2600001.zip",
    SAMPLES / "vlg-d01-observation/03/D01T34M101001_2512003.zip",
    SAMPLES / "vlg-i01-hospital-referral/03/I01T34M101001_2605283.zip",
)
ANSWER = SAMPLES / "vlg-answers-r02-r12-d02/02/PR11T34M101001_2605002.zip"
WHOLE = SAMPLES / "vlg-answers-r02-r12-d02/04/R02M101001T34_2605004.zip"
STV = SAMPLES / "stv-people-xml/02/people_26002.xml"
Spoil = Callable[[str], str]


def changed(old: str, new: str, times: int = 1) -> Spoil:
    def spoil(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, times)

    return spoil


def spoilt(folder: Path, source: Path, spoil: Spoil, *, name: str = "", encoding: str = "cp1251") -> Path:
    """A copy of a sample with its text changed, packed again when it was packed."""
    if source.suffix == ".xml":
        path = folder / (name or source.name)
        path.write_text(spoil(source.read_text()))
        return path
    path = folder / f"{name or source.stem}.zip"
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(path, "w") as made:
        (member,) = packed.namelist()
        text = packed.read(member).decode("cp1251")
        made.writestr(f"{path.stem}.xml", spoil(text).encode(encoding))
    return path


def read(path: Path, context: Context = CONTEXT) -> Batch:
    outcome, content = examine(path, context)
    assert outcome.is_accepted, outcome.findings
    return batch_of(outcome, content)


BROKEN_RECORDS = [
    (R11, changed("<T_PR>O<", "<T_PR>Q<"), "T_PR"),
    (R11, changed("<SEX>1</SEX>", ""), "SEX"),
    (R11, changed("1948-09-16", "2026-06-16"), "BIRTHDAY"),
    (R11, changed("<ENP>3470150833993890<", "<ENP>3470150833993891<"), "ENP"),
    (R11, changed("<TYPE_P>3<", "<TYPE_P>1<"), "ENP"),
    (R11, changed("<NUM_P>3470150833993890<", "<NUM_P>347015083399389<"), "NUM_P"),
    (R11, changed("8-900-0000713", "+79000000713"), "TEL_M"),
    (R11, changed("<SUBJ>18000<", "<SUBJ>18<"), "SUBJ"),
    (R11, changed("<ZAP>2<", "<ZAP>1<"), "ZAP"),
    (R11, changed("d83907e3-2c94-439c-83f8-fef22244cb7d", "43039fba-1902-4421-b6dd-bbace5a6de99"), "IDPAC"),
    (D01, changed("<DATE_VISIT>2026-", "<DATE_VISIT>2016-"), "DATE_VISIT"),
    (D01, changed("<DS>", "<DS>x"), "DS"),
    (D01, changed("<PLACE>", "<PLACE>7"), "PLACE"),
    (I01, changed("<DATE_HOSP>2026-06-08<", "<DATE_HOSP>2026-05-08<"), "DATE_HOSP"),
    (D01, changed("<SPECIALIST>", "<SPECIALIST>1234567890"), "SPECIALIST"),
    (I01, changed("<PROFIL_K>71<", "<PROFIL_K>71717171717<"), "PROFIL_K"),
    (I01, changed("<USL_OK>1<", "<USL_OK>3<"), "USL_OK"),
    (I01, changed("d4b10bb7-f9ea-48f7-8258-0b7475ffe48a", "c15ae89b-62ff-45fc-8637-843391c18a6c"), "ID_D"),
    (ANSWER, changed("<RESULT>3<", "<RESULT>5<"), "RESULT"),
    (ANSWER, changed("<RESULT>3<", "<RESULT>1<"), "RESULT"),
    (STV, changed("<PD>3<", "<PD>5<"), "PD"),
    (STV, changed("<DISP>ДВ4<", "<DISP>ДВ9<"), "DISP"),
    (STV, changed("2654040828993320", "2654040828993321"), "NPOLIS"),
    (STV, changed("<ID>2<", "<ID>1<"), "ID"),
]


@pytest.mark.parametrize(
    ("source", "spoil", "field"), BROKEN_RECORDS, ids=[f"{one[0].stem}-{one[2]}" for one in BROKEN_RECORDS]
)
def test_one_record_falls_and_the_rest_stays(tmp_path: Path, source: Path, spoil: Spoil, field: str) -> None:
    outcome = check(spoilt(tmp_path, source, spoil), CONTEXT)
    assert {found.field for found in outcome.findings if found.severity is Severity.ERROR} == {field}
    assert (outcome.is_accepted, outcome.rejected) == (True, 1)
    assert all(found.record for found in outcome.findings)


BROKEN_FILES = [
    (R11, changed("<VERSION>3.0<", "<VERSION>2.0<"), "VERSION"),
    (R11, changed("<SMO>34<", "<SMO>36<"), "SMO"),
    (R11, changed("<CODEM>101001<", "<CODEM>101002<"), "CODEM"),
    (R11, changed("<MONTH>5<", "<MONTH>13<"), "MONTH"),
    (R11, changed("R11T34M101001_2605003<", "R11T34M101001_2605009<"), "NAME_F"),
    (R11, changed("windows-1251", "UTF-8"), "FILE"),
    (R11, changed("<?xml version", "<!DOCTYPE a [<!ENTITY b 'c'>]><?xml version"), "FILE"),
    (I01, changed("<DATE_R>2026-05-28<", "<DATE_R>2026-05-27<"), "DATE_R"),
    (WHOLE, changed("<ERRS>510<", "<ERRS>ошибка<"), "ERRS"),
    (STV, changed('total="15"', 'total="14"'), "@total"),
    (STV, changed(' total="15"', ""), "total"),
    (R05, changed("<QUANTITY>360<", "<QUANTITY>361<"), "QUANTITY"),
    (R05, changed("<QUANTITY_MONTH>30<", "<QUANTITY_MONTH>31<"), "QUANTITY_MONTH"),
    (R05, changed("<CODE_R>2<", "<CODE_R>1<"), "CODE_R"),
    (R05, changed("<MONTH>2<", "<MONTH>1<"), "MONTH"),
    (R05, changed("<QUANTITY_D>20<", "<QUANTITY_D>много<"), "QUANTITY_D"),
    (R05, changed("<QUANTITY_D>20<", "<QUANTITY_D>20000000000<"), "QUANTITY_D"),
]


@pytest.mark.parametrize(
    ("source", "spoil", "field"), BROKEN_FILES, ids=[f"{one[0].stem}-{one[2]}" for one in BROKEN_FILES]
)
def test_a_file_is_refused(tmp_path: Path, source: Path, spoil: Spoil, field: str) -> None:
    outcome = check(spoilt(tmp_path, source, spoil), CONTEXT)
    assert field in {found.field for found in outcome.findings if found.scope == "file"}
    assert not outcome.is_accepted
    assert outcome.format == source.parent.parent.name


def test_utf_8_is_refused_and_so_is_utf_8_that_says_it_is_not(tmp_path: Path) -> None:
    for spoil in (changed("windows-1251", "UTF-8"), changed("windows-1251", "windows-1251")):
        outcome = check(spoilt(tmp_path, R11, spoil, encoding="utf-8"), CONTEXT)
        assert (outcome.is_accepted, outcome.format) == (False, "vlg-r01-r11-persons")


def test_a_plan_whose_sums_do_not_hold_says_both_figures(tmp_path: Path) -> None:
    outcome = check(spoilt(tmp_path, R05, changed("<QUANTITY_MONTH>30<", "<QUANTITY_MONTH>31<")), CONTEXT)
    told = {found.field: found for found in outcome.findings}
    assert set(told) == {"QUANTITY", "QUANTITY_MONTH"}
    assert {found.code for found in outcome.findings} == {"510"}
    assert "по участкам 30, а за месяц указано 31" in told["QUANTITY_MONTH"].message
    assert "по месяцам 361, а за год указано 360" in told["QUANTITY"].message


def test_a_plan_is_numbers_and_no_record_is_counted(tmp_path: Path) -> None:
    entry = check(R05, CONTEXT).as_json()
    assert (entry["records_in_file"], entry["accepted"], entry["rejected"]) == (None, 0, None)


def small_plan(text: str) -> str:
    """A plan of one kind: twelve months of ten people in one area, nothing of the other kinds."""
    kinds = "".join(
        f"<VOLUME><PREVENTIVE_ACTION>{kind}</PREVENTIVE_ACTION><QUANTITY>{people}</QUANTITY></VOLUME>"
        for kind, people in zip("RODPY", (0, 120, 0, 0, 0), strict=True)
    )
    months = "".join(
        f"<ZAP><MONTH>{month}</MONTH><QUANTITY_INFO><PR_ACTION>O</PR_ACTION><QUANTITY_MONTH>10</QUANTITY_MONTH><RECORDS>"
        f"<RECORD><CODE_R>{month}</CODE_R><NAME_DISTRICT>7</NAME_DISTRICT><QUANTITY_D>10</QUANTITY_D></RECORD>"
        "</RECORDS></QUANTITY_INFO></ZAP>"
        for month in range(1, 13)
    )
    head = text.partition("<VOLUMES>")[0]
    return f"{head}<VOLUMES>{kinds}</VOLUMES></GENERAL_INFO><ZAPS>{months}</ZAPS></ZL_LIST>"


def test_a_plan_in_our_words(tmp_path: Path) -> None:
    batch = read(spoilt(tmp_path, R05, small_plan))
    years = {(one.measure, one.group): one.quantity for one in batch.volumes if one.month is None}
    months = [one for one in batch.volumes if one.month]
    assert (batch.year, years[Measure.SCREENING, ""], years[Measure.CHECKUP, ""]) == (2026, 120, 0)
    assert [(one.month, one.quantity, one.area) for one in months] == [(month, 10, "7") for month in range(1, 13)]
    assert {one.provider_code for one in batch.volumes} == {"101001"}


def test_an_area_named_twice_in_a_month_is_one_line(tmp_path: Path) -> None:
    one = "<RECORD><CODE_R>3</CODE_R><NAME_DISTRICT>7</NAME_DISTRICT><QUANTITY_D>10</QUANTITY_D></RECORD>"
    two = one.replace(">10<", ">4<") + one.replace(">10<", ">6<").replace("<CODE_R>3<", "<CODE_R>13<")
    batch = read(spoilt(tmp_path, R05, lambda text: changed(one, two)(small_plan(text))))
    (line,) = (volume for volume in batch.volumes if volume.month == 3)
    assert (line.key, line.quantity) == ("3", 10)


def test_a_plan_of_eleven_months_is_refused(tmp_path: Path) -> None:
    def cut(text: str) -> str:
        made = small_plan(text)
        return made[: made.index("<ZAP><MONTH>12<")] + "</ZAPS></ZL_LIST>"

    assert {"ZAP", "QUANTITY"} <= {found.field for found in check(spoilt(tmp_path, R05, cut), CONTEXT).findings}


def test_the_monthly_list_has_a_month_and_the_yearly_has_none() -> None:
    monthly, yearly = read(R11), read(SAMPLES / "vlg-r01-r11-persons/01/R01T34M101001_2605001.zip")
    assert {entry.month for entry in monthly.entries} == {5}
    assert {entry.month for entry in yearly.entries} == {None}
    assert monthly.entries[0].who.phones == ("8-900-0000713",)
    assert {entry.measure for entry in monthly.entries} == {Measure.SCREENING, Measure.CHECKUP}


def test_every_diagnosis_of_every_doctor_is_observed() -> None:
    found = read(D01).observations
    assert [one.key for one in found] == ["1", "1.2"]
    assert len({one.specialty for one in found}) == 2
    assert found[0].provider_code == "340012"


def test_a_referral_keeps_its_days_and_both_clinics() -> None:
    one = read(I01).referrals[0]
    assert (one.number, one.issued_on, one.planned_on) == ("101001/2026/77", date(2026, 5, 28), date(2026, 6, 8))
    assert (one.from_code, one.hospital_code, one.profile, one.bed_profile, one.form) == (
        "340012",
        "340020",
        "97",
        "71",
        "3",
    )


def test_answers_keep_the_insurer_the_fund_found_and_the_codes() -> None:
    found = read(ANSWER).answers
    assert (found[0].is_accepted, found[0].insurer_code, found[0].enp) == (True, "34007", "3450110877994083")
    assert (found[5].is_accepted, found[5].codes, found[5].text) == (False, ("57",), "Страховая не найдена")


def test_an_error_of_the_whole_file_is_one_answer_for_all() -> None:
    (one,) = read(WHOLE).answers
    assert (one.place, one.key, one.is_accepted, one.codes) == (0, "", False, ("510",))
    assert one.answered_file == "R01T34M101001_2605004"


SENT = sent_files([{"file": "R11T34M101001_2605002", "keys": ["1", "2", "3", "4", "5"]}])


def test_an_answer_to_what_we_never_sent_is_kept_aside() -> None:
    outcome = check(ANSWER, CONTEXT.at(sent=SENT))
    assert [(found.record, found.field) for found in outcome.findings] == [("6", "ZAP")]
    assert (outcome.is_accepted, outcome.rejected) == (True, 1)
    assert check(ANSWER, CONTEXT.at(sent={})).rejected == 6
    assert [found.field for found in check(WHOLE, CONTEXT.at(sent={})).findings] == ["NAME_FE"]


def test_the_answer_to_a_plan_names_its_lines(tmp_path: Path) -> None:
    def answer(text: str) -> str:
        head = text.partition("<ERRS>")[0].replace("R02M101001T34_2605004", "R06M101001T34_2600001")
        lines = "".join(
            f"<ZAPS><CODE_R>{line}</CODE_R><PR_ACTION>O</PR_ACTION><MONTH>3</MONTH><ERROR>508</ERROR></ZAPS>"
            for line in (7, 9)
        )
        return f"{head}{lines}</FLK_P>"

    outcome, content = examine(spoilt(tmp_path, WHOLE, answer, name="R06M101001T34_2600001"), CONTEXT)
    assert (outcome.format, outcome.findings) == ("vlg-answers-r06", [])
    assert [(one.key, one.codes) for one in batch_of(outcome, content).answers] == [("7", ("508",)), ("9", ("508",))]


def test_any_root_of_an_answer_is_read(tmp_path: Path) -> None:
    assert len(read(spoilt(tmp_path, ANSWER, changed("FLK_P", "ZL_LIST", 2))).answers) == 6


WARNED = [
    (R11, changed("999-102-723 56", "999-102-723 57"), "SS"),
    (R11, changed("<SURNAME>Ёлкин<", "<SURNAME>Ёлкиh<"), "SURNAME"),
    (I01, changed("999-103-061 45", "999-103-061 46"), "IDDOKT"),
    (STV, changed("999-102-324 45", "999-102-324 46"), "SNILS"),
]


@pytest.mark.parametrize(("source", "spoil", "field"), WARNED, ids=[one[2] for one in WARNED])
def test_a_doubt_is_a_warning(tmp_path: Path, source: Path, spoil: Spoil, field: str) -> None:
    outcome = check(spoilt(tmp_path, source, spoil), CONTEXT)
    assert [(found.field, found.severity) for found in outcome.findings] == [(field, Severity.WARNING)]
    assert (outcome.rejected, outcome.warned) == (0, 1)


def test_the_list_to_call_is_of_the_year_it_came_in() -> None:
    batch = read(STV, CONTEXT.at(as_of=date(2027, 1, 9)))
    assert {entry.year for entry in batch.entries} == {2027}
    assert (batch.entries[0].quarter, batch.entries[0].measure) == (3, Measure.SCREENING)
    assert batch.entries[0].key == "8fe17dff-603d-4b2c-9ffb-665b0115f566"


def test_a_person_twice_in_the_list_has_two_keys_and_a_short_phone_is_none(tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        first, second = "8fe17dff-603d-4b2c-9ffb-665b0115f566", "a9d907"
        assert first in text, second
        return text.replace("a9c5d907-f18c-4c30-b895-844006b22558", first).replace("+79000004622", "22-15-15")

    entries = read(spoilt(tmp_path, STV, spoil)).entries
    assert entries[1].key == f"{entries[0].key}.2"
    assert entries[0].who.phones == ()


def test_every_kind_that_is_taken_has_a_measure() -> None:
    assert set(MEASURES) == KINDS


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / STV.name
    path.write_bytes(STV.read_bytes()[:-200])
    outcome: Any = check(path, CONTEXT)
    assert (outcome.format, outcome.is_accepted, outcome.findings[0].field) == ("stv-people-xml", False, "FILE")


PATIENT = (
    "<PATIENT><SURNAME>Алиев</SURNAME><NAME>Эльдар</NAME><BIRTHDAY>1987-12-28</BIRTHDAY><SEX>1</SEX><TYPE_P>3</TYPE_P>"
    "<NUM_P>3447210821994365</NUM_P><ENP>3447210821994365</ENP><REG_OMS>18000</REG_OMS></PATIENT>"
)
KEY = "c15ae89b-62ff-45fc-8637-843391c18a6c"  # of the first referral in I01
CANCELLED = (
    f"<SOURCE><TYPE_S>2</TYPE_S><CODE>101001</CODE><REF_HOSP><ID_D>{KEY}</ID_D><MO_D>340012</MO_D><LPU_D>101001</LPU_D>"
    "<DATE_REF>2026-05-28</DATE_REF><REASON_REF>3</REASON_REF></REF_HOSP></SOURCE>"
)
ADMITTED = (
    "<MO_HOSP><MO>340020</MO><LPU>101001</LPU><HOSP><ID_H>1</ID_H><USL_OK>1</USL_OK><TYPE_H>1</TYPE_H>"
    f"<ID_D>{KEY}</ID_D><MO_D>340012</MO_D><LPU_D>101001</LPU_D><DATE_H>2026-05-28</DATE_H><TIME_H>09-40</TIME_H>"
    "<DS>I10</DS><F_MEDC>3</F_MEDC><PROFIL>97</PROFIL><PROFIL_K>71</PROFIL_K><NUM_HIST>12/26</NUM_HIST>"
    f"{PATIENT}</HOSP></MO_HOSP>"
)


def fate(folder: Path, kind: str, body: str) -> Path:
    """A daily file of what became of a referral, in the layout of I01."""
    name = f"{kind}T34M101001_2605281"

    def spoil(text: str) -> str:
        return text.partition("<MO_D>")[0].replace(I01.stem, name) + body + "</ZL_LIST>"

    return spoilt(folder, I01, spoil, name=name)


def test_what_became_of_a_referral_names_it_by_its_key(tmp_path: Path) -> None:
    (gone,) = read(fate(tmp_path, "I03", CANCELLED)).referrals
    (came,) = read(fate(tmp_path, "I04", ADMITTED)).referrals
    assert (gone.key, gone.issued_on, gone.cancelled_on, gone.cancel_reason) == (
        KEY, None, date(2026, 5, 28), "отказ пациента",
    )  # fmt: skip
    assert (came.key, came.issued_on, came.admitted_on) == (KEY, None, date(2026, 5, 28))


BROKEN_FATES = [
    ("I03", CANCELLED.replace("<REASON_REF>3<", "<REASON_REF>10<"), "REASON_REF"),
    ("I03", CANCELLED.replace("2026-05-28", "2026-06-28"), "DATE_REF"),
    ("I04", ADMITTED.replace("09-40", "09:40"), "TIME_H"),
    ("I04", ADMITTED.replace("<TYPE_H>1<", "<TYPE_H>4<"), "TYPE_H"),
]


@pytest.mark.parametrize(("kind", "body", "field"), BROKEN_FATES, ids=[one[2] for one in BROKEN_FATES])
def test_a_broken_fate_is_named(tmp_path: Path, kind: str, body: str, field: str) -> None:
    outcome = check(fate(tmp_path, kind, body), CONTEXT)
    assert [found.field for found in outcome.findings] == [field]
    assert outcome.rejected == 1


def test_an_admission_that_names_no_referral_tells_nothing_of_one(tmp_path: Path) -> None:
    assert read(fate(tmp_path, "I04", ADMITTED.replace(f"<ID_D>{KEY}</ID_D>", ""))).referrals == []
