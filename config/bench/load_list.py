"""informing.load — a list of fifty thousand people by the command itself, against COPY of the rows it became.

The limit stands in ``copying``: the same rows into the same tables with their indexes, keys and triggers. The register
holds twice as many people; one line in fifty names nobody in it.
"""

import csv
import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from config.bench import copying, programs, sending
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work

RECORDS = 50_000
EMPTY, LOADED, LIMIT = "opora_bench_list", "opora_bench_list_loaded", "opora_bench_list_limit"
FILLED = {
    "exchange_parcel": "id",
    "informing_roll": "id",
    "informing_entry": "id",
    "informing_planentry": "person_id",
}
LISTED = "SELECT surname, given_name, birth_on FROM insured_person ORDER BY id LIMIT %s"
HEADINGS = ("№ записи", "Фамилия", "Имя", "Дата рождения", "Пол", "Мероприятие", "Год", "Месяц", "Код МО")


@work(
    "informing.load",
    unit="с",
    bar=("<= 3", "megabytes <= 500"),
    note="вся команда от запуска, наш CSV, 50 000 записей; предел — COPY тех же строк в те же таблицы",
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
            bench.say(f"informing.load: загрузка {number + 1}")
            place.create(LOADED, template=EMPTY)
            figure = _load(place.address(LOADED), path, folder)
            rows = copying.dump(place.address(LOADED), FILLED, folder)
            place.drop(LOADED)
            bench.say(f"informing.load: предел {number + 1}")
            place.create(LIMIT, template=EMPTY)
            limit = copying.load(place.address(LIMIT), rows)
            place.drop(LIMIT)
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            yield Round(figure, limit, {"megabytes": megabytes})
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


def _load(address: str, path: Path, folder: Path) -> float:
    environment = {**os.environ, "DATABASE_URL": address, "OPORA_EXCHANGE_DIR": str(folder / "exchange")}
    command = programs.opora("import", "informing", str(path), "--org", f"{sending.CODE}1", "--json")
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise BenchRefused(f"opora import ответила {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}")
    [file] = json.loads(done.stdout)["files"]
    if not file["stored"] or file["summary"]["new"] != RECORDS:
        raise BenchRefused(f"Список замера не загружен: {file['summary']} {file['findings'][:2]}")
    return seconds
