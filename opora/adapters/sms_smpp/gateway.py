"""The door of this adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opora.adapters.sms_smpp.session import SmppSession
from opora.channels.errors import GatewayUnexpected
from opora.channels.ports import IncomingReceipt, Link, OnReceipts, Session


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

    def brought(self, link: Link, body: str) -> list[IncomingReceipt]:
        raise GatewayUnexpected
