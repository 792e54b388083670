"""Overflow between organisations: what was offered, what is in force, and both ways to end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.forms import RuDateField
from opora.telephony.models import Agreement, Line
from opora.telephony.services import agreements
from opora.telephony.words import When

MOST = 100
SAID = {"agree": "Перелив принят: АТС узнает о нём в течение минуты.", "stop": "Перелив прекращён."}


class AgreementForm(forms.Form):
    line: Any = forms.ModelChoiceField(label="Ваша линия", queryset=Line.objects.none())
    to_line = forms.TypedChoiceField(label="Кто отвечает вместо вас", coerce=int)
    when = forms.ChoiceField(label="Когда", choices=When.choices)
    seconds = forms.IntegerField(
        label="Сколько секунд ждёт", min_value=5, max_value=3600, required=False, help_text="Только для «ждёт дольше»."
    )
    since = RuDateField(label="С", initial=timezone.localdate)
    until = RuDateField(label="по", required=False, help_text="Пусто — пока одна из сторон не прекратит.")
    paper = forms.CharField(label="Соглашение", max_length=200, help_text="Номер и дата соглашения двух организаций.")

    def __init__(self, request: StaffRequest) -> None:
        super().__init__(request.POST or None)
        line: Any = self.fields["line"]
        to_line: Any = self.fields["to_line"]
        line.queryset = Line.objects.filter(organisation=request.user.scope.organisation, closed_on=None)
        to_line.choices = [(one.pk, f"{one.organisation} — {one.title}") for one in agreements.neighbours(request.user)]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("when") == When.WAITS and not told.get("seconds"):
            self.add_error("seconds", "Укажите, сколько секунд гражданин ждёт до перелива.")
        if told.get("until") and told.get("since") and told["until"] < told["since"]:
            self.add_error("until", "Перелив не может закончиться раньше, чем начался.")
        return told


@require_safe
@needs(Right.TELEPHONY_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    """Agreements of both directions, the newest first."""
    place, today = request.user.scope.organisation, timezone.localdate()
    rows = Agreement.objects.accessible_to(request.user).select_related("organisation", "to_organisation")
    context = {
        "rows": [(row, _state(row, today), row.to_organisation_id == place) for row in rows[:MOST]],
        "place": place,
    }
    return render(request, "telephony/overflow.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TELEPHONY_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """Offer a neighbour to take calls of a line of hers."""
    if request.user.assignment is None:
        raise Http404
    form = AgreementForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.offer(**form.cleaned_data, by=request.user)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
        else:
            messages.success(request, "Предложение записано. Перелив начнётся, когда его примет сосед.")
            return redirect("telephony:overflow")
    context = {
        "form": form,
        "title": "Новый перелив",
        "about": "Куда АТС отправит звонки вашей линии, когда свои операторы не отвечают.",
        "save": "Предложить",
        "back": reverse("telephony:overflow"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.TELEPHONY_EDIT)
def act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Accept what a neighbour offers, or stop what is."""
    row = get_object_or_404(Agreement.objects.accessible_to(request.user), pk=pk)
    if act not in SAID:
        raise Http404
    {"agree": agreements.agree, "stop": agreements.stop}[act](row, by=request.user)
    messages.success(request, SAID[act])
    return redirect("telephony:overflow")


def _state(row: Agreement, today: Any) -> tuple[str, str]:
    if row.stopped_at:
        return "none", "прекращён"
    if not row.agreed_at:
        return "today", "ждёт согласия"
    if row.since > today:
        return "now", "начнётся позже"
    if row.until and row.until < today:
        return "none", "срок вышел"
    return "done", "действует"
