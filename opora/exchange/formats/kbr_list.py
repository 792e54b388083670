"""DPL — people of Kabardino-Balkaria to be informed: an archive of two files, cases and persons. Handbook 20 §11.

Only some of the tags were established; the others are passed over, and their order is not asked. The answer is DPO.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.kbr import MOST_RECORDS
from opora.exchange.lists.kbr_codes import MEASURES
from opora.exchange.people import an_enp, name_faults, remark, repeats
from opora.exchange.tree import DAY, Node, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.treereader import read_tree
from opora.exchange.xmllist import snils_doubts
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import DAMAGED, ZIP, Limits, check_members

LIMITS = Limits(file=50 << 20, unpacked=200 << 20, members=2)
CASES = Tree(
    block(
        "ZL_LIST",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", text(1, 5)),
            leaf("DATA", "0..1", DAY),
            leaf("YEAR", "0..1", like(r"\d{4}", "год")),
        ),
        block(
            "ZAP",
            f"1..{MOST_RECORDS}",
            leaf("N_ZAP", "1", text(1, 36)),
            leaf("DISP", "1", text(1, 3)),
            block(
                "PACIENT",
                "1",
                leaf("ID_PAC", "1", text(1, 36)),
                leaf("ENP", "0..1", text(0, 16)),
                leaf("SMO", "0..1", text(0, 5)),
            ),
            block("SLUCH", "1", leaf("IDCASE", "1", text(1, 36)), leaf("LPU", "1", text(1, 6))),
        ),
    ),
    record="ZAP",
    key="IDCASE",
    ordered=False,
)
PERSONS = Tree(
    block(
        "PERS_LIST",
        "1",
        block(
            "PERS",
            "1..n",
            leaf("ID_PAC", "1", text(1, 36)),
            leaf("FAM", "1", text(1, 40)),
            leaf("IM", "1", text(1, 40)),
            leaf("OT", "0..1", text(0, 40)),
            leaf("W", "1", codes("1", "2")),
            leaf("DR", "1", DAY),
            leaf("SNILS", "0..1", text(0, 14)),
        ),
    ),
    record="PERS",
    key="ID_PAC",
    ordered=False,
)


class KbrList:
    slug = "kbr-dpl-list"
    title = "Список для информирования (DPL, Кабардино-Балкария)"
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        with path.open("rb") as stream:
            return stream.read(8).startswith(ZIP) and path.name.upper().startswith("DPL")

    def read(self, path: Path) -> Content:
        parts = _members(path)
        content = _known(read_tree(io.BytesIO(_only(parts, CASES)), CASES), CASES)
        persons = _known(read_tree(io.BytesIO(_only(parts, PERSONS)), PERSONS), PERSONS)
        people = {record.key: record for record in persons.records}
        wrong = {finding.place: finding for finding in persons.findings if finding.place}
        for record in content.records:
            person = people.get(record.values.get("ID_PAC", ""))
            if person is None:
                content.findings.append(remark(record, "ID_PAC", "Такого человека нет в файле персон"))
                continue
            record.values.update(person.values)
            if fault := wrong.get(person.place):
                content.findings.append(remark(record, fault.field, fault.message))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        if not (content.header.get("YEAR") or content.header.get("DATA")):
            yield Finding("YEAR", "В заголовке нет ни года, ни даты списка")
        for record in content.records:
            yield from _control(record, context)
        yield from repeats(content.records, "IDCASE", "Такой случай в этом файле уже был")

    def broken(self, sentence: str) -> Finding:
        return Finding("FILE", sentence)


def _control(record: Record, context: Context) -> Iterator[Finding]:
    values = record.values
    if values.get("DISP") and values["DISP"] not in MEASURES:
        yield remark(record, "DISP", f"Мероприятие «{values['DISP']}» не известно, бывает: {', '.join(MEASURES)}")
    if values.get("ENP") and (sentence := an_enp(values["ENP"], context)):
        yield remark(record, "ENP", sentence)
    born = parse_day(values.get("DR", ""))
    if born and born > context.as_of:
        yield remark(record, "DR", "Дата не может быть в будущем")
    yield from snils_doubts(record, "SNILS")
    yield from name_faults(record, "FAM", "IM", "OT")


def _members(path: Path) -> list[bytes]:
    if path.stat().st_size > LIMITS.file:
        raise TableRefused(f"Архив больше допустимого: можно до {LIMITS.file >> 20} МБ.")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            check_members(members, LIMITS)
            if any("/" in one.filename or "\\" in one.filename for one in members):
                raise TableRefused("Файл лежит в архиве внутри папки. Положите его в корень архива.")
            return [archive.read(one) for one in members]
    except DAMAGED as fault:
        raise TableRefused("Архив испорчен, обрывается или под паролем.") from fault


def _only(parts: list[bytes], tree: Tree) -> bytes:
    """Return the file with the root of ``tree``: names inside the archive were not established."""
    opening = f"<{tree.root.name}".encode()
    found = [raw for raw in parts if opening in raw[:4096]]
    if len(found) != 1:
        raise TableRefused(f"В архиве должен быть один файл <{tree.root.name}>, а их {len(found)}.")
    return found[0]


def _known(content: Content, tree: Tree) -> Content:
    names = set(_names(tree.root))
    content.findings = [finding for finding in content.findings if finding.field in names]
    return content


def _names(node: Node) -> Iterator[str]:
    yield node.name
    for child in node.children:
        yield from _names(child)
