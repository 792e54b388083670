"""Extensions of the exchanges an organisation has lines on: whose which are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.telephony.models import ExtensionRange, Line
from opora.telephony.services import extensions


class ExtensionsForm(forms.ModelForm):
    pbx = forms.ChoiceField(label="АТС")

    class Meta:
        model = ExtensionRange
        fields = ["pbx", "first", "last"]
        labels = {"first": "Первый добавочный", "last": "Последний"}
        help_texts = {"last": "Если добавочный один — тот же номер."}

    def __init__(self, request: StaffRequest, **kwargs: Any) -> None:
        super().__init__(request.POST or None, **kwargs)
        pbx: Any = self.fields["pbx"]
        pbx.choices = [(name, name) for name in _exchanges(request)]

    def validate_constraints(self) -> None:
        """The service says whose they are, the database keeps it."""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        first, last = told.get("first", ""), told.get("last", "")
        if first and last and (len(first) != len(last) or first > last):
            self.add_error("last", "Последний — не меньше первого и той же длины.")
        return told


@require_safe
@needs(Right.TELEPHONY_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    """All of them, neighbours' too: so it is seen which are free."""
    rows = ExtensionRange.objects.filter(pbx__in=_exchanges(request)).select_related("organisation")
    return render(request, "telephony/extensions.html", {"rows": rows, "place": request.user.scope.organisation})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELEPHONY_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """Write extensions down as her organisation's."""
    if request.user.assignment is None:
        raise Http404
    organisation = request.user.assignment.organisation
    form = ExtensionsForm(request, instance=ExtensionRange(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        try:
            row = extensions.give(organisation, **form.cleaned_data, by=request.user)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
        else:
            messages.success(request, f"Добавочные {row} записаны за «{organisation}».")
            return redirect("telephony:extensions")
    context = {
        "form": form,
        "title": "Новые добавочные",
        "about": "За ними сядут только сотрудники вашей организации.",
        "save": "Записать",
        "back": reverse("telephony:extensions"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.TELEPHONY_EDIT)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Give her organisation's extensions up."""
    row = get_object_or_404(ExtensionRange.objects.accessible_to(request.user), pk=pk)
    extensions.take_back(row, by=request.user)
    messages.success(request, f"Добавочные {row} больше не ваши.")
    return redirect("telephony:extensions")


def _exchanges(request: StaffRequest) -> list[str]:
    """Names of the exchanges her organisation has lines on."""
    found = Line.objects.accessible_to(request.user).filter(closed_on=None)
    return sorted(set(found.values_list("pbx", flat=True)))
