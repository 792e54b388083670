"""The catalogue: one module per format, the more particular before the more general."""

from opora.exchange.format import Format
from opora.exchange.formats.accounts import ACCOUNTS
from opora.exchange.formats.ch15 import Chapter15Informing
from opora.exchange.formats.ch15_answer import Chapter15Answer
from opora.exchange.formats.federal import FEDERAL
from opora.exchange.formats.flcp import Flcp
from opora.exchange.formats.intraservice import IntraService
from opora.exchange.formats.journal_workbook import JournalWorkbook
from opora.exchange.formats.journal_xml import JournalIn, JournalOut
from opora.exchange.formats.nsk_books import NskConsent, NskExpert, NskInforming, NskSurvey
from opora.exchange.formats.nsk_clinic import NskClinic
from opora.exchange.formats.own import OwnBook, OwnCsv
from opora.exchange.formats.psk import PskovPlan
from opora.exchange.formats.regions import REGIONS
from opora.exchange.formats.sstu import Sstu
from opora.exchange.formats.stv import StvPeople
from opora.exchange.formats.users import Users
from opora.exchange.formats.vlg import VlgObservation, VlgPersons
from opora.exchange.formats.vlg_answers import VlgAnswer, VlgPlanAnswer
from opora.exchange.formats.vlg_beds import VlgBeds, VlgDischarge, VlgEmergency
from opora.exchange.formats.vlg_hospital import VlgAdmission, VlgCancelled, VlgReferral
from opora.exchange.formats.vlg_plan import VlgPlan

FORMATS: tuple[Format, ...] = (
    JournalOut(),
    JournalIn(),
    Users(),
    *ACCOUNTS,
    Flcp(),
    JournalWorkbook(),
    IntraService(),
    Sstu(),
    NskInforming(),
    NskSurvey(),
    NskConsent(),
    NskExpert(),
    NskClinic(),
    StvPeople(),
    VlgPersons(),
    VlgObservation(),
    VlgPlan(),
    VlgAnswer(),
    VlgPlanAnswer(),
    VlgReferral(),
    VlgCancelled(),
    VlgAdmission(),
    VlgEmergency(),
    VlgDischarge(),
    VlgBeds(),
    PskovPlan(),
    Chapter15Answer(),
    Chapter15Informing(),
    *FEDERAL,
    *REGIONS,
    OwnCsv(),
    OwnBook(),
)
