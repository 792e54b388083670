"""The real process with a real PostgreSQL: fifty browsers, and everything that can die dies."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

from opora.live import tickets
from opora.live.hub import Hub, Listener
from opora.live.seal import seal
from opora.live.source import Source
from opora.live.stream import MOST_OF_TALK
from opora.live.tests.house import SECRET, Browser, House, free_port, furnish
from opora.live.tickets import read
from opora.shared import postgres
from opora.shared.postgres.testing import kill_everything

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("live")
    yield folder
    postgres.stop(folder, force=True)


@pytest.fixture(scope="module")
def people(data: Path, lay_cluster: Callable[[Path], None]) -> dict[str, Any]:
    lay_cluster(data)
    return furnish(postgres.ensure(data))


@pytest.fixture(scope="module")
def standing(data: Path, people: dict[str, Any]) -> Iterator[House]:
    """A process for tests that do it no harm."""
    found = House(postgres.ensure(data), free_port())
    found.start()
    yield found
    found.end()


@pytest.fixture
def house(data: Path, people: dict[str, Any]) -> Iterator[House]:
    found = House(postgres.ensure(data), free_port())
    found.start()
    yield found
    if found.process and found.process.poll() is None:
        found.end()


def browsers(house: House, people: dict[str, Any], login: str, count: int = 25) -> list[Browser]:
    channel = f"org:{people[login]['org']}:queue:sp1"
    return [Browser(house.port, ticket, [channel]) for ticket in people[login]["tickets"][:count]]


def play(everyone: list[Browser], act: Callable[[], Awaitable[None]]) -> None:
    """Let all listen while ``act`` goes on."""

    async def listen() -> None:
        tasks = [asyncio.create_task(one.listen()) for one in everyone]
        await until(lambda: all("hello" in one.events for one in everyone))
        await act()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(listen())


async def until(holds: Callable[[], bool], seconds: float = 30) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "waited in vain"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def test_fifty_browsers_hear_their_own_within_a_second(standing: House, people: dict[str, Any]) -> None:
    alfa, beta = browsers(standing, people, "alina"), browsers(standing, people, "vera")
    org = people["alina"]["org"]

    async def act() -> None:
        took = []
        for first in (0, 40, 80):  # the best of three: others may be at work on this machine
            await asyncio.to_thread(standing.tell, f"org:{org}:queue:sp1", *range(first, first + 40))
            took.append(await until(lambda: all(len(one.numbers) == first + 40 for one in alfa)))  # noqa: B023
        assert all(one.numbers == list(range(120)) for one in alfa)
        assert min(took) < 1
        await asyncio.sleep(0.3)
        assert not any(one.numbers for one in beta)

    play([*alfa, *beta], act)


def test_beta_asks_for_alfas_channels_in_vain(standing: House, people: dict[str, Any]) -> None:
    alfa = people["alina"]
    (vera,) = browsers(standing, people, "vera", 1)
    vera.channels = [
        f"org:{alfa['org']}:queue:sp1",
        f"org:{alfa['org']}",
        f"emp:{alfa['number']}",
        "appeal:0199aaaa",
        seal("channel", [alfa["number"], "appeal:0199aaaa"], secret=SECRET, expires_at=9_999_999_999),
        f"emp:{people['vera']['number']}",
    ]

    async def act() -> None:
        for channel in (f"org:{alfa['org']}:queue:sp1", f"emp:{alfa['number']}", "appeal:0199aaaa"):
            await asyncio.to_thread(standing.tell, channel, 1)
        await asyncio.to_thread(standing.tell, f"emp:{people['vera']['number']}", 2)
        await until(lambda: bool(vera.numbers))
        assert vera.numbers == [2]

    play([vera], act)


REFUSED = {
    "none": ("", "{}", 401),
    "forged": ("Ticket abc.def", '{"channels": []}', 401),
    "expired": ("expired", '{"channels": []}', 401),
    "no channels": ("good", "{}", 400),
    "not json": ("good", "…", 400),
    "a list": ("good", "[1]", 400),
    "too many": ("good", json.dumps({"channels": ["emp:1"] * 61}), 400),
    "too long": ("good", " " * 20_000, 400),
    "too deep": ("good", "[" * 15_000, 400),
}


@pytest.mark.parametrize("how", REFUSED)
def test_who_may_not_listen(standing: House, people: dict[str, Any], how: str) -> None:
    header, body, status = REFUSED[how]
    who = [people["alina"]["number"], 0, "mark"]
    words = {
        "good": "Ticket " + people["alina"]["tickets"][0],
        "expired": "Ticket " + seal("ticket", who, secret=SECRET, expires_at=int(time.time()) - 1),
    }
    headers = {"Authorization": words.get(header, header)}
    request = urllib.request.Request(f"http://127.0.0.1:{standing.port}/live/events", body.encode(), headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == status
    refused.value.close()


def test_one_citizen_takes_few_lines(standing: House) -> None:
    talk = f"talk:{uuid4()}"
    word = tickets.issue_to_citizen(talk, secret=SECRET)
    body = json.dumps({"channels": [talk]}).encode()

    def listen(word: str) -> int:
        request = urllib.request.Request(
            f"http://127.0.0.1:{standing.port}/live/events", body, {"Authorization": f"Ticket {word}"}
        )
        try:
            held.append(urllib.request.urlopen(request, timeout=10))
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code
        return int(held[-1].status)

    held: list[Any] = []
    try:
        assert [listen(word) for _ in range(MOST_OF_TALK + 1)] == [200] * MOST_OF_TALK + [429]
        assert listen(tickets.issue_to_citizen(f"talk:{uuid4()}", secret=SECRET)) == 200
    finally:
        for one in held:
            one.close()


def test_a_page_from_elsewhere_is_refused(standing: House, people: dict[str, Any]) -> None:
    headers = {"Authorization": "Ticket " + people["alina"]["tickets"][0], "Origin": "https://elsewhere.example"}
    request = urllib.request.Request(f"http://127.0.0.1:{standing.port}/live/events", b'{"channels": []}', headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 403
    assert "access-control-allow-origin" not in refused.value.headers
    refused.value.close()


def test_the_process_is_killed_and_all_get_what_they_missed(house: House, people: dict[str, Any]) -> None:
    alfa = browsers(house, people, "alina")
    channel = f"org:{people['alina']['org']}:queue:sp1"

    async def act() -> None:
        await asyncio.to_thread(house.tell, channel, 1, 2)
        await until(lambda: all({1, 2} <= set(one.numbers) for one in alfa))
        house.kill()
        await asyncio.to_thread(house.tell, channel, 3, 4)
        await asyncio.to_thread(house.tell, channel, 5)
        await asyncio.to_thread(house.start)
        await until(lambda: all({3, 4, 5} <= set(one.numbers) for one in alfa))
        assert not any("resync" in one.events for one in alfa)

    play(alfa, act)


def test_the_database_is_killed_and_all_are_told_to_look_anew(house: House, people: dict[str, Any], data: Path) -> None:
    alfa = browsers(house, people, "alina")
    channel = f"org:{people['alina']['org']}:queue:sp1"

    async def act() -> None:
        await asyncio.to_thread(house.tell, channel, 1)
        await until(lambda: all(1 in one.numbers for one in alfa))
        kill_everything(data)
        assert await asyncio.to_thread(postgres.ensure, data) == house.address
        await until(lambda: all("resync" in one.events for one in alfa))
        await asyncio.to_thread(house.tell, channel, 2)
        await until(lambda: all(2 in one.numbers for one in alfa))
        assert all(one.events.count("hello") == 1 for one in alfa), "their lines were not cut"

    play(alfa, act)


def test_a_listening_connection_that_is_cut_loses_nothing(house: House, people: dict[str, Any]) -> None:
    """A server that restarts in order keeps its unlogged tables: news told meanwhile are read from there."""
    alfa = browsers(house, people, "alina", 5)
    channel = f"org:{people['alina']['org']}:queue:sp1"

    async def act() -> None:
        await asyncio.to_thread(house.tell, channel, 1)
        await until(lambda: all(1 in one.numbers for one in alfa))
        with psycopg.connect(house.address, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'opora-live'"
            )
        await asyncio.to_thread(house.tell, channel, 2)
        await until(lambda: all(2 in one.numbers for one in alfa))
        assert not any("resync" in one.events for one in alfa)

    play(alfa, act)


def test_it_ends_when_asked_and_leaves_nobody(house: House, people: dict[str, Any]) -> None:
    alfa = browsers(house, people, "alina", 10)
    assert house.process
    family = psutil.Process(house.process.pid).children(recursive=True)

    async def act() -> None:
        assert await asyncio.to_thread(house.end) < 4

    play(alfa, act)
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


MENDING = [
    "INSERT INTO django_session SELECT session_key, '', now() + interval '1 h' FROM usersessions_usersession"
    " ON CONFLICT (session_key) DO UPDATE SET expire_date = EXCLUDED.expire_date",
    "UPDATE organisations_employee SET is_active = true",
    "UPDATE organisations_assignment SET until = NULL",
    "UPDATE organisations_role SET rights = rights || 'appeals:view'::varchar WHERE slug = 'sp1'",
]


def test_a_killed_parent_takes_its_worker_along(house: House) -> None:
    assert house.process
    family = psutil.Process(house.process.pid).children()
    house.process.kill()
    house.process.wait()
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert len(gone) == 1
    assert not alive
    house.start()  # the port is free again


async def _ended_by_a_look(address: str, tickets: list[str]) -> list[str]:
    hub = Hub()
    for ticket in tickets:
        hub.join(Listener(read(ticket, secret=SECRET), frozenset(), lambda: None))
    await Source(address, hub, lambda: None).check()
    return sorted(listener.ticket.session for listener in hub if listener.ended == "session")


@pytest.mark.parametrize(
    ("damage", "ends"),
    [
        ("SELECT 1", 0),
        ("DELETE FROM django_session WHERE session_key = 'alina-3'", 1),
        ("UPDATE django_session SET expire_date = now() - interval '1 s' WHERE session_key LIKE 'vera-1%%'", 11),
        ("UPDATE organisations_employee SET is_active = false WHERE login = 'alina'", 25),
        ("UPDATE organisations_assignment SET until = current_date - 5 WHERE employee_id = %(alina)s", 25),
        ("UPDATE organisations_role SET rights = '{workplace:view}' WHERE slug = 'sp1'", 50),
    ],
)
def test_who_may_no_longer_hear_is_let_go_at_the_next_look(
    data: Path, people: dict[str, Any], damage: str, ends: int
) -> None:
    address = postgres.ensure(data)
    tickets = [*people["alina"]["tickets"], *people["vera"]["tickets"]]
    with psycopg.connect(address, autocommit=True) as trusted:
        trusted.execute("SELECT set_config('opora.sees', 'all', false)")
        trusted.execute(damage, {"alina": people["alina"]["number"]})
        try:
            ended = asyncio.run(_ended_by_a_look(address, tickets))
        finally:
            for statement in MENDING:
                trusted.execute(statement)
    assert len(ended) == ends
