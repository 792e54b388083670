"""Accounts of clinics: everything wrong in them is named with its place, and nothing that is not needed is read."""

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.exchange.engine import examine
from opora.exchange.findings import Outcome
from opora.exchange.format import Content
from opora.exchange.lists import batch_of
from opora.exchange.lists.accounts_codes import KINDS, RESULTS
from opora.exchange.tests.accounts import Account, Case, Someone, number
from opora.exchange.tests.test_lists_survive import CHANGES, changed
from opora.exchange.tests.test_samples import CONTEXT
from opora.informing.words import Channel, Measure, Purpose
from opora.informing.words import Outcome as Said

TWO = [Someone(), Someone("p2", "Цой", "Юрий", "Николаевич", "1", "1974-11-05")]
PAIR = Account([Case(1, "p1"), Case(2, "p2")], TWO)
DN = "HM540001S54001_26051"


def look(folder: Path, account: Account, **more: str) -> tuple[Outcome, Content]:
    return examine(account.pack(folder, **more), CONTEXT.at(as_of=date(2026, 6, 15)))


def said(outcome: Outcome) -> set[tuple[int | None, str, str]]:
    return {(one.place, one.field, str(one.severity)) for one in outcome.findings}


def test_a_closed_case_is_a_visit(tmp_path: Path) -> None:
    outcome, content = look(tmp_path, Account([Case(7, result="31")]))
    assert (outcome.format, outcome.is_accepted, outcome.findings) == ("accounts-checkups", True, [])
    batch = batch_of(outcome, content)
    (visit,) = batch.visits
    assert (visit.measure, visit.began_on, visit.on) == (Measure.SCREENING, date(2026, 5, 12), date(2026, 5, 20))
    assert (visit.key, visit.provider_code, visit.result) == ("7", "540001", "IIIа")
    assert (visit.who.surname, visit.who.birth_on, visit.who.enp) == ("Подъячева", date(1984, 12, 1), number(1))
    assert (batch.year, batch.month, batch.entries, batch.contacts) == (2026, 5, [], [])


def test_nothing_is_read_that_nobody_needs(tmp_path: Path) -> None:
    _, content = look(tmp_path, Account())
    _, of_care = look(tmp_path, Account([Case(parts=[("1.3", "2026-05-12", "2026-05-12")])], kind="", name=DN))
    told = repr((content, of_care))
    for spared in ("I10", "1712", "345678", "972 000", "Бердск", "B04"):
        assert spared not in told


def test_a_refusal_is_no_visit(tmp_path: Path) -> None:
    outcome, content = look(tmp_path, replace(PAIR, cases=[Case(1, "p1", refused="1"), Case(2, "p2")]))
    assert said(outcome) == {(1, "P_OTK", "warning")}
    batch = batch_of(outcome, content)
    (refusal,) = batch.contacts
    assert (refusal.outcome, refusal.channel, refusal.purpose) == (Said.REFUSED, Channel.AT_CLINIC, Purpose.OTHER)
    assert (refusal.on, [one.place for one in batch.visits]) == (date(2026, 5, 20), [2])


WRONG: list[tuple[str, Account, tuple[int | None, str, str], int]] = [
    ("no people", replace(PAIR, people=None), (None, "FILE", "error"), 2),
    ("people of another file", replace(PAIR, about="DPM540002S54001_26051"), (None, "FILENAME1", "error"), 2),
    ("count", replace(PAIR, said=3), (None, "SD_Z", "error"), 2),
    ("unknown kind", replace(PAIR, kind="ДЖ7"), (None, "DISP", "error"), 2),
    ("children", replace(PAIR, kind="ПН1"), (None, "DISP", "error"), 2),
    ("month ahead", replace(PAIR, month=7), (None, "MONTH", "error"), 2),
    ("last year", replace(PAIR, year=2025), (None, "YEAR", "warning"), 0),
    ("other prefix", replace(PAIR, kind="ОПВ"), (None, "DISP", "warning"), 0),
    ("nobody's case", replace(PAIR, people=TWO[:1]), (2, "ID_PAC", "error"), 1),
    ("nobody's person", replace(PAIR, people=[*TWO, Someone("p3")]), (None, "ID_PAC", "warning"), 0),
    ("two people of one id", replace(PAIR, people=[*TWO, Someone("p2")]), (2, "ID_PAC", "error"), 1),
    ("birth date", replace(PAIR, people=[TWO[0], replace(TWO[1], born="1974-13-05")]), (2, "DR", "error"), 1),
    ("ends before it begins", replace(PAIR, cases=[Case(1), Case(2, "p2", ended="2026-05-01")]),
     (2, "DATE_Z_2", "error"), 1),
    ("future", replace(PAIR, cases=[Case(1), Case(2, "p2", ended="2026-06-16")]), (2, "DATE_Z_2", "error"), 1),
    ("no day", replace(PAIR, cases=[Case(1), Case(2, "p2", began="")]), (2, "DATE_Z_1", "error"), 1),
    ("twice", replace(PAIR, cases=[Case(1), Case(1, "p2")]), (2, "IDCASE", "error"), 1),
    ("policy", replace(PAIR, cases=[Case(1), Case(2, "p2", policy="5408410835990018")]), (2, "NPOLIS", "error"), 1),
    ("unknown result", replace(PAIR, cases=[Case(1), Case(2, "p2", result="99")]), (2, "RSLT_D", "warning"), 0),
    ("old result", replace(PAIR, cases=[Case(1), Case(2, "p2", result="14")]), (2, "RSLT_D", "warning"), 0),
    ("newborn", replace(PAIR, cases=[Case(1), Case(2, "p2", newborn="10105261")]), (2, "NOVOR", "warning"), 0),
    ("snils", replace(PAIR, people=[TWO[0], replace(TWO[1], snils="999-103-556 60")]), (2, "SNILS", "warning"), 0),
    ("latin letter", replace(PAIR, people=[TWO[0], replace(TWO[1], surname="Цoй")]), (2, "FAM", "warning"), 0),
]  # fmt: skip


@pytest.mark.parametrize(("account", "wanted", "rejected"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, account: Account, wanted: tuple[int | None, str, str], rejected: int
) -> None:
    outcome, content = look(tmp_path, account)
    assert (said(outcome), outcome.rejected) == ({wanted}, rejected)
    batch = batch_of(outcome, content)
    newborns = {record.place for record in content.records if record.values.get("NOVOR") not in {"0", None}}
    assert len(batch.visits) == len(content.records) - rejected - len(newborns)


def test_everything_is_said_at_once(tmp_path: Path) -> None:
    cases = [Case(1, ended="2026-05-01"), Case(1, "p2", ended="2026-07-01"), Case(3, "p9", refused="1")]
    outcome, _ = look(tmp_path, replace(PAIR, cases=cases, said=5, people=[*TWO, Someone("p3")]))
    assert said(outcome) == {
        (None, "SD_Z", "error"), (None, "ID_PAC", "warning"), (1, "DATE_Z_2", "error"), (2, "IDCASE", "error"),
        (2, "DATE_Z_2", "error"), (3, "ID_PAC", "error"), (3, "P_OTK", "warning"),
    }  # fmt: skip
    assert outcome.rejected == 3


def test_a_correction_says_so(tmp_path: Path) -> None:
    cases = [Case(1, corrected="1"), Case(2, "p2", corrected="1", refused="1")]
    outcome, content = look(tmp_path, replace(PAIR, cases=cases))
    batch = batch_of(outcome, content)
    assert [one.replaces for one in (*batch.visits, *batch.contacts)] == [True, True]


def test_of_ordinary_care_only_observation_is_taken(tmp_path: Path) -> None:
    cases = [
        Case(1, "p1", parts=[("1.0", "2026-05-12", "2026-05-12")]),
        Case(2, "p2", parts=[("1.3", "2026-05-13", "2026-05-13"), ("3.0", "2026-05-14", "2026-05-15"),
                             ("1.3", "2026-05-20", "2026-05-20")]),
    ]  # fmt: skip
    outcome, content = look(tmp_path, Account(cases, TWO, kind="", name=DN))
    assert (outcome.format, outcome.findings, len(content.records)) == ("accounts-observation", [], 1)
    batch = batch_of(outcome, content)
    assert [(one.place, one.key, one.on, one.measure, one.diagnosis) for one in batch.visits] == [
        (2, "2", date(2026, 5, 13), Measure.OBSERVATION, ""),
        (2, "2.2", date(2026, 5, 20), Measure.OBSERVATION, ""),
    ]


def test_care_without_observation_is_told_and_not_kept(tmp_path: Path) -> None:
    case = Case(parts=[("1.0", "2026-05-12", "2026-05-12")])
    outcome, content = look(tmp_path, Account([case], kind="", name=DN))
    assert (said(outcome), outcome.is_accepted, content.records) == ({(None, "P_CEL", "error")}, False, [])


def test_a_case_of_observation_is_controlled_too(tmp_path: Path) -> None:
    case = Case(parts=[("1.3", "2026-05-14", "2026-05-13")])
    outcome, _ = look(tmp_path, Account([case], kind="", name=DN, said=2))
    assert said(outcome) == {(1, "DATE_2", "error"), (None, "SD_Z", "error")}


def test_half_a_pair_and_two_pairs_are_refused(tmp_path: Path) -> None:
    bare = tmp_path / "DPM540001S54001_26051.XML"
    bare.write_bytes(Account().cases_xml().encode("cp1251"))
    people = tmp_path / "LPM540001S54001_26051.XML"
    people.write_bytes(Account().people_xml().encode("cp1251"))
    for path, word in ((bare, "нет файла людей"), (people, "без файла случаев")):
        outcome, _ = examine(path, CONTEXT)
        assert (outcome.format, outcome.is_accepted) == ("accounts-checkups", False)
        assert word in outcome.findings[0].message
    outcome, _ = look(tmp_path, Account(), OTHER=Account().cases_xml())
    assert "несколько счетов" in outcome.findings[0].message


BROKEN: list[tuple[str, Any]] = [
    ("cut", lambda raw: raw[: len(raw) // 2]),
    ("torn inside", lambda raw: raw[:400] + bytes(40) + raw[440:]),
]


@pytest.mark.parametrize("spoil", [one[1] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_a_broken_archive_is_refused_in_words(tmp_path: Path, spoil: Any) -> None:
    people = [Someone(f"p{n}") for n in range(1, 60)]
    path = Account([Case(n, f"p{n}") for n in range(1, 60)], people).pack(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    outcome, _ = examine(path, CONTEXT)
    assert (outcome.is_accepted, len(outcome.findings)) == (False, 1)


def test_a_pair_with_an_entity_or_in_a_folder_is_refused(tmp_path: Path) -> None:
    outcome, _ = look(tmp_path, Account(), **{"folder/readme": "<x/>"})
    assert "внутри папки" in outcome.findings[0].message
    evil = Account(name="DPM540001S54001_26052")
    text = evil.cases_xml().replace("<ZL_LIST>", '<!DOCTYPE x [<!ENTITY a "b">]><ZL_LIST>')
    bare = tmp_path / "DPM540001S54001_26053.XML"
    bare.write_bytes(text.encode("cp1251"))
    assert not examine(bare, CONTEXT)[0].is_accepted


def test_the_pack_fits_what_is_kept() -> None:
    assert {kind.measure for kind in KINDS.values()} == {
        None, Measure.SCREENING, Measure.SCREENING_2, Measure.CHECKUP, Measure.EXTENDED, Measure.FERTILITY,
    }  # fmt: skip
    assert max(len(one.result) for one in RESULTS.values()) <= 20
    assert all(one.until is None or one.since < one.until for one in RESULTS.values())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.booleans(), CHANGES)
def test_a_changed_account_is_judged_and_what_is_taken_means_something(
    tmp_path: Path, is_of_care: bool, is_of_people: bool, changes: list[tuple[float, str, str]]
) -> None:
    account = PAIR
    if is_of_care:
        cases = [Case(n, f"p{n}", parts=[("1.3", "2026-05-13", "2026-05-13")]) for n in (1, 2)]
        account = replace(PAIR, cases=cases, kind="", name=DN)
    cases_xml, people_xml = account.cases_xml(), account.people_xml()
    if is_of_people:
        people_xml = spoilt(people_xml, changes)
    else:
        cases_xml = spoilt(cases_xml, changes)
    path = tmp_path / f"{account.name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{account.name}.XML", cases_xml.encode("cp1251", "xmlcharrefreplace"))
        archive.writestr(f"L{account.name[1:]}.XML", people_xml.encode("cp1251", "xmlcharrefreplace"))
    outcome, content = examine(path, CONTEXT)
    json.dumps(outcome.as_json(), ensure_ascii=False)
    batch_of(outcome, content)


def spoilt(xml: str, changes: list[tuple[float, str, str]]) -> str:
    declaration, _, body = xml.partition("?>")
    return f"{declaration}?>{changed(body, changes)}"
