"""How long voices and numbers are kept at her organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.telephony import keeping
from opora.telephony.words import Kept

LONGEST = 3660  # days: ten years


class TermForm(forms.Form):
    kind = forms.ChoiceField(label="Что хранить", choices=Kept.choices)
    days = forms.IntegerField(label="Сколько дней", min_value=1, max_value=LONGEST)
    source = forms.CharField(
        label="Откуда срок",
        max_length=300,
        help_text="Приказ, договор или закон. Новый срок — для новых записей; для номеров — сразу.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("kind") == Kept.PHONE
            and data.get("days", keeping.SHORTEST_OF_NUMBERS) < keeping.SHORTEST_OF_NUMBERS
        ):
            self.add_error("days", "Номера нужны, пока перезванивают и ведут обращения: не меньше 30 дней.")
        return data


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELEPHONY_EDIT)
def terms(request: StaffRequest) -> HttpResponse:
    if request.user.assignment is None:
        raise Http404
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = keeping.set_term(**form.cleaned_data, by=request.user)
        messages.success(request, f"Срок записан: {row.days} дн.")
        return redirect("telephony:keeping")
    context = {"form": form, "terms": keeping.terms_for(request.user), "own": keeping.OWN}
    return render(request, "telephony/keeping.html", context, status=422 if form.errors else 200)
