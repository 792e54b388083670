"""``opora db`` — the embedded cluster from the command line, and copies of any database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from opora.shared import postgres
from opora.shared.console import binaries_folder, data_folder, progress
from opora.shared.postgres import ClusterRefused

app = typer.Typer(help="База программы: запуск, остановка, адрес, копия.", no_args_is_help=True)


@app.command()
def start() -> None:
    """Запустить свою базу и оставить её работать."""
    _own_only()
    _start()
    found = postgres.status(data_folder())
    print(f"База работает: PostgreSQL {found.version}, порт {found.port}, папка {found.data}")


@app.command()
def stop() -> None:
    """Остановить свою базу; если она ещё нужна работающим программам — после последней из них."""
    _own_only()
    if postgres.stop(data_folder()):
        print("База остановлена.")
    else:
        print("База нужна работающей программе и остановится вместе с ней.")


@app.command()
def url() -> None:
    """Показать адрес базы вместе с паролем; своя база после этого работает."""
    print(os.environ.get("DATABASE_URL") or _start())


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Куда записать копию; файла ещё не должно быть.")]) -> None:
    """Снять копию базы в один файл."""
    from opora.access.scope import Scope
    from opora.shared.postgres.copies import backup as copy

    sight = Scope.system("a copy of the database holds every row").settings()
    with _address(as_admin=True) as address, progress("Снимаем копию"):
        copy(address, file, sight=sight)
    print(f"Копия записана: {file}, {file.stat().st_size // 2**20} МБ")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Копия, снятая opora db backup.")],
    disconnect: Annotated[bool, typer.Option("--disconnect", help="Отключить работающие с базой программы.")] = False,
) -> None:
    """Заменить базу копией; прежняя останется рядом под другим именем."""
    from opora.shared.postgres.copies import restore as bring_back

    with _address() as address, progress("Восстанавливаем"):
        former = bring_back(address, file, disconnect=disconnect)
    print(f"База восстановлена из {file}. Прежняя хранится под именем {former} до следующего восстановления.")


def _start() -> str:
    return postgres.ensure(data_folder(), preferred=binaries_folder())


@contextmanager
def _address(*, as_admin: bool = False) -> Iterator[str]:
    """Give the address of the database; the superuser's one where it is our own cluster and a copy needs every row."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with postgres.hold(data_folder(), preferred=binaries_folder()) as address:
        yield postgres.admin_url(data_folder()) if as_admin else address


def _own_only() -> None:
    if os.environ.get("DATABASE_URL"):
        raise ClusterRefused("Задан DATABASE_URL: программа работает с готовым сервером и своей базы не ведёт.")
