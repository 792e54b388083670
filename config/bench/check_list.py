"""informing.check_list — fifty thousand records of a list checked by the command, against a bare walk of the XML.

The limit is libxml2 going over the same bytes record by record and keeping nothing: no reader can be faster.
"""

import io
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.programs import opora

RECORDS = 50_000
NAME = "DSPN_M190006T19_26051"
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


@work(
    "informing.check_list",
    unit="с",
    bar=("memory_mb <= 500",),
    needs_people=False,
    note="вся команда от запуска, DSPN в архиве; предел — тот же XML, пройденный libxml2 без единой проверки",
)
def check_list(bench: Bench) -> Iterator[Round]:
    """Run ``opora exchange check`` in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
        path, raw = _list(Path(folder))
        context = Path(folder) / "context.json"
        context.write_text('{"as_of": "2026-06-15"}')
        for number in bench.rounds:
            bench.say(f"informing.check_list: {RECORDS} записей, проход {number + 1}")
            figure, memory = _check(path, context)
            began = time.perf_counter()
            for _, element in etree.iterparse(io.BytesIO(raw), events=("end",), tag="ZAP"):
                element.clear()
            yield Round(figure, time.perf_counter() - began, {"records": RECORDS, "memory_mb": memory})


def _check(path: Path, context: Path) -> tuple[float, float]:
    """Return seconds and megabytes. A launcher stands between: a child is charged with the memory of who forked it."""
    began = time.perf_counter()
    command = opora("exchange", "check", str(path), "--context", str(context), "--json")
    child = subprocess.run([sys.executable, "-S", "-c", LAUNCHER, *command], capture_output=True, check=False)
    seconds = time.perf_counter() - began
    (entry,) = json.loads(child.stdout)["files"]
    if entry["accepted"] != RECORDS:
        raise BenchRefused(f"Список не принят: {entry['findings'][:1]}")
    return seconds, int(child.stderr.split()[-1]) / 1024


def _list(folder: Path) -> tuple[Path, bytes]:
    from opora.exchange.findings import Block, Record
    from opora.exchange.formats.dspn import TREE
    from opora.exchange.treewriter import write_tree
    from opora.shared import enp

    def number(place: int) -> str:
        payload = f"{190_000_000_000_000 + place}"
        return f"{payload}{enp.check_digit(payload)}"

    day = datetime(2026, 6, 1, tzinfo=UTC)
    header = {"VERSION": "1.0", "DATA": f"{day:%Y%m%d}", "FILENAME": NAME, "YEAR": "2026", "MONTH": "05"}
    informed = [Block({"INFTYPE": "1", "SPOSOBINF": "2", "DATAINF": "20260514"})]
    one = {
        "SMO": "19003",
        "VPOLIS": "3",
        "FAM": "Щербак",
        "IM": "Надежда",
        "OT": "Яковлевна",
        "DR": "19580612",
        "W": "2",
        "ADRES": "Республика Хакасия, г. Абакан, ул. Примерная, 5",
        "TEL": "+79000002407",
        "MO_P": "190006",
        "DIAG_CODE": "I69.3",
        "IDDOKT": "99910139354",
        "DATE_DN_IN": "20240318",
        "DIAG_DATE": "20240311",
        "DN_PRVS": "76",
        "STATUS_DN_IN": "1",
        "REASON_DN_IN": "101",
        "MCOD_PLAN": "190006",
        "MO_ASSIGN": "1",
        "DS_CODE": "I69.3",
        "PLAN_DATE_START": "20260701",
        "PLAN_DATE_END": "20260731",
    }
    records = (
        Record(place, str(place), one | {"N_ZAP": str(place), "PACIENT_ID": f"p{place}", "NPOLIS": number(place)},
               {"INF": informed})
        for place in range(1, RECORDS + 1)
    )  # fmt: skip
    raw = write_tree(TREE, header, records)
    path = folder / f"{NAME}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.xml", raw)
    return path, raw
