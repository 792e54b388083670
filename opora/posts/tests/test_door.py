"""One batch at a time and a rest after it; who is sent away is told a moment of her own."""

import threading
import time

import pytest

from opora.posts import door
from opora.posts.door import Door, Shut


def test_one_is_inside_one_waits_and_the_others_get_moments_one_behind_the_other() -> None:
    way, entered = Door(wait=5), threading.Event()

    def wait_inside() -> None:
        with way.enter():
            entered.set()

    with way.enter():
        waits = threading.Thread(target=wait_inside)
        waits.start()
        while not way._somebody_waits:
            time.sleep(0.001)
        told = []
        for _ in range(40):
            with pytest.raises(Shut) as shut, way.enter():
                pass
            told.append(shut.value.seconds)
        assert not entered.is_set()
    assert entered.wait(5)
    waits.join()
    assert told == sorted(told)
    assert told[0] == door.SOONEST + 1
    assert told[-1] == pytest.approx(door.SOONEST + 40 * door.TOOK * (1 + door.REST), abs=1)


def test_a_line_longer_than_a_minute_is_spread_over_it_once_more() -> None:
    way, told = Door(wait=0), []
    with way.enter():
        for _ in range(1200):
            with pytest.raises(Shut) as shut, way.enter():
                pass
            told.append(shut.value.seconds)
    assert max(told) <= door.LATEST
    assert max(told.count(second) for second in set(told)) < 50, "nobody is told the second of all the others"


def test_the_process_rests_after_a_batch_as_long_as_it_took() -> None:
    way = Door(wait=0)
    with way.enter():
        time.sleep(0.2)
    with pytest.raises(Shut), way.enter():
        pass
    time.sleep(0.25)
    with way.enter():
        pass


def test_a_batch_that_fails_leaves_the_door_open_behind_it() -> None:
    way = Door(wait=1)
    with pytest.raises(ValueError, match="broken"), way.enter():
        raise ValueError("broken")
    with way.enter():
        pass
