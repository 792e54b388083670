"""``opora import insured`` and ``opora load eligibility``: the register and the rules of check-ups from files."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opora.deadlines.commands import File, load
from opora.shared.console import print_json, progress, with_database

if TYPE_CHECKING:
    from opora.insured.importing.engine import Report, Request
    from opora.organisations.models import Organisation

REFUSED, WRONG_USAGE = 1, 2
SHOWN = 20
COUNTS = {
    "new": "новых",
    "changed": "изменено",
    "unchanged": "без изменений",
    "ambiguous": "ждут решения",
    "duplicate": "повторов",
    "foreign": "чужих",
    "skipped": "пропущено по решению",
    "no_policy": "без полиса",
    "absent": "нет в полном файле",
    "closed": "из них закрыто",
}


def import_insured(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV, XLSX, XML или zip с одним из них.")],
    org: Annotated[
        str, typer.Option("--org", help="Код организации, чей файл. Можно не указывать, если она одна.")
    ] = "",
    mode: Annotated[str, typer.Option("--mode", help="full — весь список, delta — только изменения.")] = "delta",
    profile: Annotated[str, typer.Option("--profile", help="Профиль партнёра: имя или файл JSON.")] = "",
    protocol: Annotated[Path | None, typer.Option("--protocol", help="Куда положить протоколы контроля.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Проверить и показать изменения, ничего не записать.")
    ] = False,
    on_error: Annotated[
        str, typer.Option("--on-error", help="skip — пропустить строки с ошибками, refuse — не принять файл.")
    ] = "skip",
    absent: Annotated[
        str, typer.Option("--absent", help="Кого нет в полном файле: report — назвать, close — закрыть полис.")
    ] = "report",
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
) -> None:
    """Загрузить регистр застрахованных из файлов партнёра. Повторная загрузка того же файла ничего не меняет."""
    _check("--mode", mode, ("full", "delta"))
    _check("--on-error", on_error, ("skip", "refuse"))
    _check("--absent", absent, ("report", "close"))
    with with_database():
        from opora.insured.importing.engine import Request

        organisation = _organisation(org)
        rules = _profile(profile, organisation)
        reports = []
        for file in files:
            request = Request(
                path=file,
                organisation=organisation,
                mode=mode,
                profile=rules,
                is_trial=dry_run,
                refuses_on_error=on_error == "refuse",
                closes_absent=absent == "close",
                protocol_folder=protocol,
            )
            reports.append(_load(request, says=not json))
    if json:
        print_json({"files": [report.document() for report in reports]})
    if not all(report.is_accepted for report in reports):
        raise typer.Exit(REFUSED)


def eligibility(file: File) -> None:
    """Загрузить правила: кто подлежит осмотрам. Прежние версии остаются."""
    load(file, {"eligibility"})


def _check(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        typer.echo(f"{option}: бывает {' или '.join(known)}, а не «{value}».", err=True)
        raise typer.Exit(WRONG_USAGE)


def _organisation(code: str) -> "Organisation":
    from opora.access.scope import Scope, enter
    from opora.insured.importing.errors import ImportRefused
    from opora.organisations.models import Organisation

    kinds = Organisation.Kind
    with enter(Scope.system("the owner of a file is found by the code")):
        senders = Organisation.objects.filter(kind__in=(kinds.FUND, kinds.INSURER, kinds.BRANCH))
        found = list(senders.filter(code=code) if code else senders[:2])
    if len(found) == 1:
        return found[0]
    if code and not found:
        raise ImportRefused(f"Фонда или страховой с кодом {code} в справочнике нет.")
    raise ImportRefused("Укажите, чей это файл: --org КОД." if not code else f"Организаций с кодом {code} несколько.")


def _profile(name: str, organisation: "Organisation") -> Any:
    from opora.access.scope import Scope, enter
    from opora.insured.importing.errors import ProfileNotUnderstood
    from opora.insured.importing.profile import Profile, parse_profile, read_profile
    from opora.insured.models import ImportProfile

    if not name:
        return Profile()
    if name.endswith(".json") or "/" in name:
        return read_profile(Path(name))
    with enter(Scope.system("the profile of a partner")):
        found = ImportProfile.objects.filter(organisation=organisation, name=name).first()
    if found is None:
        raise ProfileNotUnderstood(f"Профиля «{name}» у этой организации нет.")
    return parse_profile(found.rules, name=name)


def _load(request: "Request", *, says: bool) -> "Report":
    from opora.insured.importing.engine import load

    with ExitStack() as stack:
        advance = stack.enter_context(progress(f"Читаем {request.path.name}", total=100))
        done = 0.0

        def show(part: float) -> None:
            nonlocal done
            advance(max(0.0, part * 100 - done))
            done = max(done, part * 100)

        report = load(request, progress=show)
    if says:
        _print(report, is_trial=request.is_trial)
    return report


def _print(report: "Report", *, is_trial: bool) -> None:
    if not report.is_accepted:
        typer.echo(f"{report.file}: не принят, регистр не изменён.")
    else:
        verb = "проверен, ничего не записано" if is_trial else "загружен"
        typer.echo(f"{report.file}: {verb}. Записей {report.records}, принято {report.summary.accepted}.")
        counts = report.summary.as_dict()
        told = [f"{title} {counts[name]}" for name, title in COUNTS.items() if counts[name]]
        typer.echo("  " + ", ".join(told) if told else "  изменений нет")
        for name, count in report.summary.fields.items():
            typer.echo(f"  {name}: {count}")
    for found in report.findings[:SHOWN]:
        place = f"строка {found.line}" if found.line else "файл"
        column = f", {found.field}" if found.field else ""
        typer.echo(f"  {place}{column}: {found.message}")
    if report.findings_total > SHOWN:
        typer.echo(f"  … и ещё {report.findings_total - SHOWN}")
    if report.findings_total:
        typer.echo(f"  Протокол: {report.protocol}")
