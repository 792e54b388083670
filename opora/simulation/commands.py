"""``opora simulate`` — scenarios from the command line."""

import time
from typing import Annotated

import typer

from opora.shared.console import print_json, progress, with_database

app = typer.Typer(help="Заполнить базу выдуманной, но правдоподобной жизнью.", no_args_is_help=True)


@app.callback()
def simulate() -> None:
    """Заполнить базу выдуманной, но правдоподобной жизнью."""


@app.command()
def people(
    scale: Annotated[float, typer.Option(min=0.000001, help="Доля от 3 246 424 застрахованных.")] = 0.01,
    seed: Annotated[int, typer.Option(min=0, help="Одно зерно — одни и те же люди.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Сколько процессов; иначе по ядрам.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
) -> None:
    """Застрахованные: имена, семьи, полисы, прикрепления, телефоны. Повторный запуск никого не удваивает."""
    from opora.simulation.people.plan import Plan, people_at

    wanted = people_at(scale)
    with with_database(), progress("Люди", total=wanted) as done:
        from opora.simulation.people.finish import refresh
        from opora.simulation.people.work import load_people

        began = time.perf_counter()
        loaded = load_people(Plan(seed=seed), wanted, done=done, workers=workers)
        refresh(loaded)
        seconds = time.perf_counter() - began
    figures = {"people": wanted, "added": loaded.people, "rows": loaded.rows, "seconds": round(seconds, 1)}
    if json:
        print_json(figures)
        return
    rate = loaded.people / seconds if seconds else 0
    print(f"Застрахованных: {wanted:_}, добавлено {loaded.people:_}, записей {loaded.rows:_}".replace("_", " "))
    print(f"Время: {seconds:.1f} с, {rate:,.0f} человек в секунду".replace(",", " "))
