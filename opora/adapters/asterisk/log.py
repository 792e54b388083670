"""The exchange's own log, read after a gap: CEL as ``cel-custom/opora.csv`` and ``queue_log``, with rotated files.

A call that a restart of the exchange cut off has no end in CEL: the start of the queues in ``queue_log`` is its end.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from opora.adapters.asterisk.facts import Row, abandoned, agent_state, ended, fact
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.telephony.ports import PbxEvent

CEL = "cel-custom/opora.csv"
QUEUES = "queue_log"
CEL_FIELDS = 13
PAGE = 1 << 16  # bytes it is not worth to halve
LONGEST_CALL = timedelta(hours=4)
READY = {"UNPAUSE": True, "UNPAUSEALL": True, "PAUSE": False, "PAUSEALL": False}
RESTART = "restart"


def read(settings: AsteriskSettings, since: datetime) -> list[PbxEvent]:
    """Return the facts of the log from ``since`` on, in their order. Raises OSError when there is no log to read."""
    if settings.log is None:
        return []
    if not settings.log.is_dir():
        raise NotADirectoryError(settings.log)
    rows = list(_rows(settings.log / CEL, since - LONGEST_CALL))
    told = [event for row in rows if (event := fact(row, settings))]
    told += _queues(settings, rows, since - LONGEST_CALL)
    unique = {event.key: event for event in reversed(told) if event.at >= since}
    return sorted(unique.values(), key=lambda event: event.at)


def _queues(settings: AsteriskSettings, rows: list[Row], since: datetime) -> Iterator[PbxEvent]:
    assert settings.log is not None  # noqa: S101 - for the type checker
    call_of = {row.unique: row.linked for row in rows}
    for line in _lines(settings.log / QUEUES, lambda line: _moment(line.split("|", 1)[0]), since):
        fields = line.rstrip("\n").split("|")
        at = _moment(fields[0])
        if at is None or len(fields) < 5:
            continue
        _, unique, queue, interface, what, *given = fields
        if what == "ABANDON":
            yield abandoned(settings, unique=unique, call=call_of.get(unique, unique), at=at, line=queue)
        elif what in READY:
            state = agent_state(
                settings, interface=interface, ready=READY[what], reason=given[0] if given else "", at=at
            )
            if state:
                yield state
        elif what == "QUEUESTART":
            yield from _cut_off(settings, rows, at)


def _cut_off(settings: AsteriskSettings, rows: list[Row], at: datetime) -> Iterator[PbxEvent]:
    """Yield the ends of the calls that stood when the exchange started anew: they are not heard of again.

    ``queue_log`` tells whole seconds, so a row may seem later than the start it was cut off by.
    """
    last: dict[str, Row] = {}
    for row in rows:
        if row.type == "LINKEDID_END":
            last.pop(row.linked, None)
        else:
            last[row.linked] = row
    for row in last.values():
        if row.at < at + timedelta(seconds=1):
            yield ended(replace(row, at=max(at, row.at)), settings, RESTART)


def _rows(file: Path, since: datetime) -> Iterator[Row]:
    for fields in csv.reader(_lines(file, _row_moment, since)):
        at = _moment(fields[1]) if len(fields) == CEL_FIELDS else None
        if at is not None:  # a row torn by a crash is none
            kind, _, caller, exten, _, channel, app, data, unique, linked, _, _, extra = fields
            yield Row(kind, at, caller, exten, channel, app, data, unique, linked, extra)


def _lines(file: Path, moment: Callable[[str], datetime | None], since: datetime) -> Iterator[str]:
    """Yield the lines of a log from ``since`` on, those of the rotated file before it first."""
    for part in (file.with_name(file.name + ".1"), file):
        if part.exists():  # an exchange without a call yet has none
            yield from _from(part, moment, since)


def _from(file: Path, moment: Callable[[str], datetime | None], since: datetime) -> Iterator[str]:
    """Yield from the first line that may be so late: lines stand in the order of time, so it is found by halves."""
    with file.open("rb") as log:
        low, high = 0, file.stat().st_size
        while high - low > PAGE:
            middle = (low + high) // 2
            log.seek(middle)
            log.readline()
            at = moment(log.readline().decode("utf-8", "replace"))
            low, high = (middle, high) if at is not None and at < since else (low, middle)
        log.seek(low)
        if low:
            log.readline()
        for line in log:
            text = line.decode("utf-8", "replace")
            at = moment(text)
            if at is None or at >= since:
                yield text


def _row_moment(line: str) -> datetime | None:
    fields = line.split('","', 2)
    return _moment(fields[1]) if len(fields) > 1 else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        return None
