"""The card of an appeal and its sheet for the printer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import acting, beside, card
from opora.appeals.card import Case
from opora.appeals.errors import AppealsError
from opora.appeals.file_kinds import ENDINGS
from opora.appeals.models import Appeal, Grant
from opora.appeals.queries import who_is_responsible
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest

SUBJECT = Appeal._meta.label_lower
type CaseView = Callable[Concatenate[StaffRequest, Appeal, Grant, ...], HttpResponseBase]


class AppealHidden(Http404):
    """No such appeal for this employee; she learns no more."""


class OthersAppeal(AppealsError, status=404):
    """Обращение ведёт другая организация."""


def on_card(right: Right, *, action: str) -> Callable[[CaseView], Callable[..., HttpResponseBase]]:
    """Let a view have the appeal of ``number`` and the grant it is seen by, once her purpose is known.

    Otherwise sign-in, 403, the question of purpose, or 404 with a ``not_found`` line of ``action``.
    """

    def guard(view: CaseView) -> Callable[..., HttpResponseBase]:
        @needs(right)
        @with_purpose
        def found(request: StaffRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            pair = card.find(number, request.user)
            if pair is None:
                other = who_is_responsible(number, request.user)
                raise OthersAppeal(other.words) if other else AppealHidden
            return view(request, *pair, *args, **kwargs)

        @wraps(found)
        def guarded(request: StaffRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return found(request, number, *args, **kwargs)
            except (AppealHidden, OthersAppeal):
                # Written after the view's transaction has gone, so that the line stays.
                subject = (SUBJECT, number[:64])
                line = record(
                    action, subject, by=request.user, purpose=purpose_of(request), result=AuditLine.Result.NOT_FOUND
                )
                request.audit_line = line  # type: ignore[attr-defined]
                raise

        return guarded

    return guard


@require_safe
@on_card(Right.APPEALS_VIEW, action="appeals.card.read")
def appeal(request: StaffRequest, appeal: Appeal, grant: Grant) -> HttpResponse:
    """One look at an appeal."""
    case = read(request, appeal, grant)
    return render(request, "appeals/card.html", context_of(request, case))


@require_safe
@on_card(Right.APPEALS_VIEW, action="appeals.card.print")
def paper(request: StaffRequest, appeal: Appeal, grant: Grant) -> HttpResponse:
    """РКК: the registration card on paper, as deep as she sees."""
    case = read(request, appeal, grant, action="appeals.card.print")
    return render(request, "appeals/card_paper.html", {"case": case, "appeal": appeal, "at": timezone.localtime()})


def read(request: StaffRequest, appeal: Appeal, grant: Grant, action: str = "appeals.card.read") -> Case:
    """Read the card and leave a line that says so, and how deep."""
    case = card.of(appeal, grant, request.user)
    record(action, appeal, by=request.user, purpose=purpose_of(request), details={"depth": case.depth})
    return case


def context_of(request: StaffRequest, case: Case) -> dict[str, Any]:
    acts = acting.allowed(case, request.user)
    return {
        "case": case,
        "appeal": case.appeal,
        "acts": acts,
        "beside": list(beside.of(case.appeal, request.user)),
        "rare": [act for act in acts if act.is_rare],
        "may_handle": request.user.holds(Right.APPEALS_HANDLE),
        "endings": ",".join(ENDINGS),
        "is_ours": card.answers_for(case, request.user),
        "is_hers": card.is_hers(case, request.user),
        "sees_person": request.user.holds(Right.INSURED_VIEW),
    }


def purpose_of(request: StaffRequest) -> str:
    return str(getattr(request, "purpose", ""))


@require_safe
@on_card(Right.APPEALS_VIEW, action="appeals.card.read")
def version(request: StaffRequest, appeal: Appeal, grant: Grant) -> HttpResponse:
    """Say that the card has changed since she opened it; nothing is read."""
    is_same = request.GET.get("version") == str(appeal.version)
    return HttpResponse(status=204) if is_same else render(request, "appeals/changed.html", {"appeal": appeal})
