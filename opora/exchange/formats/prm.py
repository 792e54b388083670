"""Perm: the preventive list by quarters (PROF) and the fund's list of errors (OSHIB_PR). Handbook 20 §9.1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.people import policy_faults
from opora.exchange.tree import DAY, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import XmlList, answered, snils_doubts
from opora.exchange.xmlpacked import Head

POSITION = like(r"\d{1,18}", "номер из цифр")
PROF = Tree(
    block(
        "ZL_LIST",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", like(r"1\.0", "версия 1.0")),
            leaf("DATA", "1", DAY),
            leaf("FILENAME", "1", text(1, 40)),
            leaf("FILENAME1", "1", text(0, 40)),
            leaf("CODMOF", "1", like(r"\d{6}", "код клиники из 6 цифр")),
            leaf("YEAR", "1", like(r"\d{4}", "год")),
            leaf("QUART", "1", codes("1", "2", "3", "4", may_be_empty=True)),
        ),
        block(
            "SV_PR_MER",
            "1..n",
            leaf("NOMER_Z", "1", POSITION),
            leaf("PERSON_ID", "1", text(0, 16)),
            leaf("SMOCOD", "1", text(0, 5)),
            leaf("ENP", "1", text(0, 16)),
            leaf("FAM", "1", text(1, 40)),
            leaf("IM", "1", text(1, 40)),
            leaf("OT", "1", text(1, 40)),
            leaf("DR", "1", DAY),
            leaf("W", "1", codes("1", "2")),
            leaf("DOCTYPE", "1", text(0, 2)),
            leaf("DOCSER", "1", text(0, 10)),
            leaf("DOCNUM", "1", text(0, 20)),
            leaf("SNILS", "1", text(0, 14)),
            leaf("VPOLIS", "1", codes("1", "2", "3", may_be_empty=True)),
            leaf("SPOLIS", "1", text(0, 10)),
            leaf("NPOLIS", "1", text(0, 16)),
            leaf("TEL", "1", text(0, 20)),
            leaf("KAT_LG", "1", text(0, 2)),
            leaf("COMMENT", "1", text(0, 250)),
            block(
                "SV_PL_MER",
                "1",
                leaf("QUART", "1", codes("1", "2", "3", "4")),
                leaf("DISP", "1", codes("ДВ4", "ОПВ")),
            ),
        ),
    ),
    record="SV_PR_MER",
    key="NOMER_Z",
)
ERRORS = Tree(
    block(
        "OSHIB_PR",
        "1",
        leaf("VERSION", "1", like(r"1\.0", "версия 1.0")),
        leaf("DATA", "1", DAY),
        leaf("FNAME", "1", text(1, 60)),
        leaf("FNAME_I", "1", text(1, 60)),
        block(
            "ZAP_OSHIB",
            "0..n",
            leaf("OSHIB", "1", POSITION),
            leaf("NOMER_Z", "1", POSITION),
            leaf("COMMENT", "0..1", text(0, 4000)),
            leaf("NUM_P", "0..1", text(0, 20)),
        ),
    ),
    record="ZAP_OSHIB",
    key="NOMER_Z",
)


class PermProf(XmlList):
    slug = "prm-prof59-quarter"
    title = "Список на осмотры по кварталам (PROF, Пермь)"
    tree = PROF
    name = r"PROF_M\d{6}T59(S\d{5})?_\d{5,6}"
    own_name, enp, past = "FILENAME", ("ENP",), ("DR",)
    names = ("FAM", "IM", "OT")

    def knows(self, head: Head) -> bool:
        is_quarterly = "SV_PR_MER" in head.tags and bool(head.tags & {"CODMOF", "QUART"})
        return is_quarterly or self.is_name(head.values.get("FILENAME", ""))

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from policy_faults(record, "VPOLIS", "NPOLIS")
        yield from snils_doubts(record, "SNILS")


class PermErrors(XmlList):
    """Records that are not listed are accepted, so an answer is taken whole: a line we cannot place spoils the rest."""

    slug = "prm-oshib-pr-answer"
    title = "Ответ фонда: ошибки списка (OSHIB_PR, Пермь)"
    tree = ERRORS
    name = r"(?=.*PROF).*ERR.*"
    own_name = "FNAME"
    is_atomic = True
    is_key_unique = False

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        name = content.header.get("FNAME_I", "")
        if name and context.sent is not None and context.keys_sent(name) is None:
            yield Finding("FNAME_I", f"Ответ на файл {name}, которого мы не отправляли")

    def control(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().control(content, context, path)
        name = content.header.get("FNAME_I", "")
        if context.sent is not None and context.keys_sent(name) is not None:
            for record in content.records:
                yield from answered(record, context, file=name, key=record.key, field="NOMER_Z")
