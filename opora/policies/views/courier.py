"""The courier's phone: a page without anybody's data that the phone keeps, her day as JSON, and her records."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import enter
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.policies import queries, rules, services
from opora.policies.errors import AnotherHasSignedIn, RecordRefused
from opora.policies.models import Visit
from opora.policies.services import Report
from opora.policies.services.reporting import scope_of
from opora.policies.words import REPORTED, VisitState
from opora.shared.errors import DomainError
from opora.shared.shell import shell_worker

UNTOLD = "СМС о визите не дошло: позвоните перед выездом."
LARGEST = 600_000  # bytes of one record, its signature in base64


@require_safe
@needs(Right.POLICIES_DELIVER)
def page(request: StaffRequest) -> HttpResponse:
    """The shell: nothing in it is about anybody, so the phone may keep it."""
    return render(request, "policies/courier.html")


@require_safe
@needs(Right.POLICIES_DELIVER)
def worker(request: StaffRequest) -> HttpResponse:
    """The script that keeps the shell; its address says which pages it may serve."""
    return shell_worker()


@require_safe
@never_cache
@needs(Right.POLICIES_DELIVER)
def route(request: StaffRequest) -> JsonResponse:
    """Her own day, no more than a door needs: name, address, phone, papers."""
    today = actor_of(request.user).local(timezone.now()).date()
    with enter(scope_of(request.user)):
        found = queries.route_of(request.user, today)
        visits = [_visit(one, request) for one in found.visits.all()] if found else []
    record("policies.route.read", ("policies.route", str(found.pk) if found else ""), by=request.user)
    get_token(request)
    told = {"day": today.isoformat(), "courier": request.user.pk, "name": request.user.short_name, "visits": visits}
    return JsonResponse(told)


@require_POST
@never_cache
@needs(Right.POLICIES_DELIVER)
def records(request: StaffRequest) -> JsonResponse:
    """Take one record of the phone. Every answer but a fault of ours lets the phone forget it.

    Whoever made it is named in it: on a phone that has changed hands it waits for her (412).
    """
    try:
        taken = services.report(_report(request), by=request.user)
    except AnotherHasSignedIn as refusal:
        return JsonResponse({"state": "waits", "sentence": refusal.sentence}, status=refusal.status)
    except DomainError as refusal:
        return JsonResponse({"state": "refused", "sentence": refusal.sentence}, status=409)
    return JsonResponse({"state": taken.state, "sentence": taken.sentence})


def _visit(one: Visit, request: StaffRequest) -> dict[str, Any]:
    row = one.delivery
    is_ahead = one.state == VisitState.PLANNED
    at = actor_of(request.user).local(one.planned_at) if one.planned_at else None
    told: dict[str, Any] = {
        "id": str(one.pk),
        "number": row.number,
        "state": one.state,
        "words": one.get_state_display(),
        "at": f"{at:%H:%M}" if at else "",
        "address": row.address,
    }
    if not is_ahead:
        return told  # what is done needs no name and no phone any more
    windows = rules.show_windows([(opens, closes) for opens, closes in row.windows])
    warned = UNTOLD if getattr(one, "is_untold", False) else ""
    return told | {
        "name": row.recipient,
        "phone": row.phone,
        "windows": windows,
        "documents": row.documents,
        "note": " ".join(part for part in (warned, row.note) if part),
    }


def _report(request: StaffRequest) -> Report:
    """Read a record of hers. Raises AnotherHasSignedIn, RecordRefused for what no phone of ours would send."""
    body = request.body
    if len(body) > LARGEST:
        raise RecordRefused("Подпись слишком большая. Попросите расписаться ещё раз.")
    try:
        told = json.loads(body)
        courier, outcome = int(told.get("courier") or 0), VisitState(told["outcome"])
        until = told.get("until") or ""
        signature = str(told.get("signature") or "").removeprefix("data:image/png;base64,")
        found = Report(
            key=UUID(told["key"]),
            visit=UUID(told["visit"]),
            outcome=outcome,
            device_at=_moment(told["at"]),
            device_now=_moment(told["now"]),
            signature=base64.b64decode(signature, validate=True),
            code=str(told.get("code") or "")[:10],
            taken_by=str(told.get("taken_by") or "")[:200],
            note=str(told.get("note") or "")[:300],
            until=date.fromisoformat(until) if until else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, binascii.Error, RecursionError) as fault:
        raise RecordRefused("Запись не читается. Обновите страницу и запишите итог ещё раз.") from fault
    if outcome not in REPORTED or any("\x00" in one for one in (found.taken_by, found.note, found.code)):
        raise RecordRefused("Такого итога не бывает.")
    if courier != request.user.pk:
        raise AnotherHasSignedIn
    return found


def _moment(text: Any) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError("a moment without a zone")
    return found
