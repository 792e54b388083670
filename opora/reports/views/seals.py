"""Closing a period, a closed report, two versions side by side."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.reports import asking, choosing, corrections, pictures, seals, showing
from opora.reports import sealed as sealing_text
from opora.reports.errors import NoSuchCell
from opora.reports.models import Seal
from opora.reports.periods import Period
from opora.reports.places import Place
from opora.reports.services import sealing as sealer
from opora.reports.sources import SOURCES
from opora.shared import acts


class SealForm(acts.ActForm):
    """Why there is a new version; asked once a version exists."""

    note = forms.CharField(
        label="Зачем новая версия",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Например: «после сверки исправлены темы трёх жалоб». Это увидит каждый, кто откроет версию.",
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["note"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REPORTS_SEAL)
def sealing(request: StaffRequest, name: str) -> HttpResponse:
    """GET says what will be kept, POST keeps it."""
    asked = asking.ask(request.user, name, request.GET.get("of", ""), request.GET.get("period", ""))
    former = seals.versions(name, asked.subject, asked.period, request.user).first()
    form = SealForm(request.POST if request.method == "POST" else None, is_first=former is None)
    made: list[Seal] = []
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data.get("note", "")

        def perform() -> None:
            made.append(sealer.seal(name, asked.subject, asked.period, by=request.user, note=note))

        if acts.carried_out(request, perform, form, said="Период закрыт."):
            return redirect("reports:sealed", made[0].pk)
    context = {
        "form": form,
        "asked": asked,
        "counted": asked.counted(),
        "former": former,
        "title": "Закрыть период",
        "save": "Закрыть период" if former is None else "Закрыть новой версией",
        "back": choosing.address(name, asked.subject, asked.period),
    }
    return render(request, "reports/sealing.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@needs(Right.REPORTS_VIEW)
def sealed(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A sealed report exactly as it is kept."""
    seal, asked = asking.as_sealed(request.user, pk)
    counted = sealing_text.counted(seal)
    record("reports.sealed.read", seal, by=request.user)
    address = partial(rows_at, seal)
    context = {
        "seal": seal,
        "counted": counted,
        "pack": asked.pack,
        "tables": pictures.tables(counted, asked.pack, address),
        "faults": showing.faults(counted, address),
        "versions": seals.versions(seal.report, asked.subject, asked.period, request.user),
        "now": choosing.address(seal.report, asked.subject, asked.period),
        "sources": _sources(seal),
    }
    return render(request, "reports/sealed.html", context)


@require_safe
@never_cache
@needs(Right.REPORTS_VIEW)
def against(request: StaffRequest, pk: UUID, former: UUID) -> HttpResponse:
    """What a version tells differently from another of the same report, and why; ``cell`` — of one cell alone."""
    later, asked = asking.as_sealed(request.user, pk)
    other = get_object_or_404(Seal.objects.accessible_to(request.user), pk=former)
    if (other.report, other.territory_id, other.insurer_id, other.period) != (
        later.report, later.territory_id, later.insurer_id, later.period,
    ):  # fmt: skip
        raise Http404
    found = seals.differences(sealing_text.counted(other), sealing_text.counted(later))
    given = request.GET.get("cell", "")
    about = [one for one in found if not given or str(one.place) == given]
    if given and not about:
        raise NoSuchCell
    cells = [(one.place.table, one.place.row, one.place.column) for one in about]
    record("reports.reasons", later, by=request.user, details={"former": str(other.pk), "cell": given[:130]})
    context = {
        "later": later,
        "former": other,
        "versions": [other, later],
        "counted": sealing_text.counted(later),
        "period": Period.read(later.period),
        "subject": asked.subject,
        "lines": [(one, rows_at(other, one.place), rows_at(later, one.place)) for one in found],
        "reasons": corrections.reasons(later, other, cells, request.user) if cells else None,
        "about": about[0] if given else None,
    }
    return render(request, "reports/against.html", context)


def rows_at(seal: Seal, place: Place) -> str:
    """Return the address of the rows behind a cell as of a seal."""
    query = urlencode({"seal": str(seal.pk), "cell": str(place)})
    return f"{reverse('reports:rows', args=[seal.report])}?{query}"


def _sources(seal: Seal) -> list[dict[str, object]]:
    """The sources a seal proves: title, rows, hash over them."""
    return [{"title": SOURCES[name].title, **told} for name, told in sorted(seal.sources.items())]
