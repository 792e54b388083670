"""The control protocol of a file: line, field, value, sentence. Personal data: only its owner may read the file."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from opora.insured.importing.findings import Finding, Severity
from opora.shared.tables import CsvWriter, private_file, write_xlsx

COLUMNS = ("Строка", "Ключ записи", "Колонка", "Значение", "Что это", "Код", "Что не так")
SEVERITIES = {Severity.ERROR: "ошибка", Severity.WARNING: "предупреждение"}
TOLD = 1000  # findings kept for --json; the protocol on disk has all
BOOK = 200_000  # findings that still make a book people open


def protocols() -> Path:
    """Return the folder of the protocols that pages show."""
    return Path(settings.DATA_DIR) / "protocols" / "insured"


class Protocol:
    """Takes findings as they come, keeps counts and the first thousand, writes all of them to a CSV at once."""

    def __init__(self, folder: Path, stem: str) -> None:
        self.folder = folder
        self.stem = stem
        self.first: list[Finding] = []
        self.codes: Counter[str] = Counter()
        self.errors = 0
        self.warned: int = 0
        self._last_warned = -1
        self._closing = ExitStack()

    @property
    def csv(self) -> Path:
        return self.folder / f"{self.stem}.csv"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._writer = CsvWriter(self._closing.enter_context(private_file(self.csv)), COLUMNS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def add(self, found: Finding) -> None:
        self.codes[found.code] += 1
        self.errors += found.severity is Severity.ERROR
        if len(self.first) < TOLD:
            self.first.append(found)
        self._writer.row(_cells(found))

    @property
    def total(self) -> int:
        return self.codes.total()

    def finish(self, document: dict[str, Any]) -> None:
        """Write the summary beside the findings, and a book when they are not too many for one."""
        self._closing.close()
        with private_file(self.folder / f"{self.stem}.json") as stream:
            json.dump(document, stream, ensure_ascii=False, indent=2, default=str)
        if 0 < self.total <= BOOK:
            write_xlsx(self.folder / f"{self.stem}.xlsx", COLUMNS, self._again(), sheet="Протокол")

    def _again(self) -> Iterator[list[str]]:
        import csv

        with self.csv.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, delimiter=";")
            next(rows)
            yield from rows


def _cells(found: Finding) -> list[Any]:
    return [
        found.line or "",
        found.record,
        found.field,
        found.value,
        SEVERITIES[found.severity],
        found.code,
        found.message,
    ]
