"""Pages of a scan: a small picture for the screen, and the words a machine makes out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opora.mailroom.reading import bounded
from opora.mailroom.reading.inspecting import PDF, SHRINK

MOST_PAGES = 50  # a letter has a few; the rest of a thick file is kept and looked at in the file itself
SECONDS_A_PAGE, SECONDS_A_SCAN = 60, 600
MEGABYTES = 2048
SHOWN, READ = 1200, 3300  # pixels of the long side: for the screen; for reading, some 280 dpi of A4
LONGEST_TEXT = 20_000
LANGUAGE = "rus"


@dataclass(frozen=True, slots=True)
class Read:
    """One page; an empty ``picture`` or ``text`` — there was none to be had."""

    number: int
    picture: bytes
    text: str


@cache
def can_read() -> bool:
    """Whether Tesseract with Russian is on this machine."""
    if not bounded.there("tesseract"):
        return False
    ran = bounded.run(["tesseract", "--list-langs"], seconds=10, megabytes=MEGABYTES)
    return LANGUAGE in (ran.output + ran.said.encode()).decode("utf-8", "replace").split()


def can_show(media_type: str) -> bool:
    """Whether pages of such a file can be drawn here."""
    return media_type != PDF or bounded.there("pdftoppm")


def read(path: Path, media_type: str, pages: int | None) -> Iterator[Read]:
    """Give pages one by one, the first ``MOST_PAGES``; stops when the time of a scan is over."""
    until = time.monotonic() + SECONDS_A_SCAN
    last = min(pages or MOST_PAGES, MOST_PAGES)
    for number in range(1, last + 1):
        if time.monotonic() > until:
            return
        picture = _shown(path, media_type, number)
        if pages is None and not picture:  # behind the last page
            return
        yield Read(number, picture, _words(path, media_type, number) if can_read() else "")


def _shown(path: Path, media_type: str, number: int) -> bytes:
    if media_type == PDF:
        return _drawn(path, number, SHOWN, "-jpeg") if can_show(media_type) else b""
    command = [*SHRINK, "page", str(path), str(number), str(SHOWN)]
    return bounded.run(command, seconds=SECONDS_A_PAGE, megabytes=MEGABYTES).output


def _drawn(path: Path, number: int, pixels: int, kind: str) -> bytes:
    page = ["-f", str(number), "-l", str(number), "-scale-to", str(pixels)]
    command = ["pdftoppm", "-gray", kind, *page, str(path)]
    ran = bounded.run(command, seconds=SECONDS_A_PAGE, megabytes=MEGABYTES)
    return ran.output if ran.is_done else b""


def _words(path: Path, media_type: str, number: int) -> str:
    options = ["stdout", "-l", LANGUAGE]
    if media_type != PDF:
        page = ["-c", f"tessedit_page_number={number - 1}"] if media_type == "image/tiff" else []
        ran = _recognised([str(path), *options, *page])
        return _plain(ran)
    if not can_show(media_type):
        return ""
    picture = _drawn(path, number, READ, "-png")
    return _plain(_recognised(["stdin", *options], picture)) if picture else ""


def _recognised(arguments: list[str], given: bytes | None = None) -> bytes:
    ran = bounded.run(["tesseract", *arguments], given=given, seconds=SECONDS_A_PAGE, megabytes=MEGABYTES)
    return ran.output if ran.is_done else b""


def _plain(text: bytes) -> str:
    """Return words as they may be stored and shown: lines without control signs, no more than a page holds."""
    lines = (" ".join(line.split()) for line in text.decode("utf-8", "replace").splitlines())
    kept = "\n".join(line for line in lines if line)
    return "".join(sign for sign in kept if sign == "\n" or sign.isprintable())[:LONGEST_TEXT]
