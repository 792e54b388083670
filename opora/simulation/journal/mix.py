"""Shares: doors, kinds, topics, and what happens to appeals. Published where a source is named, else assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from opora.classifiers.words import Channel, Flag, Kind
from opora.knowledge.packs import answers
from opora.knowledge.topics import TOPICS

# Novosibirsk, 8 months of 2025: 64 000 in all, fund line 4 600, insurers' lines 27 000, ПОС 4 000, chat 1 612; the rest
# in person and by letter (its split is assumed).
DOORS: dict[tuple[str, str], float] = {
    ("fund", Channel.HOT_LINE): 4_600,
    ("insurer", Channel.HOT_LINE): 27_000,
    ("insurer", Channel.FEEDBACK): 3_200,
    ("fund", Channel.FEEDBACK): 800,
    ("insurer", Channel.CHAT): 1_612,
    ("insurer", Channel.VISIT): 14_000,
    ("insurer", Channel.CLINIC_POST): 8_200,
    ("fund", Channel.VISIT): 700,
    ("insurer", Channel.INTERNET): 1_500,
    ("fund", Channel.INTERNET): 500,
    ("insurer", Channel.POST): 900,
    ("fund", Channel.POST): 488,
    ("insurer", Channel.LETTER): 500,
}
KINDS: dict[str, float] = {
    Kind.CONSULTATION: 0.938,
    Kind.APPLICATION: 0.040,
    Kind.COMPLAINT: 0.002,  # Tatarstan, 8 months of 2023: 380 of 187 210
    Kind.PROPOSAL: 0.001,
    Kind.THANKS: 0.007,
    Kind.OUT_OF_SCOPE: 0.012,
}
JUSTIFIED = 0.545  # Tatarstan, the same period: 207 of 380
ANONYMOUS, ABOUT_ANOTHER = 0.06, 0.11
HANDED_UP, TO_OTHER_BODY, OUTSIDE = 0.07, 0.015, 0.008
EXTENDED, LATE, REOPENED, INTERIM = 0.02, 0.07, 0.01, 0.08
# How often groups of topics are asked about, by the first figure of the code; assumed from handbook 12 and 02 §2.
GROUPS = {"1": 9, "2": 27, "3": 9, "4": 2, "5": 17, "6": 7, "7": 13, "8": 3, "9": 1, "10": 3, "11": 2, "12": 5, "13": 4}
OTHERS = {
    Kind.APPLICATION: ("1.1", "2.3", "2.4", "2.12", "3.1", "12.3", "5.9"),
    Kind.COMPLAINT: ("6.1", "6.2", "5.1", "12.2", "11.1", "11.2", "13.1", "13.2", "3.2", "8.2", "6.4", "1.3"),
    Kind.PROPOSAL: ("14.1", "14.2"),
    Kind.THANKS: ("14.3", "14.4"),
    Kind.OUT_OF_SCOPE: ("15.1", "15.2", "15.3", "15.4", "15.5"),
}
# Of talks about a group of topics so many are about a child, a tumour, the heart; assumed.
FLAGGED: dict[str, dict[Flag, float]] = {
    "6": {Flag.CHILD: 0.12, Flag.ONCOLOGY: 0.06, Flag.CARDIO: 0.08},
    "8": {Flag.CHILD: 0.04, Flag.ONCOLOGY: 0.10},
    "5": {Flag.CHILD: 0.10},
    "11": {Flag.CHILD: 0.08, Flag.ONCOLOGY: 0.04},
}
NOT_OF_CLINICS = {"1", "2"}  # groups of topics whose complaints name no clinic


def is_about_clinic(topic: str) -> bool:
    return topic.partition(".")[0] not in NOT_OF_CLINICS and topic != "13.6"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of a caller: its topic, its words, its answer card."""

    topic: str
    question: str
    card: str
    answer: str


@cache
def asks() -> tuple[Ask, ...]:
    """Return the 83 typical questions with their answers."""
    return tuple(Ask(TOPICS[card.slug], card.question, card.slug, _plain(card.body)) for card in answers().cards)


def _plain(body: str) -> str:
    """Leave out the fields of a card: what they hold on the day is not known here."""
    return re.sub(r"\{[^}]*\}", "установленный срок", body)


@cache
def ask_weights() -> np.ndarray:
    """Return how often each typical question is asked."""
    groups = [ask.topic.partition(".")[0] for ask in asks()]
    weights = np.array([GROUPS.get(group, 1) / groups.count(group) for group in groups], dtype=float)
    # Within a group the first questions are asked more often.
    weights *= np.array([1 / (1 + groups[:place].count(group)) for place, group in enumerate(groups)])
    return weights / weights.sum()


def share(weights: dict[object, float]) -> np.ndarray:
    found = np.array(list(weights.values()), dtype=float)
    return found / found.sum()
