"""DSPN — dispensary observation with a planned visit and the facts of informing (Khakassia). Handbook 20 §5.1."""

from __future__ import annotations

from collections.abc import Iterator

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.formats.dn_list import removal
from opora.exchange.people import policy_faults
from opora.exchange.tree import DAY8, DIAGNOSIS, NUMBER, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.xmllist import XmlList, finding, in_order, snils_doubts
from opora.exchange.xmlpacked import Head

TREE = Tree(
    block(
        "ZL_LIST",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", like(r"1\.0", "версия 1.0")),
            leaf("DATA", "1", DAY8),
            leaf("FILENAME", "1", like(r"[A-Za-z0-9_]{1,26}", "имя из латинских букв, цифр и _")),
            leaf("YEAR", "1", like(r"\d{4}", "год")),
            leaf("MONTH", "1", like(r"(0[1-9]|1[0-2])", "месяц от 01 до 12")),
        ),
        block(
            "ZAP",
            "1..n",
            leaf("N_ZAP", "1", like(r"\d{1,8}", "номер до 8 цифр")),
            block(
                "PACIENT",
                "1",
                leaf("PACIENT_ID", "1", text(1, 50)),
                leaf("SMO", "1", text(1, 5)),
                leaf("SPOLIS", "0..1", text(0, 10)),
                leaf("VPOLIS", "1", codes("1", "2", "3", "4")),
                leaf("NPOLIS", "1", like(r"[A-Za-z0-9]{1,20}", "номер полиса до 20 знаков")),
                leaf("FAM", "1", text(1, 40)),
                leaf("IM", "1", text(1, 40)),
                leaf("OT", "0..1", text(0, 40)),
                leaf("DR", "1", DAY8),
                leaf("W", "1", codes("1", "2")),
                leaf("ADRES", "0..1", text(0, 100)),
                leaf("TEL", "0..1", text(0, 20)),
                leaf("MO_P", "1", like(r"\d{6}", "код клиники из 6 цифр")),
                leaf("DIAG_CODE", "1", DIAGNOSIS),
                leaf("IDDOKT", "1", like(r"\d{11}", "СНИЛС из 11 цифр")),
                leaf("DATE_DN_IN", "1", DAY8),
                leaf("DATE_DN_OUT", "0..1", DAY8),
                leaf("DIAG_DATE", "1", DAY8),
                leaf("DN_PRVS", "1", NUMBER),
                leaf("STATUS_DN_IN", "1", codes("1", "2")),
                leaf("REASON_DN_OUT", "0..1", text(0, 50)),
                leaf("REASON_DN_IN", "1", like(r"10[1-7]", "основание от 101 до 107")),
            ),
            block(
                "PLAN",
                "1",
                leaf("MCOD_PLAN", "1", like(r"\d{1,6}", "код клиники до 6 цифр")),
                leaf("MO_PODR_ID", "0..1", text(0, 50)),
                leaf("MED_AREA_CODE", "0..1", text(0, 50)),
                leaf("MO_ASSIGN", "1", codes("0", "1")),
                leaf("DS_CODE", "0..1", DIAGNOSIS),
                leaf("PLAN_DATE_START", "1", DAY8),
                leaf("PLAN_DATE_END", "1", DAY8),
            ),
            block(
                "INF",
                "0..n",
                leaf("INFTYPE", "1", codes("1", "2")),
                leaf("SPOSOBINF", "1", codes("1", "2", "3", "4", "5")),
                leaf("DATAINF", "0..1", DAY8),
            ),
        ),
    ),
    record="ZAP",
    key="N_ZAP",
)


class Dspn(XmlList):
    slug = "dspn-dn-informing"
    title = "Диспансерное наблюдение с информированием (DSPN, Хакасия)"
    tree = TREE
    name = r"DSPN_M\d{6}T\d{2}_\d+"
    own_name = "FILENAME"
    past = ("DR", "DIAG_DATE", "DATE_DN_IN", "DATE_DN_OUT")
    ahead = ("PLAN_DATE_START", "PLAN_DATE_END")
    names = ("FAM", "IM", "OT")

    def knows(self, head: Head) -> bool:
        return "PACIENT_ID" in head.tags or head.values.get("FILENAME", "").upper().startswith("DSPN")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from in_order(record, "DR", "DIAG_DATE", "DATE_DN_IN", "DATE_DN_OUT")
        yield from in_order(record, "PLAN_DATE_START", "PLAN_DATE_END")
        yield from removal(record)
        yield from policy_faults(record, "VPOLIS", "NPOLIS")
        yield from snils_doubts(record, "IDDOKT")
        for informed in record.blocks.get("INF", ()):
            day = parse_day(informed.values.get("DATAINF", ""))
            if day and day > context.as_of:
                yield finding(record, "DATAINF", "Сообщить в будущем нельзя: дата информирования позже сегодняшней")
