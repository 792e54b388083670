"""Who hears what, and what who comes back is told."""

import json
from typing import Any

from opora.live.hub import MOST_MISSED, MOST_WAITING, Hub, Listener
from opora.live.place import KEPT_SECONDS
from opora.live.tickets import Ticket

TICKET = Ticket(9_999_999_999, 1, 1, "mark", ("org:1", "emp:1"))


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def listener(*channels: str) -> Listener:
    return Listener(TICKET, frozenset(channels), lambda: None)


def item(number: int, *channels: str) -> tuple[Any, str, dict[str, Any]]:
    return channels or ("org:1:queue",), "appeal.changed", {"number": str(number)}


def said(one: Listener) -> list[tuple[str, Any]]:
    """Return the messages that wait, heartbeats left out."""
    found = []
    for part in one.take().decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in part.split("\n") if ": " in line)
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def numbers(one: Listener) -> list[str]:
    return [news["data"]["number"] for event, data in said(one) if event == "news" for news in data]


def test_a_listener_hears_her_channels_and_no_word_of_others() -> None:
    hub, alina, vera = Hub(), listener("org:1:queue"), listener("org:2:queue")
    hub.join(alina)
    hub.join(vera)
    hub.hear(5, [item(1, "org:1:queue", "org:2:counters"), item(2, "org:3:queue")])
    hub.tell()
    hello, (event, news) = said(alina)
    assert hello[0] == "hello"
    assert (event, news) == (
        "news",
        [{"channels": ["org:1:queue"], "event": "appeal.changed", "data": {"number": "1"}}],
    )
    assert numbers(vera) == []


def test_news_of_one_breath_come_as_one_message() -> None:
    hub, alina = Hub(), listener("org:1:queue")
    hub.join(alina)
    alina.take()
    for number in range(5):
        hub.hear(number + 1, [item(number)])
    assert hub.tell() == 1
    assert numbers(alina) == ["0", "1", "2", "3", "4"]


def test_who_comes_back_gets_what_she_missed_and_nothing_twice() -> None:
    hub = Hub()
    for number in (1, 2, 3):
        hub.hear(number, [item(number)])
    hub.tell()
    back = listener("org:1:queue")
    hub.join(back, "1")
    hub.hear(4, [item(4)])
    hub.tell()
    assert numbers(back) == ["2", "3", "4"]


def test_what_arrived_in_another_order_is_not_lost() -> None:
    """Number 2 was taken first and committed last: who has heard 3 has not heard 2."""
    hub = Hub()
    for number in (1, 3, 2):
        hub.hear(number, [item(number)])
    back = listener("org:1:queue")
    hub.join(back, "3")
    assert numbers(back) == ["2"]


def test_a_new_process_tells_again_what_may_have_come_late() -> None:
    hub = Hub()
    for number in (1, 2, 3):
        hub.remember(number, [item(number)])
    back = listener("org:1:queue")
    hub.join(back, "3")
    assert numbers(back) == ["1", "2"]


def test_an_unknown_place_means_look_anew() -> None:
    hub = Hub()
    hub.hear(7, [item(7)])
    for last in ("3", "сбой", "900"):
        back = listener("org:1:queue")
        hub.join(back, last)
        assert [event for event, _ in said(back)] == ["resync", "hello"]


def test_too_much_missed_means_look_anew() -> None:
    hub = Hub()
    hub.hear(1, [item(1)])
    hub.hear(2, [item(2)] * (MOST_MISSED + 1))
    back = listener("org:1:queue")
    hub.join(back, "1")
    assert said(back)[0][0] == "resync"


def test_two_minutes_are_kept_and_the_newest_for_ever() -> None:
    clock = Clock()
    hub = Hub(clock=clock)
    hub.hear(1, [item(1)])
    clock.now += KEPT_SECONDS + 1
    hub.hear(2, [item(2)])
    clock.now += 10 * KEPT_SECONDS
    assert list(hub.ring) == [2]
    back = listener("org:1:queue")
    hub.join(back, "2")
    assert [event for event, _ in said(back)] == ["hello"]


def test_a_newcomer_hears_the_last_seconds_between_her_page_and_her_line() -> None:
    clock = Clock()
    hub = Hub(clock=clock)
    hub.hear(1, [item(1)])
    clock.now += 60
    hub.hear(2, [item(2)])
    clock.now += 1
    fresh = listener("org:1:queue")
    hub.join(fresh)
    assert numbers(fresh) == ["2"]


def test_a_slow_listener_is_let_go_and_told_when_she_is_back() -> None:
    hub, slow = Hub(), listener("org:1:queue")
    hub.join(slow)
    for number in range(MOST_WAITING + 5):
        hub.hear(number + 1, [item(number)])
        hub.tell()
    assert slow.ended == "slow"
    assert said(slow) == [("ended", {"why": "slow"})]


def test_a_beat_carries_how_far_the_news_have_got() -> None:
    hub, alina = Hub(), listener("org:1:queue")
    hub.join(alina)
    alina.take()
    hub.hear(9, [item(9, "org:5:queue")])
    hub.beat(alina)
    assert alina.take() == b"id: 9\n:\n\n"


def test_a_reset_tells_everybody_and_forgets() -> None:
    hub, alina = Hub(), listener("org:1:queue")
    hub.join(alina)
    hub.hear(9, [item(9)])
    alina.take()
    hub.resync()
    assert said(alina) == [("resync", {})]
    assert not hub.ring


def test_the_last_of_an_audience_leaves_nothing_behind() -> None:
    hub, alina, other = Hub(), listener("org:1:queue", "emp:1"), listener("org:1:queue")
    hub.join(alina)
    hub.join(other)
    hub.leave(alina)
    assert set(hub.listening) == {"org:1:queue"}
    assert len(hub) == 1
    hub.leave(other)
    hub.leave(other)
    assert (hub.audiences, hub.listening) == ({}, {})
