"""``opora stream`` — the process that tells open pages what has happened."""

import os
from contextlib import ExitStack
from typing import Annotated

import typer

from config.commands.serve import Host, refuse_known_key, refuse_taken
from opora.shared import postgres
from opora.shared.console import binaries_folder, data_folder

KILL_TIMEOUT = 5
MOST_CONNECTIONS = 100_000  # the limit that counts is that of open files


def stream(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Порт.", min=1, max=65535)] = 8001,
    workers: Annotated[int, typer.Option(help="Сколько процессов; одного хватает на тысячи сотрудников.", min=1)] = 1,
) -> None:
    """Рассказывать открытым страницам новости: кто-то зарегистрировал, взял, закрыл обращение."""
    from granian import Granian
    from granian.constants import Interfaces

    refuse_known_key(host)
    refuse_taken(host, port)
    with ExitStack() as afterwards:
        if not os.environ.get("DATABASE_URL"):
            cluster = postgres.hold(data_folder(), preferred=binaries_folder())
            os.environ["DATABASE_URL"] = afterwards.enter_context(cluster)
        Granian(
            target="config.live:application",
            factory=True,
            interface=Interfaces.ASGI,
            address=host,
            port=port,
            workers=workers,
            backlog=4096,
            backpressure=MOST_CONNECTIONS,
            workers_kill_timeout=KILL_TIMEOUT,
            respawn_failed_workers=True,
            websockets=False,
        ).serve()
