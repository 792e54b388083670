"""Lines of an organisation: which number of which exchange is hers, and when it has operators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.forms.organisations import WeekForm, zone_label
from opora.organisations.hours import week_text
from opora.organisations.requests import StaffRequest
from opora.organisations.services.hours import week_of
from opora.organisations.views.parts import filled
from opora.shared import conflict
from opora.telephony.forms import LineDayForm, LineForm
from opora.telephony.hours import own_week, state
from opora.telephony.models import Line, LineDay
from opora.telephony.services import hours as keeping


@require_safe
@needs(Right.TELEPHONY_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    found = Line.objects.accessible_to(request.user).select_related("organisation__territory")
    now = timezone.now()
    lines = [(line, state(line, now)) for line in found.prefetch_related("organisation__working_hours", "days")]
    return render(request, "telephony/lines.html", {"lines": lines})


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.TELEPHONY_EDIT)
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new line of her organisation, or one of its lines."""
    if request.user.assignment is None:
        raise Http404
    line = Line(organisation=request.user.assignment.organisation)
    if pk is not None:
        found = Line.objects.accessible_to(request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        line = found
    form = LineForm(request.POST or None, instance=line)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        record("telephony.line.save", saved, by=request.user)
        messages.success(request, f"Линия сохранена: {saved.title}")
        return redirect("telephony:lines")
    context = {
        "form": form,
        "title": "Линия" if pk else "Новая линия",
        "about": "Номер, который набирает гражданин, и как его знает АТС.",
        "save": "Сохранить",
        "back": reverse("telephony:lines"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELEPHONY_EDIT)
def hours(request: StaffRequest, pk: int) -> HttpResponse:
    """The week of a line and its single days: «act» of a POST says which of the two is sent."""
    lines = Line.objects.accessible_to(request.user).select_related("organisation__territory")
    line = get_object_or_404(lines.prefetch_related("organisation__working_hours", "days"), pk=pk)
    sent = {request.POST.get("act", "week"): request.POST} if request.method == "POST" else {}
    week = sent.get("week")
    form = WeekForm(filled(week) if week and "fill" in week else week, week=own_week(line))
    day = LineDayForm(sent.get("day"))
    if week and "fill" not in week and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"часы линии «{line}»")
        keeping.set_week(line, form.week, by=request.user)
        messages.success(request, "Часы линии сохранены. АТС узнает о них в течение минуты.")
        return redirect("telephony:lines")
    if day.is_bound and day.is_valid():
        row = keeping.set_day(line, **day.cleaned_data, by=request.user)
        messages.success(request, f"Записано: {row.day:%d.%m.%Y} — {row.hours}.")
        return redirect("telephony:line-hours", pk)
    context = {
        "line": line,
        "form": form,
        "day": day,
        "days": [row for row in line.days.all() if row.day >= timezone.localdate(timezone=line.organisation.zone)],
        "state": state(line, timezone.now()),
        "house": week_text(week_of(line.organisation)),
        "zone": zone_label(line.organisation.zone.key),
    }
    return render(request, "telephony/line_hours.html", context, status=422 if form.errors or day.errors else 200)


@require_POST
@needs(Right.TELEPHONY_EDIT)
def forget_day(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a single day back."""
    row = get_object_or_404(LineDay.objects.accessible_to(request.user).select_related("line"), pk=pk)
    keeping.forget_day(row, by=request.user)
    messages.success(request, f"{row.day:%d.%m.%Y} снова как обычный день.")
    return redirect("telephony:line-hours", row.line_id)
