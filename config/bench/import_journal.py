"""journal.import — 20 000 appeals of a partner's file (G1R), against COPY of the rows they became.

The limit stands in ``copying``: triggers of the chain, of lists and of counters work under it too.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from config.bench import copying
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.place import Place

RECORDS = 20_000
EMPTY, LOADED, LIMIT = "opora_bench_journal", "opora_bench_journal_loaded", "opora_bench_journal_limit"
INSURER, GUIDS = "81001", ("25a55080-a8fa-42ed-8d8b-e7164e0b6d28", "ea493e2c-4952-4679-b71d-191394b5aa75")
# Table and the order in which the import has written it.
FILLED = {
    "exchange_parcel": "id",
    "appeals_appeal": "sequence",
    "appeals_grant": "id",
    "appeals_appealtext": "appeal_id",
    "appeals_party": "id",
    "appeals_reason": "id",
    "appeals_clock": "id",
    "appeals_event": "at, id",
    "exchange_provenance": "id",
}
SURNAMES = ("Соколов", "Щербак", "Дементьев", "Жужелицын", "Ёлкин", "Алиев", "Мамедов", "Гончаренко")
GIVEN = ("Артём", "Лев", "Семён", "Эльдар", "Тарас", "Рашид")
QUESTIONS = (
    "Вопрос о записи на приём к врачу-специалисту.",
    "Просит разъяснить порядок выбора поликлиники и сроки прикрепления.",
    "Интересуется сроком ожидания магнитно-резонансной томографии по направлению.",
)


@work(
    "journal.import",
    unit="с",
    bar=("<= 3",),
    note="вся команда от запуска; предел — COPY тех же строк в те же таблицы с индексами, ключами и триггерами",
    needs_people=False,
)
def import_journal(bench: Bench) -> Iterator[Round]:
    """Load a file by the command itself, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as name:
        place, folder = bench.place, Path(name)
        bench.say("journal.import: пустая база и файл")
        file = _prepare(place, folder)
        for number in bench.rounds:
            bench.say(f"journal.import: загрузка {number + 1}")
            place.create(LOADED, template=EMPTY)
            figure, inside = _import(place.address(LOADED), file, folder)
            rows = copying.dump(place.address(LOADED), FILLED, folder)
            place.drop(LOADED)
            bench.say(f"journal.import: предел {number + 1}")
            place.create(LIMIT, template=EMPTY)
            limit = copying.load(place.address(LIMIT), rows)
            place.drop(LIMIT)
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            yield Round(figure, limit, {"megabytes": megabytes, "records": inside})
        place.drop(EMPTY)


def _prepare(place: Place, folder: Path) -> Path:
    """Make a house with a fund, an insurer and two employees; write the file."""
    _opora(["migrate"], place.create(EMPTY), folder)
    with place.inside(EMPTY):
        _house()
        return _write(folder)


def _house() -> None:
    from opora.access.scope import Scope, enter
    from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory

    with enter(Scope.system("a house of the bench")):
        ugra = Territory.objects.create(code="71100", name="Югра", time_zone="Asia/Yekaterinburg")
        kinds = Organisation.Kind
        Organisation.objects.create(kind=kinds.FUND, code="81000", name="ТФОМС", territory=ugra)
        insurer = Organisation.objects.create(kind=kinds.INSURER, code=INSURER, name="СМО А", territory=ugra)
        role = Role.objects.get(slug="sp1")
        for number, guid in enumerate(GUIDS):
            one = Employee.objects.create(login=f"bench{number}", surname="Лисицына", given_name="Ольга", guid=guid)
            Assignment.objects.create(employee=one, organisation=insurer, role=role, since=date(2020, 1, 1))


def _write(folder: Path) -> Path:
    from opora.access.scope import Scope, enter
    from opora.exchange.books import book_of
    from opora.exchange.record import Leaving
    from opora.exchange.writers import WRITERS, Sending

    with enter(Scope.system("codes of the bench")):
        book = book_of("hmao", datetime.now(UTC).date())
    sending = Sending(INSURER, datetime.now(UTC), book)
    path = folder / WRITERS["g1r"].name(sending)
    WRITERS["g1r"].write((Leaving(_record(number)) for number in range(RECORDS)), sending, path)
    return path


def _record(number: int) -> Any:
    """An appeal like those of the samples: half are closed, one in ten is a complaint, all times with seconds."""
    from opora.classifiers.words import Channel, Kind, Line, Origin, Outcome, Responsible, Verdict
    from opora.exchange.record import JournalRecord, Someone
    from opora.shared.enp import check_digit

    received = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30 + 7 * number % 400_000)
    kind = Kind.COMPLAINT if number % 10 == 0 else Kind.CONSULTATION
    is_closed = number % 2 == 0 and received.date() + timedelta(days=1) < datetime.now(UTC).date()
    outcome = Outcome.COMPLAINT_CONSIDERED if kind is Kind.COMPLAINT else Outcome.CONSULTED
    payload = f"86{number:013d}"
    return JournalRecord(
        key=f"{number:08x}-38c9-40e3-8b1d-6010ce9746f5",
        kind=kind,
        received_at=received,
        origin=Origin.DIRECT,
        channel=(Channel.HOT_LINE, Channel.INTERNET, Channel.VISIT)[number % 3],
        topic="3",
        text=QUESTIONS[number % 3],
        responsible=Responsible.INSURER,
        responsible_code=INSURER,
        taken_by=GUIDS[0],
        taken_line=Line.SP1,
        handled_by=GUIDS[1] if number % 4 == 0 else "",
        handled_line=Line.SP2 if number % 4 == 0 else None,
        due_on=received.date() + timedelta(days=30),
        closed_on=received.date() + timedelta(days=1) if is_closed else None,
        outcome=outcome if is_closed else None,
        verdict=Verdict.JUSTIFIED if is_closed and kind is Kind.COMPLAINT else None,
        applicant=Someone(
            surname=SURNAMES[number % 8],
            given_name=GIVEN[number % 6],
            patronymic="Игоревич",
            birth_on=date(1940, 1, 1) + timedelta(days=number),
            enp=f"{payload}{check_digit(payload)}",
            insurer=INSURER,
            document_kind="14",
            document_series="19 21",
            document_number=f"{number:06d}",
            address="г. Ханты-Мансийск, ул. Примерная, д. 1",
            phone=f"+7900{number:07d}",
        ),
    )


def _import(address: str, file: Path, folder: Path) -> tuple[float, int]:
    began = time.perf_counter()
    answer = _opora(["import", "journal", str(file), "--org", INSURER, "--json"], address, folder)
    seconds = time.perf_counter() - began
    [entry] = json.loads(answer)["files"]
    if not entry["stored"] or entry["summary"]["new"] != RECORDS:
        raise BenchRefused(f"Файл замера не загружен: {entry['findings'][:3]}")
    return seconds, entry["accepted"]


def _opora(arguments: list[str], address: str, folder: Path) -> str:
    command = [sys.executable, "-c", "from config.cli import main; main()", *arguments]
    environment = {**os.environ, "DATABASE_URL": address, "OPORA_EXCHANGE_DIR": str(folder / "exchange")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-300:]
        raise BenchRefused(f"opora {arguments[0]} ответила {done.returncode}: {said}")
    return done.stdout
