"""Closing a period: the report as it is now, its hash, who and when."""

from __future__ import annotations

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.organisations.models import Employee, Organisation
from opora.reports import definitions
from opora.reports.asking import today_of
from opora.reports.counting import Report
from opora.reports.errors import AlreadySealed, PeriodNotOver
from opora.reports.models import Seal
from opora.reports.periods import Period
from opora.reports.subjects import Subject


def seal(name: str, subject: Subject, period: Period, *, by: Employee, note: str = "") -> Seal:
    """Seal a report of a period that is over. Raises PeriodNotOver, AlreadySealed when nothing changed since."""
    if today_of(subject.territory) <= period.until:
        raise PeriodNotOver
    pk, pack = definitions.current(name, period.until, subject.territory)
    with enter(Scope.system("a report is sealed as a whole")):
        counted = Report(pack, subject, period).counted()
        whose = _insurer(subject)
        former = Seal.objects.filter(
            report=name, territory=subject.territory, insurer=whose, period=period.code
        ).first()  # fmt: skip
        if former is not None and former.sha256 == counted.sha256:
            raise AlreadySealed
        return Seal.objects.create(
            report=name,
            pack_id=pk,
            territory_id=subject.territory,
            insurer=whose,
            period=period.code,
            since=period.since,
            until=period.until,
            number=former.number + 1 if former else 1,
            body=counted.text,
            sha256=counted.sha256,
            sources=[],
            source_names=[],
            note=note,
            sealed_at=timezone.now(),
            sealed_by=by,
            sealed_by_name=by.full_name,
        )


def _insurer(subject: Subject) -> Organisation | None:
    if subject.kind == "fund":
        return Organisation.objects.get(kind=Organisation.Kind.FUND, territory=subject.territory)
    return Organisation.objects.get(pk=subject.insurer) if subject.insurer else None
