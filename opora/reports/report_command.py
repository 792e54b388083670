"""``opora report`` — any report from the command line: on the terminal or as a file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opora.shared.console import print_json, with_database

if TYPE_CHECKING:
    from rich.console import Console

    from opora.reports.counting import Counted, Report
    from opora.reports.definitions import ReportPack
    from opora.reports.models import Seal

TEXTS = {"json", "csv", "html"}
LEADS = {"heading": "[bold]", "paragraph": "", "item": "– "}
ENDS = {"heading": "[/bold]", "paragraph": "\n", "item": ""}
NARROWEST = 140  # columns of a page that nobody looks at: a pipe


@with_database()
def report(
    name: Annotated[str, typer.Argument(help="Имя отчёта, как в --list.")] = "",
    organisation: Annotated[str, typer.Option("--org", help="Код организации или территории.")] = "",
    period: Annotated[str, typer.Option("--period", help="2024, 2024-Q1, 2024-01 или 2024-01:08.")] = "",
    form: Annotated[
        str, typer.Option("--format", help="html, xlsx, docx, pdf, csv или json; без него — таблица.")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Куда записать файл.")] = None,
    is_sealed: Annotated[bool, typer.Option("--seal", help="Закрыть период; кто закрывает, говорит --by.")] = False,
    login: Annotated[str, typer.Option("--by", help="Логин сотрудника, который закрывает период.")] = "",
    where: Annotated[
        list[str] | None, typer.Option("--where", help="Отбор: channel=post,email, is_closed=yes; можно несколько.")
    ] = None,
    is_list: Annotated[bool, typer.Option("--list", help="Показать, какие отчёты есть.")] = False,
) -> None:
    """Составить отчёт: показать таблицами или записать файлом."""
    from opora.access.scope import Scope, enter
    from opora.reports import analysis, sealed

    if is_list:
        with enter(Scope.system("the command line lists reports")):
            _list(is_json=form == "json")
        return
    if not name or not period:
        raise typer.BadParameter("нужны имя отчёта и --period; что есть — opora report --list")
    if is_sealed and not login:
        raise typer.BadParameter("скажите, кто закрывает период: --by ЛОГИН")
    if is_sealed and where:
        raise typer.BadParameter("закрывают весь отчёт: уберите --where")
    with enter(Scope.system("the command line makes a report")):
        asked = _asked(name, organisation, period, where or [])
        seal = _seal(asked, login) if is_sealed else None
        counted = sealed.counted(seal) if seal else analysis.told(asked)
    if out is None and not form:
        _show(counted, seal)
    else:
        _write(counted, form, out, seal, asked.pack)


def _seal(asked: Report, login: str) -> Seal:
    """Close the period as an employee who may. Raises refusals."""
    from opora.access.errors import RightMissing
    from opora.access.rights import Right
    from opora.organisations.models import Employee
    from opora.reports import subjects
    from opora.reports.services import sealing

    employee = Employee.objects.filter(login=login.lower()).first()
    if employee is None or not employee.holds(Right.REPORTS_SEAL):
        raise RightMissing(right=Right.REPORTS_SEAL)
    hers = subjects.subject(asked.subject.code, employee)
    return sealing.seal(asked.pack.name, hers, asked.period, by=employee)


def _asked(name: str, organisation: str, period: str, where: list[str]) -> Report:
    from opora.reports import asking, definitions, narrowing, subjects
    from opora.reports.counting import Report
    from opora.reports.errors import NoSuchFilter
    from opora.reports.periods import Period

    asked = Period.read(period)
    packs = {pack.name: pack for pack in definitions.in_force(asked.until, "")}
    kinds = packs[name].subjects if name in packs else []
    subject = subjects.named(organisation, kinds)
    _, pack = definitions.current(name, asked.until, subject.territory)
    asking.fits(pack, subject, asked)
    given: dict[str, list[str]] = {}
    for one in where:
        column, is_pair, values = one.partition("=")
        if not is_pair or column not in pack.filters:
            raise NoSuchFilter(f"Отбора «{one[:60]}» у «{pack.short}» нет. {narrowing.may_be(pack)}")
        given.setdefault(column, []).append(values)
    return Report(pack, subject, asked, also=narrowing.read(pack, given))


def _write(counted: Counted, form: str, out: Path | None, seal: Seal | None, pack: ReportPack) -> None:
    """Write a file; texts without ``--out`` go to standard output."""
    from opora.reports.writers import name_of, write

    kind = form or (out.suffix.removeprefix(".") if out else "")
    content = write(counted, kind, seal=seal, pack=pack)
    if out is None and kind in TEXTS:
        sys.stdout.buffer.write(content)
        return
    path = out or Path(name_of(counted.name, counted.subject, counted.period, kind))
    path.write_bytes(content)
    typer.echo(f"Записано: {path}", err=True)


def _list(*, is_json: bool) -> None:
    from rich.table import Table

    from opora.reports import definitions

    packs = definitions.in_force(date.today(), "")  # noqa: DTZ011 - an edition begins with a local day
    if is_json:
        print_json([{"name": one.name, "title": one.title, "version": one.version} for one in packs])
        return
    table = Table("Имя", "Отчёт", "Редакция", "Чей", "За что", title="Отчёты")
    for one in packs:
        table.add_row(one.name, one.title, one.version, ", ".join(one.subjects), ", ".join(one.periods))
    _console().print(table)


def _show(counted: Counted, seal: Seal | None) -> None:
    from rich.markup import escape
    from rich.table import Table

    from opora.reports.writers.layout import lay_out

    paper = lay_out(counted, seal=seal)
    console = _console()
    console.print(f"[bold]{escape(paper.title)}[/bold]\n{escape(paper.subtitle)}\n")
    for said in paper.words:
        console.print(f"{LEADS[said.kind]}{escape(said.text)}{ENDS[said.kind]}", highlight=False)
    for sheet in paper.sheets:
        table = Table(title=escape(sheet.title), title_justify="left")
        table.add_column("Строка")
        table.add_column("Показатель", min_width=24)
        for head, title in zip(sheet.groups, sheet.columns, strict=True):
            table.add_column(escape(f"{head}: {title}" if head else title), justify="right", no_wrap=False)
        for line in sheet.lines:
            cells = [escape(cell.text) for cell in line.cells]
            table.add_row(line.code, "  " * line.level + escape(line.title), *cells)
        console.print(table)
    for label, texts in (("Не сходится", paper.broken), ("Примечание", paper.notes)):
        for text in texts:
            console.print(f"{label}: {escape(text)}", highlight=False)
    if seal is not None:
        console.print(f"Период закрыт: версия {seal.number}, SHA-256 {seal.sha256}", highlight=False, soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    plain = Console()
    return plain if plain.is_terminal else Console(width=max(plain.width, NARROWEST))
