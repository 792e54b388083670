"""``opora smsc`` — a centre of SMS for checks, on this machine alone."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer


def smsc(
    port: Annotated[int, typer.Option(help="Порт; 0 — любой свободный.", min=0, max=65535)] = 2775,
    journal: Annotated[Path | None, typer.Option(help="Файл, куда записывать каждое принятое сообщение.")] = None,
    readable: Annotated[Path | None, typer.Option(help="Файл, куда писать сообщения словами.")] = None,
    system_id: Annotated[str, typer.Option(help="Логин, который впускают.")] = "opora",
    password: Annotated[str, typer.Option(help="Пароль к нему.")] = "opora",  # noqa: S107 - a centre for checks
    receipt_seconds: Annotated[float, typer.Option(help="Через сколько секунд говорить о доставке.", min=0)] = 0.5,
    answer_seconds: Annotated[float, typer.Option(help="Медлить с ответом, секунд.", min=0)] = 0.0,
    per_second: Annotated[int, typer.Option(help="Принимать в секунду; лишним — «слишком часто». 0 — все.")] = 0,
    plain: Annotated[bool, typer.Option("--plain", help="Доставлять на все номера, особых нет.")] = False,
    reference_tlv: Annotated[int, typer.Option(help="Поле (TLV), которое возвращать в отчёте.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="По окончании — счёт одним документом JSON.")] = False,
) -> None:
    """Центр СМС для проверок: принимает по SMPP 3.4 на этой машине и никуда не отправляет.

    Номера на 901–917 ведут себя особо: не доставлено, отказ, отчёт раньше ответа, ответа нет и так далее.
    """
    from opora.adapters.smsc.server import Manner, serve

    manner = Manner(
        system_id=system_id,
        password=password,
        receipt_seconds=receipt_seconds,
        answer_seconds=answer_seconds,
        per_second=per_second,
        is_plain=plain,
        reference_tlv=reference_tlv,
        journal=journal,
        readable=readable,
    )

    async def run() -> dict[str, int]:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        centre = await serve(manner, "127.0.0.1", port, ready=_say, stop=stop)
        accounts = centre.accounts.values()
        return {
            "accepted": centre.journal.count,
            "receipts": sum(account.said for account in accounts),
            "waiting": sum(account.waiting for account in accounts),
        }

    def _say(found: int) -> None:
        if not json:
            print(f"Центр СМС слушает 127.0.0.1:{found}", flush=True)

    counts = asyncio.run(run())
    if json:
        from opora.shared.console import print_json

        print_json(counts)
    else:
        print(f"Принято {counts['accepted']}, отчётов {counts['receipts']}, не отдано {counts['waiting']}")
