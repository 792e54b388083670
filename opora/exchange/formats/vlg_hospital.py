"""Volgograd: referrals to a planned admission (I01, order 263 of the federal fund). Handbook 20 §8.5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.vlg import DATE_F, LANDLINE, MOBILE, NAME_F, SIX, VlgList, person, version
from opora.exchange.people import snils_faults
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.xmllist import in_order

FIVE = like(r"[0-9]{5}", "пять цифр ОКАТО")
CONTACT = block("CONTACT", "0..1", MOBILE, leaf("TEL_F", "0..2", LANDLINE))


class VlgReferral(VlgList):
    slug = "vlg-i01-hospital-referral"
    title = "Направления на госпитализацию (Волгоград, I01)"
    name = r"I01T34M\d{6}_\d{6}\d+"
    kinds = ("I01",)
    clinic = "LPU"
    past = ("DATE_D", "BIRTHDAY")
    tree = Tree(
        block(
            "ZL_LIST",
            "1",
            block("ZGLV", "1", version("2.0"), DATE_F, NAME_F, leaf("DATE_R", "1", DAY)),
            block(
                "MO_D",
                "1",
                leaf("MO", "1", SIX),
                leaf("LPU", "1", SIX),
                block(
                    "DIR",
                    "1..n",
                    leaf("ID_D", "1", text(1, 36)),
                    leaf("NUM_D", "1", text(1, 20)),
                    leaf("DATE_D", "1", DAY),
                    leaf("MO_H", "1", SIX),
                    leaf("LPU_H", "1", SIX),
                    leaf("USL_OK", "1", codes("1", "2")),
                    leaf("PROFIL", "1", NUMBER),
                    leaf("PROFIL_K", "1", NUMBER),
                    leaf("DS", "1", DIAGNOSIS),
                    leaf("IDDOKT", "1", text(1, 14)),
                    leaf("F_MEDC", "1", codes("1", "2", "3")),
                    leaf("DATE_HOSP", "1", DAY),
                    leaf("DISP", "1", codes("0", "1")),
                    block(
                        "PATIENT",
                        "1",
                        *person(
                            leaf("SMO", "0..1", like(r"[0-9]{2,5}", "от двух до пяти цифр")),
                            leaf("NAME_SMO", "0..1", text(1, 100)),
                            leaf("REG_OMS", "1", FIVE),
                            CONTACT,
                        ),
                    ),
                ),
            ),
        ),
        record="MO_D/DIR",
        key="ID_D",
    )

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().of_file(content, context, path)
        day, named = parse_day(content.header.get("DATE_R", "")), re.search(r"_(\d{6})", path.stem)
        if day and named and f"{day:%y%m%d}" != named[1]:
            yield Finding("DATE_R", f"Отчётный день {day:%d.%m.%Y}, а в имени файла {named[1]}")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from super().of_record(record, context)
        yield from in_order(record, "DATE_D", "DATE_HOSP")
        yield from snils_faults(record, "IDDOKT")
