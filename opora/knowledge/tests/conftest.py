"""Cards of the room's tests: one written by sp3, and the shipped ones with a source approved for the territory."""

from datetime import date
from typing import Any

import pytest

from opora.knowledge import services
from opora.knowledge.models import AnswerCard
from opora.knowledge.shipping import approve_for_demonstration

WORDING = {
    "question": "Где пост страхового представителя?",
    "topic_code": "post",
    "level": 1,
    "body": "В поликлинике на первом этаже. Специалиста ждут {waiting:SPEC}.",
    "next_step": "Назовите кабинет.",
    "words": "кабинет пост представитель",
    "sources": "Приказ страховой о постах",
    "is_verified": True,
    "valid_since": date(2026, 1, 1),
    "valid_until": None,
}


@pytest.fixture
def card(cast: Any) -> AnswerCard:
    """A draft of her who prepares."""
    return services.add_card("post", territory="50000", wording=WORDING, by=cast.sp3)


@pytest.fixture
def approved(card: AnswerCard, cast: Any) -> AnswerCard:
    row = services.submit_card(card, version=card.version, by=cast.sp3)
    return services.approve_card(row, version=row.version, by=cast.boris)


@pytest.fixture
def typical(cast: Any) -> int:
    return approve_for_demonstration("50000")
