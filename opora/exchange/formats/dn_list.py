"""GST and GSM — persons under dispensary observation: the region's list for ГИС ОМС, a clinic's part of it.

Source: handbook 20 §4.1 (elements), §4.5 (controls).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import XmlList, finding, in_order, warning
from opora.exchange.xmlpacked import Head

LAST_CASE = ("LAST_SL_MCOD", "LAST_SL_NHISTORY", "LAST_SL_DATE")
ENP = like(r"[A-Za-z0-9]{1,20}", "номер из букв и цифр, до 20 знаков")


def _tree(file_type: str) -> Tree:
    return Tree(
        block(
            "DN_LIST",
            "1",
            block(
                "ZGLV",
                "1",
                leaf("VERSION", "1", like(r"P1\.20", "версия P1.20")),
                leaf("FILE_TYPE", "1", codes(file_type)),
                leaf("DATA", "1", DAY),
                leaf("FILENAME", "1", text(1, 50)),
                leaf("REGION_CD", "1", like(r"\d{2}", "две цифры")),
                leaf("NN_FILE", "1", NUMBER),
                leaf("SD_Z", "1", NUMBER),
            ),
            block(
                "ZAP",
                "1..n",
                leaf("CODE_L", "1", text(1, 36)),
                leaf("ENP", "1", ENP),
                leaf("CODE_PINF", "1", codes("ДН")),
                leaf("DN_PATIENT_ID", "0..1", text(0, 50)),
                leaf("DIAG_CODE", "1", DIAGNOSIS),
                leaf("DIAG_DATE", "1", DAY),
                leaf("DATE_DN_IN", "1", DAY),
                leaf("DATE_DN_OUT", "0..1", DAY),
                leaf("DN_PRVS", "1", NUMBER),
                leaf("LAST_SL_MCOD", "0..1", text(0, 6)),
                leaf("LAST_SL_NHISTORY", "0..1", text(0, 50)),
                leaf("LAST_SL_DATE", "0..1", DAY),
                leaf("STATUS_DN_IN", "1", codes("1", "2")),
                leaf("REASON_DN_OUT", "0..1", text(0, 50)),
                leaf("REASON_DN_IN", "1", like(r"10[1-7]", "основание от 101 до 107")),
                leaf("MCOD", "1", text(1, 10)),
                leaf("MO_ASSIGN", "0..1", codes("0", "1")),
                leaf("DATE_CHECKING", "1", DAY),
            ),
        ),
        record="ZAP",
        key="CODE_L",
    )


class _DnList(XmlList):
    count, own_name, enp = "SD_Z", "FILENAME", ("ENP",)
    past = ("DIAG_DATE", "DATE_DN_IN", "DATE_DN_OUT", "LAST_SL_DATE", "DATE_CHECKING")

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from region_of_name(content, path)

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from in_order(record, "DIAG_DATE", "DATE_DN_IN", "DATE_DN_OUT")
        yield from removal(record)
        filled = [name for name in LAST_CASE if record.values.get(name)]
        if filled and len(filled) < len(LAST_CASE):
            missing = next(name for name in LAST_CASE if name not in filled)
            yield warning(record, missing, "Последний случай заполнен не целиком: нужны клиника, карта и дата")


class Gsm(_DnList):
    slug = "gsm-dn-list-mo"
    title = "Список диспансерного наблюдения от клиники (GSM)"
    tree = _tree("GSM")
    name = r"GSM\d{6}_\d+_\d+"

    def knows(self, head: Head) -> bool:
        return head.values.get("FILE_TYPE") == "GSM"


class Gst(_DnList):
    slug = "gst-dn-list"
    title = "Список диспансерного наблюдения региона (GST)"
    tree = _tree("GST")
    name = r"GST\d+_\d+_\d+"


def removal(record: Record) -> Iterator[Finding]:
    """A day of removal needs its reason and the other way round."""
    day, reason = record.values.get("DATE_DN_OUT"), record.values.get("REASON_DN_OUT")
    if day and not reason:
        yield finding(record, "REASON_DN_OUT", "Указана дата снятия с наблюдения без причины")
    if reason and not day:
        yield finding(record, "DATE_DN_OUT", "Указана причина снятия с наблюдения без даты")


def region_of_name(content: Content, path: Path) -> Iterator[Finding]:
    """The territory of the header is the sender's: the first two digits after the letters of the file name."""
    said = content.header.get("REGION_CD", "")
    found = re.match(r"[A-Za-z]+(\d{2})", path.stem)
    if said and found and found[1] != said:
        yield Finding("REGION_CD", f"В заголовке территория {said[:20]}, а имя файла говорит о {found[1]}")


def a_period(content: Content) -> Iterator[Finding]:
    """``YYYYMM`` must name a month."""
    said = content.header.get("PERIOD", "")
    if re.fullmatch(r"\d{6}", said) and not 1 <= int(said[4:]) <= 12:
        yield Finding("PERIOD", f"Месяца {said[4:]} не бывает")
