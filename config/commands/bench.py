"""``opora bench`` — figures with the limit of the same run, as a table or as one JSON document."""

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from opora.shared.console import born_to_stay, print_json

if TYPE_CHECKING:
    from config.bench.frame import Result


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Замеры или группы; без них — все.")] = None,
    scale: Annotated[float, typer.Option(min=0.0001, help="Доля от 3 246 424 застрахованных в базе замера.")] = 0.1,
    appeals: Annotated[int, typer.Option(min=1000, help="Обращений в архиве замера.")] = 20_000,
    touches: Annotated[int, typer.Option(min=1000, help="Контактов в кампании замера.")] = 100_000,
    tablets: Annotated[int, typer.Option(min=1, help="Планшетов в замере постов; планка — для 500.")] = 500,
    rounds: Annotated[int, typer.Option(min=3, max=99, help="Сколько раз мерить; берётся медиана.")] = 3,
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Оставить базы замера для следующего раза.")] = False,
) -> None:
    """Измерить скорость и сравнить с пределом того же кластера в том же прогоне."""
    from config.bench.frame import Bench, chosen, discover, measure
    from config.bench.place import POPULATION, bench_place, machine

    screen = Console(stderr=True)
    with bench_place() as place:
        from django.conf import settings

        with born_to_stay():  # pages are asked for in this process: it holds what a web process does
            discover()
            import_module(settings.ROOT_URLCONF)
        works = chosen(names or [])
        from config.bench.population import populate

        with screen.status("Заселяем базу замера"):
            people = populate(scale) if any(found.needs_people for found in works) else 0
        found_on = machine()  # before our own work shows in the load
        results: list[Result] = []
        with screen.status("") as status:
            bench = Bench(place, scale, people, rounds, status.update, appeals, keep, touches, tablets)
            for found in works:
                status.update(found.name)
                results.append(measure(found, bench))
        document = {
            "machine": found_on,
            "scale": scale,
            "people": people,
            "results": [result.document() for result in results],
        }
        if not keep:
            from django.db import connections

            from config.bench.archive.place import DATABASE, FACTS, OPEN

            connections.close_all()
            for name in (POPULATION, DATABASE, FACTS, OPEN):
                place.drop(name)
    if json:
        print_json(document)
    else:
        _print_table(document, results)


def _print_table(document: dict[str, Any], results: "list[Result]") -> None:
    table = Table(
        Column("замер", no_wrap=True), "показатель", "предел", "отношение", "планка", "итог", "замеров", "примечание"
    )
    for result in results:
        table.add_row(
            result.name,
            _number(result.figure, result.unit),
            _number(result.limit, result.unit),
            _number(result.ratio),
            result.bar,
            "держит" if result.ok else "не держит",
            str(result.runs),
            result.note,
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
    machine = ", ".join(f"{name} {value}" for name, value in document["machine"].items())
    console.print(f"Людей в базе: {document['people']:_}".replace("_", " ") + f". Машина: {machine}")


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "—"
    return f"{value:g} {unit}".strip()
