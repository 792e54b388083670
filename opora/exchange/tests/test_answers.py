"""A partner's answer reaches the records it speaks of: by file and key, whatever the format, and only once."""

import json
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.exchange.models import Fate, Parcel, SentRecord
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.parcels import Coming, again, process, receive, receive_file
from opora.exchange.tests.sent import note
from opora.exchange.tests.test_samples import SAMPLES
from opora.informing.models import Roll
from opora.organisations.models import Organisation

pytestmark = pytest.mark.usefixtures("exchange_dir")
DAY = date(2026, 6, 15)
A, R, S = Fate.ACCEPTED, Fate.REFUSED, Fate.SENT


def taken(path: Path, organisation: Organisation, *, is_trial: bool = False) -> Parcel:
    coming = Coming(organisation, path.name, Way.FOLDER, as_of=DAY, is_trial=is_trial)
    return process(receive_file(path, coming).pk)


def brought(raw: bytes, name: str, organisation: Organisation) -> Parcel:
    return process(receive([raw], Coming(organisation, name, Way.API, as_of=DAY)).pk)


def fates(sent: Parcel) -> dict[str, str]:
    return dict(SentRecord.objects.filter(parcel=sent).values_list("key", "fate"))


SAMPLE = [  # what the handbook's samples say of what they assume to be sent
    ("gf-dn-check-result/02", "aR"),
    ("gf-dn-check-result/05", "A"),
    ("rpl-answer-dspn-prof/05", "AR"),
    ("prm-oshib-pr-answer/01", "AAA"),
    ("prm-oshib-pr-answer/03", "AAAR"),
    ("vlg-answers-r02-r12-d02/02", None),
    ("vlg-answers-r02-r12-d02/04", "RRR"),
]


def test_samples_of_answers_reach_what_they_answer(place: SimpleNamespace) -> None:
    for case, wanted in SAMPLE:
        expected = json.loads((SAMPLES / case / "expected.json").read_text())
        made = [note(place.fund, one["file"], one["keys"]) for one in expected["assumes"]["sent"]]
        parcel = taken(SAMPLES / case / expected["file"], place.fund)
        assert parcel.state == State.ACCEPTED, (case, parcel.refusal)
        told = "".join(fates(one)[key][0].upper() for one in made for key in fates(one))
        assert told.count("S") == 0, case
        if wanted:
            assert sorted(told) == sorted(wanted.upper()), case
        changed = parcel.counts["changed"]
        assert changed == len(told), case
        assert parcel.options["answers"] == [one.pk for one in made]
        again_ = process(again(parcel, by=None).pk)
        assert (again_.state, SentRecord.objects.filter(answered_by=again_).count()) == (State.REPEATED, 0)
        made[0].refresh_from_db()
        assert (made[0].counts["accepted"], made[0].counts["rejected"]) == (told.count("A"), told.count("R"))
    assert not Roll.objects.filter(format__in=["rpl-answer-dspn-prof", "prm-oshib-pr-answer"]).exists()


RPL = """<?xml version="1.0" encoding="windows-1251"?><ZL_LIST><ZGLV><VERSION>1.0</VERSION><DATA>20260601</DATA>
<FILENAME>{name}</FILENAME><FILENAME_1>{file}</FILENAME_1><YEAR>2026</YEAR><MONTH>06</MONTH></ZGLV>{records}</ZL_LIST>"""
ZAP = "<ZAP><N_ZAP>{key}</N_ZAP><ENP></ENP><RPL>{agreed}</RPL><COMMENTR>{why}</COMMENTR></ZAP>"


def rpl(file: str, *records: tuple[str, int, str], name: str = "ANSWER") -> bytes:
    told = "".join(ZAP.format(key=key, agreed=agreed, why=why) for key, agreed, why in records)
    return RPL.format(name=name, file=file, records=told).encode("cp1251")


def test_the_partners_reason_stays_with_the_record(place: SimpleNamespace) -> None:
    sent = note(place.fund, "PROF_M540001T54_261", ["1", "2", "3"])
    raw = rpl("prof_m540001t54_261", ("1", 1, ""), ("2", 0, "Нет в регистре"))
    assert brought(raw, "a.xml", place.fund).state == State.ACCEPTED
    assert fates(sent) == {"1": A, "2": R, "3": S}  # the third is not answered yet
    refused = SentRecord.objects.get(key="2")
    assert (refused.text, refused.person_id) == ("Нет в регистре", 2)
    same = brought(rpl("PROF_M540001T54_261", ("2", 0, "Нет в регистре"), name="OTHER"), "b.xml", place.fund)
    assert (same.counts["changed"], same.counts["same"]) == (0, 1)  # other bytes, the same word
    assert SentRecord.objects.get(key="2").answered_by.name == "a.xml"
    changed = brought(rpl("PROF_M540001T54_261", ("2", 1, "Найден"), ("3", 1, ""), name="THIRD"), "c.xml", place.fund)
    assert changed.counts["changed"] == 2
    assert fates(sent) == {"1": A, "2": A, "3": A}


def test_a_checked_answer_changes_nothing_until_it_is_accepted(place: SimpleNamespace) -> None:
    sent = note(place.fund, "PROF_M540001T54_261", ["1"])
    raw = rpl("PROF_M540001T54_261", ("1", 1, ""))
    coming = Coming(place.fund, "a.xml", Way.UPLOAD, as_of=DAY, is_trial=True)
    checked = process(receive([raw], coming).pk)
    assert (checked.state, fates(sent)) == (State.CHECKED, {"1": S})
    assert process(again(checked, by=None).pk).state == State.ACCEPTED
    assert fates(sent) == {"1": A}


KK = """<responcepack><r10_packinf><p12_pakageguid>{guid}</p12_pakageguid><p13_zerrpkg>{code}</p13_zerrpkg>
<p14_errmsg>{why}</p14_errmsg></r10_packinf>{errors}</responcepack>"""
ERROR = "<r12_orerl><f10_nzap>{}</f10_nzap><e><e10_ecd>7</e10_ecd><e11_ems>Нет такого полиса</e11_ems></e></r12_orerl>"
GUID = "c0ffee00-0000-4000-8000-000000000001"


def test_answers_of_services_find_the_package(place: SimpleNamespace) -> None:
    sent = note(place.alfa, "putEvFactInfos_1.xml", ["10", "11"], sent_as=GUID)
    parcel = brought(KK.format(guid=GUID, code=0, why="", errors=ERROR.format(11)).encode(), "a.xml", place.alfa)
    assert (parcel.state, fates(sent)) == (State.ACCEPTED, {"10": A, "11": R})
    refused = SentRecord.objects.get(key="11")
    assert (refused.codes, refused.text) == (["7"], "Нет такого полиса")
    brought(KK.format(guid=GUID, code=5, why="Ключ неверен", errors="").encode(), "b.xml", place.alfa)
    assert fates(sent) == {"10": R, "11": R}

    package = note(place.alfa, "getIndividualInforming_1.json", ["1", "2"], sent_as="c-1")
    patients = [{"respCode": 500}, {"respCode": 503, "text": "Не найден"}]
    told = {"resultResponseCode": 200, "reqID": "c-1", "numberRecordsProcessed": 2, "patients": patients}
    assert brought(json.dumps(told).encode(), "a.json", place.alfa).state == State.ACCEPTED
    assert fates(package) == {"1": A, "2": R}
    failed = {"resultResponseCode": 401, "reqID": "c-1", "numberRecordsProcessed": 0}
    assert brought(json.dumps(failed).encode(), "b.json", place.alfa).state == State.ACCEPTED
    assert fates(package) == {"1": R, "2": R}


def bad_answers(place: SimpleNamespace) -> list[tuple[bytes, str, str]]:
    note(place.beta, "PROF_M540009T54_261", ["1"])
    fine = rpl("PROF_M540001T54_261", ("1", 1, "Найден"))
    return [
        (rpl("PROF_M540009T54_261", ("1", 1, "")), "FILENAME_1", "которого мы не отправляли"),  # of another insurer
        (rpl("PROF_M540001T54_269", ("1", 1, "")), "FILENAME_1", "PROF_M540001T54_269"),
        (fine.decode("cp1251").encode(), "FILE", "UTF-8"),  # the declaration says otherwise
        (fine[:-40], "FILE", ""),
        (KK.format(guid=GUID, code=0, why="", errors="").encode(), "p12_pakageguid", "не отправляли"),
        (b'{"resultResponseCode": 200, "reqID": "nobody", "patients": [{"respCode": 500}]}', "reqID", "не отправляли"),
    ]


def test_a_bad_answer_is_a_sentence_and_changes_nothing(place: SimpleNamespace) -> None:
    sent = note(place.alfa, "PROF_M540001T54_261", ["1", "2"])
    for number, (raw, field, words) in enumerate(bad_answers(place)):
        parcel = brought(raw, f"{number}.xml", place.alfa)
        assert parcel.state == State.REFUSED, number
        found = parcel.findings.first()
        assert (found.field, words in found.message) == (field, True), (number, found.field, found.message)
    assert fates(sent) == {"1": S, "2": S}
    assert not SentRecord.objects.exclude(fate=S).exists()


def test_a_record_we_did_not_send_waits_apart_and_the_others_are_stored(place: SimpleNamespace) -> None:
    sent = note(place.alfa, "PROF_M540001T54_261", ["1", "2"])
    parcel = brought(rpl("PROF_M540001T54_261", ("1", 1, ""), ("7", 1, "")), "a.xml", place.alfa)
    assert (parcel.state, parcel.counts["rejected"]) == (State.ACCEPTED, 1)
    assert "Ответ на запись 7, которой не было в файле" in parcel.findings.get().message
    assert fates(sent) == {"1": A, "2": S}


def test_a_death_in_the_middle_leaves_nothing_half_done(place: SimpleNamespace, monkeypatch: Any) -> None:
    sent = note(place.alfa, "PROF_M540001T54_261", ["1"])
    waiting = receive([rpl("PROF_M540001T54_261", ("1", 1, ""))], Coming(place.alfa, "a.xml", Way.API, as_of=DAY))

    def die(_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("opora.exchange.answering.count_answers", die)
        with pytest.raises(KeyboardInterrupt):
            process(waiting.pk)
    assert fates(sent) == {"1": S}
    assert process(waiting.pk).state == State.ACCEPTED
    assert fates(sent) == {"1": A}


def test_an_archive_of_an_answer_is_taken_as_well(place: SimpleNamespace, tmp_path: Path) -> None:
    case = SAMPLES / "vlg-answers-r02-r12-d02/01"
    sent = note(place.fund, "R11T34M101001_2605001.zip", ["1"])
    path = next(path for path in case.iterdir() if zipfile.is_zipfile(path))
    taken(path, place.fund)
    assert fates(sent) == {"1": A}
    assert Parcel.objects.filter(direction=Direction.IN).get().counts["accepted"] == 1
