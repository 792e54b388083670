"""Correcting a card: the person himself and the rows that belong to him."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opora.access.rights import Right
from opora.audit.services import record
from opora.insured import forms, services
from opora.insured.guard import on_card, purpose_of
from opora.insured.models import (
    Attachment,
    Consent,
    Contact,
    FormerName,
    IdentityDocument,
    Person,
    PersonCategory,
    Policy,
)
from opora.insured.views.card import employee_of
from opora.shared import conflict
from opora.shared.errors import DomainError


@dataclass(frozen=True, slots=True)
class Rows:
    """A kind of rows of a card: its form and its verbs. Without ``change`` a row is only added."""

    model: type[models.Model]
    form: type[Any]
    new: str
    added: str
    add: Callable[..., Any]
    edit: str = ""
    change: Callable[..., Any] | None = None


ROWS = {
    "contacts": Rows(Contact, forms.ContactForm, "Новый контакт", "Контакт добавлен.", services.add_contact),
    "consents": Rows(Consent, forms.ConsentForm, "Что сказал человек", "Решение записано.", services.add_consent),
    "categories": Rows(
        PersonCategory, forms.CategoryForm, "Новая категория", "Категория добавлена.", services.add_category,
        "Категория", services.change_category,
    ),
    "documents": Rows(
        IdentityDocument, forms.DocumentForm, "Новый документ", "Документ добавлен.", services.add_document,
        "Документ", services.change_document,
    ),
    "names": Rows(
        FormerName, forms.FormerNameForm, "Прежнее имя", "Прежнее имя сохранено.", services.add_former_name
    ),
    "policies": Rows(
        Policy, forms.PolicyForm, "Новый полис", "Полис добавлен.", services.add_policy,
        "Полис", services.change_policy,
    ),
    "attachments": Rows(
        Attachment, forms.AttachmentForm, "Новое прикрепление", "Прикрепление добавлено.", services.add_attachment,
        "Прикрепление", services.change_attachment,
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@on_card(Right.INSURED_EDIT, action="insured.person.change")
def identity(request: HttpRequest, person: Person) -> HttpResponse:
    """Who he is: names, dates, numbers, language. The second of two savers sees what differs."""
    if request.method == "POST":
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        person.refresh_from_db()
    else:
        what = {"what": "identity"}  # the form shows in full what the page has masked
        record("insured.card.reveal", person, by=request.user, purpose=purpose_of(request), details=what)
    form = forms.IdentityForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"карточку «{short_name(person)}»")
        keep = form.cleaned_data["keep_former"]
        change = {"version": Person.objects.get(pk=person.pk).version, "changes": form.values, "keep_former_name": keep}
        if saved(form, services.change_person, person.pk, **change, by=employee_of(request)):
            messages.success(request, "Карточка исправлена.")
            return redirect("insured:card", person.pk)
    context = {"person": person, "form": form, "title": "Исправить карточку", "who": short_name(person)}
    return render(request, "insured/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@on_card(Right.INSURED_EDIT, action="insured.card.change")
def row_new(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """Add a contact, a decision, a category, a document, a name, a policy, an attachment."""
    rows = rows_of(kind)
    employee = employee_of(request)
    if request.method == "GET":
        record("insured.card.read", person, by=employee, purpose=purpose_of(request), details={"part": kind})
    initial = {name: value for name, value in request.GET.items() if name in rows.form.base_fields}
    form = rows.form(request.POST or None, initial=initial)
    forms.narrow(form, employee)
    if request.method == "POST" and form.is_valid() and saved(form, rows.add, person.pk, **values(form), by=employee):
        return back(request, person, rows.added)
    context = {"person": person, "form": form, "title": rows.new, "who": person.short_name}
    return render(request, "insured/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@on_card(Right.INSURED_EDIT, action="insured.card.change")
def row(request: HttpRequest, person: Person, kind: str, row: int) -> HttpResponse:
    """Correct or end one row. The card is locked before the row is compared."""
    rows = rows_of(kind)
    if rows.change is None:
        raise Http404
    employee = employee_of(request)
    if request.method == "POST":
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    instance = get_object_or_404(rows.model._default_manager.filter(person=person), pk=row)
    if request.method == "GET":  # the form shows in full what the page has masked
        what = {"what": f"{kind}-{row}"}
        record("insured.card.reveal", person, by=employee, purpose=purpose_of(request), details=what)
    form = rows.form(request.POST or None, instance=instance)
    forms.narrow(form, employee)
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"карточку «{short_name(person)}»")
        if saved(form, rows.change, row, changes=form.changes, by=employee):
            return back(request, person, "Сохранено.")
    context = {"person": person, "form": form, "title": rows.edit, "who": person.short_name}
    return render(request, "insured/form.html", context, status=422 if form.errors else 200)


@require_POST
@on_card(Right.INSURED_EDIT, action="insured.former_name.remove")
def name_removal(request: HttpRequest, person: Person, row: int) -> HttpResponse:
    """Take away a former name that was never his."""
    name = get_object_or_404(FormerName, pk=row, person=person)
    services.remove_former_name(name.pk, by=employee_of(request))
    return back(request, person, "Прежнее имя убрано.")


def rows_of(kind: str) -> Rows:
    try:
        return ROWS[kind]
    except KeyError as fault:
        raise Http404 from fault


def values(form: Any) -> dict[str, Any]:
    return dict(getattr(form, "changes", None) or form.cleaned_data)


def saved(form: django_forms.BaseForm, command: Callable[..., Any], *args: Any, **details: Any) -> bool:
    """Run a command; its refusal becomes an error of the form, so that nothing typed is lost."""
    try:
        command(*args, **details)
    except conflict.ChangedMeanwhile:
        raise
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def short_name(person: Person) -> str:
    """Return the name as the register has it, not as a half-filled form has changed it."""
    return Person.objects.only("surname", "given_name", "patronymic").get(pk=person.pk).short_name


def back(request: HttpRequest, person: Person, news: str) -> HttpResponse:
    """Return to the card, or to the desk when the change has carried it out of her sight."""
    if Person.objects.accessible_to(employee_of(request)).filter(pk=person.pk).exists():
        messages.success(request, news)
        return redirect("insured:card", person.pk)
    messages.success(request, f"{news} Карточка больше не относится к вашей организации.")
    return redirect("workplace:desk")
