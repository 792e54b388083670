"""The order of suggested topics is learned from what was chosen, honestly tried, and used only when it is better."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from opora.classifiers import queries as classifiers
from opora.knowledge import learning, suggesting
from opora.knowledge.asked import Example
from opora.knowledge.models import TopicModel

TODAY = date(2026, 6, 1)
# Words that operators of this place use, and the topics they choose: the list of topics knows them of other topics.
PLANTED = {"2.3": "полис бумажка стиралка", "5.1": "полис талон ноготок", "12.2": "полис касса чек"}


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    suggesting.forget()
    yield
    suggesting.forget()


@pytest.fixture
def edition(place: Any) -> Any:
    return classifiers.current_edition("50000", TODAY)


def planted(number: int, *, seed: int = 1, noise: float = 0.0) -> list[Example]:
    rng = random.Random(seed)
    codes = list(PLANTED)
    found = []
    for _ in range(number):
        code = rng.choice(codes)
        words = PLANTED[code].split()
        rng.shuffle(words)
        chosen = rng.choice(codes) if rng.random() < noise else code
        found.append(Example(" ".join(words[:2]) + " иванова 123", chosen))
    return found


def test_planted_words_are_learned() -> None:
    learned = learning.learn(planted(300))
    for code, words in PLANTED.items():
        hints = learned.hints(words)
        assert max(hints, key=hints.__getitem__) == code
        assert sum(hints.values()) == pytest.approx(1, abs=0.05)
    assert learned.hints("нигде не сказанное") == {}


def test_learning_twice_gives_the_same_and_survives_storing() -> None:
    one, two = learning.learn(planted(300)), learning.learn(planted(300))
    assert one.dump() == two.dump()
    again = learning.load(one.dump())
    assert again.hints("стиралка") == pytest.approx(one.hints("стиралка"), abs=0.01)


def test_no_name_and_no_rare_word_is_in_the_model() -> None:
    told = [*planted(300), Example("единственноеслово ковальчук мария", "2.3")]
    learned = learning.learn(told)
    known = learning.learn(planted(300))
    assert learned.places.keys() == known.places.keys()
    for word in ("единственноеслово", "ковальчук", "мария", "иванова", "123"):
        assert learned.hints(word) == {}
    assert "стиралк".encode() not in learned.dump()


def test_a_better_model_is_used_and_only_orders(edition: Any) -> None:
    made = suggesting.retrain("50000", planted(600), edition)
    assert made.is_used, made.why
    assert made.quality["model_first"] > made.quality["index_first"]
    assert (made.appeals, made.held) == (600, 120)
    found = classifiers.find_in(edition, "полис стиралка ", also=suggesting.hints("50000", "полис стиралка"))
    plain = classifiers.find_in(edition, "полис стиралка ", limit=100)
    assert found[0].code == "2.3"
    assert {topic.code for topic in found} <= {topic.code for topic in plain}
    assert suggesting.hints("01000", "полис стиралка") == {}


def test_with_few_appeals_the_index_stays_alone(edition: Any) -> None:
    made = suggesting.retrain("50000", planted(100), edition)
    assert (made.is_used, made.why) == (False, "мало обращений: 100, нужно 400")
    assert suggesting.hints("50000", "стиралка") == {}


def test_a_model_no_better_than_the_index_is_not_used(edition: Any) -> None:
    titles = {topic.code: topic.title for topic in classifiers.topics_of(edition) if topic.is_typical}
    told = [Example(title, code) for _ in range(30) for code, title in titles.items()]
    rng = random.Random(2)
    rng.shuffle(told)
    wrong = [Example(one.text, rng.choice(list(titles))) for one in told[: len(told) * 4 // 5]]
    made = suggesting.retrain("50000", wrong + told[len(wrong) :], edition)
    assert made.why == "не лучше поиска по словам"


def test_a_worse_later_model_puts_the_used_one_away(edition: Any) -> None:
    assert suggesting.retrain("50000", planted(600), edition).is_used
    suggesting.retrain("50000", planted(50), edition)
    assert suggesting.hints("50000", "стиралка") == {}
    for _ in range(suggesting.MODELS_KEPT):
        suggesting.retrain("50000", planted(30), edition)
    assert TopicModel.objects.count() == suggesting.MODELS_KEPT


def test_editors_see_how_well_it_does(edition: Any, signed_in: Any) -> None:
    assert "Подсказка ещё не обучена" in signed_in("sp3").get("/knowledge/topics/").content.decode()
    suggesting.retrain("50000", planted(600), edition)
    page = signed_in("sp3").get("/knowledge/topics/").content.decode()
    assert "Темы упорядочены и по опыту операторов" in page
    assert signed_in("alina").get("/knowledge/topics/").status_code == 403
