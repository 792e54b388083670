"""``opora poshouse`` — the platform of feedback for checks, on this machine alone."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer


def poshouse(
    port: Annotated[int, typer.Option(help="Порт; 0 — любой свободный.", min=0, max=65535)] = 2580,
    store: Annotated[Path | None, typer.Option(help="Файл, где платформа помнит сообщения и ответы.")] = None,
    moderates: Annotated[bool, typer.Option("--moderates", help="Ответ виден не сразу, а после проверки.")] = False,
) -> None:
    """Госуслуги (ПОС) для проверок: играют гражданина и оператора платформы на этой машине.

    Сообщение гражданина — POST на /citizen/messages, оценка и несогласие — на /citizen/messages/номер/rating и
    /reopening. Ключ подключения: pos-demo-token.
    """
    from opora.adapters.poshouse.platform import Platform
    from opora.adapters.poshouse.server import HOST, PosServer

    server = PosServer(Platform(store, moderates=moderates), port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"Госуслуги слушают {HOST}:{server.server_address[1]}", flush=True)
    server.serve_forever()
    server.server_close()
    answers = sum(len(message["answers"]) for message in server.platform.messages.values())
    print(f"Сообщений {len(server.platform.messages)}, ответов {answers}")
