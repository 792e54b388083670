"""DPO — the insurer's answer to a list of Kabardino-Balkaria: who was informed, how and when. Handbook 20 §11."""

from __future__ import annotations

from collections.abc import Iterator

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.lists.kbr_codes import CHANNELS, MEASURES, OBSERVATION
from opora.exchange.tree import DAY, DAY_OR_EMPTY, DIAGNOSIS, NUMBER, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import XmlList, finding, in_order, together
from opora.exchange.xmlpacked import Head

MOST_RECORDS = 20_000
DPO = Tree(
    block(
        "ZL_LIST",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", text(1, 5)),
            leaf("DATA", "1", DAY),
            leaf("YEAR", "1", like(r"\d{4}", "год")),
            leaf("FILENAME", "1", text(1, 26)),
            leaf("FILENAME1", "1", text(0, 26)),
        ),
        block(
            "ZAP",
            f"1..{MOST_RECORDS}",
            leaf("DISP", "1", text(1, 3)),
            leaf("IDCASE", "1", text(1, 36)),
            leaf("ID_PAC", "1", text(1, 36)),
            leaf("ENP", "1", text(0, 16)),
            leaf("SMO", "1", like(r"\d{5}", "код страховой из 5 цифр")),
            leaf("LPU", "1", text(1, 6)),
            leaf("NOTIFICATION1", "0..1", codes(*CHANNELS)),
            leaf("DATA_N1", "0..1", DAY),
            leaf("DATA_N2", "1", DAY_OR_EMPTY),
            leaf("IDRMP", "0..1", NUMBER),
            leaf("DS", "0..1", DIAGNOSIS),
            leaf("COMENTS", "0..1", text(0, 250)),
        ),
    ),
    record="ZAP",
    key="IDCASE",
)


class KbrAnswer(XmlList):
    """A fact is whole or it is none: a way without a day, a second informing without the first refuse the record."""

    slug = "kbr-dpo-informing-answer"
    title = "Ответ об информировании (DPO, Кабардино-Балкария)"
    tree = DPO
    name = r"DPO\d{7}_\d{6}"
    own_name, enp = "FILENAME", ("ENP",)
    past = ("DATA_N1", "DATA_N2")

    def knows(self, head: Head) -> bool:
        is_named = head.values.get("FILENAME", "").upper().startswith("DPO")
        return is_named or bool(head.tags & {"DATA_N2", "NOTIFICATION1"})

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        values = record.values
        if values.get("DISP") and values["DISP"] not in MEASURES:
            yield finding(record, "DISP", f"Мероприятие «{values['DISP']}» не известно, бывает: {', '.join(MEASURES)}")
        yield from together(record, "NOTIFICATION1", "DATA_N1")
        if values.get("DATA_N2") and not values.get("DATA_N1"):
            yield finding(record, "DATA_N2", "Второе информирование без первого")
        yield from in_order(record, "DATA_N1", "DATA_N2")
        if values.get("DISP") == OBSERVATION:
            for name in ("IDRMP", "DS"):
                if values.get(name):
                    yield finding(record, name, f"Для {OBSERVATION} результат и диагноз не передают")
