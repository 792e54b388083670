"""A check started from a page: queued, done in the background with a bar, its result kept for ever."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from opora.access.scope import Scope, enter
from opora.appeals.chain.findings import Report
from opora.appeals.chain.verify import verify
from opora.appeals.models import ChainHead, Verification
from opora.audit.services import record, uuid7
from opora.organisations.models import Employee, Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet

KEPT_SECONDS = 24 * 60 * 60
MOST_FINDINGS = 200


def accessible_to(employee: Employee) -> QuerySet[Verification]:
    """Checks of her territory, or of her organisation."""
    scope = employee.scope
    if scope.sees == "all":
        return Verification.objects.all()
    if scope.sees == "territory":
        return Verification.objects.filter(territory=scope.territory)
    return Verification.objects.filter(organisation_id=scope.organisation or 0)


def ends(employee: Employee) -> list[tuple[Organisation, ChainHead]]:
    """Chains she may have proved, with their ends."""
    with enter(Scope.system("ends of chains are shown to who proves them")):
        owners = {one.pk: one for one in Organisation.objects.manageable_by(employee)}
        heads = ChainHead.objects.filter(pk__in=owners)
        return sorted(((owners[head.pk], head) for head in heads), key=lambda pair: pair[0].name)


def start(employee: Employee) -> None:
    """Queue a check of all she may prove; one that waits or runs already is not doubled."""
    from opora.appeals.tasks import verify_history

    key = _key(employee)
    if progress(employee) is not None:
        return
    cache.set(key, {"what": "ждёт очереди", "done": 0, "total": 0}, KEPT_SECONDS)
    record("appeals.verify", by=employee)
    try:
        verify_history.configure(queueing_lock=f"appeals.{key}").defer(employee_id=employee.pk, key=key)
    except AlreadyEnqueued:
        return


def progress(employee: Employee) -> dict[str, Any] | None:
    """Return what a running check is at, None when none runs."""
    found: dict[str, Any] | None = cache.get(_key(employee))
    return found


def run(employee_id: int, key: str, *, watched: bool = True) -> Verification:
    """Do a queued check and keep its result."""
    with enter(Scope.system("a queued check is done")):
        employee = Employee.objects.get(pk=employee_id)
        scope = employee.scope
        owners = list(Organisation.objects.manageable_by(employee).values_list("pk", flat=True))
    started = timezone.now()
    watch = _Watch(key)
    if watched:
        watch.start()
    try:
        report = verify(owners, tell=watch.tell)
    finally:
        watch.over.set()
        if watched:
            watch.join()
        cache.delete(key)
    with enter(Scope.system("the result of a check is kept")):
        return _keep(report, employee, owners, started, is_territory=scope.sees == "territory")


def _keep(
    report: Report, employee: Employee, owners: Sequence[int], started: datetime, *, is_territory: bool
) -> Verification:
    names = dict(Organisation.objects.filter(pk__in=owners).values_list("pk", "name"))
    home = employee.assignment.organisation if employee.assignment else None
    return Verification.objects.create(
        id=uuid7(),
        organisation_id=home.pk if home and not is_territory else None,
        territory=home.territory_id if home and is_territory else "",
        started_at=started,
        finished_at=timezone.now(),
        by_id=employee.pk,
        by_name=employee.full_name,
        is_clean=report.is_clean,
        events=report.events,
        heads=[
            {"organisation": names.get(end.organisation, ""), "position": end.position, "hash": end.hash}
            for end in report.ends
            if end.position
        ],
        findings=[
            one.document() | {"organisation": names.get(one.organisation or 0, "")}
            for one in report.findings[:MOST_FINDINGS]
        ],
    )


class _Watch(threading.Thread):
    """Writes once a second how far a check is, on a connection of its own: the check itself only reads."""

    def __init__(self, key: str) -> None:
        super().__init__(daemon=True)
        self.key, self.over = key, threading.Event()
        self.latest: dict[str, Any] | None = None

    def tell(self, what: str, done: int, total: int) -> None:
        self.latest = {"what": what, "done": done, "total": total}

    def run(self) -> None:
        while not self.over.wait(1):
            if self.latest is not None:
                cache.set(self.key, self.latest, KEPT_SECONDS)
        connection.close()


def _key(employee: Employee) -> str:
    scope = employee.scope
    return f"verify.{scope.territory}" if scope.sees == "territory" else f"verify.organisation.{scope.organisation}"


def find(employee: Employee, pk: UUID) -> Verification | None:
    return accessible_to(employee).filter(pk=pk).first()
