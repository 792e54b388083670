"""What happened to a card, newest first: wordings with what differs, and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from opora.knowledge.models import AnswerCard, CardText
from opora.shared.typography import day

WATCHED = ("question", "variants", "topic_code", "level", "body", "next_step", "red_flag", "full_text", "legal_basis",
           "law_edition", "sources", "words", "is_verified", "valid_since", "valid_until")  # fmt: skip

LABELS = {field.name: str(field.verbose_name) for field in CardText._meta.concrete_fields}


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    who: str
    what: str
    why: str = ""
    lines: tuple[tuple[str, str, str], ...] = ()


def steps(card: AnswerCard) -> list[Step]:
    """Return wordings and decisions together; two queries."""
    texts = list(card.texts.select_related("by").order_by("number"))
    found = [_first(texts[0])] if texts else []
    found += [_reworded(before, after) for before, after in pairwise(texts)]
    for decision in card.decisions.select_related("by", "text"):
        what = f"Редакция {decision.text.number} {decision.get_kind_display()}"
        if decision.kind in {"withdrawn", "restored", "reviewed"}:
            what = f"Карточка {decision.get_kind_display()}"
        found.append(Step(decision.at, _who(decision.by), what, decision.why))
    return sorted(found, key=lambda step: step.at, reverse=True)


def _first(text: CardText) -> Step:
    what = "Первая редакция" if text.by else "Пришла с программой"
    return Step(text.at, _who(text.by), what)


def _reworded(before: CardText, after: CardText) -> Step:
    lines = []
    for name in WATCHED:
        old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
        if old != new:
            lines.append((LABELS[name], old, new))
    return Step(after.at, _who(after.by), f"Редакция {after.number}", lines=tuple(lines))


def _who(by: object) -> str:
    return str(by) if by else "программа"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    return day(value) if hasattr(value, "year") else "" if value is None else str(value)  # type: ignore[arg-type]
