"""``opora exchange send`` — lists for partners without a browser; ``opora exchange sent`` — what went out past us."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opora.shared.console import print_json, with_database

if TYPE_CHECKING:
    from opora.exchange.models import Parcel

REFUSED = 1
Form = Annotated[
    str, typer.Argument(metavar="FORMAT", help="Что отправить: имя формата, например kk-evfactinfos-soap.")
]
Org = Annotated[str, typer.Option("--org", help="Код организации, которая отправляет. Можно не указывать, если одна.")]
Roll = Annotated[int | None, typer.Option("--list", help="Номер принятого списка, из которого составить файл.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="День периода, включительно.")]
Number = Annotated[int | None, typer.Option(help="Год, квартал или месяц плана или списков.")]
Json = Annotated[bool, typer.Option("--json", help="Один документ JSON на выходе.")]


def send(
    form: Form,
    org: Org = "",
    roll: Roll = None,
    since: Day = None,
    until: Day = None,
    year: Number = None,
    quarter: Number = None,
    month: Number = None,
    measure: Annotated[str, typer.Option(help="Повод: checkup, screening, observation…")] = "",
    provider: Annotated[str, typer.Option(help="Код клиники по реестру.")] = "",
    purpose: Annotated[str, typer.Option(help="Опрос: ask_why или ask_satisfaction.")] = "",
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Отзывы согласий вместо согласий.")] = False,
    with_sent: Annotated[bool, typer.Option("--with-sent", help="И то, что уже отправляли.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Сказать, что уйдёт и чего не хватает; файла нет.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Папка для файла.")] = Path(),
    as_json: Json = False,
) -> None:
    """Составить файл для партнёра из наших данных. Записи, в которых чего-то не хватает, названы и остаются."""
    with with_database():
        from opora.exchange.dispatch import make
        from opora.exchange.models.parcel import Way
        from opora.exchange.outbound.orders import ListOrder, ask
        from opora.exchange.outbound.units import Wanted
        from opora.exchange.transfers import organisation_of
        from opora.informing.words import Measure, Purpose

        wanted = Wanted(
            roll=roll,
            year=year,
            quarter=quarter,
            month=month,
            measure=_word(Measure, measure),
            purpose=_word(Purpose, purpose),
            provider=provider,
            since=since.date() if since else None,
            until=until.date() if until else None,
            is_withdrawn=withdrawn,
            with_sent=with_sent,
        )
        order = ListOrder(organisation_of(org), form, wanted, Way.COMMAND, is_trial=dry_run)
        parcel = make(ask(order).pk, is_laid_out=False)
        told = _told(parcel, out)
    if as_json:
        print_json(told)
    else:
        _show(told)
    if told["state"] == "failed":
        raise typer.Exit(REFUSED)


def sent(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Файлы, которые уже ушли партнёру.")],
    org: Org = "",
    as_json: Json = False,
) -> None:
    """Записать файлы, которые отправили мимо программы: тогда на них можно принять ответ."""
    with with_database():
        from opora.exchange.outbound.noting import note_sent
        from opora.exchange.transfers import organisation_of

        organisation = organisation_of(org)
        entries = [{"file": path.name, "records": note_sent(path, organisation).counts["records"]} for path in files]
    if as_json:
        print_json({"files": entries})
    else:
        for entry in entries:
            typer.echo(f"{entry['file']}: записей {entry['records']}, ответ на них будет принят.")


def _word(words: Any, given: str) -> Any:
    if given and given not in words.values:
        raise typer.BadParameter(f"«{given}»: бывает {', '.join(words.values)}")
    return words(given) if given else None


def _told(parcel: Parcel, out: Path) -> dict[str, Any]:
    from opora.exchange import vault

    target = None
    if parcel.state == "ready":
        out.mkdir(parents=True, exist_ok=True)
        target = out / parcel.name
        shutil.copyfile(vault.found(parcel.sha256), target)
        target.chmod(0o600)
    counts = parcel.counts
    return {
        "file": str(target) if target else None,
        "format": parcel.format,
        "state": parcel.state,
        "refusal": parcel.refusal or None,
        **{name: counts.get(name, 0) for name in ("records", "missing", "sent_before")},
        "findings": [
            {"place": one.place, "record": one.record or None, "field": one.field, "message": one.message}
            for one in parcel.findings.all()
        ],
    }


def _show(told: dict[str, Any]) -> None:
    if told["refusal"]:
        typer.echo(told["refusal"], err=True)
    else:
        head = f"{told['file']}: записей" if told["file"] else "Ушло бы записей:"
        typer.echo(f"{head} {told['records']}, не хватает сведений у {told['missing']}.")
    for found in told["findings"]:
        typer.echo(f"  запись {found['place']}: {found['message']}", err=True)
