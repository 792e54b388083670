"""``opora pbxhouse`` — a real exchange with citizens and employees, for the demonstration; on this machine alone."""

import json
import random
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opora.adapters.pbxhouse.callers import Person

EXTENSIONS = ("101", "102", "103")
IN_BROWSERS = ("104", "105")
OPEN_LINE, CLOSED_LINE, SECOND_LINE = "88005550101", "88005550102", "88005550103"
RINGS, TALKS = 6.0, 25.0  # seconds
NIGHT_SHARE = 0.1  # of citizens who call the closed line
CONNECTION = "exchange.json"


def pbxhouse(
    folder: Annotated[Path, typer.Option(help="Папка АТС: настройки, журналы, записи.")],
    calls_per_hour: Annotated[float, typer.Option(help="Сколько граждан звонит в час; 0 — никто.", min=0)] = 60.0,
    callers: Annotated[Path | None, typer.Option(help="Файл с номерами граждан, по номеру в строке.")] = None,
) -> None:
    """АТС для проверок: настоящий Asterisk на этой машине, граждане звонят, операторы 101–103 отвечают.

    Добавочные 104 и 105 — для телефона в браузере. Как к ней подключиться, сказано в файле exchange.json её папки.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as afterwards:
        _open(folder, calls_per_hour, callers, stop, afterwards)


def _open(folder: Path, calls_per_hour: float, callers: Path | None, stop: threading.Event, within: ExitStack) -> None:
    from opora.adapters.pbxhouse.callers import citizen, employee
    from opora.adapters.pbxhouse.layout import Agent, Line
    from opora.adapters.pbxhouse.server import Server, free_port
    from opora.shared.postgres.folder import write_whole

    agents = [Agent(extension, free_port(udp=True)) for extension in EXTENSIONS]
    phones = [Agent(extension) for extension in IN_BROWSERS]
    lines = [
        Line(OPEN_LINE, [*EXTENSIONS, IN_BROWSERS[0]]),
        Line(CLOSED_LINE, [], is_open=False),
        Line(SECOND_LINE, [IN_BROWSERS[1]]),
    ]
    server = within.enter_context(Server(lines=lines, agents=[*agents, *phones], folder=folder.absolute()))
    layout = server.layout
    for agent in agents:
        within.enter_context(employee(layout, agent.port, rings=RINGS, ends=TALKS, seconds=None))
    connection = {
        "address": f"127.0.0.1:{layout.ports.ami}",
        "login": "opora",
        "secret": layout.ami_secret,
        "log": str(layout.log),
        # Plain, on this machine alone: a browser would not take the certificate made here.
        "wss": f"ws://127.0.0.1:{layout.ports.http}/ws",
        "phones": str(layout.phones),
        "recordings": str(layout.voices),
    }
    write_whole(folder / CONNECTION, json.dumps(connection))
    print(f"АТС слушает 127.0.0.1:{layout.ports.ami}", flush=True)
    numbers = callers.read_text().split() if callers else [f"7913000{number:04}" for number in range(1000)]
    pause = 3600 / calls_per_hour if calls_per_hour else None
    talking: list[Person] = []
    within.callback(lambda: _hang_up(talking))
    while not stop.wait(random.expovariate(1 / pause) if pause else None):
        line = CLOSED_LINE if random.random() < NIGHT_SHARE else OPEN_LINE  # noqa: S311 - a game
        calling = citizen(layout, line, random.choice(numbers), seconds=random.uniform(8, 60))  # noqa: S311
        talking[:] = [person for person in talking if not person.leave_if_over()]
        talking.append(calling.__enter__())


def _hang_up(talking: "Sequence[Person]") -> None:
    for person in talking:
        person.__exit__()
