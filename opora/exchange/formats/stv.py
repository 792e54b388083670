"""Stavropol: the list of people to call, fund → insurer. Handbook 20 §7.1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.people import policy_faults, snils_faults
from opora.exchange.tree import DAY, NUMBER, Tree, block, codes, leaf, text
from opora.exchange.xmllist import XmlList, finding
from opora.exchange.xmlpacked import Head

YEAR = "year"
KINDS = {"ДВ1", "ДВ2", "ДВ3", "ДВ4", "ОПВ", "УД1", "УД2", "ДР1", "ДР2", "ДН", "ДН1"}
TREE = Tree(
    block(
        "data",
        "1",
        block(
            "people",
            "0..n",
            leaf("ID", "1", NUMBER),
            leaf("ID_PAC", "1", text(1, 36)),
            leaf("DISP", "1", text(1, 10)),
            leaf("PD", "1", codes("1", "2", "3", "4")),
            leaf("FAM", "1", text(1, 40)),
            leaf("IM", "1", text(1, 40)),
            leaf("OT", "1", text(0, 40)),
            leaf("W", "1", codes("1", "2")),
            leaf("DR", "1", DAY),
            leaf("SNILS", "1", text(0, 14)),
            leaf("VPOLIS", "1", codes("1", "2", "3")),
            leaf("SPOLIS", "1", text(0, 10)),
            leaf("NPOLIS", "1", text(0, 20)),
            leaf("CODE_MO", "1", text(1, 6)),
            leaf("CONTACT", "1", text(0, 100)),
        ),
    ),
    record="people",
    key="ID",
)


class StvPeople(XmlList):
    slug = "stv-people-xml"
    title = "Список на обзвон (Ставрополь)"
    tree = TREE
    name = r"people(_mo)?_\d{1,6}"
    count = "@total"
    past = ("DR",)
    names = ("FAM", "IM", "OT")

    def knows(self, head: Head) -> bool:
        return head.tags <= {"data", *TAGS} and ("people" in head.tags or b"total" in head.raw)

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        content.header[YEAR] = str(context.as_of.year)  # the list names no year: it is of the year in which it came
        yield from super().control(content, context, path)

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        if "@total" not in content.header:
            yield Finding("total", "В корне файла нет атрибута total с числом людей")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        kind = record.values.get("DISP", "")
        if kind and kind not in KINDS:
            yield finding(record, "DISP", f"Вид мероприятия «{kind}» не известен")
        yield from policy_faults(record, "VPOLIS", "NPOLIS")
        yield from snils_faults(record, "SNILS")


TAGS = frozenset({"people", *(child.name for child in TREE.record_node.children)})
