"""``opora informing letters`` — print runs from the command line: draw one up here and now, see how they stand."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from opora.shared.console import print_json, with_database

if TYPE_CHECKING:
    from opora.informing.models import PrintRun

app = typer.Typer(no_args_is_help=True, help="Тиражи писем: составить, посмотреть.")

AsJson = Annotated[bool, typer.Option("--json", help="Один документ JSON на выходе.")]
SHOWN = 20


@app.command()
@with_database()
def draw(
    insurer: Annotated[str, typer.Argument(metavar="INSURER", help="Код страховой.")],
    most: Annotated[int, typer.Option(help="Не больше писем.")] = 50_000,
    envelope: Annotated[str, typer.Option(help="Конверт: dl или c5.")] = "dl",
    duplex: Annotated[bool, typer.Option("--duplex", help="Печать с двух сторон.")] = False,
    price: Annotated[str, typer.Option(help="Цена письма, ₽.")] = "0",
    as_json: AsJson = False,
) -> None:
    """Составить тираж из писем, чей срок подошёл, и сказать, где лежат файлы. Печать и почту отмечает человек."""
    from opora.access.scope import Scope, enter
    from opora.informing.errors import InformingError
    from opora.informing.letters import drawing, services, store
    from opora.informing.letters.envelopes import Envelope
    from opora.informing.models import PrintRun
    from opora.organisations.models import Organisation

    try:
        terms = services.Terms(
            most=most, envelope=Envelope(envelope), is_duplex=duplex, price=Decimal(price.replace(",", "."))
        )
    except (ValueError, InvalidOperation) as fault:
        raise InformingError("Конверт — dl или c5, цена — число.") from fault
    with enter(Scope.system("a print run from the command line")):
        found = Organisation.objects.filter(code=insurer, kind=Organisation.Kind.INSURER, closed_on=None).first()
        if found is None:
            raise InformingError(f"Страховой с кодом «{insurer}» нет.")
        run = services.draw_up(found, terms, by=None)
    drawing.draw(run.pk)
    with enter(Scope.system("how the run stands")):
        run = PrintRun.objects.get(pk=run.pk)
    folder = str(store.folder(run.pk)) if run.has_files else ""
    if as_json:
        print_json({**_line(run), "folder": folder})
        return
    typer.echo(f"Тираж {run.pk}: писем {run.drawn}, не вошло {run.refused}, листов {run.sheets}.")
    typer.echo(f"Файлы: {folder}" if folder else run.why)


@app.command("list")
@with_database()
def runs(as_json: AsJson = False) -> None:
    """Последние тиражи и их состояния."""
    from opora.access.scope import Scope, enter
    from opora.informing.models import PrintRun

    with enter(Scope.system("print runs from the command line")):
        found = list(PrintRun.objects.select_related("insurer").order_by("-pk")[:SHOWN])
    if as_json:
        print_json([_line(run) for run in found])
        return
    table = Table("тираж", "от кого", "состояние", "писем", "не вошло", "вернулось", "цена, ₽")
    for run in found:
        cells = (run.pk, run.insurer.name, run.get_state_display(), run.drawn, run.refused, run.returned, run.cost)
        table.add_row(*map(str, cells))
    Console().print(table)


def _line(run: PrintRun) -> dict[str, Any]:
    names = ("pk", "state", "drawn", "refused", "sheets", "parts", "dropped", "returned")
    return {name: getattr(run, name) for name in names} | {"cost": str(run.cost)}
