"""From a call to intake: the draft knows the call, the appeal will."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.errors import NoAssignment
from opora.appeals.models import Draft
from opora.audit.services import record, uuid7
from opora.classifiers.words import Channel
from opora.telephony.models import Call

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def open_draft(call: Call, *, person: int | None = None, by: Employee) -> Draft:
    """Return her draft of a call, made once: pressed twice, in two windows, it is the same one.

    After a transfer the second employee begins with what the first has written down.
    """
    if by.assignment is None:
        raise NoAssignment
    Call.objects.select_for_update().get(pk=call.pk)
    mine = Draft.objects.filter(employee=by, call_id=call.code).order_by("opened_at").first()
    if mine is not None:
        if person and not mine.appeal_id and not mine.step:
            mine.body = {**mine.body, "person": [str(person)]}
            mine.save(update_fields=["body"])
        return mine
    body = _left_by_colleague(call) or {"channel": [str(Channel.HOT_LINE)]}
    if call.caller:
        body.setdefault("phone", [f"+{call.caller}"])
    if person:
        body["person"] = [str(person)]
    body["call_id"] = [call.code]
    now = timezone.now()
    draft = Draft.objects.create(
        pk=uuid7(),
        employee=by,
        organisation=by.assignment.organisation,
        call_id=call.code,
        body=body,
        opened_at=now,
        saved_at=now,
    )
    record("telephony.intake", call, by=by)
    return draft


def _left_by_colleague(call: Call) -> dict[str, list[str]]:
    """Return what the employee who hands the call over, or asks first, has typed, if she has not registered it."""
    is_handed = call.transfers or call.aside or (call.ringing and call.extension)
    if not is_handed:
        return {}
    with enter(Scope.system("the draft goes with the call to the next employee")):
        former = Draft.objects.filter(call_id=call.code, appeal=None).order_by("-saved_at").first()
    return {name: values for name, values in former.body.items() if name != "window"} if former else {}
