"""The one door to a report for people: pages, the command line and files ask here, so that rights are checked once."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.organisations.models import Employee, Territory
from opora.reports import definitions, narrowing, subjects
from opora.reports.counting import Report
from opora.reports.definitions import ReportPack
from opora.reports.errors import NoSuchFilter, NoSuchPeriod, NoSuchReport, NotThisPeriod, NotThisSubject
from opora.reports.models import Cursor, Seal
from opora.reports.periods import Period
from opora.reports.subjects import Subject

KINDS = {"month": "месяц", "quarter": "квартал", "year": "год", "months": "несколько месяцев подряд"}
OF = {"territory": "по территории", "fund": "по фонду", "insurer": "по страховой"}


def ask(
    employee: Employee, name: str, subject_code: str, period_code: str, given: narrowing.Given | None = None
) -> Report:
    """Return a report ready to be counted, in the edition in force on the last day of the period. Few queries.

    ``given`` may narrow it (``narrowing.read``). Raises RightMissing, NotYourSubject, NoSuchPeriod, NoSuchReport,
    NotThisSubject, NotThisPeriod, NoSuchFilter — each a sentence.
    """
    if not employee.holds(Right.REPORTS_VIEW):
        raise RightMissing(right=Right.REPORTS_VIEW)
    subject = subjects.subject(subject_code, employee)
    period = Period.read(period_code)
    if period.since > today_of(subject.territory):
        raise NoSuchPeriod(f"Период «{period.words}» ещё не начался.")
    _, pack = definitions.current(name, period.until, subject.territory)
    fits(pack, subject, period)
    return Report(pack, subject, period, also=narrowing.read(pack, given or {}))


def as_sealed(employee: Employee, identity: UUID, given: narrowing.Given | None = None) -> tuple[Seal, Report]:
    """Return a sealed report and its question as of the seal. Raises RightMissing, NoSuchReport, NoSuchFilter."""
    if not employee.holds(Right.REPORTS_VIEW):
        raise RightMissing(right=Right.REPORTS_VIEW)
    seal = Seal.objects.accessible_to(employee).select_related("insurer", "territory").filter(pk=identity).first()
    if seal is None:
        raise NoSuchReport
    pack = definitions.of_pack(seal.pack_id)
    if narrowing.read(pack, given or {}):
        raise NoSuchFilter("Закрытый отчёт показывают целиком. Отобрать можно отчёт, как он считается сейчас.")
    return seal, Report(pack, subject_of(seal), Period.read(seal.period), seal=seal)


def subject_of(seal: Seal) -> Subject:
    """Whose report was sealed; a seal of a fund alone names the fund."""
    whose = seal.insurer
    if whose is None:
        return Subject(seal.territory_id, None, seal.territory.name, seal.territory_id)
    number = subjects.NOBODY if whose.kind == whose.Kind.FUND else whose.pk
    return Subject(seal.territory_id, number, whose.name, whose.code)


def fits(pack: ReportPack, subject: Subject, period: Period) -> None:
    """Raise NotThisSubject or NotThisPeriod, saying what the report is made of and for."""
    if subject.kind not in pack.subjects:
        made = ", ".join(OF[kind] for kind in pack.subjects)
        raise NotThisSubject(f"«{pack.short}» составляют {made}: выберите другую организацию.")
    if period.kind not in pack.periods:
        made = ", ".join(KINDS[kind] for kind in pack.periods)
        raise NotThisPeriod(f"«{pack.short}» составляют за {made}: выберите другой период.")


def today_of(territory: str) -> date:
    """Return the day that it is in a territory. One query."""
    zone = Territory.objects.values_list("time_zone", flat=True).filter(pk=territory).first()
    return timezone.localdate(timezone=ZoneInfo(zone)) if zone else timezone.localdate()


def read_until() -> Cursor | None:
    """Return how far facts were read, None before the first time."""
    with enter(Scope.system("when facts were read says nothing of them")):
        return Cursor.objects.filter(read_at__isnull=False).first()
