"""Reports of the demonstration: last month is closed twice, its analysis is open to everybody, one goes by schedule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal
from opora.appeals.services import reopen
from opora.channels.models import Provider
from opora.informing.monthly.nightly import fold
from opora.organisations.models import Employee, Organisation
from opora.reports import following
from opora.reports.models import Schedule, Seal
from opora.reports.periods import Period, last_full
from opora.reports.publishing import publish
from opora.reports.services.sealing import seal
from opora.reports.subjects import Subject
from opora.simulation.chaining import chain_all
from opora.simulation.moments import at

SYSTEM = Scope.system("reports of the demonstration")
ANALYSIS, BY_POST = "fund-analysis", "hmao-number"
WHY = "Человек прислал документы, которых не было"
NOTE = "Одно обращение возобновили после закрытия месяца"
SENT_SINCE = timedelta(days=60)


def ensure_reports(territory: str, logins: Mapping[str, str]) -> None:
    """Read the facts; close last month, mend one appeal in it, close it anew, publish; write a schedule down."""
    with enter(SYSTEM):
        if Schedule.objects.filter(territory=territory).exists():
            return
        is_closed = Seal.objects.filter(territory=territory).exists()
        analyst, leader = (Employee.objects.get(login=logins[one]) for one in ("analyst", "supervisor"))
        fund = Organisation.objects.select_related("territory").get(kind="fund", territory=territory)
    chain_all()
    following.follow()
    fold()  # what the night does: reports of informing count over it
    today = timezone.localdate()
    month = last_full("month", today)
    whole = Subject(territory, None, fund.territory.name, territory)
    if not is_closed:
        with enter(analyst.scope), at(_morning(month)):
            seal(ANALYSIS, whole, month, by=analyst)
    if _mended(leader, month):
        chain_all()
        with enter(analyst.scope):
            later = seal(ANALYSIS, whole, month, by=analyst, note=NOTE)
            publish(later, by=analyst)
    with enter(SYSTEM):
        _schedule(fund, analyst)


def _morning(month: Period) -> datetime:
    """The first working hours of the month after, or now while they have not come."""
    first = datetime.combine(month.until + timedelta(days=1), datetime.min.time(), timezone.get_current_timezone())
    return min(first + timedelta(hours=9, minutes=20), timezone.now())


def _mended(leader: Employee, month: Period) -> bool:
    """Take one closed question of the month back to work; False when there is none."""
    place = leader.assignment
    assert place is not None  # noqa: S101 - who plays in the demonstration works somewhere
    with enter(leader.scope):
        closed = Appeal.objects.accessible_to(leader).filter(handler=place.organisation, kind="consultation")
        found = closed.filter(closed_at__date__range=(month.since, month.until)).order_by("-closed_at", "pk").first()
        if found is not None:
            reopen(found.pk, why=WHY, by=leader)
    return found is not None


def _schedule(fund: Organisation, analyst: Employee) -> None:
    """How many came by post goes to whoever counts, from the mailbox of the fund; what is due is sent at once."""
    if not Provider.objects.filter(organisation=fund, channel="email").exists():
        return
    Schedule.objects.create(
        organisation=fund,
        territory=fund.territory_id,
        report=BY_POST,
        subject=fund.territory_id,
        of=Schedule.Of.MONTH,
        day=1,
        filters={"channel": "post,email"},
        form="xlsx",
        recipients=[analyst.pk],
        made_by=analyst,
        made_at=timezone.now() - SENT_SINCE,
    )
