"""Volgograd, clinic → fund: the year plan by months and medical areas (R05). Handbook 20 §8.2.

It holds numbers, not people: there are no records to accept one by one, the plan is taken whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Block, Finding
from opora.exchange.format import Content, OfNumbers
from opora.exchange.formats.vlg import DATE_F, MONTH, NAME_F, SIX, YEAR, VlgList, version
from opora.exchange.tree import NUMBER, Tree, block, codes, leaf, like, text

PEOPLE = like(r"[0-9]{1,7}", "число людей")
KIND = codes("R", "O", "D", "P", "Y")
WRONG_SUM = "510"  # the fund's own code of a sum that does not hold
MONTHS = 12


class VlgPlan(VlgList, OfNumbers):
    slug = "vlg-r05-year-plan"
    title = "План профилактических мероприятий на год (Волгоград, R05)"
    name = r"R05T34M\d{6}_\d{2}00\d{3}"
    kinds = ("R05",)
    is_atomic = True
    is_key_unique = False
    tree = Tree(
        block(
            "ZL_LIST",
            "1",
            block("ZGLV", "1", version("3.0"), DATE_F, NAME_F),
            block(
                "GENERAL_INFO",
                "1",
                leaf("CODEM", "1", SIX),
                leaf("YEAR", "1", YEAR),
                leaf("SIGN", "1", codes("0", "1")),
                block(
                    "VOLUMES",
                    "1",
                    block("VOLUME", "5", leaf("PREVENTIVE_ACTION", "1", KIND), leaf("QUANTITY", "1", PEOPLE)),
                ),
            ),
            block(
                "ZAPS",
                "1",
                block(
                    "ZAP",
                    "12",
                    leaf("MONTH", "1", MONTH),
                    block(
                        "QUANTITY_INFO",
                        "0..5",
                        leaf("PR_ACTION", "1", KIND),
                        leaf("QUANTITY_MONTH", "1", PEOPLE),
                        block(
                            "RECORDS",
                            "1",
                            block(
                                "RECORD",
                                "0..n",
                                leaf("CODE_R", "1", NUMBER),
                                leaf("NAME_DISTRICT", "1", text(1, 20)),
                                leaf("QUANTITY_D", "1", PEOPLE),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        record="ZAPS/ZAP",
        key="MONTH",
    )

    def read(self, path: Path) -> Content:
        """Months are parts of one plan: they become blocks, and what is wrong with one is wrong with the file."""
        content = super().read(path)
        months = [Block(record.values, record.blocks) for record in content.records]
        findings = [
            Finding(found.field, found.message if found.place is None else f"Месяц {found.place}: {found.message}")
            for found in content.findings
        ]
        return Content([], content.header, findings, content.blocks | {"ZAP": months})

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        yield from super().control(content, context, path)
        months = content.blocks.get("ZAP", [])
        yield from _once("MONTH", "Месяц", [month.values.get("MONTH", "") for month in months])
        if any(not 1 <= _number(month, "MONTH") <= MONTHS for month in months):
            yield Finding("MONTH", "Месяцы бывают от 1 до 12")
        yield from _once("CODE_R", "Номер CODE_R", [area.values.get("CODE_R", "") for area in _areas(months)])
        yield from _sums(content)


def _sums(content: Content) -> Iterator[Finding]:
    volumes = content.blocks.get("VOLUME", [])
    kinds = [volume.values.get("PREVENTIVE_ACTION", "") for volume in volumes]
    yield from _once("PREVENTIVE_ACTION", "Вид", kinds)
    planned: Counter[str] = Counter()
    for month in content.blocks.get("ZAP", []):
        number = month.values.get("MONTH", "")
        infos = month.blocks.get("QUANTITY_INFO", [])
        yield from _once("PR_ACTION", f"Месяц {number}: вид", [info.values.get("PR_ACTION", "") for info in infos])
        for info in infos:
            kind, held = info.values.get("PR_ACTION", ""), _number(info, "QUANTITY_MONTH")
            planned[kind] += held
            areas = sum(_number(area, "QUANTITY_D") for area in info.blocks.get("RECORD", []))
            if areas != held:
                said = f"Месяц {number}, вид {kind}: по участкам {areas}, а за месяц указано {held}"
                yield Finding("QUANTITY_MONTH", said, code=WRONG_SUM)
    for volume in volumes:
        kind, year = volume.values.get("PREVENTIVE_ACTION", ""), _number(volume, "QUANTITY")
        if planned[kind] != year:
            said = f"Вид {kind}: по месяцам {planned[kind]}, а за год указано {year}"
            yield Finding("QUANTITY", said, code=WRONG_SUM)


def _areas(months: list[Block]) -> Iterator[Block]:
    for month in months:
        for info in month.blocks.get("QUANTITY_INFO", []):
            yield from info.blocks.get("RECORD", [])


def _once(field: str, what: str, values: list[str]) -> Iterator[Finding]:
    for value, times in Counter(values).items():
        if value and times > 1:
            yield Finding(field, f"{what} {value} встречается {times} раза")


def _number(part: Block, name: str) -> int:
    value = part.values.get(name, "")
    return int(value) if value.isdecimal() and value.isascii() else 0
