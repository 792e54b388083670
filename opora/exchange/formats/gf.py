"""GF — what ГИС ОМС thinks of the lists of observation that were sent to it. Handbook 20 §4.3, §4.5."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.dn_list import a_period, region_of_name
from opora.exchange.tree import DAY, NUMBER, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import XmlList, answered

TREE = Tree(
    block(
        "DN",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", like(r"P5\.00", "версия P5.00")),
            leaf("FILE_TYPE", "1", codes("GF")),
            leaf("DATA", "1", DAY),
            leaf("FILENAME", "1", text(1, 50)),
            leaf("REGION_CD", "1", like(r"\d{2}", "две цифры")),
            leaf("PERIOD", "1", like(r"\d{6}", "период вида ГГГГММ")),
            leaf("SD_Z", "1", NUMBER),
            leaf("SD_VALITED_ENP", "1", NUMBER),
        ),
        block(
            "ZAP",
            "1..n",
            leaf("DN_PATIENT_ID", "0..1", text(0, 50)),
            leaf("ENP", "1", text(1, 20)),
            leaf("W", "0..1", codes("1", "2")),
            leaf("DR", "0..1", DAY),
            leaf("SMO", "0..1", text(0, 5)),
            leaf("ATTACH_MCODE", "0..1", text(0, 10)),
            leaf("ATTACH_DATE", "0..1", DAY),
            leaf("SMO_REGION_CD", "0..1", text(0, 10)),
            leaf("GROUP_RH_CD", "0..1", text(0, 10)),
            leaf("GROUP_RH_DS", "0..1", text(0, 10)),
            leaf("DN_PRVS", "0..1", text(0, 10)),
            leaf("GROUP_RH_PROFILE", "0..1", text(0, 255)),
            leaf("GROUP_RH_NAME", "0..1", text(0, 255)),
            leaf("DN_RULE_IN_NAME", "0..1", text(0, 255)),
            block(
                "DN_GIS",
                "0..1",
                leaf("TRIGGER_SCHET_FILENAME", "0..1", text(0, 50)),
                leaf("TRIGGER_SCHET_CODE", "0..1", text(0, 10)),
                leaf("TRIGGER_NSCHET", "0..1", text(0, 20)),
                leaf("TRIGGER_DSCHET", "0..1", DAY),
                leaf("TRIGGER_IDCASE", "0..1", text(0, 50)),
                leaf("TRIGGER_SL_ID", "0..1", text(0, 50)),
                leaf("TRIGGER_SL_NHISTORY", "0..1", text(0, 50)),
                leaf("TRIGGER_DS_CD", "0..1", text(0, 10)),
                leaf("TRIGGER_MCODE", "0..1", text(0, 10)),
                leaf("TRIGGER_DT", "0..1", DAY),
            ),
            block(
                "DN_LIST",
                "0..1",
                leaf("DN_LIST_PERIOD_CD", "0..1", text(0, 10)),
                leaf("DN_LIST_FILENAME", "0..1", text(0, 50)),
                leaf("CODE_L", "0..1", text(0, 50)),
                leaf("DN_LIST_RESULT_CODE", "0..1", text(0, 10)),
                leaf("DN_LIST_DATE_CHEKING", "0..1", DAY),  # the partner's spelling
                leaf("DN_LIST_RESULT_DESCR", "0..1", text(0, 4000)),
            ),
            block(
                "DN_PLAN",
                "0..1",
                leaf("DN_PLAN_PERIOD", "0..1", text(0, 10)),
                leaf("DN_PLAN_FILENAME", "0..1", text(0, 50)),
                leaf("CODE_P", "0..1", text(0, 50)),
                leaf("DN_PLAN_RESULT_CODE", "0..1", text(0, 10)),
                leaf("DN_PLAN_DATE_CHEKING", "0..1", DAY),
                leaf("DN_PLAN_RESULT_DESCR", "0..1", text(0, 4000)),
            ),
            leaf("INSERT_DTTM", "0..1", DAY),
            leaf("UPDATE_DTTM", "0..1", DAY),
        ),
    ),
    record="ZAP",
    key="DN_PATIENT_ID",
)
ANSWERED = (("DN_LIST_FILENAME", "CODE_L"), ("DN_PLAN_FILENAME", "CODE_P"))


class Gf(XmlList):
    slug = "gf-dn-check-result"
    title = "Результат проверки списков в ГИС ОМС (GF)"
    tree = TREE
    name = r"GF\d+_\d+(_\d+)?"
    count, own_name, enp = "SD_Z", "FILENAME", ("ENP",)
    past = ("DR", "ATTACH_DATE", "INSERT_DTTM", "UPDATE_DTTM")
    is_key_unique = False  # one person stands once for each group of observation

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from region_of_name(content, path)
        yield from a_period(content)
        total, confirmed = (content.header.get(name, "") for name in ("SD_Z", "SD_VALITED_ENP"))
        if total.isdecimal() and confirmed.isdecimal() and int(confirmed) > int(total):
            yield Finding("SD_VALITED_ENP", f"Подтверждённых ЕНП {confirmed}, а записей всего {total}")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        for file, key in ANSWERED:
            if found := record.values.get(key):
                yield from answered(record, context, file=record.values.get(file, ""), key=found, field=key)
