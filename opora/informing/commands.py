"""``opora informing`` — campaigns from the command line: dry run, launch, pause, go on, how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from opora.informing.letters import commands as letters
from opora.shared.console import print_json, with_database

if TYPE_CHECKING:
    from opora.informing.models import Campaign
    from opora.informing.planning import DryRun

app = typer.Typer(no_args_is_help=True, help="Кампании информирования: проверить, запустить, остановить.")

app.add_typer(letters.app, name="letters")

Which = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Номер кампании или её название.")]
AsJson = Annotated[bool, typer.Option("--json", help="Один документ JSON на выходе.")]


@app.command("dry-run")
@with_database()
def dry_run(campaign: Which, as_json: AsJson = False) -> None:
    """Показать, кому и когда уйдёт следующая волна, кому нет и почему, сколько это стоит. Ничего не записывает."""
    from opora.access.scope import Scope, enter
    from opora.informing import planning

    with enter(Scope.system("a dry run from the command line")):
        found = planning.dry_run(planning.next_step(_campaign(campaign)))
    print_json(found.as_json()) if as_json else _show(found)


@app.command()
@with_database()
def launch(campaign: Which, as_json: AsJson = False) -> None:
    """Запланировать следующую волну и пустить её. Второй раз той же волны не будет."""
    from opora.access.scope import Scope, enter
    from opora.informing.services import launch as go

    with enter(Scope.system("a launch from the command line")):
        wave, found = go(_campaign(campaign).pk, by=None)
    if as_json:
        print_json({"wave": wave.round, **found.as_json()})
        return
    typer.echo(f"Волна {wave.round} пошла.")
    _show(found)


@app.command()
@with_database()
def pause(campaign: Which) -> None:
    """Приостановить: ничего нового не уйдёт, отправленное дойдёт."""
    _told(campaign, "pause", "Кампания приостановлена.")


@app.command()
@with_database()
def resume(campaign: Which) -> None:
    """Продолжить: ожидающие контакты раскладываются по часам заново."""
    _told(campaign, "resume", "Кампания идёт.")


@app.command()
@with_database()
def status(campaign: Which, as_json: AsJson = False) -> None:
    """Как идёт кампания: волны и состояния контактов."""
    from opora.access.scope import Scope, enter
    from opora.informing.queries import progress

    with enter(Scope.system("status from the command line")):
        found = progress(_campaign(campaign))
    if as_json:
        print_json([one.as_json() for one in found])
        return
    table = Table(
        "волна", "способ", "состояние", "в плане", "исключено", "отправлено", "доставлено", "пришли", "цена, ₽"
    )
    for one in found:
        cells = (one.sent, one.delivered, one.came, one.cost)
        table.add_row(
            str(one.wave.round), one.channel, one.wave.get_state_display(), str(one.planned), str(one.wave.excluded),
            *map(str, cells),
        )  # fmt: skip
    Console().print(table)


def _campaign(which: str) -> Campaign:
    from opora.informing.errors import CampaignNotFound
    from opora.informing.models import Campaign

    found = Campaign.objects.select_related("insurer")
    chosen = list(found.filter(pk=int(which)) if which.isdecimal() else found.filter(title=which)[:2])
    if not chosen:
        raise CampaignNotFound(f"Кампании «{which}» нет.")
    if len(chosen) > 1:
        raise CampaignNotFound(f"Кампаний «{which}» несколько: укажите номер.")
    return chosen[0]


def _told(which: str, verb: str, sentence: str) -> None:
    from opora.access.scope import Scope, enter
    from opora.informing import services

    with enter(Scope.system(f"{verb} from the command line")):
        getattr(services, verb)(_campaign(which).pk, by=None)
    typer.echo(sentence)


def _show(found: DryRun) -> None:
    from opora.informing.texts.rules import languages

    names = dict(languages())
    table = Table(show_header=False)
    rows: list[tuple[str, Any]] = [("уйдёт", found.people)]
    rows += [(f"нет: {reason.label.lower()}", count) for reason, count in found.excluded.items()]
    rows += [(f"на языке: {names.get(one, one)}", count) for one, count in found.languages.items()]
    rows += [
        ("частей СМС", found.segments),
        ("писем", found.letters),
        ("цена, ₽", "не известна: провайдера нет" if found.cost is None else found.cost),
        ("начнётся", f"{found.starts:%d.%m.%Y %H:%M}"),
        ("закончится", f"{found.ends:%d.%m.%Y %H:%M}"),
        ("самый полный час", found.an_hour),
        ("перезвонят за час", f"{found.callbacks_an_hour:.0f}"),
        ("нужно операторов", found.operators_needed),
    ]
    for one in found.shared:
        taken = f"перезвонят {one.calls} в час, на обзвоне {one.operators}, приглашено {one.invited}"
        rows.append((f"занято: {one.title}", f"{taken}, до {one.until:%d.%m.%Y}"))
    rows += [("уступит срочной", title) for title in found.behind]
    for name, value in rows:
        table.add_row(name, str(value))
    Console().print(table)
