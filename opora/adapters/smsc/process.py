"""The centre as a process of its own, for tests, the bench and the demo."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from opora.channels.ports import Link
from opora.channels.schemas import complete
from opora.channels.words import Channel, Kind

PATIENCE = 20.0
_PORT = re.compile(r":(\d+)\s*$")


class SmscProcess:
    """``with SmscProcess(journal=path) as smsc: … smsc.port`` — killed and started anew it keeps its port."""

    def __init__(self, *, journal: Path | None = None, port: int = 0, **options: Any) -> None:
        self.port = port
        self.journal = journal
        self.options = options | ({"journal": journal} if journal else {})
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return when it listens."""
        command = [sys.executable, "-P", "-m", "opora.adapters.smsc", "--port", str(self.port)]
        for name, value in self.options.items():
            flag = "--" + name.replace("_", "-")
            command += [flag] if value is True else [] if value is False else [flag, str(value)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        said = self.process.stdout.readline()
        if not (found := _PORT.search(said)):
            self.stop()
            raise RuntimeError(f"opora smsc did not start: {said!r}")
        self.port = int(found[1])

    def stop(self) -> None:
        self._end("terminate")

    def kill(self) -> None:
        """Kill it outright: what it has not said yet is never said."""
        self._end("kill")

    def _end(self, how: str) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            getattr(self.process, how)()
        self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def link(self, *, per_second: int = 100_000, window: int = 200, provider: int = 1, **settings: Any) -> Link:
        """Return how to speak to it."""
        settings = {"host": "127.0.0.1", "port": self.port, "system_id": "opora"} | settings
        return Link(
            provider=provider,
            organisation=1,
            slug="smsc",
            kind=Kind.SMPP,
            channel=Channel.SMS,
            settings=complete(Kind.SMPP, settings),
            secrets={"password": "opora"},
            sender="Opora",
            per_second=per_second,
            window=window,
        )
