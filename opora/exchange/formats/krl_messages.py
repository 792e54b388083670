"""Karelia: what becomes of referrals, and beds: other messages of the same queue. Handbook 20 §9.3.

The tables name the fields; samples were never seen, so the header and ``ZAP`` are those of the referral (assumed).
"""

from __future__ import annotations

from collections.abc import Iterator

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.formats.krl import DELETE, KareliaMessage
from opora.exchange.people import policy_faults
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, Node, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import in_order

NUMBER_OF_REFERRAL = like(r"\d{16}", "номер из 16 цифр: клиника, год, порядковый")
REFERRAL = leaf("NOM_NAP", "1", NUMBER_OF_REFERRAL)
CODE = like(r"\d{1,6}", "код клиники до 6 цифр")
CLOCK = like(r"([01]\d|2[0-3])-[0-5]\d", "время вида ЧЧ-ММ")
CARE = codes("1", "2", "3")
KIND = codes("1", "21", "22", "23")
PERSON = (
    leaf("VPOLIS", "1", codes("1", "2", "3")),
    leaf("SPOLIS", "0..1", text(0, 10)),
    leaf("NPOLIS", "1", text(1, 20)),
    leaf("SMO_CODE", "1", text(1, 5)),
    leaf("FAM", "1", text(1, 40)),
    leaf("IM", "1", text(1, 40)),
    leaf("OT", "0..1", text(0, 40)),
    leaf("W", "1", codes("1", "2")),
    leaf("DR", "1", DAY),
)


def _message(root: str, key: str, *record: Node) -> Tree:
    header = block(
        "ZGLV",
        "1",
        leaf("DATA", "1", DAY),
        leaf("TYPE", "1", codes("Insert", "Update", DELETE)),
        leaf("ID", "1", text(1, 36)),
    )
    return Tree(block(root, "1", header, block("ZAP", "0..1", *record)), record="ZAP", key=key)


class KareliaCancel(KareliaMessage):
    slug = "krl-referral-cancelled"
    title = "Аннулирование направления (Карелия)"
    name = r"cancel_hospitalisation_referral.*"
    past = ("DTA_NAP",)
    names = ()
    tree = _message(
        "CANCEL_HOSPITALISATION_REFERRAL",
        "NOM_NAP",
        REFERRAL,
        leaf("DTA_NAP", "1", DAY),
        leaf("MCOD_NAP", "1", CODE),
        leaf("IST_ANL", "1", NUMBER),
        leaf("ACOD", "1", text(1, 20)),
        leaf("MPODR_ANL", "0..1", text(0, 20)),
        leaf("PR_ANL", "1", NUMBER),
    )


def _admission(root: str, *, is_planned: bool) -> Tree:
    referral = leaf("NOM_NAP", "1" if is_planned else "0..1", NUMBER_OF_REFERRAL)
    return _message(
        root,
        "NOM_NAP" if is_planned else "NHISTORY",
        referral,
        leaf("DTA_NAP", "1" if is_planned else "0..1", DAY),
        leaf("FRM_MP", "1", CARE),
        leaf("MCOD_STC", "1", CODE),
        leaf("MPODR_STC", "1", NUMBER),
        leaf("MCOD_NAP", "0..1", CODE),
        leaf("MPODR_NAP", "0..1", text(0, 20)),
        leaf("DTA_FKT", "1", DAY),
        leaf("TIM_FKT", "1", CLOCK),
        *PERSON,
        leaf("USL_OK", "1", KIND),
        leaf("KOD_PFO", "1", NUMBER),
        leaf("KOD_PFK", "1", NUMBER),
        leaf("NHISTORY", "1", text(1, 50)),
        leaf("DS", "1", DIAGNOSIS),
    )


class KareliaAdmission(KareliaMessage):
    slug = "krl-admission"
    title = "Плановая госпитализация (Карелия)"
    name = r"plan_hospitalisation.*"
    past = ("DR", "DTA_NAP", "DTA_FKT")
    names = ("FAM", "IM", "OT")
    tree = _admission("PLAN_HOSPITALISATION", is_planned=True)

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from policy_faults(record, "VPOLIS", "NPOLIS")
        yield from in_order(record, "DR", "DTA_NAP", "DTA_FKT")


class KareliaEmergency(KareliaAdmission):
    slug = "krl-emergency"
    title = "Экстренная госпитализация (Карелия)"
    name = r"extr_hospitalisation.*"
    tree = _admission("EXTR_HOSPITALISATION", is_planned=False)


class KareliaMotion(KareliaMessage):
    slug = "krl-motion"
    title = "Движение в стационаре (Карелия)"
    name = r"motion_in_hospital.*"
    past = ("DTA_NAP", "DTA_FKT", "DTA_END")
    names = ()
    tree = _message(
        "MOTION_IN_HOSPITAL",
        "NHISTORY",
        leaf("NOM_NAP", "0..1", NUMBER_OF_REFERRAL),
        leaf("DTA_NAP", "0..1", DAY),
        leaf("MCOD_STC", "1", CODE),
        leaf("MPODR_STC", "1", NUMBER),
        leaf("DTA_FKT", "1", DAY),
        leaf("DTA_END", "0..1", DAY),
        leaf("KOD_PFO", "1", NUMBER),
        leaf("KOD_PFK", "1", NUMBER),
        leaf("NHISTORY", "1", text(1, 50)),
    )

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from in_order(record, "DTA_NAP", "DTA_FKT", "DTA_END")


class KareliaBeds(KareliaMessage):
    slug = "krl-free-beds"
    title = "Свободные койки (Карелия)"
    name = r"free_beds_information.*"
    past = ()
    names = ()
    tree = _message(
        "FREE_BEDS_INFORMATION",
        "KOD_PFK",
        leaf("DTA_RAB", "1", DAY),
        leaf("MCOD_STC", "1", CODE),
        leaf("MPODR_STC", "0..1", NUMBER),
        leaf("USL_OK", "0..1", KIND),
        leaf("KOD_PFK", "1", NUMBER),
        *(leaf(f"KOL_{part}", "1", NUMBER) for part in ("PAC", "IN", "OUT", "PLN", "PUS", "PUS_V", "PUS_D")),
    )


MESSAGES = (KareliaCancel(), KareliaAdmission(), KareliaEmergency(), KareliaMotion(), KareliaBeds())
