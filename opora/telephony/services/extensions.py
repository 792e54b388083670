"""Extensions are given to an organisation before anybody sits at them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models.functions import Length

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.telephony.errors import ExtensionsTaken, NotYourExtension
from opora.telephony.models import Agent, ExtensionRange
from opora.telephony.queries import is_shared

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation


@transaction.atomic
def give(organisation: Organisation, pbx: str, first: str, last: str, *, by: Employee) -> ExtensionRange:
    """Write down that extensions are an organisation's. Raises ExtensionsTaken, which says by whom."""
    row = ExtensionRange(organisation=organisation, pbx=pbx, first=first, last=last)
    with enter(Scope.system("whether somebody of another organisation sits there")):
        sitting = Agent.objects.filter(pbx=pbx, employee__isnull=False).exclude(organisation=organisation)
        found = next((one for one in sitting.select_related("organisation") if row.holds(one.extension)), None)
        if found is not None:
            raise ExtensionsTaken(f"За добавочным {found.extension} сидит сотрудник «{found.organisation}».")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise ExtensionsTaken(_overlapping(row)) from fault
    record("telephony.extensions.give", row, by=by, details={"pbx": pbx, "extensions": str(row)})
    return row


@transaction.atomic
def take_back(row: ExtensionRange, *, by: Employee) -> None:
    """Let extensions be nobody's; who sits there sits until she stands up."""
    record("telephony.extensions.take_back", row, by=by, details={"pbx": row.pbx, "extensions": str(row)})
    row.delete()


def check(pbx: str, extension: str, organisation: int) -> None:
    """Raises NotYourExtension where an extension is a neighbour's, or nobody's on an exchange of several houses."""
    rows = list(ExtensionRange.objects.filter(pbx=pbx).select_related("organisation"))
    whose = next((row for row in rows if row.holds(extension)), None)
    if whose is not None and whose.organisation_id == organisation:
        return
    if whose is None and not rows and not is_shared(pbx):
        return
    said = f"записан за «{whose.organisation}»" if whose else "ни за кем не записан"
    raise NotYourExtension(f"Добавочный {extension} {said}. {_own(rows, organisation)}")


def _own(rows: Iterable[ExtensionRange], organisation: int) -> str:
    mine = ", ".join(str(row) for row in rows if row.organisation_id == organisation)
    return f"Ваши добавочные: {mine}." if mine else "Своих у вашей организации нет: скажите администратору."


def _overlapping(row: ExtensionRange) -> str:
    others = ExtensionRange.objects.filter(pbx=row.pbx).annotate(signs=Length("first"))
    near = others.filter(signs=len(row.first), first__lte=row.last, last__gte=row.first)
    found = near.select_related("organisation").first()
    if found is None:
        return "Проверьте добавочные: первый не больше последнего, цифр поровну."
    return f"Добавочные {found} уже записаны за «{found.organisation}»."
