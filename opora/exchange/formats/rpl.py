"""RPL — the fund's answer to DSPN and PROF: agreed or not, record by record (Khakassia). Handbook 20 §5.3.

The name of the answer is not established: only ``FILENAME_1`` tells what is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding
from opora.exchange.format import Content
from opora.exchange.tree import DAY8, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import XmlList, answered
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
            leaf("FILENAME", "1", text(1, 50)),
            leaf("FILENAME_1", "1", text(1, 50)),
            leaf("YEAR", "1", like(r"\d{4}", "год")),
            leaf("MONTH", "1", like(r"\d{2}", "месяц из двух цифр")),
        ),
        block(
            "ZAP",
            "1..n",
            leaf("N_ZAP", "1", like(r"\d{1,8}", "номер до 8 цифр")),
            leaf("ENP", "1", text(0, 20)),
            leaf("RPL", "1", codes("0", "1")),
            leaf("COMMENTR", "0..1", text(0, 250)),
        ),
    ),
    record="ZAP",
    key="N_ZAP",
)


class Rpl(XmlList):
    slug = "rpl-answer-dspn-prof"
    title = "Ответ фонда на DSPN и PROF (Хакасия)"
    tree = TREE
    enp = ("ENP",)

    def knows(self, head: Head) -> bool:
        return "FILENAME_1" in head.tags

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        name = content.header.get("FILENAME_1", "")
        if name and context.sent is not None and context.keys_sent(name) is None:
            yield Finding("FILENAME_1", f"Ответ на файл {name}, которого мы не отправляли")

    def control(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().control(content, context, path)
        name = content.header.get("FILENAME_1", "")
        if context.sent is not None and context.keys_sent(name) is not None:
            for record in content.records:
                yield from answered(record, context, file=name, key=record.key, field="N_ZAP")
