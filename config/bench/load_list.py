"""informing.load — a list of fifty thousand people taken in, against COPY of the rows it became.

Measured as the worker does it, who is awake when a list comes by a page, the API or a folder; ``command`` are the
seconds of ``opora import`` from its start, which reads the program first. The limit stands in ``copying``: the same
rows into the same tables with their indexes, keys and triggers. The register holds twice as many people; one line in
fifty names nobody in it.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.bench import copying, programs, sending
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from opora.access.scope import Scope, enter
from opora.shared.console import born_to_stay, print_json

RECORDS = 50_000
EMPTY, LOADED, LIMIT = "opora_bench_list", "opora_bench_list_loaded", "opora_bench_list_limit"
FILLED = {
    "exchange_parcel": "id",
    "informing_roll": "id",
    "informing_entry": "id",
    "informing_planentry": "person_id",
}
LISTED = "SELECT surname, given_name, birth_on FROM insured_person ORDER BY id LIMIT %s"
COMMAND = programs.opora("import", "informing", "--org", f"{sending.CODE}1", "--json")
WORKER = "import sys; from config.bench import load_list; load_list.take_in(sys.argv[1])"
HEADINGS = ("№ записи", "Фамилия", "Имя", "Дата рождения", "Пол", "Мероприятие", "Год", "Месяц", "Код МО")


@work(
    "informing.load",
    unit="с",
    bar=("<= 3", "megabytes <= 500"),
    note="наш CSV, 50 000 записей, как их берёт рабочий процесс; предел — COPY тех же строк в те же таблицы;"
    " command — вся команда opora import от запуска",
    needs_people=False,
)
def load_list(bench: Bench) -> Iterator[Round]:
    """Load the list into a copy of the same house each time, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as name:
        place, folder = bench.place, Path(name)
        bench.say("informing.load: дом и список")
        programs.compiled()
        empty = place.migrated(EMPTY)
        sending.in_the_house(empty, "furnish", people=2 * RECORDS, port=2775)
        path = _write(empty, folder)
        for number in bench.rounds:
            bench.say(f"informing.load: команда {number + 1}")
            place.create(LOADED, template=EMPTY)
            _, command = _load([*COMMAND, str(path)], place.address(LOADED), folder)
            place.drop(LOADED)
            bench.say(f"informing.load: загрузка {number + 1}")
            place.create(LOADED, template=EMPTY)
            figure, _ = _load([sys.executable, "-c", WORKER, str(path)], place.address(LOADED), folder)
            rows = copying.dump(place.address(LOADED), FILLED, folder)
            place.drop(LOADED)
            bench.say(f"informing.load: предел {number + 1}")
            place.create(LIMIT, template=EMPTY)
            limit = copying.load(place.address(LIMIT), rows)
            place.drop(LIMIT)
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            yield Round(figure, limit, {"megabytes": megabytes, "command": round(command, 2)})
        if not bench.keeps:
            place.drop(EMPTY)


def _write(address: str, folder: Path) -> Path:
    path = folder / "spisok.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        for number, (surname, given, birth_on) in enumerate(sending.ask(address, LISTED, [RECORDS]), start=1):
            named = surname if number % 50 else surname.replace("Замерова", "Никто")
            clinic = f"{sending.CODE}{number % sending.CLINICS:03}"
            row = (number, named, given, f"{birth_on:%d.%m.%Y}", "Ж", "Профосмотр", time.gmtime().tm_year, "", clinic)
            writer.writerow(row)
    return path


def take_in(path: str) -> None:
    """Take a list in as the worker does; print what the command prints, and the seconds."""
    import django

    with born_to_stay():
        django.setup()
    from opora.exchange.models.parcel import Way
    from opora.exchange.parcels import Coming, document, process, receive_file
    from opora.organisations.models import Organisation

    with enter(Scope.system("a list of the bench comes")):
        insurer = Organisation.objects.get(code=f"{sending.CODE}1")
        began = time.perf_counter()
        parcel = process(receive_file(Path(path), Coming(insurer, Path(path).name, Way.COMMAND)).pk)
        seconds = time.perf_counter() - began
        print_json({"files": [document(parcel)], "seconds": seconds})


def _load(command: Sequence[str], address: str, folder: Path) -> tuple[float, float]:
    """Return the seconds the program tells, 0 — it tells none, and those of the whole process."""
    environment = {**sending.environment(address), "OPORA_EXCHANGE_DIR": str(folder / "exchange")}
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    whole = time.perf_counter() - began
    if done.returncode:
        raise BenchRefused(f"Список замера не взят ({done.returncode}): {(done.stderr or done.stdout).strip()[-300:]}")
    told = json.loads(done.stdout)
    [file] = told["files"]
    if not file["stored"] or file["summary"]["new"] != RECORDS:
        raise BenchRefused(f"Список замера не загружен: {file['summary']} {file['findings'][:2]}")
    return told.get("seconds", 0.0), whole
