"""DF — who is due for dispensarisation and how far he is, as ГИС ОМС sees it. Handbook 20 §4.4, §4.5; 03 §5.3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.dn_list import a_period, region_of_name
from opora.exchange.tree import DAY, NUMBER, Tree, block, leaf, like, text
from opora.exchange.xmllist import XmlList, finding
from opora.informing.words import Measure

TREE = Tree(
    block(
        "DISP",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", like(r"D1\.00", "версия D1.00")),
            leaf("DATA", "1", DAY),
            leaf("FILENAME", "1", text(1, 50)),
            leaf("REGION_CD", "1", like(r"\d{2}", "две цифры")),
            leaf("PERIOD", "1", like(r"\d{6}", "период вида ГГГГММ")),
            leaf("SD_Z", "1", NUMBER),
        ),
        block(
            "ZAP",
            "1..n",
            leaf("MASTER_PERSON_ID", "1", text(1, 50)),
            leaf("ENP", "1", text(1, 20)),
            leaf("DR", "1", DAY),
            leaf("POL_NAME", "1", text(1, 10)),
            leaf("SMO", "1", text(1, 5)),
            leaf("ATTACH_MO_CD", "1", text(1, 10)),
            leaf("ATTACH_MO_VERS", "1", text(1, 10)),
            leaf("ATTACH_DATE", "0..1", DAY),
            leaf("SMO_REGION_CD", "1", text(1, 10)),
            leaf("DISPANS_TYPE", "1", text(1, 10)),
            leaf("DISPANS_TYPE_NAME", "1", text(1, 100)),
            leaf("DISPANS_STATUS", "1", text(1, 10)),
        ),
    ),
    record="ZAP",
    key="MASTER_PERSON_ID",
)

MEASURES = {  # handbook 21 §4, and УД as seen in the file
    "ДВ1": Measure.SCREENING,
    "ДВ4": Measure.SCREENING,
    "ДВ2": Measure.SCREENING_2,
    "ОПВ": Measure.CHECKUP,
    "УД": Measure.EXTENDED,
}
BY_NAME = (  # the list of codes is not published: an unknown code is read by its name, the first that fits
    ("репродуктив", Measure.FERTILITY),
    ("углубл", Measure.EXTENDED),
    ("ii этап", Measure.SCREENING_2),
    ("диспансерное наблюдение", Measure.OBSERVATION),
    ("диспансеризац", Measure.SCREENING),
    ("профилактич", Measure.CHECKUP),
)


def measure_of(code: str, name: str) -> Measure | None:
    """Return our measure.

    >>> measure_of("ДВ4", ""), measure_of("У2", "Углублённая диспансеризация"), measure_of("X", "Осмотр")
    (Measure.SCREENING, Measure.EXTENDED, None)
    """
    plain = " ".join(name.casefold().replace("ё", "е").split())
    return MEASURES.get(code.upper()) or next((measure for words, measure in BY_NAME if words in plain), None)


class Df(XmlList):
    slug = "df-disp-status"
    title = "Состояние диспансеризации из ГИС ОМС (DF)"
    tree = TREE
    name = r"DF\d+_\d+"
    count, own_name, enp = "SD_Z", "FILENAME", ("ENP",)
    past = ("DR", "ATTACH_DATE")
    is_key_unique = False  # one person stands once for each kind of dispensarisation

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from region_of_name(content, path)
        yield from a_period(content)

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        code, name = record.values.get("DISPANS_TYPE", ""), record.values.get("DISPANS_TYPE_NAME", "")
        if code and measure_of(code, name) is None:
            yield finding(record, "DISPANS_TYPE", f"Вид «{code}» — {name[:60]} — не сопоставлен ни с одним нашим")
