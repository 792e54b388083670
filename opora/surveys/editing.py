"""A questionnaire as a form: what was sent becomes the document, a button moves, adds or takes away. Pure.

Names of fields: ``q-0-text`` of the first question, ``q-0-o-1-label`` of its second option, ``c-0-words`` of a rule.
Codes stay with their questions and options, so that answers of former versions can still be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from opora.surveys.questionnaire import GOOD, MOST_OPTIONS, MOST_QUESTIONS, OWN
from opora.surveys.words import Kind, Role

type Document = dict[str, Any]

CHOSEN = {Kind.ONE, Kind.SEVERAL}
WORDS = ("text", "help", "section", "source")
BLANK_ROWS = 2


@dataclass(slots=True)
class Row:
    """An option on the page: ``to`` is where its answer leads, empty — to the next question."""

    name: str
    code: str
    label: str
    note: str = ""
    is_own: bool = False
    is_good: bool = False
    is_alone: bool = False
    to: str = ""


@dataclass(slots=True)
class Card:
    """A question on the page; ``further`` are those it may lead to."""

    name: str
    place: int
    asked: Document
    rows: list[Row]
    further: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return Kind(self.asked["kind"])

    @property
    def has_own_options(self) -> bool:
        return self.kind in CHOSEN

    @property
    def is_obligatory(self) -> bool:
        return bool(self.asked.get("is_obligatory", True))


def cards(document: Document) -> list[Card]:
    """Return the questions as the page shows them."""
    asked = document.get("questions", [])
    titles = [(one["code"], f"{place + 1}. {one.get('text', '')[:60]}") for place, one in enumerate(asked)]
    return [
        Card(f"q-{place}", place, one, list(_rows(f"q-{place}", one)), titles[place + 1 :])
        for place, one in enumerate(asked)
    ]


def _rows(name: str, asked: Document) -> Iterator[Row]:
    kind = Kind(asked["kind"])
    own = [{"code": code, "label": label} for code, label in OWN.get(kind, [])]
    jumps = {answer: jump["to"] for jump in asked.get("jumps", []) for answer in jump["answers"]}
    good, alone = asked.get("good"), asked.get("alone", [])
    good = GOOD.get(kind, ()) if good is None else good
    blank: list[Document] = [{}] * BLANK_ROWS if kind in CHOSEN else []
    for place, option in enumerate((own or [*asked.get("options", []), *blank])[:MOST_OPTIONS]):
        code = option.get("code", "")
        yield Row(
            f"{name}-o-{place}",
            code,
            option.get("label", ""),
            option.get("note", ""),
            is_own=bool(own),
            is_good=bool(code) and code in good,
            is_alone=bool(code) and code in alone,
            to=jumps.get(code, ""),
        )


def of_form(sent: Mapping[str, str]) -> Document:
    """Return the document a form stands for: empty options are left out, new questions and options get codes."""
    places = range(_number(sent, "questions", MOST_QUESTIONS))
    taken = {sent.get(f"q-{place}-code", "") for place in places}
    asked = [_question(sent, f"q-{place}", taken) for place in places]
    rules = [rule for place in range(_number(sent, "rules", MOST_QUESTIONS)) if (rule := _rule(sent, f"c-{place}"))]
    found: Document = {"hello": _text(sent, "hello"), "goodbye": _text(sent, "goodbye"), "questions": asked}
    return found | {"contradictions": rules}


def do(document: Document, act: str) -> Document:
    """Return the document after a button: ``add``, ``up-2``, ``down-2``, ``drop-2``."""
    asked: list[Document] = list(document.get("questions", []))
    verb, _, place = act.partition("-")
    at = int(place) if place.isdecimal() and len(place) < 4 else -1
    if verb == "add" and len(asked) < MOST_QUESTIONS:
        taken = {one["code"] for one in asked}
        asked.append({"code": _fresh("q", taken), "kind": Kind.ONE.value, "text": "", "source": ""})
    elif 0 <= at < len(asked):
        if verb == "drop":
            del asked[at]
        elif verb == "up" and at:
            asked[at - 1 : at + 1] = [asked[at], asked[at - 1]]
        elif verb == "down" and at + 1 < len(asked):
            asked[at : at + 2] = [asked[at + 1], asked[at]]
    return {**document, "questions": asked}


def faults(document: Document) -> list[str]:
    """Return in words what is left empty; the rest is told by ``questionnaire.read``."""
    found = []
    for place, one in enumerate(document.get("questions", []), 1):
        if not one.get("text"):
            found.append(f"Вопрос {place}: напишите, о чём спросить.")
        if not one.get("source"):
            found.append(f"Вопрос {place}: назовите источник, хотя бы «составлено у нас».")
        if Kind(one["kind"]) in CHOSEN and len(one.get("options", [])) < 2:
            found.append(f"Вопрос {place}: нужны хотя бы два варианта.")
    return found or ([] if document.get("questions") else ["Добавьте хотя бы один вопрос."])


def _question(sent: Mapping[str, str], name: str, taken: set[str]) -> Document:
    kind = sent.get(f"{name}-kind", "")
    found: Document = {
        "code": sent.get(f"{name}-code", "") or _fresh("q", taken),
        "kind": kind if kind in Kind.values else Kind.ONE.value,
        **{word: _text(sent, f"{name}-{word}") for word in WORDS},
        "is_verified": f"{name}-is_verified" in sent,
        "is_obligatory": f"{name}-is_obligatory" in sent,
    }
    taken.add(found["code"])
    if (role := sent.get(f"{name}-role", "")) in Role.values:
        found["role"] = role
    if found["kind"] == Kind.NUMBER:
        found |= {word: _limit(sent, f"{name}-{word}", usual) for word, usual in (("least", 0), ("most", 1_000_000))}
    options, good, alone, jumps = _options(sent, name)
    own = [code for code, _ in OWN.get(Kind(found["kind"]), [])]
    known = own or [one.get("code", "") for one in options]
    found["options"] = [] if own else options
    if sent.get(f"{name}-was", "") == found["kind"]:  # a kind that has only just been chosen has its usual good answers
        found["good"] = [code for code in known if code in good]
    found["alone"] = [code for code in known if code in alone]
    found["jumps"] = [{"answers": [code], "to": to} for code, to in jumps.items() if code in known]
    return found


def _options(sent: Mapping[str, str], name: str) -> tuple[list[Document], set[str], set[str], dict[str, str]]:
    options: list[Document] = []
    good, alone, jumps = set(), set(), {}
    places = range(_number(sent, f"{name}-options", MOST_OPTIONS))
    taken = {sent.get(f"{name}-o-{place}-code", "") for place in places}
    for place in places:
        row = f"{name}-o-{place}"
        label, note = _text(sent, f"{row}-label"), _text(sent, f"{row}-note")
        code = sent.get(f"{row}-code", "")
        if not label and not code:
            continue
        if not code:
            code = _fresh("a", taken)
            taken.add(code)
        options.append({"code": code, "label": label} | ({"note": note} if note else {}))
        if f"{row}-good" in sent:
            good.add(code)
        if f"{row}-alone" in sent:
            alone.add(code)
        if to := sent.get(f"{row}-to", ""):
            jumps[code] = to
    return [one for one in options if one["label"]], good, alone, jumps


def _rule(sent: Mapping[str, str], name: str) -> Document | None:
    """A rule is kept as it was, or made of two chosen answers «код вопроса:код варианта»."""
    if f"{name}-drop" in sent:
        return None
    if kept := sent.get(f"{name}-kept", ""):
        try:
            found = json.loads(kept)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None
    first, second = (sent.get(f"{name}-{side}", "").partition(":") for side in ("first", "second"))
    words = _text(sent, f"{name}-words")
    if not (words and first[2] and second[2]):
        return None
    return {"first": {first[0]: [first[2]]}, "second": {second[0]: [second[2]]}, "words": words}


def _fresh(letter: str, taken: set[str]) -> str:
    return next(code for number in range(1, 1000) if (code := f"{letter}{number}") not in taken)


def _text(sent: Mapping[str, str], name: str) -> str:
    return " ".join(sent.get(name, "").replace("\x00", "").split())


def _number(sent: Mapping[str, str], name: str, most: int) -> int:
    text = sent.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _limit(sent: Mapping[str, str], name: str, usual: int) -> int:
    text = sent.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else usual


def pairs(document: Document) -> list[tuple[str, str]]:
    """Return every answer that a rule may name: («вопрос:вариант», its words)."""
    return [
        (f"{card.asked['code']}:{row.code}", f"{card.place + 1}. {row.label}")
        for card in cards(document)
        for row in card.rows
        if row.code
    ]
