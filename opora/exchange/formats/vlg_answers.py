"""Volgograd, fund → clinic: answers to R01, R11, R05 and D01. Handbook 20 §8.4.

The name of the root is not established: readers of the peer look only at its children, and so do we.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.vlg import DATE_F, MONTH, NAME_F, VlgList, refuse_other_encoding
from opora.exchange.formats.vlg_plan import KIND
from opora.exchange.tree import NUMBER, Node, Tree, block, codes, leaf, like, text
from opora.exchange.treereader import read_tree
from opora.exchange.xmllist import answered, finding
from opora.exchange.xmlpacked import Head, head_of, unpacked

ACCEPTED = "1"
CODE = like(r"[0-9]{1,3}", "код ошибки до трёх цифр")
ENP = like(r"[0-9]{16}", "16 цифр")
TO_PEOPLE = (
    leaf("ZAP", "1", like(r"[0-9]{1,6}", "номер до шести цифр")),
    leaf("ENP", "0..1", ENP),
    leaf("SMO", "0..1", like(r"[0-9]{5}", "пять цифр")),
    leaf("RESULT", "1", codes("1", "2", "3", "4")),
    block("ERRORS", "0..1", leaf("ERROR", "1..n", CODE)),
)
TO_PLAN = (
    leaf("CODE_R", "1", NUMBER),
    leaf("PR_ACTION", "1", KIND),
    leaf("MONTH", "1", MONTH),
    leaf("ERROR", "1", CODE),
)


def _tree(key: str, record: tuple[Node, ...]) -> Tree:
    return Tree(
        block(
            "FLK_P",  # the root we write; any is read
            "1",
            block("ZGLV", "1", leaf("VERSION", "1", text(1, 5)), DATE_F, NAME_F, leaf("NAME_FE", "1", text(1, 26))),
            leaf("ERRS", "0..n", CODE),
            block("ZAPS", "0..n", *record),
        ),
        record="ZAPS",
        key=key,
    )


class _Answer(VlgList):
    past = ("DATE_F",)

    def recognises(self, path: Path) -> bool:
        head = head_of(path)
        return self.knows(head) if head.root else super().recognises(path)

    def knows(self, head: Head) -> bool:
        return "NAME_FE" in head.values and head.values.get("NAME_F", "").upper().startswith(self.kinds)

    def read(self, path: Path) -> Content:
        refuse_other_encoding(path)
        root = head_of(path).root or self.tree.root.name
        with unpacked(path, limits=self.limits) as stream:
            return read_tree(stream, replace(self.tree, root=replace(self.tree.root, name=root)))

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        """A file that answers none of ours is kept aside even when it names no record."""
        answered_file = content.header.get("NAME_FE", "")
        if not content.records and context.sent is not None and context.keys_sent(answered_file) is None:
            yield Finding("NAME_FE", f"Ответ на файл {answered_file[:60]}, которого мы не отправляли")


class VlgAnswer(_Answer):
    slug = "vlg-answers-r02-r12-d02"
    title = "Ответ фонда на список людей (Волгоград)"
    name = r"(PR(01|11)T34M\d{6}|PD01T34M\d{6}|(R02|R12|D02)M\d{6}T34)_\d{7}"
    kinds = ("PR01", "PR11", "PD01", "R02", "R12", "D02")
    tree = _tree("ZAP", TO_PEOPLE)

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        if record.values.get("RESULT") == ACCEPTED and record.blocks.get("ERROR"):
            yield finding(record, "RESULT", "Запись принята, но у неё названы ошибки")

    def control(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().control(content, context, path)
        file = content.header.get("NAME_FE", "")
        for record in content.records:
            yield from answered(record, context, file=file, key=record.key, field="ZAP")


class VlgPlanAnswer(_Answer):
    """The record is a line of the plan; one line may have several errors."""

    slug = "vlg-answers-r06"
    title = "Ответ фонда на план года (Волгоград)"
    name = r"(PR05T34M\d{6}|R06M\d{6}T34)_\d{7}"
    kinds = ("PR05", "R06")
    is_key_unique = False
    tree = _tree("CODE_R", TO_PLAN)

    def control(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().control(content, context, path)
        file = content.header.get("NAME_FE", "")
        for record in content.records:
            yield from answered(record, context, file=file, key=record.key, field="CODE_R")
