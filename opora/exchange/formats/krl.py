"""Karelia: one message — one referral to a planned admission, made, changed or withdrawn. Handbook 20 §9.3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.people import policy_faults
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import XmlList, in_order, warning

DELETE = "Delete"
TREE = Tree(
    block(
        "HOSPITALISATION_REFERRAL",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("DATA", "1", DAY),
            leaf("TYPE", "1", codes("Insert", "Update", DELETE)),
            leaf("ID", "1", text(1, 36)),
        ),
        block(
            "ZAP",
            "0..1",
            leaf("NOM_NAP", "1", like(r"\d{16}", "номер из 16 цифр: клиника, год, порядковый")),
            leaf("DTA_NAP", "1", DAY),
            leaf("FRM_MP", "1", codes("1", "2", "3")),
            leaf("MCOD_NAP", "1", like(r"\d{1,6}", "код клиники до 6 цифр")),
            leaf("MPODR_NAP", "0..1", text(0, 20)),
            leaf("MCOD_STC", "1", like(r"\d{1,6}", "код стационара до 6 цифр")),
            leaf("MPODR_STC", "1", NUMBER),
            leaf("USL_OK", "0..1", codes("1", "21", "22", "23")),
            leaf("VPOLIS", "1", codes("1", "2", "3")),
            leaf("SPOLIS", "0..1", text(0, 10)),
            leaf("NPOLIS", "1", text(1, 20)),
            leaf("SMO_CODE", "1", text(1, 5)),
            leaf("ST_OKATO", "1", text(1, 5)),
            leaf("FAM", "1", text(1, 40)),
            leaf("IM", "1", text(1, 40)),
            leaf("OT", "0..1", text(0, 40)),
            leaf("W", "1", codes("1", "2")),
            leaf("DR", "1", DAY),
            leaf("TLF", "1", text(1, 100)),
            leaf("DS", "1", DIAGNOSIS),
            leaf("KOD_PFO", "1", NUMBER),
            leaf("KOD_PFK", "1", NUMBER),
            leaf("KOD_DCT", "1", text(1, 20)),
            leaf("DTA_PLN", "1", DAY),
        ),
    ),
    record="ZAP",
    key="NOM_NAP",
)


class KareliaMessage(XmlList):
    """A message is taken whole. A deletion holds the header alone: its only record is the id of what is withdrawn."""

    is_atomic = True

    def read(self, path: Path) -> Content:
        content = super().read(path)
        if content.header.get("TYPE") == DELETE and not content.records:
            content.records.append(Record(1, content.header.get("ID", ""), {}))
        return content

    def _file(self, content: Content, path: Path) -> Iterator[Finding]:
        """A message has no name of its own: it comes through a queue."""
        yield from ()

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        operation, has_body = content.header.get("TYPE", ""), any(record.values for record in content.records)
        if operation == DELETE and has_body:
            yield Finding("ZAP", "В сообщении об удалении направления быть не должно")
        if operation and operation != DELETE and not has_body:
            yield Finding("ZAP", "В сообщении нет направления")


class KareliaReferral(KareliaMessage):
    slug = "krl-hospitalisation-referral"
    title = "Направление на госпитализацию (Карелия)"
    tree = TREE
    name = r"hospitalisation_referral.*"
    past = ("DR", "DTA_NAP")
    names = ("FAM", "IM", "OT")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        values = record.values
        yield from policy_faults(record, "VPOLIS", "NPOLIS")
        yield from in_order(record, "DR", "DTA_NAP", "DTA_PLN")
        number, clinic = values.get("NOM_NAP", ""), values.get("MCOD_NAP", "")
        if len(number) == 16 and clinic and not number.startswith(clinic.zfill(6)):
            yield warning(record, "NOM_NAP", f"Номер направления начинается не с кода клиники {clinic}")
