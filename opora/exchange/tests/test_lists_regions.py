"""Perm, Karelia, Kabardino-Balkaria, Krasnodar: facts as they were, and answers that leave nothing to guess."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opora.exchange.codebook import CodeUnknown
from opora.exchange.context import sent_files
from opora.exchange.engine import examine
from opora.exchange.errors import FactMissing
from opora.exchange.lists import batch_of
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.writers.lists import LIST_WRITERS, Outgoing
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, Named
from opora.informing.words import Channel, Measure, Outcome, Purpose, Sequence

ZONE = ZoneInfo("Europe/Moscow")
KBR = Outgoing(sender="07004", region="07", version="2.1", number=1, made_at=datetime(2026, 5, 29, 18, 0, tzinfo=ZONE))
KK = Outgoing(sender="23004", package="d6b1bcbe-85de-4640-9141-03fceb427e9a", made_at=KBR.made_at)
PRM = Outgoing(sender="59004", provider="590117", made_at=datetime(2026, 3, 20, 9, 0, tzinfo=ZONE))
DPO, FACTS, PROF = (
    LIST_WRITERS[slug] for slug in ("kbr-dpo-informing-answer", "kk-evfactinfos-soap", "prm-prof59-quarter")
)


def sample(folder: str) -> Path:
    return next(path for path in (SAMPLES / folder).iterdir() if path.name != "expected.json")


def read(path: Path) -> Batch:
    outcome, content = examine(path, CONTEXT)
    assert outcome.is_accepted, outcome.findings
    return batch_of(outcome, content)


def unzipped(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        (name,) = archive.namelist()
        content = archive.read(name)
    return content.decode("cp1251" if b"windows-1251" in content[:80] else "utf-8")


def spoilt(tmp_path: Path, folder: str, old: str, new: str) -> tuple[bool, set[str]]:
    """Return whether a sample with one change is accepted and the fields that the controls name."""
    case = sample(folder)
    text = unzipped(case.read_bytes()) if case.suffix == ".zip" else read_text(case)
    assert old in text
    path = tmp_path / f"{case.stem}.xml"
    path.write_bytes(text.replace(old, new, 1).encode("cp1251" if "windows-1251" in text[:80] else "utf-8"))
    outcome, _ = examine(path, CONTEXT)
    return outcome.is_accepted, {finding.field for finding in outcome.findings}


def read_text(path: Path) -> str:
    raw = path.read_bytes()
    return raw.decode("cp1251" if b"windows-1251" in raw[:80] else "utf-8")


@pytest.mark.parametrize("number", ["01", "02", "03", "04"])
def test_our_answer_to_kbr_is_the_partner_s_own_bytes(number: str) -> None:
    case = sample(f"kbr-dpo-informing-answer/{number}")
    outgoing = replace(KBR, number=int(number))
    assert DPO.name(outgoing) == case.name
    assert unzipped(DPO.write(read(case), outgoing)) == unzipped(case.read_bytes())


def of_list(number: int, phone: str = "+79000001475") -> IncomingEntry:
    who = Named(enp="0773650882994954", phones=(phone,), insurer_code="07004")
    return IncomingEntry(
        place=number, key=f"case-{number}|person-{number}", who=who, measure=Measure.SCREENING, year=2026,
        provider_code="070012",
    )  # fmt: skip


def talk(entry: IncomingEntry, **changes: object) -> IncomingContact:
    contact = IncomingContact(
        place=entry.place, key=entry.key, who=entry.who, measure=entry.measure, channel=Channel.CALL,
        on=date(2026, 5, 14), provider_code=entry.provider_code,
    )  # fmt: skip
    return replace(contact, **changes)  # type: ignore[arg-type]


def test_a_fact_is_never_taken_from_another_record() -> None:
    informed, same_phone, unreached = of_list(1), of_list(2), of_list(3)
    contacts = [talk(informed), talk(unreached, outcome=Outcome.NO_ANSWER, note="не берёт трубку")]
    text = unzipped(DPO.write(Batch(entries=[informed, same_phone, unreached], contacts=contacts), KBR))
    parts = text.split("<ZAP>")[1:]
    assert ["<NOTIFICATION1>" in part for part in parts] == [True, False, False]
    assert ["<DATA_N1>" in part for part in parts] == [True, False, False]
    assert "<COMENTS>не берёт трубку</COMENTS>" in parts[2]


def test_kbr_gets_the_first_and_the_repeated_informing_or_a_refusal() -> None:
    entry = of_list(1)
    first = talk(entry, channel=Channel.MESSENGER, sequence=Sequence.FIRST)
    again = talk(entry, channel=Channel.VISIT, on=date(2026, 5, 25), sequence=Sequence.REPEAT)
    text = unzipped(DPO.write(Batch(contacts=[again, first]), KBR))
    assert "<NOTIFICATION1>1</NOTIFICATION1>" in text
    assert "<DATA_N1>2026-05-14</DATA_N1>\n    <DATA_N2>2026-05-25</DATA_N2>" in text
    with pytest.raises(FactMissing, match="первого нет"):
        DPO.write(Batch(contacts=[again]), KBR)
    with pytest.raises(FactMissing, match="дня нет"):
        DPO.write(Batch(contacts=[replace(first, on=None)]), KBR)
    with pytest.raises(CodeUnknown, match="Адресный обход"):
        DPO.write(Batch(contacts=[replace(again, sequence=Sequence.FIRST)]), KBR)
    with pytest.raises(FactMissing, match="IDCASE"):
        DPO.write(Batch(entries=[replace(entry, key="1")]), KBR)
    with pytest.raises(FactMissing, match="VERSION"):
        DPO.write(Batch(entries=[entry]), replace(KBR, version=""))


SPOILT = [
    ("kbr-dpo-informing-answer/01", "<NOTIFICATION1>1</NOTIFICATION1>", "", True, "NOTIFICATION1"),
    ("kbr-dpo-informing-answer/01", "<DATA_N1>2026-05-14</DATA_N1>", "", True, "DATA_N1"),
    ("kbr-dpo-informing-answer/03", "<DATA_N2>2026-05-25", "<DATA_N2>2026-05-01", True, "DATA_N2"),
    ("kbr-dpo-informing-answer/03", "<DATA_N2>2026-05-25", "<DATA_N2>2026-06-25", True, "DATA_N2"),
    ("kbr-dpo-informing-answer/04", "<DATA_N2/>", "<DATA_N2>2026-05-25</DATA_N2>", True, "DATA_N2"),
    ("kbr-dpo-informing-answer/01", "<DISP>ДВ4", "<DISP>ДВ9", True, "DISP"),
    ("kbr-dpo-informing-answer/01", "<ENP>0773650882994954", "<ENP>0773650882994955", True, "ENP"),
    ("kbr-dpo-informing-answer/01", "<FILENAME>DPO0700407_260501", "<FILENAME>DPO0700407_260502", False, "FILENAME"),
    ("kk-evfactinfos-soap/01", "<infometh>1<", "<infometh>77<", True, "infometh"),
    ("kk-evfactinfos-soap/01", "<infostep>101<", "<infostep>105<", True, "infostep"),
    ("kk-evfactinfos-soap/03", "<infometh>21<", "<infometh>22<", True, "infometh"),
    ("kk-evfactinfos-soap/01", "<infodate>2026-05-14", "<infodate>2026-07-14", True, "infodate"),
    ("kk-evfactinfos-soap/01", "<a18_ps>ж<", "<a18_ps>2<", True, "a18_ps"),
    ("kk-evfactinfos-soap/01", "<p13_zerrpkg>0<", "<p13_zerrpkg>7<", False, "p13_zerrpkg"),
    ("prm-prof59-quarter/01", "<QUART>2<", "<QUART>5<", True, "QUART"),
    ("prm-prof59-quarter/01", "<DISP>ДВ4<", "<DISP>DV4<", True, "DISP"),
    ("prm-prof59-quarter/03", "<NOMER_Z>201<", "<NOMER_Z>200<", True, "NOMER_Z"),
    ("krl-hospitalisation-referral/01", "<TYPE>Insert<", "<TYPE>Delete<", False, "ZAP"),
    ("krl-hospitalisation-referral/03", "<TYPE>Delete<", "<TYPE>Insert<", False, "ZAP"),
    ("krl-hospitalisation-referral/01", "<DTA_PLN>2026-06-05", "<DTA_PLN>2026-05-05", False, "DTA_PLN"),
    ("krl-hospitalisation-referral/01", "<NPOLIS>1075940884994851", "<NPOLIS>1075940884994852", False, "NPOLIS"),
    ("krl-hospitalisation-referral/01", "<NOM_NAP>1000012026", "<NOM_NAP>1000022026", True, "NOM_NAP"),
]


@pytest.mark.parametrize(
    ("folder", "old", "new", "is_accepted", "field"), SPOILT, ids=[str(n) for n in range(len(SPOILT))]
)
def test_a_spoilt_file_is_told_by_its_field(
    tmp_path: Path, folder: str, old: str, new: str, is_accepted: bool, field: str
) -> None:
    assert spoilt(tmp_path, folder, old, new) == (is_accepted, {field})


@pytest.mark.parametrize("number", ["01", "02", "03", "04", "05"])
def test_our_package_for_krasnodar_is_the_partner_s_own(number: str) -> None:
    case = sample(f"kk-evfactinfos-soap/{number}")
    _, content = examine(case, CONTEXT)
    outgoing = replace(KK, number=int(number), package=content.header["p12_pakageguid"])
    made = FACTS.write(read(case), outgoing).decode()
    assert FACTS.name(outgoing) == case.name
    assert made == case.read_text().replace("    <p14_errmsg/>\n", "")


def test_krasnodar_is_not_told_of_those_who_were_not_reached() -> None:
    (contact,) = read(sample("kk-evfactinfos-soap/01")).contacts
    other = replace(contact, place=2, key="2", outcome=Outcome.UNDELIVERED)
    made = FACTS.write(Batch(contacts=[contact, other]), KK).decode()
    assert made.count("<evFactInfo>") == 1
    with pytest.raises(CodeUnknown, match="Углублённая"):
        FACTS.write(Batch(contacts=[replace(contact, measure=Measure.EXTENDED)]), KK)
    with pytest.raises(CodeUnknown, match="опроса"):
        FACTS.write(Batch(contacts=[replace(contact, purpose=Purpose.ASK_WHY)]), KK)
    with pytest.raises(FactMissing, match="дня нет"):
        FACTS.write(Batch(contacts=[replace(contact, on=None)]), KK)


SOAP = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
<s:Body><put xmlns="urn:x">{}</put></s:Body></s:Envelope>
"""


def test_an_envelope_is_opened(tmp_path: Path) -> None:
    case = sample("kk-evfactinfos-soap/02")
    path = tmp_path / "request.xml"
    path.write_text(SOAP.format(case.read_text().partition("?>")[2]))
    assert read(path) == read(case)


ANSWER = (
    "<responcepack><r10_packinf><p10_pakagedate>2026-05-29T18:01:00</p10_pakagedate>"
    "<p12_pakageguid>{package}</p12_pakageguid><p13_zerrpkg>{code}</p13_zerrpkg><p14_errmsg>{text}</p14_errmsg>"
    "</r10_packinf>{errors}</responcepack>"
)
ERROR = "<r12_orerl><f10_nzap>{}</f10_nzap><errs><e10_ecd>{}</e10_ecd><e11_ems>{}</e11_ems></errs></r12_orerl>"


def answer_of(tmp_path: Path, *, errors: str = "", code: str = "0", text: str = "", sent: str = "1 2 3"):  # type: ignore[no-untyped-def]
    path = tmp_path / "answer.xml"
    path.write_text(SOAP.format(ANSWER.format(package=KK.package, code=code, text=text, errors=errors)))
    context = CONTEXT.at(sent=sent_files([{"file": KK.package, "keys": sent.split()}]))
    return examine(path, context)


def test_facts_that_krasnodar_does_not_name_are_accepted(tmp_path: Path) -> None:
    errors = ERROR.format(2, 17, "не найден") + ERROR.format(2, 18, "нет прикрепления")
    outcome, content = answer_of(tmp_path, errors=errors)
    assert (outcome.format, outcome.is_accepted) == ("kk-responcepack", True), outcome.findings
    rest, refused = batch_of(outcome, content).answers
    assert (rest.place, rest.key, rest.is_accepted, rest.answered_file) == (0, "", True, KK.package)
    assert (refused.key, refused.codes, refused.text) == ("2", ("17", "18"), "не найден; нет прикрепления")


def test_an_error_of_the_package_refuses_every_fact(tmp_path: Path) -> None:
    outcome, content = answer_of(tmp_path, code="3", text="неверный пароль")
    (whole,) = batch_of(outcome, content).answers
    assert (whole.place, whole.is_accepted, whole.codes, whole.text) == (0, False, ("3",), "неверный пароль")


def test_an_answer_about_what_we_never_sent_is_refused_whole(tmp_path: Path) -> None:
    outcome, _ = answer_of(tmp_path, errors=ERROR.format(9, 17, ""))
    assert (outcome.is_accepted, [one.field for one in outcome.findings]) == (False, ["f10_nzap"])
    strange = CONTEXT.at(sent={})
    outcome, _ = examine(tmp_path / "answer.xml", strange)
    assert [one.field for one in outcome.findings] == ["p12_pakageguid"]
    case = sample("prm-oshib-pr-answer/02")
    outcome, _ = examine(case, CONTEXT.at(sent=sent_files([{"file": "PROF_M590117T59_26032", "keys": ["1"]}])))
    assert (outcome.is_accepted, [one.field for one in outcome.findings]) == (False, ["NOMER_Z"])
    outcome, _ = examine(case, strange)
    assert [one.field for one in outcome.findings] == ["FNAME_I"]


def test_perm_s_errors_of_one_record_are_one_refusal() -> None:
    rest, refused = read(sample("prm-oshib-pr-answer/03")).answers
    assert (rest.is_accepted, rest.place, rest.answered_file) == (True, 0, "PROF_M590117T59_26033")
    assert (refused.key, refused.codes, refused.text) == ("200", ("7", "9"), "Не найден в регистре")


@pytest.mark.parametrize("number", ["01", "02", "03", "04"])
def test_our_list_for_perm_holds_the_partner_s_tags(number: str) -> None:
    case = sample(f"prm-prof59-quarter/{number}")
    outgoing = replace(PRM, number=int(number))
    assert PROF.name(outgoing) == case.name
    made, given = unzipped(PROF.write(read(case), outgoing)), unzipped(case.read_bytes())
    assert made.split("?>")[1].split() == given.split("?>")[1].split()


def test_perm_names_one_clinic_and_one_year_in_a_file() -> None:
    (entry,) = read(sample("prm-prof59-quarter/01")).entries
    with pytest.raises(FactMissing, match="одна клиника"):
        PROF.write(Batch(entries=[entry, replace(entry, provider_code="590118")]), PRM)
    with pytest.raises(CodeUnknown):
        PROF.write(Batch(entries=[replace(entry, measure=Measure.OBSERVATION)]), PRM)
    with pytest.raises(FactMissing, match="QUART"):
        PROF.write(Batch(entries=[replace(entry, quarter=None)]), PRM)


def test_karelia_withdraws_by_the_id_of_the_message() -> None:
    (made,), (gone,) = (read(sample(f"krl-hospitalisation-referral/{number}")).referrals for number in ("01", "03"))
    assert (made.key, made.number, made.planned_on) == (
        "30bcc10c-8d63-4a5c-8d2d-6caca13bcd45", "1000012026121834", date(2026, 6, 5),
    )  # fmt: skip
    assert (gone.key, gone.number, gone.cancelled_on) == ("3dbf3f73-3b65-465c-acb1-7446706b6f2c", "", date(2026, 5, 28))
