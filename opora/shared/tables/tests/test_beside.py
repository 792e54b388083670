"""Work on a thread of its own: in order, never far behind, its errors heard of."""

import threading

import pytest

from opora.shared.tables.beside import AHEAD, beside


def test_pieces_are_worked_in_order_on_one_other_thread() -> None:
    done: list[int] = []
    threads: set[int] = set()

    def work(piece: int) -> None:
        threads.add(threading.get_ident())
        done.append(piece)

    with beside() as give:
        for piece in range(50):
            give(work, piece)
    assert done == list(range(50))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_no_more_waits_than_may() -> None:
    go, read = threading.Event(), [0]

    def reader() -> None:
        with beside() as give:
            for piece in range(AHEAD + 2):
                give(lambda _: go.wait(10), piece)
                read[0] += 1

    thread = threading.Thread(target=reader)
    thread.start()
    thread.join(0.3)
    assert read[0] == AHEAD, "the next piece waits for the first"
    go.set()
    thread.join(10)
    assert read[0] == AHEAD + 2


@pytest.mark.parametrize("after", [0, 1, 10])
def test_what_the_work_raises_is_heard(after: int) -> None:
    def work(piece: int) -> float:
        return 1 / piece

    def write() -> None:
        with beside() as give:
            for piece in [0] + [1] * after:
                give(work, piece)

    with pytest.raises(ZeroDivisionError):
        write()


def test_an_error_of_the_reader_is_the_one_that_is_told() -> None:
    done: list[int] = []

    def write() -> None:
        with beside() as give:
            give(done.append, 1)
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert done in ([], [1]), "what had begun is ended before the file is closed"
