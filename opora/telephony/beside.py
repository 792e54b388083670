"""The call of an appeal, on the card of the appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from opora.access.rights import Right
from opora.appeals.beside import Beside
from opora.telephony.models import Call

if TYPE_CHECKING:
    from opora.appeals.models import Appeal
    from opora.organisations.models import Employee


def call_of_appeal(appeal: Appeal, employee: Employee) -> Beside | None:
    """Return a link to the call that the appeal was taken from. One query by key, none for an appeal without a call."""
    number = appeal.call_id.removeprefix("call-")
    if number == appeal.call_id or not (number.isascii() and number.isdecimal() and len(number) <= 18):
        return None
    call = Call.objects.accessible_to(employee).filter(pk=int(number)).first()
    if call is None:
        return None
    is_named = bool(call.recording or call.voice)
    words = "есть запись" if is_named else "записи нет"
    hears = is_named and employee.holds(Right.TELEPHONY_LISTEN)
    piece = reverse("telephony:tapes", args=[call.pk]) if hears else ""
    return Beside("Звонок", reverse("telephony:call", args=[call.pk]), "phone", "1", "none", words, piece)
