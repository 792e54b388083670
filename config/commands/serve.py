"""``opora serve`` and ``opora worker`` — the two parts that real servers run."""

import asyncio
import os
import socket
import tempfile
from contextlib import ExitStack
from functools import partial
from ipaddress import ip_address
from typing import Annotated, Any, cast

import typer

from config import environment
from config.environment import UNSAFE_SECRET, EnvironmentRefused
from opora.shared.console import with_database
from opora.shared.postgres import ClusterRefused

KILL_TIMEOUT = 15  # seconds a web worker has for its last answers; without it one may hang for ever

Host = Annotated[str, typer.Option(help="Адрес, на котором отвечать.")]
Port = Annotated[int, typer.Option(help="Порт.", min=1, max=65535)]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Сколько процессов; 0 — по числу ядер.", min=0, max=256)] = 0,
    threads: Annotated[int, typer.Option(help="Сколько потоков в каждом.", min=1, max=64)] = 4,
) -> None:
    """Отвечать браузерам и другим программам."""
    from granian import Granian
    from granian.constants import Interfaces

    refuse_known_key(host)
    refuse_taken(host, port)
    with tempfile.TemporaryDirectory(prefix="opora-metrics-") as figures, ExitStack() as afterwards:
        # The web processes add their figures up there; the library looks once, when Django is set up.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures
        afterwards.enter_context(with_database())
        Granian(
            target="config.wsgi:application",
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=workers or os.cpu_count() or 1,
            blocking_threads=threads,
            workers_kill_timeout=KILL_TIMEOUT,
            respawn_failed_workers=True,
            websockets=False,
        ).serve()


def worker(
    concurrency: Annotated[int, typer.Option(help="Сколько заданий вести одновременно.", min=1, max=100)] = 4,
    queues: Annotated[str, typer.Option(help="Очереди через запятую; пусто — все.")] = "",
) -> None:
    """Выполнять фоновые задания и расписание."""
    with with_database():
        from opora.appeals.chain.chainer import Chainer
        from opora.informing.dispatch import Dispatcher

        names = [name.strip() for name in queues.split(",") if name.strip()]
        chainer = Chainer()  # of all workers of the installation one gives places, the others stand by
        dispatcher = Dispatcher()  # every worker sends: touches are claimed
        chainer.start()
        dispatcher.start()
        try:
            asyncio.run(_work(names, concurrency))
        finally:
            dispatcher.stop()
            chainer.stop()


async def _work(queues: list[str], concurrency: int, **more: Any) -> None:
    """Take up what dead workers have left, then work; ``more`` goes to the worker of procrastinate."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from opora.shared import jobs

    await asyncio.to_thread(jobs.give_back)
    # The connector of Django is synchronous; a worker listens on a connection of its own.
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as ready:
        async with ready.open_async():
            run = partial(ready.run_worker_async, queues=queues) if queues else ready.run_worker_async
            await run(
                concurrency=concurrency,
                shutdown_graceful_timeout=KILL_TIMEOUT,
                stalled_worker_timeout=jobs.SILENT.total_seconds(),
                **more,
            )


def refuse_known_key(host: str) -> None:
    """With the key that stands in the source a program answers its own machine alone. Raises EnvironmentRefused."""
    if environment.read().secret_key == UNSAFE_SECRET and not _is_this_machine(host):
        raise EnvironmentRefused(["OPORA_SECRET_KEY: ключ разработки известен всем, с ним отвечают только этой машине"])


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_taken(host: str, port: int) -> None:
    """Say in a sentence that the port is taken, before anything has started. Raises ClusterRefused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        other = port + 1 if port < 65535 else 8000
        raise ClusterRefused(
            f"Адрес {host}:{port} не занять: {fault.strerror}. Укажите другой порт: --port {other}"
        ) from fault
