"""A centre of SMS on loopback for tests of rooms that send: what goes is written to its journal, its receipts are heard
and folded in the test's own transaction (a session stores them from a thread of its own).
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from opora.access.scope import Scope, enter
from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.channels import receipts, services
from opora.channels.models import Provider
from opora.channels.ports import IncomingReceipt, Link

QUICK = 0.4  # seconds; receipts of this centre are ready after a twentieth of one


@dataclass
class House:
    """A provider of an insurer and the centre behind it."""

    smsc: SmscProcess
    provider: Provider
    heard: list[IncomingReceipt] = field(default_factory=list)

    def storing(self, link: Link) -> Callable[[list[IncomingReceipt]], Awaitable[None]]:
        async def hear(batch: list[IncomingReceipt]) -> None:
            self.heard += batch

        return hear

    def fold(self) -> list[IncomingReceipt]:
        """Keep and announce what was heard so far."""
        batch, self.heard = self.heard, []
        with enter(Scope.system("receipts of a test")):
            return receipts.take(self.provider.link(), batch)

    def collect(self) -> list[IncomingReceipt]:
        """Listen to the centre as the worker does, then fold."""
        self.fold()
        services.collect(seconds=QUICK)
        return self.fold()

    def taken(self, number: str) -> list[journal.Taken]:
        assert self.smsc.journal is not None
        return [one for one in journal.read(self.smsc.journal) if one.to == number]


@contextmanager
def sms_house(folder: Path, organisation: Any, patch: pytest.MonkeyPatch) -> Iterator[House]:
    """Connect ``organisation`` to a centre that has just been started; its messages end on this machine."""
    with SmscProcess(journal=folder / "journal", receipt_seconds=0.05) as smsc:
        settings = {"host": "127.0.0.1", "port": smsc.port, "system_id": "opora"}
        provider = Provider(
            organisation=organisation, slug="house", title="Центр", kind="smpp", channel="sms", settings=settings
        )
        provider.keep_secrets({"password": "opora"})
        provider.save()
        made = House(smsc, provider)
        patch.setattr(services, "storing", made.storing)
        yield made
