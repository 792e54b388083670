"""Bringing files: checked first, stored when somebody says so."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.exchange.errors import ExchangeRefused
from opora.exchange.forms import UploadForm, channels_of
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, again, receive
from opora.exchange.tasks import process_file
from opora.exchange.views.parcels import employee_of, parcel_of
from opora.exchange.writers import own

TEMPLATES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@require_http_methods(["GET", "POST"])
@needs(Right.EXCHANGE_IMPORT)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose files; they are checked in the background and change nothing."""
    employee = employee_of(request)
    form = UploadForm(request.POST or None, request.FILES or None, employee=employee)
    if request.method == "POST" and form.is_valid():
        made = []
        for file in form.cleaned_data["file"]:
            coming = Coming(
                form.cleaned_data["organisation"], file.name or "file", Way.UPLOAD, by=employee, is_trial=True
            )
            made.append(queued(receive(file.chunks(), coming)))
        return redirect("exchange:parcel", made[0].pk) if len(made) == 1 else redirect("exchange:list")
    return render(request, "exchange/upload.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@needs(Right.EXCHANGE_VIEW)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Our own list, empty but for one example, for those who have no format of their own."""
    if kind not in TEMPLATES:
        raise Http404
    response = HttpResponse(own.template(kind), content_type=TEMPLATES[kind])
    response["Content-Disposition"] = f'attachment; filename="opora-informing.{kind}"'
    return response


@require_POST
@needs(Right.EXCHANGE_IMPORT)
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a file that was checked: the same bytes once more, in earnest."""
    checked = parcel_of(request, pk)
    if not channels_of(employee_of(request)).filter(pk=checked.organisation_id).exists():
        raise ExchangeRefused("Канал этой организации закрыт для вас.")
    if checked.state != State.CHECKED:
        raise ExchangeRefused("Принять можно файл, который проверен и ещё не записан.")
    return redirect("exchange:parcel", queued(again(checked, by=employee_of(request))).pk)


def queued(parcel: Parcel) -> Parcel:
    """Let the worker check a file, one after another of its organisation."""
    process_file.configure(lock=f"exchange.{parcel.organisation_id}").defer(parcel_id=parcel.pk)
    return parcel
