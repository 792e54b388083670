"""What commands of all rooms share: the database for one command, one JSON document, a bar on a terminal.

A command imports models and services inside its function, after ``with_database()`` has set Django up.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from opora.shared import postgres


@contextmanager
def with_database() -> Iterator[None]:
    """Bring up the database and Django for one command, and leave the embedded cluster as it was found.

    With ``DATABASE_URL`` no cluster is touched. Works as a decorator too. Raises ClusterRefused.
    """
    with ExitStack() as afterwards:
        if not os.environ.get("DATABASE_URL"):
            cluster = postgres.hold(data_folder(), preferred=binaries_folder())
            os.environ["DATABASE_URL"] = afterwards.enter_context(cluster)
            afterwards.callback(os.environ.pop, "DATABASE_URL")
        import django

        with born_to_stay():
            django.setup()
        afterwards.callback(_hang_up)
        yield


@contextmanager
def born_to_stay() -> Iterator[None]:
    """Make what lives as long as the process: looking for cycles among it costs a fifth of a start, and every search
    later passes over it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def data_folder() -> Path:
    """Return the data folder of this process; ``config.cli`` puts it into the environment."""
    return Path(os.environ.get("OPORA_DATA") or ".opora").absolute()


def binaries_folder() -> Path | None:
    """Return the folder of PostgreSQL programs that the settings name, None to look for one."""
    return Path(named) if (named := os.environ.get("OPORA_POSTGRES_BIN")) else None


def print_json(document: Any) -> None:
    """Print the one JSON document of a command to standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


@contextmanager
def progress(title: str, total: float | None = None) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal, nothing in a pipe. Gives a function to call with how much more is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.advance(task, done)


def _hang_up() -> None:
    from django.db import connections

    connections.close_all()
