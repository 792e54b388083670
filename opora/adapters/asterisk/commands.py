"""``opora telephony listen`` — the process that hears the exchange."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from opora.shared.console import with_database
from opora.telephony.ports import PbxEvent

if TYPE_CHECKING:
    from opora.adapters.asterisk.listening import Listener

app = typer.Typer(help="Телефония: связь с АТС.", no_args_is_help=True)


@app.callback()
def telephony() -> None:
    """Телефония: связь с АТС."""


@app.command()
def listen() -> None:
    """Слушать АТС: записывать звонки, показывать их операторам; после обрыва взять пропущенное из её журнала."""
    with with_database():
        from asgiref.sync import sync_to_async
        from django.conf import settings

        from opora.adapters.asterisk.exchange import Asterisk
        from opora.adapters.asterisk.listening import Listener
        from opora.adapters.asterisk.settings import AsteriskSettings
        from opora.shared.errors import DomainError
        from opora.telephony.services.taking import asked_since

        if settings.PBX is None:
            raise DomainError("АТС не названа: задайте OPORA_PBX_NAME и другие OPORA_PBX_…, см. docs/asterisk.md.")
        exchange = Asterisk(AsteriskSettings(**settings.PBX))
        since = asked_since(exchange.settings.name)
        asyncio.run(_until_told(Listener(exchange, sync_to_async(_take), since=since)))


def _take(events: Sequence[PbxEvent]) -> None:
    from django.db import close_old_connections

    from opora.telephony.services import take_in

    close_old_connections()  # the database may have been started anew
    take_in(events)


async def _until_told(listener: "Listener") -> None:
    running = asyncio.ensure_future(listener.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
