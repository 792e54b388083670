"""The house of mail as a process of its own, for tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Self

from opora.adapters.mailhouse.commands import ACCOUNT, HOST
from opora.channels.ports import Link
from opora.channels.schemas import complete
from opora.channels.words import Channel, Kind

PATIENCE = 20.0
_PORTS = re.compile(r"SMTP (\d+), IMAP (\d+)")


class MailhouseProcess:
    """``with MailhouseProcess(folder=path) as mail: … mail.link()``."""

    def __init__(self, folder: Path | None = None, boxes: Path | None = None) -> None:
        self.folder = folder
        self.boxes = boxes
        self.port = self.imap_port = 0

    def __enter__(self) -> Self:
        command = [sys.executable, "-P", "-m", "opora.adapters.mailhouse", "--port", "0", "--imap-port", "0"]
        command += ["--folder", str(self.folder)] if self.folder else []
        command += ["--boxes", str(self.boxes)] if self.boxes else []
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        said = self.process.stdout.readline()
        if not (found := _PORTS.search(said)):
            self.__exit__()
            raise RuntimeError(f"opora mailhouse did not start: {said!r}")
        self.port, self.imap_port = int(found[1]), int(found[2])
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def link(self, **given: object) -> Link:
        """Return how to speak to it."""
        return Link(
            provider=1,
            organisation=1,
            slug="mail",
            kind=Kind.SMTP,
            channel=Channel.EMAIL,
            settings=complete(Kind.SMTP, settings(self.port, self.imap_port) | given),
            secrets={"imap_password": ACCOUNT[1]},
            sender="info@alfa.example",
            per_second=1000,
            window=10,
        )


def settings(port: int, imap_port: int) -> dict[str, object]:
    """Return the settings of a provider that speaks to the house of mail on this machine."""
    return {
        "host": HOST,
        "port": port,
        "security": "none",
        "imap_host": HOST,
        "imap_port": imap_port,
        "imap_tls": False,
        "imap_login": ACCOUNT[0],
        "poll_seconds": 5,
    }
