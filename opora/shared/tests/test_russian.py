"""Stems are the same whoever else asks at the same time: the web answers in threads."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from opora.shared.russian import stem

WORDS = ["поликлинику", "прикрепиться", "диспансеризации", "застрахованными", "мрт", "направления"] * 40


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads change places after every step or so."""
    former = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(former)


def test_threads_do_not_spoil_each_others_words(restless: None) -> None:
    bare = stem.__wrapped__
    wanted = [bare(word) for word in WORDS]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [bare(word) for word in WORDS], range(8)))
    assert found == [wanted] * 8
