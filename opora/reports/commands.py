"""``opora reports`` — facts of reports from the command line."""

from __future__ import annotations

import sys

import typer

from opora.shared.console import with_database

app = typer.Typer(no_args_is_help=True, help="Отчёты: дочитать факты, собрать их заново, проверить закрытые.")


@app.command()
@with_database()
def follow() -> None:
    """Дочитать журнал и остальные разделы: факты отчётов станут свежими."""
    from opora.reports import following

    done = following.follow()
    print(
        f"Прочитано событий журнала: {done.turns}, пересчитано обращений: {done.appeals}, "
        f"прочего: {done.others}, изменилось фактов: {done.changed}."
    )


@app.command()
@with_database()
def rebuild() -> None:
    """Собрать все факты заново. Верные остаются как были; печатает, сколько разошлось."""
    from opora.reports import following
    from opora.reports.sources import SOURCES

    def told(source: str, facts: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{SOURCES[source].title}: {facts} ", end="", file=sys.stderr, flush=True)

    done = following.rebuild(told)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for one in done:
        print(f"{SOURCES[one.source].title}: {one.facts}, разошлось {one.differed}.")


@app.command()
@with_database()
def verify() -> None:
    """Пересчитать каждый закрытый отчёт по фактам того дня и сравнить до байта. Код 1 — какой-то разошёлся."""
    from opora.reports import proving
    from opora.reports.models import Seal

    def told(one: Seal) -> None:
        if sys.stderr.isatty():
            print(f"{one}", file=sys.stderr)

    done = proving.verify_seals(told)
    for fault in done.faults:
        print(f"Не сошлось. {fault}")
    if done.faults:
        print(f"Закрытых отчётов проверено: {done.seals + len(done.faults)}, не сошлись {len(done.faults)}.")
        raise typer.Exit(1)
    print(f"Закрытых отчётов проверено: {done.seals}, все сошлись.")
