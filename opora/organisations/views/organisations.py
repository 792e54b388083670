"""The reference book and the card of one organisation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations import queries, trace
from opora.organisations.forms.organisations import ClosureForm, NewOrganisationForm, OrganisationForm
from opora.organisations.models import Organisation, Territory
from opora.organisations.requests import StaffRequest
from opora.organisations.services import organisations as services
from opora.organisations.views.forms import form_page, refusals_in
from opora.shared import conflict
from opora.shared.pages import keyset


@needs(Right.ORGANISATIONS_VIEW)
def organisations(request: StaffRequest) -> HttpResponse:
    chosen = {name: request.GET.get(name, "")[:100] for name in ("kind", "territory", "text")}
    found = queries.reference_book(request.user, **chosen, closed="closed" in request.GET)
    context = {
        "page": keyset(found, order=("name", "pk"), after=request.GET.get("after")),
        "chosen": chosen,
        "kinds": Organisation.Kind.choices,
        "territories": Territory.objects.all(),
        "may_add": request.user.holds(Right.ORGANISATIONS_EDIT),
    }
    return render(request, "organisations/list.html", context)


@needs(Right.ORGANISATIONS_VIEW)
def card(request: StaffRequest, pk: int) -> HttpResponse:
    organisation = _found(request, pk)
    context = card_context(request, organisation, "card")
    context["branches"] = organisation.branches.current()
    if context["managed"] and request.user.holds(Right.AUDIT_VIEW):
        lines = queries.changes_of(organisation, reader=request.user)
        context["changes"] = [(line, trace.words(line)) for line in lines]
    return render(request, "organisations/card.html", context)


@needs(Right.ORGANISATIONS_VIEW)
def sites(request: StaffRequest, pk: int) -> HttpResponse:
    organisation = _found(request, pk)
    context = card_context(request, organisation, "sites")
    context["sites"] = organisation.sites.prefetch_related("working_hours", "posts__organisation")
    return render(request, "organisations/sites.html", context)


@needs(Right.ORGANISATIONS_VIEW)
def posts(request: StaffRequest, pk: int) -> HttpResponse:
    organisation = _found(request, pk)
    context = card_context(request, organisation, "posts")
    context["posts"] = organisation.posts.select_related("site__organisation").prefetch_related("working_hours")
    return render(request, "organisations/posts.html", context)


@needs(Right.ORGANISATIONS_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            organisation = services.add_organisation(fields=form.cleaned_data, by=request.user)
            messages.success(request, f"Организация «{organisation}» заведена.")
            return redirect("organisations:card", organisation.pk)
    return form_page(request, form, title="Новая организация", back=reverse("organisations:list"), save="Завести")


@needs(Right.ORGANISATIONS_EDIT)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    organisation = managed(request, pk)
    back = reverse("organisations:card", args=[pk])
    form = OrganisationForm(request.POST or None, instance=organisation, by=request.user)
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card="карточку организации")
        with refusals_in(form):
            services.change_organisation(
                organisation, version=organisation.version, changes=form.changes, by=request.user
            )
            messages.success(request, "Карточка сохранена.")
            return redirect(back)
    return form_page(request, form, title="Карточка организации", about=Organisation.objects.get(pk=pk), back=back)


@needs(Right.ORGANISATIONS_EDIT)
def closure(request: StaffRequest, pk: int) -> HttpResponse:
    organisation = managed(request, pk)
    back = reverse("organisations:card", args=[pk])
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.close_organisation(organisation, **form.cleaned_data, by=request.user)
            messages.success(request, "Организация закрыта, назначения в ней закончены.")
            return redirect(back)
    note = "Назначения сотрудников закончатся накануне, вход под ними пропадёт. Карточка останется в справочнике."
    title = "Закрытие организации"
    return form_page(request, form, title=title, about=organisation, note=note, back=back, save="Закрыть")


@require_POST
@needs(Right.ORGANISATIONS_EDIT)
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    services.reopen_organisation(managed(request, pk), by=request.user)
    messages.success(request, "Организация снова работает. Назначения, если нужно, дайте заново.")
    return redirect("organisations:card", pk)


def managed(request: StaffRequest, pk: int) -> Organisation:
    """Return an organisation she manages, under lock when the request changes something; 404 for any other."""
    found = Organisation.objects.manageable_by(request.user).select_related("territory")
    if request.method == "POST":
        found = found.select_for_update(of=("self",))
    return get_object_or_404(found, pk=pk)


def card_context(request: StaffRequest, organisation: Organisation, tab: str) -> dict[str, object]:
    """What every tab of the card shows."""
    manages = Organisation.objects.manageable_by(request.user).filter(pk=organisation.pk).exists()
    kind = organisation.kind
    shown = [("card", "Карточка", reverse("organisations:card", args=[organisation.pk]))]
    if kind == Organisation.Kind.PROVIDER:
        shown.append(("sites", "Корпуса", reverse("organisations:sites", args=[organisation.pk])))
    if kind in (Organisation.Kind.INSURER, Organisation.Kind.BRANCH, Organisation.Kind.FUND):
        shown.append(("posts", "Посты в клиниках", reverse("organisations:posts", args=[organisation.pk])))
    if manages and request.user.holds(Right.EMPLOYEES_VIEW):
        people = f"{reverse('organisations:employees')}?organisation={organisation.pk}"
        shown.append(("people", "Сотрудники", people))
    return {
        "organisation": organisation,
        "managed": manages and request.user.holds(Right.ORGANISATIONS_EDIT),
        "tabs": [{"label": label, "url": url, "current": name == tab} for name, label, url in shown],
    }


def _found(request: StaffRequest, pk: int) -> Organisation:
    found = Organisation.objects.accessible_to(request.user).select_related("territory", "parent")
    return get_object_or_404(found, pk=pk)
