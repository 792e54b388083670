"""A file an employee asked for: written by one worker, begun anew after a dead one, given up where nobody writes it.

For rooms whose rows of exports have ``state``, ``rows``, ``asked_at``, ``done_at``, ``employee`` and ``assignment``;
``rows_of`` writes the file as its maker sees the data now and returns how many rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.shared.jobs import alone

LEFT_ALONE = timedelta(hours=1)
MAKER = ("employee", "assignment__role", "assignment__organisation__territory")


def write(exports: type[Any], pk: UUID, *, path_of: Callable[[Any], Path], rows_of: Callable[[Any], int]) -> int:
    """Write the file of an export; return how many rows. Run twice or beside another: nothing."""
    with alone(_name(exports, pk)) as is_mine:
        export = _take(exports, pk) if is_mine else None
        if export is None:
            return 0
        try:
            rows = rows_of(export)
        except Exception:
            path_of(export).unlink(missing_ok=True)
            _mark(export, state=exports.State.FAILED, done_at=timezone.now())
            raise
        _mark(export, state=exports.State.DONE, rows=rows, done_at=timezone.now())
    return rows


def end_left(exports: type[Any]) -> int:
    """Say of files nobody writes that they failed; how many. One asked for an hour ago has been begun anew by now."""
    with enter(Scope.system("exports whose workers died")):
        left = exports.objects.filter(state=exports.State.RUNNING, asked_at__lt=timezone.now() - LEFT_ALONE)
        return sum(_fail_left(exports, pk) for pk in list(left.values_list("pk", flat=True)))


def _take(exports: type[Any], pk: UUID) -> Any:
    under_way = (exports.State.WAITING, exports.State.RUNNING)
    with enter(Scope.system("an export finds its maker")):
        asked = exports.objects.filter(pk=pk, state__in=under_way)
        if not asked.update(state=exports.State.RUNNING):
            return None
        return exports.objects.select_related(*MAKER).get(pk=pk)


def _fail_left(exports: type[Any], pk: UUID) -> int:
    with alone(_name(exports, pk)) as is_left:
        left = exports.objects.filter(pk=pk, state=exports.State.RUNNING) if is_left else exports.objects.none()
        return int(left.update(state=exports.State.FAILED, done_at=timezone.now()))


def _mark(export: Any, **fields: Any) -> None:
    with enter(Scope.system("an export has ended")):
        type(export).objects.filter(pk=export.pk).update(**fields)


def _name(exports: type[Any], pk: UUID) -> str:
    return f"{exports._meta.label_lower}:{pk}"
