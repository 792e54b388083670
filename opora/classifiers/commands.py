"""``opora load classifier FILE``."""

from pathlib import Path
from typing import Annotated

import typer

from opora.shared.console import with_database

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Файл классификатора или кодов партнёра, JSON.")
]
Trial = Annotated[bool, typer.Option("--try", help="Только показать, что изменится.")]


@with_database()
def classifier(file: File, trial: Trial = False) -> None:
    """Загрузить версию классификатора тем или кодов партнёра."""
    from opora.classifiers.packs import read_file
    from opora.classifiers.services import load_edition, preview_edition

    read = read_file(file)
    if trial:
        seen = preview_edition(read)
        if seen.known is None:
            typer.echo(f"{read.title}, версия {read.version}: можно загружать, пока ничего не записано.")
            _say(list(map(str, seen.differences)), seen.before.version if seen.before else None)
            return
        typer.echo(f"{read.title}, версия {read.version}: уже загружена.")
        return
    loaded = load_edition(read)
    if not loaded.is_new:
        typer.echo(f"{loaded.edition.title}, версия {loaded.edition.version}: уже загружена, ничего не изменилось.")
        return
    typer.echo(f"{loaded.edition.title}: версия {loaded.edition.version} загружена.")
    _say(list(map(str, loaded.differences)), loaded.before.version if loaded.before else None)


def _say(differences: list[str], before: str | None) -> None:
    if before is None:
        typer.echo("Прежней версии не было.")
        return
    typer.echo(f"Что изменилось после версии {before}:" if differences else f"От версии {before} ничем не отличается.")
    for line in differences:
        typer.echo(f"  {line}")
