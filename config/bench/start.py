"""house.start — from the command to a page that answers, on a machine where everything is set up."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from opora.shared import postgres

PATIENCE = 180.0


@work(
    "house.start",
    unit="с",
    bar=("figure <= 10",),
    note="предел — одна база",
    needs_people=False,
)
def start(bench: Bench) -> Iterator[Round]:
    """Start the demonstration a second time; the limit is its bare database, up and answering."""
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
        data = Path(folder)
        bench.say("house.start: первый запуск")
        with _demonstration(data):
            pass
        for _ in bench.rounds:
            with _demonstration(data) as seconds:
                figure = seconds
            began = time.perf_counter()
            with postgres.hold(data):
                limit = time.perf_counter() - began
            yield Round(figure, limit)


@contextmanager
def _demonstration(data: Path) -> Iterator[float]:
    """Run ``./run`` (``opora demo`` where there is no checkout) and give the seconds until its first page."""
    port = free_port()
    script = settings.BASE_DIR / "run"
    command = [str(script)] if script.exists() else [sys.executable, "-m", "config.cli", "demo"]
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    began = time.perf_counter()
    program = subprocess.Popen(
        [*command, "--port", str(port)],
        env=environment | {"OPORA_DATA": str(data)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_page(f"http://127.0.0.1:{port}/", program)
        yield time.perf_counter() - began
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(PATIENCE)


def _wait_for_page(address: str, program: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if program.poll() is not None:
            raise BenchRefused(f"opora demo закрылась с кодом {program.returncode}")
        try:
            urllib.request.urlopen(address, timeout=30).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError as answer:
            raise BenchRefused(f"Первая страница ответила {answer.code}") from None
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BenchRefused(f"Страница не ответила за {PATIENCE:.0f} с")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
