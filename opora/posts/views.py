"""The tablet of a post: a page without anybody's data that it keeps, its day as JSON, its records; and their list."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.posts import beside, envelopes, queries, services, taking
from opora.posts.door import Door, Shut
from opora.posts.errors import AnotherHasSignedIn, BatchUnreadable, EnvelopeBroken
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.shell import shell_worker

MOST = 20  # records in one batch; a tablet sends the next when these are answered
LARGEST = 2_000_000  # bytes of a batch
MOST_ASKED = 100  # records whose numbers are asked for at once
BUSY = "Сейчас записи шлют многие посты. Планшет отправит ваши сам в течение минуты."
DOOR = Door()


@require_safe
@needs(Right.APPEALS_REGISTER)
def tablet(request: StaffRequest) -> HttpResponse:
    """The shell: nothing in it is about anybody, so the tablet may keep it."""
    return render(request, "posts/tablet.html")


@require_safe
@needs(Right.APPEALS_REGISTER)
def worker(request: StaffRequest) -> HttpResponse:
    """The script that keeps the shell."""
    return shell_worker()


@require_safe
@never_cache
@needs(Right.APPEALS_REGISTER)
def day(request: StaffRequest) -> JsonResponse:
    """Topics, answers, her posts and the key to seal to."""
    seal = services.seal_of(request.user)
    get_token(request)
    told = {"employee": request.user.pk, "name": request.user.short_name, "seal": {"id": seal.pk, "key": seal.public}}
    return JsonResponse(told | queries.for_the_day(request.user))


@require_POST
@never_cache
@needs(Right.APPEALS_REGISTER)
def take(request: StaffRequest) -> JsonResponse:
    """Take a batch of her own. The tablet forgets every record that is answered here by its key.

    Whoever made the records is named in the batch: on a tablet that has changed hands they wait for her (409).
    """
    try:
        batch = _batch(request.body)  # read to its end first: a slow line must not hold the door
        with DOOR.enter():
            return _taken(request, *batch)
    except Shut as shut:
        return JsonResponse({"sentence": BUSY}, status=503, headers={"Retry-After": str(shut.seconds)})
    except DomainError as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)


@require_safe
@never_cache
@needs(Right.APPEALS_REGISTER)
@with_purpose
def records(request: StaffRequest) -> HttpResponse:
    """What came from posts: first what waits for somebody."""
    waiting, others = queries.latest(request.user)
    record("posts.read", ("posts.record", ""), by=request.user, details={"waiting": len(waiting)})
    line = queries.line(request.user)
    context = {"waiting": waiting, "others": others, "line": line, "links": list(beside.links(request.user))}
    return render(request, "posts/records.html", context)


@require_POST
@needs(Right.APPEALS_REGISTER)
def draft(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open intake with what the record tells."""
    try:
        made = services.into_draft(pk, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("posts:records")
    return redirect(f"{reverse('appeals:new')}?draft={made}")


@require_POST
@needs(Right.APPEALS_REGISTER)
def aside(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put a record aside with a reason."""
    why = request.POST.get("why", "")
    acts.carried_out(request, lambda: services.put_aside(pk, why=why, by=request.user), None, said="Запись убрана.")
    return redirect("posts:records")


def _taken(
    request: StaffRequest,
    employee: int,
    post: int,
    device_now: datetime,
    found: list[envelopes.Envelope],
    asks: list[UUID],
) -> JsonResponse:
    if employee != request.user.pk:
        raise AnotherHasSignedIn
    place = queries.posts_of(request.user).filter(pk=post).first() if found else None
    taken = taking.take(found, post=place, device_now=device_now, by=request.user, asks=asks)
    answers = [{"key": one.key, "state": one.state, "number": one.number, "sentence": one.sentence} for one in taken]
    return JsonResponse({"records": answers})


def _batch(body: bytes) -> tuple[int, int, datetime, list[envelopes.Envelope], list[UUID]]:
    """Read whose batch it is, the batch and the keys of former records that are asked for; one of the two may be empty.

    Raises BatchUnreadable: nothing of it is taken then, and the tablet keeps it.
    """
    if len(body) > LARGEST:
        raise BatchUnreadable("Записей слишком много за один раз. Обновите страницу планшета: они уйдут частями.")
    try:
        told: dict[str, Any] = json.loads(body)
        employee, post, now = int(told["employee"]), int(told["post"] or 0), datetime.fromisoformat(told["now"])
        found = [envelopes.read(one) for one in told["records"]]
        asks = [UUID(one) for one in told.get("asks", [])]
        if now.tzinfo is None:
            raise BatchUnreadable
        now = now.astimezone(UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, EnvelopeBroken) as fault:
        raise BatchUnreadable from fault
    if not (found or asks) or len(found) > MOST or len(asks) > MOST_ASKED or not 0 <= post < 2**31:
        raise BatchUnreadable
    return employee, post, now, found, asks
