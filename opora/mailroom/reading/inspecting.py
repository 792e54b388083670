"""What a scan holds, said by its beginning: how many pages, and whether it can be read at all."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opora.mailroom.errors import ScanRefused
from opora.mailroom.reading import bounded

PDF = "application/pdf"
PICTURES = {"image/jpeg", "image/png", "image/tiff"}
MOST_PIXELS = 80_000_000  # of one page: A3 at 600 dpi has 70 million
SECONDS, MEGABYTES = 5, 1024
SHRINK = [sys.executable, "-I", str(Path(__file__).with_name("shrink.py"))]
LOCKED = "PDF закрыт паролем. Сохраните его без пароля и приложите снова."
BROKEN = "Файл не открывается: он повреждён или записан не до конца. Отсканируйте ещё раз."
TOO_LARGE = "Страница слишком большая: {width} × {height} точек. Отсканируйте с разрешением до 600 точек на дюйм."


def inspect(content: bytes, media_type: str) -> int | None:
    """Return how many pages there are, None where no program of this machine can count them. Raises ScanRefused."""
    if media_type == PDF:
        return _of_pdf(content)
    if media_type in PICTURES:
        return _of_picture(content)
    raise ScanRefused("Сканы принимаются как PDF, JPEG, PNG или TIFF.")


def _of_pdf(content: bytes) -> int | None:
    if not bounded.there("pdfinfo"):
        if b"/Encrypt" in content:
            raise ScanRefused(LOCKED)
        return None
    with _file(content) as path:
        ran = bounded.run(["pdfinfo", path], seconds=SECONDS, megabytes=MEGABYTES)
    if "Incorrect password" in ran.said:
        raise ScanRefused(LOCKED)
    found = re.search(rb"^Pages:\s+(\d+)", ran.output, re.MULTILINE)
    if not ran.is_done or found is None or int(found[1]) == 0:
        raise ScanRefused(BROKEN)
    return int(found[1])


def _of_picture(content: bytes) -> int:
    with _file(content) as path:
        ran = bounded.run([*SHRINK, "inspect", path], seconds=SECONDS, megabytes=MEGABYTES)
    if not ran.is_done:
        raise ScanRefused(BROKEN)
    pages, width, height = map(int, ran.output.split())
    if width * height > MOST_PIXELS:
        raise ScanRefused(TOO_LARGE.format(width=width, height=height))
    return pages


@contextmanager
def _file(content: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(prefix="opora-scan-") as kept:
        kept.write(content)
        kept.flush()
        yield kept.name
