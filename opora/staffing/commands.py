"""``opora staffing`` — counting from the command line."""

from __future__ import annotations

import typer

from opora.shared.console import with_database

app = typer.Typer(no_args_is_help=True, help="Смены: дочитать звонки из журнала, сосчитать заново.")


@app.command()
@with_database()
def follow() -> None:
    """Дочитать журнал: звонки по получасам."""
    from opora.staffing import counting

    print(f"Сосчитано получасов: {counting.follow()}.")


@app.command()
@with_database()
def rebuild() -> None:
    """Сосчитать звонки заново по всем обращениям."""
    from opora.staffing import counting

    print(f"Сосчитано получасов: {counting.rebuild()}.")
