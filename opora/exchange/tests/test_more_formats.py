"""Beds, emergency admissions and discharges of Volgograd, messages of Karelia, the clinic's book of Novosibirsk."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter

from opora.exchange.engine import check, examine
from opora.exchange.formats.nsk_books import WITHDRAWALS, NskConsent
from opora.exchange.lists import batch_of
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, process, receive_file
from opora.exchange.tests.nsk_books import MAN, book
from opora.exchange.tests.test_lists_stored import read, settle
from opora.exchange.tests.test_samples import CONTEXT
from opora.exchange.tests.test_vlg import KEY, PATIENT, fate
from opora.informing.incoming import Batch
from opora.informing.loading import load
from opora.informing.models import Entry, Observation, Referral
from opora.informing.planning import dry_run, next_step
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.words import Exclude
from opora.insured.models import Consent

EMERGENCY = (
    "<MO_EXTR><MO>340020</MO><LPU>101001</LPU><HOSP><ID_H>1</ID_H><DATE_H>2026-05-28</DATE_H><TIME_H>23-05</TIME_H>"
    f"<DS>I21.0</DS><F_MEDC>1</F_MEDC><PROFIL>97</PROFIL><PROFIL_K>71</PROFIL_K><NUM_HIST>7</NUM_HIST>{PATIENT}</HOSP></MO_EXTR>"
)
DISCHARGE = (
    "<MO_DC><MO>340020</MO><LPU>101001</LPU><DISCH><ID_DISCH>1</ID_DISCH><DATE_H>2026-05-20</DATE_H>"
    "<DATE_D>2026-05-28</DATE_D><F_MEDC>3</F_MEDC><PROFIL>97</PROFIL><PROFIL_K>71</PROFIL_K><USL_OK>1</USL_OK>"
    f"<ID_D>{KEY}</ID_D><NUM_HIST>7</NUM_HIST><PATIENT><BIRTHDAY>1987-12-28</BIRTHDAY><SEX>1</SEX></PATIENT>"
    "</DISCH></MO_DC>"
)
BEDS = (
    "<MO_PLACE><MO>340020</MO><LPU>101001</LPU><PLACES><ID_PL>1</ID_PL><USL_OK>1</USL_OK><PROFIL>97</PROFIL>"
    "<PROFIL_K>71</PROFIL_K><QUANTITY>30</QUANTITY><Q_P>20</Q_P><Q_AP>5</Q_AP><Q_DP>5</Q_DP><Q_HP>1</Q_HP><FREE_PLACES>"
    "<ZAP><DATE_PL>2026-05-29</DATE_PL><PLACE_FREE>10</PLACE_FREE><PF_M>4</PF_M><PF_W>6</PF_W><PF_C>0</PF_C></ZAP>"
    "</FREE_PLACES><SMO_V><SMO>34007</SMO><V_H>12</V_H></SMO_V></PLACES></MO_PLACE>"
)
DAILY = [
    ("I05", EMERGENCY, "vlg-i05-emergency"),
    ("I06", DISCHARGE, "vlg-i06-discharge"),
    ("I07", BEDS, "vlg-i07-free-beds"),
]
SPOILT = [
    ("I05", EMERGENCY.replace("23-05", "24-05"), "TIME_H"),
    ("I06", DISCHARGE.replace("2026-05-20", "2026-05-29"), "DATE_D"),
    ("I07", BEDS.replace("<PF_W>6<", "<PF_W>5<"), "PLACE_FREE"),
]


def test_daily_files_of_hospitals_are_read_and_their_faults_named(tmp_path: Path) -> None:
    for kind, body, slug in DAILY:
        outcome = check(fate(tmp_path, kind, body), CONTEXT)
        assert (outcome.format, outcome.findings, len(outcome.records)) == (slug, [], 1)
    for kind, body, field in SPOILT:
        assert field in {one.field for one in check(fate(tmp_path, kind, body), CONTEXT).findings}, kind


def test_a_discharge_says_when_the_referral_was_used(
    place: SimpleNamespace, tmp_path: Path, exchange_dir: Path
) -> None:
    referrals = read("vlg-i01-hospital-referral/03")
    settle(place, referrals)
    load(referrals, organisation=place.fund, format="vlg-i01-hospital-referral", name="I01")
    for kind, body, _ in DAILY:
        path = fate(tmp_path, kind, body)
        coming = Coming(place.fund, path.name, Way.FOLDER, as_of=date(2026, 6, 15))
        assert process(receive_file(path, coming).pk).state == State.ACCEPTED
    assert Referral.objects.get(key=KEY).admitted_on == date(2026, 5, 20)


HEAD = "<ZGLV><DATA>2026-05-28</DATA><TYPE>{}</TYPE><ID>m-1</ID></ZGLV>"
WHO = (
    "<VPOLIS>1</VPOLIS><NPOLIS>123456</NPOLIS><SMO_CODE>10001</SMO_CODE><FAM>Ли</FAM><IM>Вэй</IM><W>1</W>"
    "<DR>1963-02-01</DR>"
)
ADMISSION = (
    "{}<FRM_MP>3</FRM_MP><MCOD_STC>100022</MCOD_STC><MPODR_STC>1</MPODR_STC><DTA_FKT>2026-05-28</DTA_FKT>"
    f"<TIM_FKT>09-40</TIM_FKT>{WHO}<USL_OK>1</USL_OK><KOD_PFO>97</KOD_PFO><KOD_PFK>71</KOD_PFK><NHISTORY>7</NHISTORY><DS>I10</DS>"
)
REFERRAL = "<NOM_NAP>{}</NOM_NAP><DTA_NAP>2026-05-20</DTA_NAP>"


def messages(number: str) -> list[tuple[str, str, str]]:
    """Every message of the queue beside the referral itself: root, body, format."""
    referral = REFERRAL.format(number)
    beds = "".join(f"<KOL_{part}>1</KOL_{part}>" for part in ("PAC", "IN", "OUT", "PLN", "PUS", "PUS_V", "PUS_D"))
    cancel = f"{referral}<MCOD_NAP>100001</MCOD_NAP><IST_ANL>2</IST_ANL><ACOD>100022</ACOD><PR_ANL>3</PR_ANL>"
    motion = (
        f"{referral}<MCOD_STC>100022</MCOD_STC><MPODR_STC>1</MPODR_STC><DTA_FKT>2026-05-28</DTA_FKT>"
        "<KOD_PFO>97</KOD_PFO><KOD_PFK>71</KOD_PFK><NHISTORY>7</NHISTORY>"
    )
    rooms = f"<DTA_RAB>2026-05-28</DTA_RAB><MCOD_STC>100022</MCOD_STC><KOD_PFK>71</KOD_PFK>{beds}"
    return [
        ("CANCEL_HOSPITALISATION_REFERRAL", cancel, "krl-referral-cancelled"),
        ("PLAN_HOSPITALISATION", ADMISSION.format(referral), "krl-admission"),
        ("EXTR_HOSPITALISATION", ADMISSION.format(""), "krl-emergency"),
        ("MOTION_IN_HOSPITAL", motion, "krl-motion"),
        ("FREE_BEDS_INFORMATION", rooms, "krl-free-beds"),
    ]


def message(folder: Path, root: str, body: str, *, kind: str = "Insert") -> Path:
    path = folder / f"{root.lower()}.xml"
    zap = f"<ZAP>{body}</ZAP>" if body else ""
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?><{root}>{HEAD.format(kind)}{zap}</{root}>')
    return path


def test_messages_of_karelia_reach_the_referral_by_its_number(place: SimpleNamespace, tmp_path: Path) -> None:
    made = read("krl-hospitalisation-referral/01")
    settle(place, made)
    load(made, organisation=place.fund, format="krl-hospitalisation-referral", name="message")
    number = made.referrals[0].number
    for root, body, slug in messages(number):
        outcome, content = examine(message(tmp_path, root, body), CONTEXT)
        assert (outcome.format, outcome.findings) == (slug, []), slug
        if slug in {"krl-referral-cancelled", "krl-admission"}:
            load(batch_of(outcome, content), organisation=place.fund, format=slug, name=slug)
    (found,) = Referral.objects.all()
    assert (found.cancelled_on, found.cancel_reason, found.admitted_on) == (
        date(2026, 5, 28), "код 3", date(2026, 5, 28),
    )  # fmt: skip


def test_a_message_without_a_body_or_with_a_wrong_day_is_refused(tmp_path: Path) -> None:
    for root, body, slug in messages("1000012026000001"):
        empty = check(message(tmp_path, root, ""), CONTEXT)
        assert (empty.format, empty.is_accepted) == (slug, False)
        late = check(message(tmp_path, root, body.replace("2026-05-2", "2026-05-4")), CONTEXT)
        assert not late.is_accepted, slug
        assert check(message(tmp_path, root, "", kind="Delete"), CONTEXT).is_accepted


ROW = ("540001", "I10", "Ким Виктор Олегович", "26.09.1962", "77", "4", "12.01.2024")
LATER = ("", "", "Петров", "Петров", "+79000001122", "20.07.2026", "", "2")


def clinic_book(path: Path, *rows: tuple[Any, ...]) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 1, ("МО", *(f"Колонка {number}" for number in range(14))))
        for number, cells in enumerate(rows, start=1):
            sheet.write_row(number, 1, cells)
    return path


def test_a_clinics_book_plans_visits_of_observation(place: SimpleNamespace, tmp_path: Path) -> None:
    gone = (*ROW[:2], "Цой Анна", *ROW[3:7], "01.02.2026", "Выздоровление", *LATER[2:])
    outcome, content = examine(clinic_book(tmp_path / "mo.xlsx", (*ROW, *LATER), gone), CONTEXT)
    assert (outcome.format, outcome.findings) == ("nsk-mo-xlsx", [])
    batch = batch_of(outcome, content)
    settle(place, batch)
    loaded = load(batch, organisation=place.fund, format="nsk-mo-xlsx", name="mo.xlsx")
    assert (loaded.unmatched, Observation.objects.count()) == (0, 2)
    entry = Entry.objects.get()  # who was taken off is not invited
    assert (entry.person.surname, entry.visit_to, entry.provider) == ("Ким", date(2026, 7, 20), place.clinic)


BAD_ROWS = [
    ({3: "26.09.2015"}, "Дата рождения"),  # a child
    ({6: "12.01.2027"}, "Дата постановки"),
    ({1: "Гипертония"}, "МКБ"),
    ({2: "Ким"}, "ФИО"),
    ({7: "01.01.2020"}, "Дата снятия"),
    ({12: "скоро"}, "Дата планируемой явки"),
]


def test_a_wrong_row_of_a_clinics_book_is_named_and_the_rest_is_taken(tmp_path: Path) -> None:
    for change, heading in BAD_ROWS:
        cells = [change.get(number, cell) for number, cell in enumerate((*ROW, *LATER))]
        outcome = check(clinic_book(tmp_path / "mo.xlsx", tuple(cells), (*ROW, *LATER)), CONTEXT)
        assert outcome.is_accepted
        assert {(one.field, one.place) for one in outcome.findings if one.severity == "error"} == {(heading, 1)}


@pytest.mark.usefixtures("exchange_dir")
def test_who_withdrew_his_consent_is_left_out_of_the_next_wave(place: SimpleNamespace, tmp_path: Path) -> None:
    one, other = people(place, 2)
    planned(place, [one, other])
    type(one).objects.filter(pk=one.pk).update(surname="КИМ", given_name="ВИКТОР", birth_on=date(1962, 9, 26))
    found = campaign(place)
    assert dry_run(next_step(found)).people == 2
    path = book(tmp_path / "c.xlsx", NskConsent(), WITHDRAWALS, [(*MAN, "12.06.2026")])
    coming = Coming(place.alfa, path.name, Way.UPLOAD, as_of=date(2026, 6, 15))
    assert process(receive_file(path, coming).pk).state == State.ACCEPTED
    assert set(Consent.objects.values_list("channel", "is_granted")) == {
        (channel, False) for channel in ("sms", "messenger", "email", "call")
    }
    planned_ = dry_run(next_step(found))
    assert (planned_.people, planned_.excluded) == (1, {Exclude.NO_CONSENT: 1})


def test_withdrawals_go_in_a_book_of_their_own(tmp_path: Path) -> None:
    from opora.exchange.codebook import CodeUnknown
    from opora.exchange.tests.test_nsk_lists import CONSENT, OUT

    path = book(tmp_path / "c.xlsx", NskConsent(), WITHDRAWALS, [(*MAN, "12.06.2026")])
    batch = batch_of(*examine(path, CONTEXT))
    assert [one.is_granted for one in batch.consents] == [False]
    target = tmp_path / "made.xlsx"
    target.write_bytes(CONSENT.write(batch, OUT))
    assert batch_of(*examine(target, CONTEXT)) == batch
    with pytest.raises(CodeUnknown):
        CONSENT.write(Batch(consents=[*batch.consents, replace(batch.consents[0], is_granted=True)]), OUT)
