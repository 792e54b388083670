"""Asking for a file for a partner, and taking it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.exchange import vault
from opora.exchange.dispatch import Order, ask
from opora.exchange.errors import ExchangeRefused
from opora.exchange.forms import ExportForm
from opora.exchange.leaving import Period
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.returning import ask_back
from opora.exchange.tasks import make_file
from opora.exchange.views.parcels import employee_of, parcel_of


@require_http_methods(["GET", "POST"])
@needs(Right.EXCHANGE_EXPORT)
def export(request: HttpRequest) -> HttpResponse:
    """Choose a period and a format; the file is written in the background."""
    employee = employee_of(request)
    form = ExportForm(request.POST or None, employee=employee)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        period = Period(given["since"], given["until"])
        try:
            made = ask(Order(given["organisation"], period, given["format"], Way.UPLOAD, by=employee))
        except ExchangeRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            make_file.defer(parcel_id=made.pk)
            return redirect("exchange:parcel", made.pk)
    return render(request, "exchange/export.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@needs(Right.EXCHANGE_EXPORT)
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a list back to whom it came from, with what was done for its people; written in the background."""
    made = ask_back(parcel_of(request, pk), by=employee_of(request))
    make_file.defer(parcel_id=made.pk)
    return redirect("exchange:parcel", made.pk)


@require_GET
@needs(Right.EXCHANGE_EXPORT)
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file for the partner. It holds people's data, so that taking it leaves a line."""
    found = parcel_of(request, pk)
    if found.direction != Direction.OUT or found.state != State.READY:
        raise Http404
    path = vault.found(found.sha256)
    record("exchange.file.read", found, by=request.user, details={"records": found.counts.get("records", 0)})
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
