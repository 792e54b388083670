"""Suits of recourse: the register, one suit with its money and history, what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.complaints import recourse_queries as queries
from opora.complaints import services
from opora.complaints.errors import TooEarly
from opora.complaints.models import Recourse, RecoursePayment
from opora.complaints.recourse_forms import (
    OutcomeForm,
    PaymentForm,
    RecourseCorrectForm,
    RecourseForm,
    WhyForm,
)
from opora.complaints.services.recourse import check_may_be_paid, is_hers
from opora.complaints.views.clinics import PeriodForm
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import acts, conflict
from opora.shared.pages import keyset

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@needs(Right.COMPLAINTS_VIEW)
def index(request: StaffRequest) -> HttpResponse:
    """The register, the latest first, narrowed by ``state`` and the days of filing; nobody is named here."""
    given = {name: request.GET.get(name, "") for name in ("since", "until")}
    period = PeriodForm(given if any(given.values()) else None)
    days = period.cleaned_data if period.is_bound and period.is_valid() else {}
    state = request.GET.get("state", "")
    state = state if state in queries.STATES else ""
    found = queries.register(request.user, state=state, **days)
    page = keyset(found, order=("-filed_on", "-pk"), after=request.GET.get("after"))
    context = {
        "page": page,
        "sums": queries.sums(found),
        "form": period,
        "is_narrowed": bool(state or days),
        "state": state,
        "states": queries.STATES,
        "days": "".join(f"&{name}={day}" for name, day in days.items() if day),
        "may_keep": request.user.holds(Right.COMPLAINTS_RECOURSE),
        "sees_all": request.user.scope.insurer is None,
    }
    return render(request, "complaints/recourse_list.html", context, status=422 if period.errors else 200)


@never_cache
@require_safe
@needs(Right.COMPLAINTS_VIEW)
@with_purpose
def suit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One suit: what is asked, what came, what happened; the reading is written down."""
    row = _found(request, pk)
    person = queries.person_of(row, request.user)
    record("complaints.recourse.read", row, by=request.user, details={"person": person.pk} if person else {})
    may_keep = request.user.holds(Right.COMPLAINTS_RECOURSE) and is_hers(row, request.user)
    context = {
        "row": row,
        "person": person,
        "may_open": request.user.holds(Right.INSURED_VIEW),
        "payments": list(row.payments.filter(withdrawn_at=None)),
        "events": queries.history(row),
        "may_keep": may_keep and row.withdrawn_at is None,
    }
    return render(request, "complaints/recourse.html", context)


@form_page
@needs(Right.COMPLAINTS_RECOURSE)
@with_purpose
def new(request: StaffRequest) -> HttpResponse:
    territory = actor_of(request.user).territory
    form = RecourseForm(request.POST or None, employee=request.user, territory=territory)
    made: list[Recourse] = []
    if form.is_valid() and acts.carried_out(
        request,
        lambda: made.append(services.file_recourse(by=request.user, **form.arguments)),
        form,
        said="Иск записан.",
    ):
        return redirect("complaints:recourse", made[0].pk)
    return _page(request, form, title="Новый регрессный иск", back=reverse("complaints:recourses"))


@never_cache
@form_page
@needs(Right.COMPLAINTS_RECOURSE)
@with_purpose
def correct(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Correct what was written wrong: the row is locked before two people's words are compared."""
    row = _kept(request, pk)
    form = RecourseCorrectForm(request.POST or None, employee=request.user, territory=row.territory, row=row)
    if form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"иск {row.number}".strip())
        given = {**form.arguments, "why": form.cleaned_data["why"], "version": row.version}
        do = partial(services.correct_recourse, row.pk, by=request.user, **given)
        if acts.carried_out(request, do, form, said="Исправлено. Прежняя запись осталась в истории иска."):
            return redirect("complaints:recourse", pk)
    return _page(request, form, title="Исправить запись об иске", back=_back(row))


@never_cache
@form_page
@needs(Right.COMPLAINTS_RECOURSE)
def decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    row = _kept(request, pk)
    form = OutcomeForm(request.POST or None, initial={"outcome": row.outcome, "decided_on": row.decided_on})
    if form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"иск {row.number}".strip())
        given = {name: form.cleaned_data[name] for name in ("outcome", "decided_on")}
        do = partial(services.decide_recourse, row.pk, by=request.user, version=row.version, **given)
        if acts.carried_out(request, do, form, said="Исход записан."):
            return redirect("complaints:recourse", pk)
    return _page(request, form, title="Исход иска", back=_back(row))


@form_page
@needs(Right.COMPLAINTS_RECOURSE)
def pay(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Write money down; where none may come yet, she is told before she types."""
    try:
        check_may_be_paid(_found(request, pk))
    except TooEarly as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("complaints:recourse", pk)
    return _act(request, pk, PaymentForm, services.pay_recourse, "Записать взыскание", "Взыскание записано.")


@form_page
@needs(Right.COMPLAINTS_RECOURSE)
def withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    about = "Иск записан по ошибке? Он не будет считаться в отчётах, запись и её история останутся."
    return _act(request, pk, WhyForm, services.withdraw_recourse, "Снять запись об иске", "Запись снята.", about=about)


@form_page
@needs(Right.COMPLAINTS_RECOURSE)
def unpay(request: StaffRequest, pk: UUID, payment: UUID) -> HttpResponse:
    """Take money back that was written by mistake."""
    get_object_or_404(RecoursePayment.objects.accessible_to(request.user), pk=payment, recourse=pk)

    def take_back(_: UUID, **given: Any) -> object:
        return services.take_payment_back(payment, **given)

    return _act(request, pk, WhyForm, take_back, "Снять взыскание", "Взыскание снято.")


def _act(
    request: StaffRequest,
    pk: UUID,
    asks: Callable[..., forms.Form],
    service: Callable[..., object],
    title: str,
    said: str,
    *,
    about: str = "",
) -> HttpResponse:
    """A form of its own for one act on a suit."""
    row = _kept(request, pk)
    form = asks(request.POST or None)
    if form.is_valid() and acts.carried_out(
        request, lambda: service(row.pk, by=request.user, **form.cleaned_data), form, said=said
    ):
        return redirect("complaints:recourse", pk)
    return _page(request, form, title=title, back=_back(row), about=about)


def _found(request: StaffRequest, pk: UUID) -> Recourse:
    rows = Recourse.objects.accessible_to(request.user).select_related("insurer", "provider")
    return get_object_or_404(rows, pk=pk)


def _kept(request: StaffRequest, pk: UUID) -> Recourse:
    """A suit to be changed, locked where something is sent."""
    rows = Recourse.objects.accessible_to(request.user)
    return get_object_or_404(rows.select_for_update(of=("self",)) if request.method == "POST" else rows, pk=pk)


def _back(row: Recourse) -> str:
    return reverse("complaints:recourse", args=[row.pk])


def _page(request: StaffRequest, form: forms.Form, *, title: str, back: str, about: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "about": about, "save": "Сохранить", "back": back}
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)
