"""The monthly table of an insurer on the screen: a year, a month, the rows behind a figure."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.informing.monthly import queries
from opora.informing.monthly.queries import ONLY, Chosen
from opora.informing.monthly.words import themes, ways
from opora.informing.words import MONTHS
from opora.organisations.requests import StaffRequest
from opora.shared.pages import keyset


@require_safe
@needs(Right.INFORMING_VIEW)
def table(request: StaffRequest) -> HttpResponse:
    """Twelve months, or one of them by theme and way."""
    chosen = Chosen.read(request.GET.dict())
    context = {**_about(request, chosen), "query": request.GET.urlencode()}
    if chosen.month:
        lines = queries.month(request.user, chosen)
        context |= {"lines": lines, "unpriced": [line for line in lines if line.way and line.sums.is_unpriced]}
        return render(request, "informing/month.html", context)
    months, whole, counted_at = queries.months(request.user, chosen)
    return render(
        request, "informing/monthly.html", {**context, "months": months, "whole": whole, "counted_at": counted_at}
    )


@require_safe
@needs(Right.INFORMING_VIEW)
def rows(request: StaffRequest) -> HttpResponse:
    """The contacts behind a figure."""
    chosen = Chosen.read(request.GET.dict())
    page = keyset(queries.contacts(request.user, chosen), order=queries.ORDER, after=request.GET.get("after"))
    details = {name: getattr(chosen, name) for name in ("year", "month", "insurer", "theme", "way", "only")}
    record("informing.month.rows", by=request.user, details=details)
    found = [(one, ways().get(one.way)) for one in page]
    context = {**_about(request, chosen), "page": page, "rows": found, "only": ONLY.get(chosen.only, "")}
    return render(request, "informing/month_rows.html", context)


def _about(request: StaffRequest, chosen: Chosen) -> dict[str, object]:
    insurers = queries.insurers(request.user)
    return {
        "chosen": chosen,
        "insurers": insurers,
        "insurer": next((one for one in insurers if one.pk == chosen.insurer or len(insurers) == 1), None),
        "month_name": MONTHS[chosen.month - 1] if chosen.month else "",
        "theme": themes().get(chosen.theme),
        "way": ways().get(chosen.way),
        "place": f"year={chosen.year}" + (f"&insurer={chosen.insurer}" if chosen.insurer else ""),
    }
