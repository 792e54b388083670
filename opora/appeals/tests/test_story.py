"""Events as sentences."""

import pytest

from opora.appeals.story import Names, sentence
from opora.appeals.words import AnswerKind, EventKind

NOBODY = Names({}, {})


@pytest.mark.parametrize("kind", list(AnswerKind))
@pytest.mark.parametrize("happened", [EventKind.DELIVERED, EventKind.DELIVERY_FAILED])
def test_what_arrived_is_called_by_its_name(happened: EventKind, kind: AnswerKind) -> None:
    said = sentence(happened, {"answer": "…", "letter": str(kind)}, NOBODY)
    assert said.casefold().startswith(kind.label.split()[0].casefold())
    assert said.endswith(("не доставлен", "не доставлено")) == (happened == EventKind.DELIVERY_FAILED)


def test_an_event_of_before_tells_of_the_answer() -> None:
    assert sentence("delivered", {"answer": "…"}, NOBODY) == "Ответ доставлен"
