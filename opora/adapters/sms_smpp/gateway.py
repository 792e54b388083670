"""The door of this adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opora.adapters.sms_smpp.session import SmppSession
from opora.channels.ports import Link, OnReceipts, Session


class SmppGateway:
    """See ``opora.channels.ports.Gateway``."""

    @asynccontextmanager
    async def session(self, link: Link, on_receipts: OnReceipts) -> AsyncIterator[Session]:
        session = SmppSession(link, on_receipts)
        await session.open()
        try:
            yield session
        finally:
            await session.close()
