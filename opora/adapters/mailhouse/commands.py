"""``opora mailhouse`` — mail for checks, on this machine alone."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path
from typing import Annotated

import typer

HOST = "127.0.0.1"
ACCOUNT = ("returns", "opora")


def mailhouse(
    port: Annotated[int, typer.Option(help="Порт SMTP; 0 — любой свободный.", min=0, max=65535)] = 2525,
    imap_port: Annotated[int, typer.Option(help="Порт IMAP ящика возвратов; 0 — любой.", min=0, max=65535)] = 2143,
    folder: Annotated[Path | None, typer.Option(help="Папка, куда складывать принятые письма.")] = None,
    boxes: Annotated[Path | None, typer.Option(help="Папка ящиков: в ней папка адреса, в той — его письма.")] = None,
) -> None:
    """Почта для проверок: принимает письма по SMTP на этой машине и никуда не отправляет.

    Адресу на 3 перед @ откажет сразу, письмо на адрес на 7 вернёт: возврат ляжет в ящик returns, пароль opora.
    Письмо на адрес ящика из папки ящиков ляжет в него; логин — адрес, пароль тот же.
    """
    from aiosmtpd.smtp import SMTP

    from opora.adapters.mailhouse.keeper import Keeper
    from opora.adapters.mailhouse.mailbox import Mailbox
    from opora.adapters.mailhouse.returns import Letters, Returns

    login, password = ACCOUNT
    returns = Returns()
    # Numbers begin anew with each start, so the mailbox says that it is another one: a reader begins anew, too.
    own = {
        box.name: Letters((file.read_bytes() for file in sorted(box.glob("*.eml"))), validity=int(time.time()))
        for box in sorted(boxes.iterdir() if boxes else ())
    }
    keeper = Keeper(returns, folder, own)

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        smtp = await loop.create_server(lambda: SMTP(keeper, hostname="mailhouse.example", loop=loop), HOST, port)
        imap = await asyncio.start_server(Mailbox({login: returns, **own}, password).serve, HOST, imap_port)
        ports = [server.sockets[0].getsockname()[1] for server in (smtp, imap)]
        print(f"Почта слушает {HOST}: SMTP {ports[0]}, IMAP {ports[1]}", flush=True)
        await stop.wait()
        for server in (smtp, imap):
            server.close()
            server.close_clients()

    asyncio.run(run())
    print(f"Принято {keeper.count}, вернулось {len(returns.letters)}")
