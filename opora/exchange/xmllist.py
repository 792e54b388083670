r"""A list of a partner in XML as a format: its tree, its name, its key — and the controls all such lists share.

class Gst(XmlList):
    slug, title, tree = "gst-dn-list", "…", TREE
    name = r"GST\d+_\d+_\d+"
    count, own_name, enp = "SD_Z", "FILENAME", ("ENP",)

    def knows(self, head: Head) -> bool: ...
    def of_record(self, record: Record, context: Context) -> Iterator[Finding]: ...
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from opora.exchange.context import Context, bare_name
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.people import name_faults
from opora.exchange.tree import Tree, parse_day
from opora.exchange.treereader import read_tree
from opora.exchange.xmlpacked import LIMITS, Head, head_of, unpacked
from opora.shared import enp, snils
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import Limits

LETTERS_TO_JUDGE = 4000
MOJIBAKE = re.compile("[РС][\u0080-\u040f\u0450-\u04ff\u2000-\u2122]")
OLDEST, YEARS_AHEAD = 1900, 2  # assumed: a wrong digit of a year, not somebody of great age or a plan for a decade
RUSSIAN = re.compile("[А-Яа-яЁё]")


class XmlList:
    """A list of persons taken record by record. A subclass is one page: a tree and what only it knows.

    ``name`` is a pattern over the file's name without extension, ``count`` the header field that must equal the number
    of records, ``own_name`` the header field that repeats the file's name, ``enp`` the fields with a check digit,
    ``past`` days that cannot be in the future, ``ahead`` days of a plan, not far from today, ``names`` fields where
    letters of another alphabet are a warning.
    """

    slug: str
    title: str
    tree: Tree
    name: str = ""
    is_atomic: bool = False
    count: str = ""
    own_name: str = ""
    enp: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    limits: Limits = LIMITS
    is_key_unique: bool = True

    def recognises(self, path: Path) -> bool:
        """By the content; a file that cannot be looked into (a cut archive, two members) goes by its name."""
        head = head_of(path)
        if head.root:
            return head.root == self.tree.root.name and self.knows(head)
        return bool(self.name) and path.suffix.lower() in {".zip", ".xml"} and self.is_name(path.stem)

    def knows(self, head: Head) -> bool:
        """Whether a file with our root is ours: several partners share the root ZL_LIST."""
        return True

    def is_name(self, stem: str) -> bool:
        return re.fullmatch(self.name, stem, re.IGNORECASE) is not None

    def read(self, path: Path) -> Content:
        with unpacked(path, limits=self.limits) as stream:
            content = read_tree(stream, self.tree)
        refuse_mojibake(content.records)
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        yield from self._file(content, path)
        yield from self.of_file(content, context, path)
        seen: set[str] = set()
        for record in content.records:
            if self.is_key_unique and record.key:
                if record.key in seen:
                    yield finding(record, self.tree.key, "Запись с таким ключом в этом файле уже была")
                seen.add(record.key)
            yield from self._record(record, context)
            yield from self.of_record(record, context)

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        """Controls of the header that this format alone has."""
        yield from ()

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        """Controls of a record that this format alone has."""
        yield from ()

    def broken(self, sentence: str) -> Finding:
        return Finding("FILE", sentence)

    def _file(self, content: Content, path: Path) -> Iterator[Finding]:
        if self.name and not self.is_name(path.stem):
            yield Finding("FILE", f"Имя файла «{path.stem[:80]}» не такое, как положено этому формату")
        own = content.header.get(self.own_name, "")
        if own and bare_name(own) != path.stem.upper():
            yield Finding(self.own_name, f"В заголовке имя «{own[:80]}», а файл называется «{path.stem[:80]}»")
        said, held = content.header.get(self.count, ""), len(content.records)
        if said.isdecimal() and int(said) != held:
            yield Finding(self.count, f"В заголовке записей {int(said)}, в файле {held}")

    def _record(self, record: Record, context: Context) -> Iterator[Finding]:
        values = record.values
        for name in self.enp:
            number = values.get(name)
            if number and not enp.is_valid(number):
                yield finding(record, name, "Контрольная цифра ЕНП не сходится: проверьте номер")
        for name in self.past:
            day = parse_day(values.get(name, ""))
            if day and day > context.as_of:
                yield finding(record, name, "Дата не может быть в будущем")
            elif day and day.year < OLDEST:
                yield finding(record, name, f"Год раньше {OLDEST}: проверьте дату")
        for name in self.ahead:
            day = parse_day(values.get(name, ""))
            if day and abs(day.year - context.as_of.year) > YEARS_AHEAD:
                yield finding(record, name, f"Год {day.year} слишком далёк от нынешнего: проверьте дату")
        if self.names:
            yield from name_faults(record, *self.names)


def finding(record: Record, field: str, message: str) -> Finding:
    return Finding(field, message, record.key or None, record.place)


def warning(record: Record, field: str, message: str) -> Finding:
    return Finding(field, message, record.key or None, record.place, Severity.WARNING)


def in_order(record: Record, *fields: str) -> Iterator[Finding]:
    """Days that must follow each other, empty ones left out; the finding stands at the later of two."""
    former: tuple[str, date] | None = None
    for name in fields:
        day = parse_day(record.values.get(name, ""))
        if day is None:
            continue
        if former and day < former[1]:
            yield finding(record, name, f"{name} раньше, чем {former[0]}")
        former = (name, day)


def together(record: Record, *fields: str) -> Iterator[Finding]:
    """Fields filled all or none; the finding stands at each that is missing."""
    filled = [name for name in fields if record.values.get(name)]
    if filled:
        for name in fields:
            if name not in filled:
                yield finding(record, name, f"Заполняется вместе с {filled[0]}")


def snils_doubts(record: Record, *fields: str) -> Iterator[Finding]:
    """A wrong control number of СНИЛС is a warning: people are matched by ЕНП and name, doctors not at all."""
    for name in fields:
        digits = record.values.get(name, "").replace("-", "").replace(" ", "")
        if len(digits) == snils.LENGTH and not snils.is_valid(digits):
            yield warning(record, name, "Контрольное число СНИЛС не сходится")


def answered(record: Record, context: Context, *, file: str, key: str, field: str) -> Iterator[Finding]:
    """An answer to a record we never sent is kept aside for a person: an error of this record alone.

    ``file`` is the name of the file that is answered, ``key`` our key in it, ``field`` where the answer names the key.
    """
    if context.sent is None:
        return
    keys = context.keys_sent(file)
    if keys is None:
        yield finding(record, field, f"Ответ на файл {file[:60] or '(имя не указано)'}, которого мы не отправляли")
    elif key not in keys:
        yield finding(record, field, f"Ответ на запись {key[:60]}, которой не было в файле {file[:60]}")


def refuse_mojibake(records: Iterable[Record]) -> None:
    """UTF-8 read as windows-1251 gives «Р» or «С» with a sign after it instead of every letter."""
    met = strange = 0
    for record in records:
        for value in record.values.values():
            if value.isascii():
                continue
            met += len(RUSSIAN.findall(value))
            strange += 2 * len(MOJIBAKE.findall(value))
        if met > LETTERS_TO_JUDGE:
            break
    if met > 1 and strange > met:
        raise TableRefused("Кодировка в объявлении не та: русские буквы записаны в UTF-8, а объявлена windows-1251.")
