"""Volgograd: emergency admissions, discharges, free beds (I05, I06, I07). Handbook 20 §8.5: tables, no samples seen."""

from __future__ import annotations

from collections.abc import Iterator

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.formats.vlg import SHORT, SIX
from opora.exchange.formats.vlg_hospital import CLINIC, CLOCK, ID_D, PATIENT, Daily, tree_of
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, block, codes, leaf, like, text
from opora.exchange.xmllist import finding, in_order

GUID = text(1, 36)
CARE = codes("1", "2", "3")
HISTORY = text(1, 50)


class VlgEmergency(Daily):
    slug = "vlg-i05-emergency"
    title = "Экстренные госпитализации (Волгоград, I05)"
    name = r"I05T34M\d{6}_\d{6}\d+"
    kinds = ("I05",)
    past = ("DATE_H", "BIRTHDAY")
    tree = tree_of(
        "HOSP",
        "ID_H",
        CLINIC,
        leaf("ID_H", "1", GUID),
        leaf("DATE_H", "1", DAY),
        leaf("TIME_H", "1", CLOCK),
        leaf("DS", "1", DIAGNOSIS),
        leaf("F_MEDC", "1", CARE),
        leaf("PROFIL", "1", SHORT),
        leaf("PROFIL_K", "1", SHORT),
        leaf("NUM_HIST", "1", HISTORY),
        PATIENT,
        within="MO_EXTR",
    )


class VlgDischarge(Daily):
    """The patient is told by birth date, sex and ЕНП alone."""

    slug = "vlg-i06-discharge"
    title = "Выписанные из стационара (Волгоград, I06)"
    name = r"I06T34M\d{6}_\d{6}\d+"
    kinds = ("I06",)
    past = ("DATE_H", "DATE_D", "BIRTHDAY")
    names = ()
    tree = tree_of(
        "DISCH",
        "ID_DISCH",
        CLINIC,
        leaf("ID_DISCH", "1", GUID),
        leaf("DATE_H", "1", DAY),
        leaf("DATE_D", "1", DAY),
        leaf("F_MEDC", "1", CARE),
        leaf("PROFIL", "1", SHORT),
        leaf("PROFIL_K", "1", SHORT),
        leaf("USL_OK", "1", codes("1", "2")),
        leaf("ID_D", "0..1", ID_D),
        leaf("MO_D", "0..1", SIX),
        leaf("LPU_D", "0..1", SIX),
        leaf("NUM_HIST", "1", HISTORY),
        block(
            "PATIENT",
            "1",
            leaf("BIRTHDAY", "1", DAY),
            leaf("SEX", "1", codes("1", "2")),
            leaf("ENP", "0..1", like(r"[0-9]{16}", "16 цифр")),
        ),
        within="MO_DC",
    )

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from in_order(record, "BIRTHDAY", "DATE_H", "DATE_D")


class VlgBeds(Daily):
    """Numbers, not people: one current file, the former is replaced."""

    slug = "vlg-i07-free-beds"
    title = "Свободные койки (Волгоград, I07)"
    name = r"I07T34M\d{6}_\d{6}\d+"
    kinds = ("I07",)
    past = ()
    names = ()
    tree = tree_of(
        "PLACES",
        "ID_PL",
        CLINIC,
        leaf("ID_PL", "1", GUID),
        leaf("USL_OK", "1", codes("1", "2")),
        leaf("PROFIL", "1", SHORT),
        leaf("PROFIL_K", "1", SHORT),
        leaf("QUANTITY", "1", NUMBER),
        leaf("Q_P", "1", NUMBER),
        leaf("Q_AP", "1", NUMBER),
        leaf("Q_DP", "1", NUMBER),
        leaf("Q_HP", "1", NUMBER),
        block(
            "FREE_PLACES",
            "0..1",
            block(
                "ZAP",
                "0..n",
                leaf("DATE_PL", "1", DAY),
                leaf("PLACE_FREE", "1", NUMBER),
                leaf("PF_M", "0..1", NUMBER),
                leaf("PF_W", "0..1", NUMBER),
                leaf("PF_C", "0..1", NUMBER),
            ),
        ),
        block("SMO_V", "0..n", leaf("SMO", "1", like(r"[0-9]{2,5}", "от двух до пяти цифр")), leaf("V_H", "1", NUMBER)),
        within="MO_PLACE",
    )

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        for day in record.blocks.get("ZAP", ()):
            get = day.values.get
            parts = [get(name, "") for name in ("PF_M", "PF_W", "PF_C")]
            total = get("PLACE_FREE", "")
            if total.isdecimal() and all(part.isdecimal() for part in parts) and sum(map(int, parts)) != int(total):
                yield finding(
                    record, "PLACE_FREE", f"На {get('DATE_PL', '')} мест {total}, а по частям {sum(map(int, parts))}"
                )
