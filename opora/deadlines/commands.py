"""``opora load calendar|law FILE``; rooms above add kinds of their own and call ``load``."""

from pathlib import Path
from typing import Annotated

import typer

from opora.shared.console import with_database

app = typer.Typer(no_args_is_help=True, help="Загрузить версию календаря, сроков или справочника.")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Файл пака, JSON.")]


@app.command()
def calendar(file: File) -> None:
    """Загрузить производственный календарь или нерабочие дни региона."""
    load(file, {"calendar", "region"})


@app.command()
def law(file: File) -> None:
    """Загрузить сроки по закону или предельные сроки ожидания."""
    load(file, {"law", "waiting"})


@with_database()
def load(path: Path, kinds: set[str]) -> None:
    """Load a pack of one of ``kinds`` and say what changed. Raises PackRefused, VersionTaken."""
    from opora.deadlines.errors import PackRefused
    from opora.deadlines.packs import read_pack
    from opora.deadlines.services import load_pack

    file = read_pack(path)
    if file.kind not in kinds:
        raise PackRefused(f"{path.name}: это пак вида «{file.kind}», здесь ждут: {', '.join(sorted(kinds))}")
    loaded = load_pack(file)
    if not loaded.is_new:
        typer.echo(f"{loaded.pack.title}, версия {loaded.pack.version}: уже загружена, ничего не изменилось.")
        return
    typer.echo(f"{loaded.pack.title}: версия {loaded.pack.version} загружена.")
    for day, before, after in loaded.differences:
        typer.echo(f"  {day:%d.%m.%Y}: было — {before.words}, стало — {after.words}")
    for sentence in loaded.consequences:
        typer.echo(sentence)
