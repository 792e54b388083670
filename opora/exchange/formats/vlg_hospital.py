"""Volgograd: referrals to a planned admission and what became of them (I01, I03, I04; order 263 of the federal fund).

Handbook 20 §8.5. I03 and I04 name the referral by ID_D of I01; samples of them were never seen, the tables were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.vlg import DATE_F, LANDLINE, MOBILE, NAME_F, SHORT, SIX, VlgList, person, version
from opora.exchange.people import snils_faults
from opora.exchange.tree import DAY, DIAGNOSIS, Node, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.xmllist import in_order

FIVE = like(r"[0-9]{5}", "пять цифр ОКАТО")
CONTACT = block("CONTACT", "0..1", MOBILE, leaf("TEL_F", "0..2", LANDLINE))


HEADER = block("ZGLV", "1", version("2.0"), DATE_F, NAME_F, leaf("DATE_R", "1", DAY))
CLOCK = like(r"([01][0-9]|2[0-3])-[0-5][0-9]", "время вида ЧЧ-ММ")
PATIENT = block(
    "PATIENT",
    "1",
    *person(
        leaf("SMO", "0..1", like(r"[0-9]{2,5}", "от двух до пяти цифр")),
        leaf("NAME_SMO", "0..1", text(1, 100)),
        leaf("REG_OMS", "1", FIVE),
        CONTACT,
    ),
)


def tree_of(name: str, key: str, sender: tuple[Node, ...], *record: Node, within: str) -> Tree:
    records = block(name, "1..n", *record)
    return Tree(block("ZL_LIST", "1", HEADER, block(within, "1", *sender, records)), record=f"{within}/{name}", key=key)


CLINIC = (leaf("MO", "1", SIX), leaf("LPU", "1", SIX))
ID_D = text(1, 36)


class Daily(VlgList):
    """A file of one reporting day, which its name repeats."""

    clinic = "LPU"

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().of_file(content, context, path)
        day, named = parse_day(content.header.get("DATE_R", "")), re.search(r"_(\d{6})", path.stem)
        if day and named and f"{day:%y%m%d}" != named[1]:
            yield Finding("DATE_R", f"Отчётный день {day:%d.%m.%Y}, а в имени файла {named[1]}")


class VlgReferral(Daily):
    slug = "vlg-i01-hospital-referral"
    title = "Направления на госпитализацию (Волгоград, I01)"
    name = r"I01T34M\d{6}_\d{6}\d+"
    kinds = ("I01",)
    past = ("DATE_D", "BIRTHDAY")
    tree = tree_of(
        "DIR",
        "ID_D",
        CLINIC,
        leaf("ID_D", "1", ID_D),
        leaf("NUM_D", "1", text(1, 20)),
        leaf("DATE_D", "1", DAY),
        leaf("MO_H", "1", SIX),
        leaf("LPU_H", "1", SIX),
        leaf("USL_OK", "1", codes("1", "2")),
        leaf("PROFIL", "1", SHORT),
        leaf("PROFIL_K", "1", SHORT),
        leaf("DS", "1", DIAGNOSIS),
        leaf("IDDOKT", "1", text(1, 14)),
        leaf("F_MEDC", "1", codes("1", "2", "3")),
        leaf("DATE_HOSP", "1", DAY),
        leaf("DISP", "1", codes("0", "1")),
        PATIENT,
        within="MO_D",
    )

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from super().of_record(record, context)
        yield from in_order(record, "DATE_D", "DATE_HOSP")
        yield from snils_faults(record, "IDDOKT")


class VlgCancelled(Daily):
    slug = "vlg-i03-referral-cancelled"
    title = "Аннулированные направления (Волгоград, I03)"
    name = r"I03T34M\d{6}_\d{6}\d+"
    kinds = ("I03",)
    clinic = "CODE"
    past = ("DATE_REF",)
    tree = tree_of(
        "REF_HOSP",
        "ID_D",
        (leaf("TYPE_S", "1", codes("1", "2")), leaf("CODE", "1", SIX)),
        leaf("ID_D", "1", ID_D),
        leaf("MO_D", "1", SIX),
        leaf("LPU_D", "1", SIX),
        leaf("DATE_REF", "1", DAY),
        leaf("REASON_REF", "1", codes(*"123456789")),
        within="SOURCE",
    )


class VlgAdmission(Daily):
    slug = "vlg-i04-admission"
    title = "Госпитализации по направлениям (Волгоград, I04)"
    name = r"I04T34M\d{6}_\d{6}\d+"
    kinds = ("I04",)
    past = ("DATE_H", "BIRTHDAY")
    tree = tree_of(
        "HOSP",
        "ID_H",
        CLINIC,
        leaf("ID_H", "1", text(1, 36)),
        leaf("USL_OK", "1", codes("1", "2")),
        leaf("TYPE_H", "1", codes("1", "2", "3")),
        leaf("ID_D", "0..1", ID_D),
        leaf("MO_D", "1", SIX),
        leaf("LPU_D", "1", SIX),
        leaf("DATE_H", "1", DAY),
        leaf("TIME_H", "1", CLOCK),
        leaf("DS", "1", DIAGNOSIS),
        leaf("F_MEDC", "1", codes("1", "2", "3")),
        leaf("PROFIL", "1", SHORT),
        leaf("PROFIL_K", "1", SHORT),
        leaf("NUM_HIST", "1", text(1, 50)),
        PATIENT,
        within="MO_HOSP",
    )
