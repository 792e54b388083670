"""The command line, composed room by room. Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no environment."""

import atexit
import gc
import os
import signal
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from config.commands import bench, db, demo, doctor, schema, serve, settings, stream
from config.environment import EnvironmentRefused
from config.russian import speak_russian
from opora.adapters.asterisk import commands as asterisk
from opora.adapters.mailhouse import commands as mailhouse
from opora.adapters.pbxhouse import commands as pbxhouse
from opora.adapters.poshouse import commands as poshouse
from opora.adapters.smsc import commands as smsc
from opora.appeals import commands as appeals
from opora.classifiers import commands as classifiers
from opora.complaints import commands as complaints
from opora.deadlines import commands as deadlines
from opora.exchange import commands as exchange
from opora.exchange import transfers
from opora.findings import commands as findings
from opora.informing import commands as informing
from opora.insured import commands as insured
from opora.organisations import commands as organisations
from opora.policies import commands as policies
from opora.reports import commands as reports
from opora.reports import report_command
from opora.shared.console import data_folder, with_database
from opora.shared.postgres import ClusterRefused
from opora.simulation import commands as simulation
from opora.staffing import commands as staffing
from opora.surveys import commands as surveys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

speak_russian()

REFUSED, NO_ENVIRONMENT = 1, 3

app = typer.Typer(
    name="opora", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich"
)
app.command()(bench.bench)
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(serve.worker)
app.command()(stream.stream)
app.command()(doctor.doctor)
app.command()(smsc.smsc)
app.command()(mailhouse.mailhouse)
app.command()(poshouse.poshouse)
app.command()(pbxhouse.pbxhouse)
app.command()(settings.settings)
app.command()(appeals.verify)
app.command()(report_command.report)
app.add_typer(asterisk.app, name="telephony")
app.add_typer(appeals.chain, name="chain")
app.add_typer(appeals.board, name="board")
app.add_typer(db.app, name="db")
deadlines.app.command()(classifiers.classifier)
deadlines.app.command()(insured.eligibility)
deadlines.app.command()(complaints.control)
deadlines.app.command()(surveys.survey)
deadlines.app.command()(policies.delivery)
app.add_typer(deadlines.app, name="load")
app.add_typer(exchange.app, name="exchange")
app.add_typer(findings.app, name="findings")
app.add_typer(informing.app, name="informing")
app.add_typer(organisations.app, name="employees")
app.add_typer(organisations.organisations, name="organisations")
app.add_typer(reports.app, name="reports")
app.add_typer(simulation.app, name="simulate")
app.add_typer(staffing.app, name="staffing")
imports = typer.Typer(help="Загрузить файлы партнёров.", no_args_is_help=True)
imports.callback()(lambda: None)
imports.command("insured")(insured.import_insured)
imports.command("journal")(transfers.import_journal)
imports.command("users")(transfers.import_users)
imports.command("informing")(transfers.import_lists)
imports.command("visits")(transfers.import_lists)
app.add_typer(imports, name="import")
exports = typer.Typer(help="Выгрузить файлы партнёрам.", no_args_is_help=True)
exports.callback()(lambda: None)
exports.command("journal")(transfers.export_journal)
app.add_typer(exports, name="export")


@app.callback()
def opora(
    data: Annotated[
        Path | None, typer.Option("--data", help="Папка данных; можно указать и после команды, и в OPORA_DATA.")
    ] = None,
) -> None:
    """Опора — контакт-центр ОМС: журнал обращений, страховые представители, информирование."""


@app.command()
def migrate() -> None:
    """Привести базу к этой версии программы."""
    with with_database():
        schema.bring_up_to_date(verbosity=1 if sys.stderr.isatty() else 0)


def main() -> None:
    """Run the command line; whatever happens, answer with a sentence and an exit code."""
    arguments = _take_data(sys.argv[1:])
    atexit.register(gc.freeze)  # what ends with the process need not be searched for cycles first: half a second
    # Told to end, a command leaves the cluster as it found it; nohup has set SIGHUP aside and keeps it so.
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _end)
    try:
        app(args=arguments, prog_name="opora")
    except EnvironmentRefused as refused:
        print(refused, file=sys.stderr)
        sys.exit(NO_ENVIRONMENT)
    except Exception as fault:
        code, sentence = explain(fault)
        print(sentence, file=sys.stderr)
        sys.exit(code)


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def explain(fault: Exception) -> tuple[int, str]:
    """Return the exit code and the sentence for what stopped a command."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    if isinstance(fault, ClusterRefused):
        return NO_ENVIRONMENT, str(fault)
    if isinstance(fault, OperationalError):
        return NO_ENVIRONMENT, f"База не отвечает: {str(fault).strip().splitlines()[-1]}"
    if isinstance(fault, ProgrammingError) and getattr(fault.__cause__, "sqlstate", "") == "42P01":
        return NO_ENVIRONMENT, "В базе нет нужных таблиц: выполните opora migrate."
    if isinstance(fault, ImproperlyConfigured):
        return NO_ENVIRONMENT, f"Настройки не приняты: {fault}"
    if sentence := getattr(fault, "sentence", None):
        return REFUSED, str(sentence)
    return REFUSED, f"Внутренняя ошибка ({type(fault).__name__}). Подробности записаны в {_write_down(fault)}"


def _take_data(arguments: list[str]) -> list[str]:
    """Take ``--data DIR`` out of the arguments, wherever it stands, and into the environment."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*rest, word, *words]
        name, sign, value = word.partition("=")
        if name != "--data":
            rest.append(word)
        elif folder := value if sign else next(words, ""):
            os.environ["OPORA_DATA"] = str(Path(folder).absolute())
        else:
            rest.append(word)  # typer says what is missing
    return rest


def _write_down(fault: Exception) -> Path:
    """Keep the traceback in a private file: a person gets a sentence, the engineer gets the rest."""
    moment = datetime.now().astimezone()
    name = f"opora-{moment:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    for folder in (data_folder() / "errors", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                traceback.print_exception(fault, file=file)
        except OSError:
            continue
        return folder / name
    return Path(os.devnull)


if __name__ == "__main__":
    main()
