"""What is written on a door when a look fails in a way nobody has foreseen: others are looked at all the same."""

from __future__ import annotations

from traceback import extract_tb

import structlog

from opora.doors.models import Door

UNFORESEEN = (
    "Заглянуть не удалось: сбой программы. Сообщите администратору сервера: в журнале записано, где это случилось."
)

log = structlog.get_logger(__name__)


def unforeseen(door: Door, fault: Exception) -> str:
    """Return the sentence for the page; the log is told the kind of the fault and its place, never what was read."""
    frames = extract_tb(fault.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    log.error("doors.fetch_failed", door=door.pk, fault=type(fault).__name__, where=where)
    return UNFORESEEN
