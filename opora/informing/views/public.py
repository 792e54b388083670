"""Public informing: the register, one row with its history, what is done about it."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.informing.models import PublicInforming
from opora.informing.public import queries, services
from opora.informing.public.forms import FIELDS, ListForm, PublicCorrectForm, PublicForm, WhyForm
from opora.organisations.requests import StaffRequest
from opora.shared import acts, conflict
from opora.shared.pages import keyset


@require_safe
@needs(Right.INFORMING_VIEW)
def index(request: StaffRequest) -> HttpResponse:
    """The register, the latest first."""
    given = {name: request.GET.get(name, "") for name in ("since", "until", "kind")}
    form = ListForm(given)
    narrowed = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    is_withdrawn = request.GET.get("state") == "withdrawn"
    found = queries.told(request.user, is_withdrawn=is_withdrawn, **narrowed)
    page = keyset(found, order=("-on", "-pk"), after=request.GET.get("after"))
    context = {
        "page": page,
        "times": queries.times(found) if page.rows else 0,
        "form": form,
        "is_withdrawn": is_withdrawn,
        "is_narrowed": bool(narrowed or is_withdrawn),
        "days": urlencode({name: value for name, value in given.items() if value and name in narrowed}),
        "may_keep": request.user.holds(Right.INFORMING_PUBLIC),
        "sees_all": request.user.scope.insurer is None,
    }
    return render(request, "informing/public/list.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.INFORMING_VIEW)
def row(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One row and what happened to it."""
    found = get_object_or_404(PublicInforming.objects.accessible_to(request.user).select_related("insurer"), pk=pk)
    may_keep = request.user.holds(Right.INFORMING_PUBLIC) and services.is_hers(found, request.user)
    context = {
        "row": found,
        "events": queries.history(found),
        "may_keep": may_keep and found.withdrawn_at is None,
    }
    return render(request, "informing/public/row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INFORMING_PUBLIC)
def new(request: StaffRequest) -> HttpResponse:
    form = PublicForm(request.POST or None)
    if form.is_valid() and acts.carried_out(
        request, lambda: services.tell_public(by=request.user, **form.arguments), form, said="Записано."
    ):
        return redirect("informing:public")
    return _page(request, form, title="Публичное информирование", back=reverse("informing:public"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INFORMING_PUBLIC)
def correct(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Correct what was written wrong: the row is locked before two people's words are compared."""
    found = _kept(request, pk)
    form = PublicCorrectForm(request.POST or None, initial={name: getattr(found, name) for name in FIELDS})
    if form.is_valid():
        if form.differences:
            return conflict.page(request, form, card="эту запись")
        given = {**form.arguments, "why": form.cleaned_data["why"], "version": found.version}
        do = partial(services.correct_public, found.pk, by=request.user, **given)
        if acts.carried_out(request, do, form, said="Исправлено. Прежнее осталось в истории записи."):
            return redirect("informing:public-row", pk)
    return _page(request, form, title="Исправить запись", back=reverse("informing:public-row", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INFORMING_PUBLIC)
def withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    found = _kept(request, pk)
    form = WhyForm(request.POST or None)
    if form.is_valid() and acts.carried_out(
        request,
        lambda: services.withdraw_public(found.pk, by=request.user, **form.cleaned_data),
        form,
        said="Запись снята.",
    ):
        return redirect("informing:public-row", pk)
    back = reverse("informing:public-row", args=[pk])
    about = "Записали по ошибке? В отчётах эта строка считаться не будет, запись и её история останутся."
    return _page(request, form, title="Снять запись", back=back, about=about)


def _kept(request: StaffRequest, pk: UUID) -> PublicInforming:
    """A row to be changed, locked where something is sent."""
    rows = PublicInforming.objects.accessible_to(request.user)
    return get_object_or_404(rows.select_for_update(of=("self",)) if request.method == "POST" else rows, pk=pk)


def _page(request: StaffRequest, form: forms.Form, *, title: str, back: str, about: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "about": about, "save": "Сохранить", "back": back}
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)
