"""Agreements on overflow: offered by one organisation, accepted by the other, in force until one of them stops it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.telephony.errors import AgreementStands, AgreementWrong
from opora.telephony.models import Agreement, Line
from opora.telephony.ports import Overflow
from opora.telephony.words import When

if TYPE_CHECKING:
    from opora.organisations.models import Employee

WHY = "a neighbour's line is not hers to read"
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)


def neighbours(employee: Employee) -> list[Line]:
    """Return the lines of other organisations on the exchanges of her own. Two queries."""
    own = Line.objects.accessible_to(employee).filter(closed_on=None)
    exchanges = set(own.values_list("pbx", flat=True))
    with enter(Scope.system(WHY)):
        found = Line.objects.filter(pbx__in=exchanges, closed_on=None).exclude(organisation=employee.scope.organisation)
        return list(found.select_related("organisation").order_by("organisation__name", "title", "pk"))


@transaction.atomic
def offer(
    line: Line,
    to_line: int,
    *,
    when: str,
    seconds: int | None,
    since: date,
    until: date | None,
    paper: str,
    by: Employee,
) -> Agreement:
    """Offer a neighbour to take the calls of a line of hers. Raises AgreementWrong, AgreementStands."""
    target = next((one for one in neighbours(by) if one.pk == to_line and one.pbx == line.pbx), None)
    if target is None or line.organisation_id != by.scope.organisation or (when == When.WAITS and not seconds):
        raise AgreementWrong
    try:
        with transaction.atomic():
            row = Agreement.objects.create(
                organisation_id=line.organisation_id,
                to_organisation_id=target.organisation_id,
                line=line,
                to_line=target,
                title=line.title,
                to_title=target.title,
                when=when,
                seconds=(seconds or 0) if when == When.WAITS else 0,
                since=since,
                until=until,
                paper=paper,
                made_by=by,
            )
    except IntegrityError:
        raise AgreementStands from None
    record("telephony.overflow.offer", row, by=by)
    return row


@transaction.atomic
def agree(row: Agreement, *, by: Employee) -> None:
    """Accept an offer to her organisation. Raises AgreementWrong for anybody else's."""
    offers = Agreement.objects.standing().filter(pk=row.pk, to_organisation=by.scope.organisation, agreed_at=None)
    if not offers.update(agreed_at=timezone.now(), agreed_by=by):
        raise AgreementWrong
    record("telephony.overflow.agree", row, by=by)


@transaction.atomic
def stop(row: Agreement, *, by: Employee) -> None:
    """Either side stops it; one that is stopped already stays so."""
    if (
        Agreement.objects.accessible_to(by)
        .standing()
        .filter(pk=row.pk)
        .update(stopped_at=timezone.now(), stopped_by=by)
    ):
        record("telephony.overflow.stop", row, by=by)


def rules_of(pbx: str, now: datetime | None = None) -> list[Overflow]:
    """Return the rules in force on the lines of an exchange, by the day of whose line it is."""
    now = now or timezone.now()
    with enter(Scope.system(WHY)):
        rows = Agreement.objects.standing().filter(line__pbx=pbx, agreed_at__isnull=False)
        found = []
        for row in rows.select_related("line", "to_line", "organisation__territory"):
            zone = row.organisation.zone
            day = now.astimezone(zone).date()
            if row.since > day or (row.until and row.until < day):
                continue
            ends = datetime.combine(row.until + timedelta(days=1), time(), zone) if row.until else FOR_EVER
            found.append(Overflow(row.line.number, row.when, row.to_line.number, row.seconds, ends))
        return found
