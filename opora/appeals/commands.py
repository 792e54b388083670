"""``opora verify``, ``opora chain``, ``opora board`` — prove the history, keep the ends of chains, count anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from opora.shared.console import print_json, with_database

if TYPE_CHECKING:
    from opora.appeals.chain.findings import Report
    from opora.organisations.models import Organisation

chain = typer.Typer(no_args_is_help=True, help="Концы цепочек журнала: отдать партнёру, сохранить полученные.")
board = typer.Typer(no_args_is_help=True, help="Табло: его счётчики.")
REFUSED = 1

Org = Annotated[str, typer.Option("--org", help="Код организации; без него — все.")]
Heads = Annotated[
    list[Path] | None,
    typer.Option("--heads", help="Файл с концами цепочек, который сохранил партнёр; можно несколько."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Один документ JSON на выходе.")]


@with_database()
def verify(org: Org = "", heads: Heads = None, as_json: AsJson = False) -> None:
    """Доказать, что историю журнала не переписывали, и сверить данные с событиями. Код выхода 1 — что-то не сошлось."""
    from opora.appeals.chain import heads as ends
    from opora.appeals.chain.verify import verify as prove

    chosen = [one.pk for one in _organisations(org)] if org else None
    given = [head for path in heads or [] for head in ends.read(path)]
    with _Bars() as bars:
        report = prove(chosen, heads=given, tell=bars.tell)
    names = _names()
    if as_json:
        print_json(_document(report, names))
    else:
        _show(report, names)
    if not report.is_clean:
        raise typer.Exit(REFUSED)


@board.callback()
def _of_board() -> None:
    """Табло: его счётчики."""


@board.command("rebuild")
@with_database()
def rebuild_board() -> None:
    """Посчитать счётчики табло заново по журналу: после находки opora verify. Работе не мешает."""
    from opora.appeals.board.counting import rebuild

    Console().print(f"Счётчики табло посчитаны заново, строк: {rebuild()}")


@chain.command("heads")
@with_database()
def give_heads(
    org: Annotated[str, typer.Option("--org", help="Код организации.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Куда записать; без него — на экран.")] = None,
) -> None:
    """Отдать концы цепочки организации по дням: партнёр их хранит, и переписать цепочку незаметно нельзя."""
    import json

    from opora.appeals.chain import heads as ends
    from opora.appeals.chain.heads import HeadsRefused

    found = _organisations(org)
    if len(found) != 1:
        raise HeadsRefused("Укажите, чья это цепочка: --org КОД.")
    document = ends.document(found[0])
    if out is None:
        print_json(document)
        return
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"Концов по дням: {len(document['heads'])}. Файл: {out}", err=True)


@chain.command("keep")
@with_database()
def keep_heads(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Файл от партнёра.")]) -> None:
    """Сохранить концы цепочки партнёра. Код выхода 1 — они спорят с полученными раньше."""
    from opora.appeals.chain import heads as ends

    typer.echo(f"Новых дней сохранено: {ends.keep(file)}.")


class _Bars:
    """A bar for each thing that is looked at, on a terminal; nothing in a pipe."""

    def __enter__(self) -> _Bars:
        import sys

        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        quiet = not sys.stderr.isatty()
        self._progress = Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True)
        self._tasks: dict[str, Any] = {}
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what.capitalize(), total=total)
        self._progress.update(self._tasks[what], completed=done, total=total)


def _organisations(code: str) -> list[Organisation]:
    from opora.access.scope import Scope, enter
    from opora.appeals.chain.heads import HeadsRefused
    from opora.appeals.models import ChainHead
    from opora.organisations.models import Organisation

    with enter(Scope.system("whose history is proved")):
        found = Organisation.objects.filter(pk__in=ChainHead.objects.values("organisation_id"))
        chosen = list(Organisation.objects.filter(code=code) if code else found)
    if code and not chosen:
        raise HeadsRefused(f"Организации с кодом {code} в справочнике нет.")
    return chosen


def _names() -> dict[int, str]:
    from opora.access.scope import Scope, enter
    from opora.organisations.models import Organisation

    with enter(Scope.system("names for the report of a check")):
        return {one.pk: f"{one.name} ({one.code})" for one in Organisation.objects.all()}


def _document(report: Report, names: dict[int, str]) -> dict[str, Any]:
    return {
        "clean": report.is_clean,
        "events": report.events,
        "waiting": report.waiting,
        "appeals": report.appeals,
        "chains": [
            {"organisation": names.get(end.organisation, ""), "position": end.position, "hash": end.hash}
            for end in report.ends
        ],
        "findings": [
            one.document() | {"organisation": names.get(one.organisation or 0, "")} for one in report.findings
        ],
    }


def _show(report: Report, names: dict[int, str]) -> None:
    console = Console()
    ends = Table("организация", "звеньев", "конец цепочки")
    for end in report.ends:
        ends.add_row(names.get(end.organisation, str(end.organisation)), str(end.position), end.hash[:16])
    console.print(ends)
    console.print(
        f"Событий {report.events}, из них ждут места {report.waiting}; обращений {report.appeals}.", highlight=False
    )
    if report.is_clean:
        console.print("Всё сошлось: историю не меняли.")
        return
    table = Table("организация", "звено", "обращение", "что не так", title="Не сошлось", title_justify="left")
    for one in report.findings:
        about = f"{one.sentence} Событие {one.event}." if one.event else one.sentence
        table.add_row(names.get(one.organisation or 0, ""), str(one.position or ""), one.number, about)
    console.print(table)
