"""Files of print runs: the data folder, outside everything a browser is served."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

REGISTER_PDF, REGISTER_XLSX = "reestr.pdf", "reestr.xlsx"
NAMES = re.compile(r"(pisma-\d{4}|reestr)\.pdf|reestr\.xlsx")


def part_name(part: int) -> str:
    return f"pisma-{part:04d}.pdf"


def folder(run: int) -> Path:
    return Path(settings.DATA_DIR) / "letters" / str(run)


def path(run: int, name: str) -> Path:
    if not NAMES.fullmatch(name):
        raise ValueError(f"no such file of a print run: {name}")
    return folder(run) / name


@contextmanager
def written(run: int, name: str) -> Iterator[Path]:
    """Give a place to write to; what was written appears whole under its name, or not at all."""
    target = path(run, name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f"new-{name}")
    draft.touch(mode=0o600)
    try:
        yield draft
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def remove(run: int) -> None:
    shutil.rmtree(folder(run), ignore_errors=True)
