"""GPT and GPM — planned visits of dispensary observation: whom to inform until when. Handbook 20 §4.2, §4.5."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.dn_list import ENP, region_of_name
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.xmllist import XmlList, in_order, warning

TREE = Tree(
    block(
        "DN_PLAN",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", like(r"P3\.20", "версия P3.20")),
            leaf("FILE_TYPE", "1", codes("GPT", "GPM")),
            leaf("DATA", "1", DAY),
            leaf("FILENAME", "1", text(1, 50)),
            leaf("REGION_CD", "1", like(r"\d{2}", "две цифры")),
            leaf("SD_Z", "1", NUMBER),
        ),
        block(
            "ZAP",
            "1..n",
            leaf("CODE_P", "1", text(1, 50)),
            leaf("DN_PATIENT_ID", "0..1", text(0, 50)),
            leaf("ENP", "1", ENP),
            leaf("CODE_PINF", "1", codes("ДН")),
            leaf("MCOD_PLAN", "1", text(1, 10)),
            leaf("MO_PODR_ID", "0..1", text(0, 50)),
            leaf("MED_AREA_CODE", "0..1", text(0, 50)),
            leaf("MO_ASSIGN", "1", codes("0", "1")),
            leaf("END_DATE_INF", "1", DAY),
            leaf("PRIMARY_INF", "1", codes("1", "2")),
            leaf("DS_CODE", "0..1", DIAGNOSIS),
            leaf("PLAN_DATE_START", "1", DAY),
            leaf("PLAN_DATE_END", "1", DAY),
        ),
    ),
    record="ZAP",
    key="CODE_P",
)


class DnPlan(XmlList):
    slug = "gpt-gpm-dn-plan"
    title = "План явок диспансерного наблюдения (GPT, GPM)"
    tree = TREE
    name = r"(GPT\d+|GPM\d{6})_\d+_\d+"
    count, own_name, enp = "SD_Z", "FILENAME", ("ENP",)
    ahead = ("END_DATE_INF", "PLAN_DATE_START", "PLAN_DATE_END")

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from region_of_name(content, path)
        said, name = content.header.get("FILE_TYPE", ""), path.stem.upper()
        if said in {"GPT", "GPM"} and self.is_name(name) and not name.startswith(said):
            yield Finding("FILE_TYPE", f"В заголовке вид {said}, а файл называется {path.stem}")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from in_order(record, "PLAN_DATE_START", "PLAN_DATE_END")
        inform_by, end = (parse_day(record.values.get(name, "")) for name in ("END_DATE_INF", "PLAN_DATE_END"))
        if inform_by and end and inform_by > end:
            yield warning(record, "END_DATE_INF", "Сообщить велено позже, чем кончается срок явки")
