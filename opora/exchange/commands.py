"""``opora exchange check`` — run every control of a partner's file and store nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from opora.exchange.outbound.commands import send, sent

app = typer.Typer(no_args_is_help=True, help="Файлы партнёров: узнать формат, проверить, ничего не сохраняя.")

REFUSED = 1
app.command()(send)
app.command()(sent)


@app.callback()
def exchange() -> None:
    """Файлы партнёров."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Файлы партнёров.")],
    context: Annotated[
        Path | None, typer.Option(help="JSON с организациями, сотрудниками и темами; без него спрашиваем базу.")
    ] = None,
    channel_org: Annotated[str | None, typer.Option(help="Код организации, по каналу которой пришёл файл.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="День, на который проверяем.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Один документ JSON на выходе.")] = False,
) -> None:
    """Узнать формат файлов и прогнать все проверки. Код выхода 1 — хотя бы один файл не принят."""
    from opora.exchange.context import read_context
    from opora.exchange.engine import check as run
    from opora.shared.console import print_json

    day = as_of.date() if as_of else None
    known = read_context(context) if context else _from_database()
    outcomes = [run(path, known.at(as_of=day, channel=channel_org)) for path in files]
    if as_json:
        print_json({"files": [outcome.as_json() for outcome in outcomes]})
    else:
        for outcome in outcomes:
            show(outcome.as_json())
    if not all(outcome.is_accepted for outcome in outcomes):
        raise typer.Exit(REFUSED)


def _from_database():  # type: ignore[no-untyped-def]
    from opora.shared.console import with_database

    with with_database():
        from opora.exchange.queries import context_of_house

        return context_of_house()


def show(entry: dict) -> None:
    console = Console()
    word = "принят" if entry["result"] == "accept" else "не принят"
    counts = f"записей {entry['records_in_file']}, принято {entry['accepted']}, отклонено {entry['rejected']}"
    if entry["records_in_file"] is None:
        counts = "в файле числа, а не записи"
    console.print(f"{entry['file']} — {entry['format'] or 'формат не узнан'}: {word}; {counts}", highlight=False)
    if not entry["findings"]:
        return
    table = Table("запись", "поле", "что не так")
    for finding in entry["findings"]:
        sign = "" if finding["severity"] == "error" else "предупреждение: "
        table.add_row(finding["record"] or "файл", finding["field"], sign + finding["message"])
    console.print(table)
