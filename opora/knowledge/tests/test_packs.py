"""The shipped answers: written to be said aloud, with every figure from a table."""

import re
from datetime import date
from typing import Any

import pytest

from opora.classifiers import queries as classifiers
from opora.knowledge import fields
from opora.knowledge.packs import ShippedCard, answers
from opora.knowledge.topics import TOPICS

CARDS = answers().cards
# Numbers people dial and forms people name; everything else that is a figure comes from a pack.
NAMES = re.compile(r"112|103|122|8-800|057/у|закону 2025 года")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.slug)
def test_an_answer_can_be_said_in_one_breath(card: ShippedCard) -> None:
    assert 10 <= len(card.body.split()) <= 90
    assert "!" not in card.body + card.next_step + card.red_flag
    assert max(len(sentence.split()) for sentence in re.split(r"[.?]", card.body)) <= 26
    assert card.body[0].isupper()
    assert card.body.rstrip().endswith(".")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.slug)
def test_no_limit_or_age_is_typed(card: ShippedCard) -> None:
    assert not re.findall(r"\d+", NAMES.sub("", fields.filled(card.body, lambda name: "")))


def test_there_are_83_questions_and_each_says_where_it_comes_from() -> None:
    assert [card.number for card in CARDS] == list(range(1, 84))
    assert len({card.slug for card in CARDS}) == 83
    assert all("[" in card.sources for card in CARDS)


def test_own_knowledge_is_not_called_verified() -> None:
    assert not [card.slug for card in CARDS if card.is_verified and "[own]" in card.sources]


def test_every_answer_belongs_to_a_topic_of_the_journal(place: Any) -> None:
    known = {topic.code: topic for topic in classifiers.topics("50000", date(2026, 6, 1))}
    assert set(TOPICS) == {card.slug for card in CARDS}
    assert set(TOPICS.values()) <= set(known)
    typical = {TOPICS[card.slug] for card in CARDS if card.level == 1}
    assert len([code for code, topic in known.items() if topic.is_typical and code in typical]) >= 35
