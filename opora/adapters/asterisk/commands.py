"""``opora telephony listen`` — the process that hears the exchange."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress

import typer

from opora.shared.console import with_database
from opora.telephony.ports import PbxEvent

app = typer.Typer(help="Телефония: связь с АТС.", no_args_is_help=True)


@app.callback()
def telephony() -> None:
    """Телефония: связь с АТС."""


@app.command()
def listen() -> None:
    """Слушать АТС и передавать ей команды операторов; после обрыва взять пропущенное из её журнала."""
    with with_database():
        from asgiref.sync import sync_to_async
        from django.conf import settings

        from opora.adapters.asterisk.exchange import Asterisk
        from opora.adapters.asterisk.listening import Listener
        from opora.adapters.asterisk.settings import AsteriskSettings
        from opora.shared.errors import DomainError
        from opora.telephony.carrying import Carrier
        from opora.telephony.services.taking import asked_since

        if settings.PBX is None:
            raise DomainError("АТС не названа: задайте OPORA_PBX_NAME и другие OPORA_PBX_…, см. docs/asterisk.md.")
        exchange = Asterisk(AsteriskSettings(**settings.PBX))
        name = exchange.settings.name
        listener = Listener(exchange, sync_to_async(_take), since=asked_since(name))
        carrier = Carrier(exchange, name, sync_to_async(_ask))
        asyncio.run(_until_told(listener.run(), carrier.run(), carrier.hear(os.environ["DATABASE_URL"])))


def _take(events: Sequence[PbxEvent]) -> None:
    from django.db import close_old_connections

    from opora.telephony.services import take_in

    close_old_connections()  # the database may have been started anew
    take_in(events)


def _ask[Answer](question: Callable[[], Answer]) -> Answer:
    from django.db import close_old_connections

    close_old_connections()
    return question()


async def _until_told(*works: Coroutine[object, object, None]) -> None:
    running = asyncio.gather(*works)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
