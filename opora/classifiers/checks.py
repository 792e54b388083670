"""What must hold in a classifier's file beyond the shape of its fields. Each fault is (path, sentence). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from opora.classifiers import words
from opora.classifiers.tables import ANY, generations, table
from opora.classifiers.words import Flag, Kind

type Fault = tuple[list[str | int], str]

TOPIC = "topic"
ORGANISATIONS = {"provider": "клиники", "insurer": "страховой"}
CODE = re.compile(r"\d{1,20}")  # of an organisation, as its own table has it
VOCABULARIES: dict[str, frozenset[str]] = {
    "kind": frozenset(words.Kind.values),
    "form": frozenset(words.Form.values),
    "channel": frozenset(words.Channel.values),
    "answer_channel": frozenset(words.Channel.values),
    "origin": frozenset(words.Origin.values),
    "standing": frozenset(words.Standing.values),
    "line": frozenset(words.Line.values),
    "verdict": frozenset(words.Verdict.values),
    "outcome": frozenset(words.Outcome.values),
    "responsible": frozenset(words.Responsible.values),
    "outside": frozenset(words.Outside.values),
}
COUNTED_ALIKE: dict[str, set[str]] = {"consultation": {"consultation"}, "complaint": {"complaint"}}


def dates(since: date, until: date | None) -> Iterator[Fault]:
    if until is not None and until < since:
        yield ["until"], "версия кончается раньше, чем начинается"


def topics(found: list[dict[str, Any]], moved: dict[str, str]) -> Iterator[Fault]:
    """Codes once, parents first, every row in its table and of its kind, moved codes lead to topics."""
    seen: set[str] = set()
    for place, topic in enumerate(found):
        here: list[str | int] = ["topics", place]
        code, parent = topic["code"], topic["parent"]
        if code in seen:
            yield [*here, "code"], f"код «{code}» уже есть выше"
        if parent and parent not in seen:
            yield [*here, "parent"], f"темы «{parent}», в которую входит «{code}», выше нет"
        seen.add(code)
        for name in ("kinds", "flags"):
            if len(set(topic[name])) < len(topic[name]):
                yield [*here, name], "одно и то же названо дважды"
        for fault, sentence in rows(topic["rows"], set(topic["kinds"])):
            yield [*here, "rows", *fault], sentence
    for old, new in moved.items():
        if new not in seen:
            yield ["moved", old], f"темы «{new}» в этой версии нет"
        if old in seen:
            yield ["moved", old], f"тема «{old}» есть в самой версии: ей не нужно никуда переходить"


def rows(found: dict[str, dict[str, str]], kinds: set[str]) -> Iterator[Fault]:
    """Rows of one topic: the generation exists, the row is in it and counts this kind, no main kind is left out."""
    for generation, by_kind in found.items():
        if generation not in generations():
            yield [generation], f"таблицы «{generation}» нет, есть: {', '.join(generations())}"
            continue
        form = table(generation)
        for kind, row in by_kind.items():
            if kind != ANY and kind not in Kind.values:
                yield [generation, kind], f"вида обращения «{kind}» нет"
            elif row not in form.rows:
                yield [generation, kind], f"строки «{row}» нет: {form.title}"
            elif form.rows[row].kind not in {ANY, *COUNTED_ALIKE.get(kind, {form.rows[row].kind})}:
                yield [generation, kind], f"строка «{row}» не для этого вида обращений"
        for kind in sorted(kinds & {Kind.CONSULTATION, Kind.COMPLAINT} - set(by_kind)):
            if form.defaults and ANY not in by_kind:
                yield [generation], f"не сказано, куда идёт {Kind(kind).label.lower()}"


def lists(found: dict[str, list[dict[str, Any]]]) -> Iterator[Fault]:
    """Our words exist; a code is read one way; a word is written one way."""
    for of, pairs in found.items():
        head, _, kind = of.partition(":")
        if head != TOPIC and of not in {*ORGANISATIONS, *VOCABULARIES}:
            yield ["lists", of], f"списка «{of}» нет, есть: {', '.join([*VOCABULARIES, TOPIC, *ORGANISATIONS])}"
            continue
        if kind and kind not in Kind.values:
            yield ["lists", of], f"вида обращения «{kind}» нет"
        read: set[str] = set()
        written: set[str] = set()
        whole: set[tuple[str, str]] = set()
        for place, pair in enumerate(pairs):
            here: list[str | int] = ["lists", of, place]
            if of in ORGANISATIONS and not CODE.fullmatch(pair["ours"]):
                yield [*here, "ours"], f"«{pair['ours']}» — не код {ORGANISATIONS[of]}, нужны цифры"
            elif of in VOCABULARIES and pair["ours"] not in VOCABULARIES[of]:
                yield [*here, "ours"], f"слова «{pair['ours']}» в списке «{of}» нет"
            strange = set(pair["ours"].split("+")[1:]) - set(Flag.values) if head == TOPIC else set()
            if strange:
                yield [*here, "ours"], f"признака «{min(strange)}» нет"
            if (pair["ours"], pair["theirs"]) in whole:
                yield here, "такая строка уже есть выше"
            whole.add((pair["ours"], pair["theirs"]))
            if pair["reads"] and pair["theirs"] in read:
                yield [*here, "theirs"], f"код «{pair['theirs']}» уже читается иначе: оставьте reads одной строке"
            if pair["writes"] and pair["ours"] in written:
                yield [*here, "ours"], f"«{pair['ours']}» уже пишется иначе: оставьте writes одной строке"
            read |= {pair["theirs"]} if pair["reads"] else set()
            written |= {pair["ours"]} if pair["writes"] else set()
