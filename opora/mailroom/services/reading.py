"""A worker reads scans: once at a time, page by page, again when it did not come back."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import store
from opora.mailroom.models import Page, Scan
from opora.mailroom.reading import pages as reader
from opora.mailroom.reading.pages import Read
from opora.mailroom.services._paper import index
from opora.mailroom.words import ScanState
from opora.shared.errors import DomainError

log = structlog.get_logger(__name__)
WHY = "scans are read"
LOST_AFTER = timedelta(minutes=30)
MOST_ATTEMPTS = 3
NO_PROGRAM = "Текст не распознан: на сервере нет программы распознавания."
NOTHING = "На страницах не нашлось текста."
GAVE_UP = "Текст не распознан: файл трижды остановил программу."


def read_scan(scan_id: int) -> None:
    """Read one scan that waits; one that is read or being read is left alone."""
    scan = _claim(scan_id)
    if scan is None:
        return
    number = 0
    try:
        store.open_kept(scan.sha256).close()  # its hash is checked
        for page in reader.read(store.place_of(scan.sha256), scan.media_type, scan.pages):
            _keep(scan, page)
            number = page.number
    except DomainError as fault:
        _end(scan, ScanState.UNREAD, fault.sentence, pages=scan.pages)
        return
    log.info("mailroom.read", scan=scan.pk, pages=number)
    _end(scan, *_outcome(scan, number), pages=scan.pages or number or None)


def read_left() -> int:
    """Read what waits since a worker died or the queue was emptied; return how many."""
    long_ago = timezone.now() - LOST_AFTER
    with enter(Scope.system(WHY)):
        lost = Scan.objects.filter(state=ScanState.READING, since__lt=long_ago)
        lost.filter(attempts__gte=MOST_ATTEMPTS).update(state=ScanState.UNREAD, why=GAVE_UP)
        lost.update(state=ScanState.WAITING)
        waiting = list(Scan.objects.filter(state=ScanState.WAITING, added_at__lt=long_ago).values_list("pk", flat=True))
    for scan_id in waiting:
        read_scan(scan_id)
    return len(waiting)


def _claim(scan_id: int) -> Scan | None:
    """Say that a scan is being read, and commit that before anything of it is opened."""
    with enter(Scope.system(WHY)):
        waiting = Scan.objects.filter(pk=scan_id, state=ScanState.WAITING)
        if not waiting.update(state=ScanState.READING, since=timezone.now(), attempts=F("attempts") + 1):
            return None
        return Scan.objects.get(pk=scan_id)


def _keep(scan: Scan, page: Read) -> None:
    picture = store.keep(page.picture) if page.picture else ""
    with enter(Scope.system(WHY)), transaction.atomic():
        if Scan.objects.filter(pk=scan.pk).exists():  # it may have been taken off meanwhile
            values = {"text": page.text, "picture": picture}
            Page.objects.update_or_create(scan_id=scan.pk, number=page.number, defaults=values)


def _outcome(scan: Scan, number: int) -> tuple[ScanState, str]:
    if not reader.can_read():
        return ScanState.UNREAD, NO_PROGRAM
    with enter(Scope.system(WHY)):
        has_words = Page.objects.filter(scan=scan.pk).exclude(text="").exists()
    if not has_words:
        return ScanState.UNREAD, NOTHING
    if scan.pages is not None and number < scan.pages:
        return ScanState.READ, f"Прочитаны первые страницы: {number} из {scan.pages}. Остальные смотрите в файле."
    return ScanState.READ, ""


def _end(scan: Scan, state: ScanState, why: str, *, pages: int | None) -> None:
    with enter(Scope.system(WHY)), transaction.atomic():
        if Scan.objects.filter(pk=scan.pk).update(state=state, why=why, pages=pages):
            index(scan.incoming_id)
