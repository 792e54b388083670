"""Publishing a sealed report and taking it back. Only sealed bytes are published."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.reports import definitions, sealed
from opora.reports.errors import AlreadyPublished, NotPublished, SealBroken
from opora.reports.hiding import hide
from opora.reports.models import Publication, Seal

LEAST_MAY_BE = range(101)


@transaction.atomic
def publish(seal: Seal, *, least: int = 0, by: Employee) -> Publication:
    """Open a sealed report to everybody, in place of a former version of it; counts below ``least`` are hidden.

    Raises RightMissing, SealBroken, AlreadyPublished.
    """
    _may(by)
    if sha256(seal.body.encode()).hexdigest() != seal.sha256:
        raise SealBroken
    same = Publication.objects.open().filter(
        report=seal.report, territory=seal.territory_id, insurer=seal.insurer_id, period=seal.period
    )
    former = same.select_for_update().first()
    if former is not None and (former.seal_id, former.least) == (seal.pk, least):
        raise AlreadyPublished
    if former is not None:
        _take_back(former, f"Опубликована версия {seal.number}", by)
    counted = sealed.counted(seal)
    text = hide(counted, definitions.of_pack(seal.pack_id), least).text if least > 1 else seal.body
    made = Publication.objects.create(
        seal=seal,
        report=seal.report,
        title=counted.title,
        territory=seal.territory,
        territory_name=seal.territory.name,
        insurer=seal.insurer,
        subject_name=counted.subject_name,
        period=seal.period,
        period_words=counted.period_words,
        version=counted.version,
        number=seal.number,
        least=least,
        body=text,
        sha256=sha256(text.encode()).hexdigest(),
        seal_sha256=seal.sha256,
        sealed_at=seal.sealed_at,
        published_by=by,
    )
    record("reports.publish", made, by=by, details={"seal": str(seal.pk), "least": least})
    return made


@transaction.atomic
def withdraw(publication: Publication, why: str, *, by: Employee) -> None:
    """Take a report back from everybody. Raises RightMissing, NotPublished."""
    _may(by)
    if not _take_back(publication, why, by):
        raise NotPublished


def _take_back(publication: Publication, why: str, by: Employee) -> bool:
    taken = Publication.objects.open().filter(pk=publication.pk)
    if not taken.update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_why=why[:300]):
        return False
    record("reports.withdraw", publication, by=by)
    return True


def _may(employee: Employee) -> None:
    if not employee.holds(Right.REPORTS_PUBLISH):
        raise RightMissing(right=Right.REPORTS_PUBLISH)
