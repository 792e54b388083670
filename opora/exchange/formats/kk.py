"""Facts of informing for the service of the fund of Krasnodar: the body of putEvFactInfos. Handbook 20 §10."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.lists.kk_codes import METHODS, SEXES, STEPS, SURVEYS
from opora.exchange.people import policy_faults, remark
from opora.exchange.tree import MOMENT, NUMBER, Tree, block, codes, leaf, like, parse_moment, text
from opora.exchange.treereader import read_tree
from opora.exchange.xmlfile import read_xml
from opora.exchange.xmllist import XmlList, finding, snils_doubts, warning
from opora.exchange.xmlpacked import head_of
from opora.shared.tables.errors import TableRefused

ENVELOPE = "Envelope"
FINE = "0"
INTEGER = like(r"-?\d{1,9}", "целое число")
TREE = Tree(
    block(
        "orderpack",
        "1",
        block(
            "p10_packinf",
            "1",
            leaf("p10_pakagedate", "1", MOMENT),
            leaf("p11_pakagesender", "1", text(1, 6)),
            leaf("p12_pakageguid", "1", text(1, 40)),
            leaf("p13_zerrpkg", "0..1", INTEGER),
            leaf("p14_errmsg", "0..1", text(0, 4000)),
        ),
        block(
            "evFactInfos",
            "1",
            block(
                "evFactInfo",
                "1..n",
                leaf("rid", "1", NUMBER),
                leaf("smo_code", "1", text(1, 5)),
                leaf("code_mo", "1", text(1, 6)),
                leaf("infodate", "1", MOMENT),
                leaf("infometh", "1", like(r"\d{1,2}", "код из 1–2 цифр")),
                leaf("infostep", "1", like(r"\d{3}", "код из 3 цифр")),
                leaf("inforslt", "0..1", like(r"\d{1,4}", "код до 4 цифр")),
                block(
                    "person",
                    "1",
                    leaf("a10_dct", "1", codes("1", "2", "3", "4", "5")),
                    leaf("a11_dcs", "0..1", text(0, 10)),
                    leaf("a12_dcn", "1", text(1, 20)),
                    leaf("a13_smcd", "1", text(1, 5)),
                    leaf("a14_trcd", "0..1", text(0, 5)),
                    leaf("a15_pfio", "1", text(1, 40)),
                    leaf("a16_pnm", "1", text(1, 40)),
                    leaf("a17_pln", "0..1", text(0, 40)),
                    leaf("a18_ps", "1", codes(*SEXES, *(word.upper() for word in SEXES))),
                    leaf("a19_pbd", "1", MOMENT),
                    leaf("a20_pph", "0..1", text(0, 200)),
                    leaf("a21_ps", "0..1", text(0, 10)),
                    leaf("a22_pn", "0..1", text(0, 20)),
                    leaf("a23_dt", "0..1", like(r"\d{0,3}", "код документа")),
                    leaf("a24_sl", "0..1", text(0, 14)),
                    leaf("a25_enp", "0..1", text(0, 16)),
                ),
            ),
        ),
    ),
    record="evFactInfos/evFactInfo",
    key="rid",
)


class KrasnodarFacts(XmlList):
    slug = "kk-evfactinfos-soap"
    title = "Факты информирования (putEvFactInfos, Краснодарский край)"
    tree = TREE
    enp = ("a25_enp",)
    names = ("a15_pfio", "a16_pnm", "a17_pln")

    def recognises(self, path: Path) -> bool:
        head = head_of(path)
        return head.root == TREE.root.name or (head.root == ENVELOPE and TREE.root.name in head.tags)

    def read(self, path: Path) -> Content:
        if head_of(path).root != ENVELOPE:
            return super().read(path)
        body = read_xml(path, largest=self.limits.file).find(f".//{{*}}{TREE.root.name}")
        if body is None:
            raise TableRefused(f"В конверте SOAP нет тела <{TREE.root.name}>.")
        return read_tree(io.BytesIO(etree.tostring(body, encoding="utf-8", with_tail=False)), TREE)

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        failed = content.header.get("p13_zerrpkg", "")
        if failed and failed != FINE:
            message = content.header.get("p14_errmsg", "")
            yield Finding("p13_zerrpkg", f"Посылка помечена ошибкой {failed} {message}".strip())

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        values = record.values
        for name in ("infodate", "a19_pbd"):
            moment = parse_moment(values.get(name, ""))
            if moment and moment.date() > context.as_of:
                yield finding(record, name, "Дата не может быть в будущем")
        yield from policy_faults(record, "a10_dct", "a12_dcn")
        yield from snils_doubts(record, "a24_sl")
        yield from _codes(record)


def _codes(record: Record) -> Iterator[Finding]:
    step, method = record.values.get("infostep", ""), record.values.get("infometh", "")
    is_known = method.isdecimal() and int(method) in METHODS
    if method.isdecimal() and not is_known:
        yield remark(record, "infometh", f"Способа «{method}» нет в списке INFOMETH")
    if step.isdecimal() and step not in STEPS:
        yield remark(record, "infostep", f"Этапа «{step}» нет в списке INFOSTEP")
        return
    is_survey = is_known and int(method) in SURVEYS.values()
    if is_survey and step in STEPS and SURVEYS.get(STEPS[step][1]) != int(method):
        yield warning(record, "infometh", f"Способ {method} — опрос, а этап {step} о другом")
