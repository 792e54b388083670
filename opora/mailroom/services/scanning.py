"""Scans of a letter: taken in, opened page by page, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from opora.appeals import file_kinds, store
from opora.audit.services import record
from opora.mailroom.errors import NoSuchPaper, TooManyScans
from opora.mailroom.models import Incoming, Page, Scan
from opora.mailroom.reading.inspecting import inspect
from opora.mailroom.services._paper import check_right, index, locked_incoming, reason, save, tell
from opora.mailroom.words import EventKind

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST_SCANS = 20
JPEG = "image/jpeg"


def add_scan(incoming_id: UUID, *, name: str, content: bytes, by: Employee) -> Scan:
    """Keep a scan and let a worker read it; the same bytes again are the scan that is there.

    Raises FileRefused, ScanRefused, TooManyScans. The file is looked into before the row is locked, its bytes are on
    the disk before the row.
    """
    from opora.mailroom import tasks

    check_right(by)
    plain, media_type = file_kinds.check(name, content, limit=settings.FILE_LIMIT)
    pages = inspect(content, media_type)
    with transaction.atomic():
        letter = locked_incoming(incoming_id, by=by)
        sha256 = store.keep(content)
        if former := Scan.objects.filter(incoming=letter, sha256=sha256).first():
            return former
        if Scan.objects.filter(incoming=letter).count() >= MOST_SCANS:
            raise TooManyScans
        scan = Scan.objects.create(
            incoming=letter,
            organisation=letter.organisation,
            name=plain,
            media_type=media_type,
            size=len(content),
            sha256=sha256,
            pages=pages,
            added_by=by,
        )
        save(letter)
        tell(letter, EventKind.SCANNED, by=by, scan=scan.pk, pages=pages)
        tasks.read.defer(scan_id=scan.pk)
    return scan


@transaction.atomic
def remove_scan(incoming_id: UUID, scan_id: int, *, why: str, by: Employee) -> None:
    """Take a scan off its letter, with a reason; an appeal keeps its own. Raises NoSuchPaper, WordsNeeded."""
    letter = locked_incoming(incoming_id, by=by)
    scan = Scan.objects.filter(incoming=letter, pk=scan_id).first()
    if scan is None:
        raise NoSuchPaper("Такого скана нет.")
    text = reason(why, "Напишите, почему убираете скан.")
    scan.delete()
    save(letter)
    index(letter.pk)
    tell(letter, EventKind.SCAN_REMOVED, text, by=by, scan=scan_id)


def open_scan(letter: Incoming, scan_id: int, *, by: Employee) -> tuple[Scan, BinaryIO]:
    """Return a scan and its bytes; the taking is written down. Raises NoSuchPaper, FileBroken."""
    scan = Scan.objects.filter(incoming=letter, pk=scan_id).first()
    if scan is None:
        raise NoSuchPaper("Такого скана нет.")
    stream = store.open_kept(scan.sha256)
    record("mailroom.scan.read", ("mailroom.incoming", str(letter.pk)), by=by, details={"scan": scan.pk})
    return scan, stream


def open_page(letter: Incoming, scan_id: int, number: int) -> BinaryIO:
    """Return the picture of a page: the letter is open already, so that is written down. Raises NoSuchPaper."""
    page = Page.objects.filter(scan__incoming=letter, scan=scan_id, number=number).exclude(picture="").first()
    if page is None:
        raise NoSuchPaper("Такой страницы нет.")
    return store.open_kept(page.picture)
