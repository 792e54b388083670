"""One clinic over a period: complaints, terms, violations, claims; every number opens into its rows."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.complaints import beside, clinics
from opora.complaints.clinics import BEHIND, Asked, Period
from opora.organisations.models import Organisation
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared.forms import RuDateField
from opora.shared.pages import keyset


class PeriodForm(forms.Form):
    all_optional = True
    since = RuDateField(label="С", required=False)
    until = RuDateField(label="По", required=False)

    def clean(self) -> dict[str, date]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Период кончается раньше, чем начинается.")
        return cleaned


@require_safe
@needs(Right.COMPLAINTS_VIEW)
@with_purpose
def clinic(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of a clinic; the reading is written down."""
    asked, form = _asked(request, pk)
    record("complaints.clinic.read", asked.clinic, by=request.user)
    context = {"clinic": asked.clinic, "form": form, "period": asked.period, **clinics.figures(asked)}
    context["beside"] = beside.of(asked.clinic, request.user)
    return render(request, "complaints/clinic.html", context)


@require_safe
@needs(Right.COMPLAINTS_VIEW)
@with_purpose
def rows(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """The rows behind one number of the page."""
    if what not in BEHIND:
        raise Http404
    asked, _ = _asked(request, pk)
    kind = BEHIND[what]
    only, code = request.GET.get("only", ""), request.GET.get("code", "").replace("\x00", "")[:14]
    found = clinics.behind(asked, what, only=only, code=code)
    page = keyset(found, order=("-pk",), after=request.GET.get("after"))
    record("complaints.clinic.read", asked.clinic, by=request.user, details={"rows": what})
    context = {
        "clinic": asked.clinic,
        "period": asked.period,
        "title": kind.title,
        "about": kind.only[only][0] if only in kind.only else "",
        "code": code,
        "page": page,
        "lines": [kind.show(row) for row in page],
    }
    return render(request, "complaints/clinic_rows.html", context)


def _asked(request: StaffRequest, pk: int) -> tuple[Asked, PeriodForm]:
    """Read whose page and over which days; what cannot be read is said beside its field, the year stands instead."""
    place = get_object_or_404(Organisation.objects.accessible_to(request.user).providers(), pk=pk)
    today = timezone.localdate()
    given = {name: request.GET.get(name, "") for name in ("since", "until")}
    form = PeriodForm(given if any(given.values()) else None)
    since = until = None
    if form.is_bound and form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    last = until or today
    period = Period(since or last.replace(month=1, day=1), last)
    if not form.is_bound:
        form = PeriodForm(initial={"since": period.since, "until": period.until})
    return Asked(place, request.user, period, today), form
