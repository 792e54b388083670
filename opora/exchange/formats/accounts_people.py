"""The L file of an account: people, and how they are joined to the cases by ``ID_PAC``."""

from __future__ import annotations

from pathlib import Path

from opora.exchange.context import bare_name
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.people import remark
from opora.exchange.tree import DAY, Tree, block, codes, leaf, text
from opora.exchange.treereader import read_tree
from opora.exchange.xmllist import refuse_mojibake
from opora.exchange.xmlpair import Part, opened

PEOPLE = Tree(
    block(
        "PERS_LIST",
        "1",
        block("ZGLV", "0..1", leaf("FILENAME", "0..1", text(0, 40)), leaf("FILENAME1", "0..1", text(0, 40))),
        block(
            "PERS",
            "1..n",
            leaf("ID_PAC", "1", text(1, 36)),
            leaf("FAM", "0..1", text(0, 40)),
            leaf("IM", "0..1", text(0, 40)),
            leaf("OT", "0..1", text(0, 40)),
            leaf("W", "1", codes("1", "2")),
            leaf("DR", "1", DAY),
            leaf("SNILS", "0..1", text(0, 14)),
        ),
    ),
    record="PERS",
    key="ID_PAC",
    ordered=False,
    is_open=True,
)


def read_people(path: Path, part: Part) -> Content:
    with opened(path, part) as stream:
        people = read_tree(stream, PEOPLE)
    refuse_mojibake(people.records)
    return people


def joined(content: Content, people: Content, mentioned: set[str]) -> None:
    """Add to each case who it is about, and to the findings all that does not fit together.

    ``mentioned`` are the people of all cases, also of those that were left out.
    """
    content.findings += _of_file(content, people)
    known: dict[str, Record] = {}
    double: set[str] = set()
    for person in people.records:
        former = known.setdefault(person.key, person)
        if former is not person and former.values != person.values:
            double.add(person.key)
    wrong: dict[int, list[Finding]] = {}
    for one in people.findings:
        if one.place is not None:
            wrong.setdefault(one.place, []).append(one)
    for record in content.records:
        _join(content, record, known, double, wrong)
    for key in known:
        if key not in mentioned:
            message = f"Человек {key[:36]} есть в файле людей, а случая с ним нет"
            content.findings.append(Finding("ID_PAC", message, severity=Severity.WARNING))


def _join(
    content: Content,
    record: Record,
    known: dict[str, Record],
    double: set[str],
    wrong: dict[int, list[Finding]],
) -> None:
    key = record.values.get("ID_PAC", "")
    person = known.get(key)
    if person is None:
        content.findings.append(remark(record, "ID_PAC", "Такого человека нет в файле людей"))
        return
    if key in double:
        content.findings.append(remark(record, "ID_PAC", "Под этим номером в файле людей два разных человека"))
        return
    record.values.update(person.values)
    for fault in wrong.get(person.place, ()):
        content.findings.append(remark(record, fault.field, f"В файле людей: {fault.message}"))


def _of_file(content: Content, people: Content) -> list[Finding]:
    """What is wrong with the file of people as a whole: it may belong to another account."""
    found = [one for one in people.findings if one.place is None]
    other = people.header.get("FILENAME1", "")
    own = {bare_name(content.header.get(name, "")) for name in ("FILENAME", "@file")}
    if other and bare_name(other) not in own:
        found.append(Finding("FILENAME1", f"Файл людей относится к другому файлу: «{other[:80]}»"))
    return found
