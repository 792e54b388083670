"""What operations share: the appeal a number stands for, an organisation by its code, a moment with its zone."""

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Path, Router

from opora.appeals.errors import NoSuchPlace, NotComplete, NotFound
from opora.appeals.models import Appeal
from opora.appeals.words import Depth
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.organisations.models import Organisation

router = Router(tags=["Журнал обращений"])  # one for all: an address has one router
Number = Annotated[
    str, Path(max_length=32, pattern=r"^[0-9A-Za-z-]+$", description="Номер обращения", examples=["54001-26-000123"])
]
ANSWERING = (
    Organisation.Kind.FUND,
    Organisation.Kind.INSURER,
    Organisation.Kind.BRANCH,
    Organisation.Kind.PROVIDER,
    Organisation.Kind.AUTHORITY,
)


def found(number: str, caller: Any, depth: Depth) -> Appeal:
    """Return an appeal the caller may see so deep. Raises NotFound; the log keeps what was asked for in vain."""
    appeal = Appeal.objects.within(caller.scope, depth).select_related("handler").filter(number=number).first()
    if appeal is None:
        subject = ("appeals.appeal", "")
        record("appeals.read", subject, by=caller, purpose=caller.purpose, result=AuditLine.Result.NOT_FOUND)
        raise NotFound("Такого обращения нет среди тех, кого вам можно видеть.")
    return appeal


def an_organisation(code: str | None) -> Organisation | None:
    """Return the organisation of a code, None without one. Raises NoSuchPlace."""
    if not code:
        return None
    rows = Organisation.objects.filter(code=code).select_related("territory", "parent").order_by("pk")
    organisation = rows.first()
    if organisation is None:
        raise NoSuchPlace(f"Организации с кодом {code} нет в справочнике.")
    return organisation


def moment(given: datetime | None) -> datetime | None:
    """Return an aware moment in UTC. Raises NotComplete for one without a zone, or one no clock has shown."""
    if given is None:
        return None
    if given.tzinfo is None:
        raise NotComplete("Укажите часовой пояс: 2026-03-14T15:20:00+07:00.")
    try:
        found = given.astimezone(UTC)
    except OverflowError:
        raise NotComplete("Такой даты не бывает.") from None
    if not 1900 <= found.year <= 2100:
        raise NotComplete("Дата вне разумных пределов: от 1900 до 2100 года.")
    return found
