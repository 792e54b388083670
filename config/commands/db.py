"""``opora db`` — the embedded cluster from the command line."""

import os

import typer

from opora.shared import postgres
from opora.shared.console import data_folder
from opora.shared.postgres import ClusterRefused

app = typer.Typer(help="Своя база программы: запуск, остановка, адрес, копия.", no_args_is_help=True)


@app.command()
def start() -> None:
    """Запустить базу и оставить её работать."""
    _own_only()
    postgres.ensure(data_folder())
    found = postgres.status(data_folder())
    print(f"База работает: PostgreSQL {found.version}, порт {found.port}, папка {found.data}")


@app.command()
def stop() -> None:
    """Остановить базу; если она ещё нужна работающим программам — после последней из них."""
    _own_only()
    if postgres.stop(data_folder()):
        print("База остановлена.")
    else:
        print("База нужна работающей программе и остановится вместе с ней.")


@app.command()
def url() -> None:
    """Показать адрес базы вместе с паролем; если она не работает — запустить."""
    print(os.environ.get("DATABASE_URL") or postgres.ensure(data_folder()))


def _own_only() -> None:
    if os.environ.get("DATABASE_URL"):
        raise ClusterRefused("Задан DATABASE_URL: программа работает с готовым сервером и своей базы не ведёт.")
