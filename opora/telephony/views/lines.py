"""Lines of an organisation: which number of which exchange is hers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.telephony.forms import LineForm
from opora.telephony.models import Line


@require_safe
@needs(Right.TELEPHONY_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    lines = Line.objects.accessible_to(request.user).select_related("hot_line")
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
