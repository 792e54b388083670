"""``opora findings`` — counting from the command line."""

from __future__ import annotations

import typer

from opora.shared.console import with_database

app = typer.Typer(no_args_is_help=True, help="Системные нарушения: дочитать журнал, сосчитать заново.")


@app.command()
@with_database()
def follow() -> None:
    """Дочитать журнал и проверить прошедшую неделю на всплески."""
    from opora.findings import counting, watching

    done = counting.follow()
    raised = watching.watch()
    print(f"Прочитано событий: {done.turns}, пересчитано обращений: {done.appeals}, новых всплесков: {raised}.")


@app.command()
@with_database()
def rebuild() -> None:
    """Сосчитать всё заново по обращениям."""
    from opora.findings import counting

    print(f"Пересчитано дней: {counting.rebuild().days}.")
