"""Colleagues: the list, the card, and what an administrator does with them."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations import limits, queries, trace
from opora.organisations.forms.employees import (
    EmployeeForm,
    EndingForm,
    EntryClosureForm,
    NewEmployeeForm,
    PlaceForm,
)
from opora.organisations.models import Assignment, Employee, Organisation, Role
from opora.organisations.requests import StaffRequest
from opora.organisations.services import assignments
from opora.organisations.services import employees as services
from opora.organisations.views.forms import form_page, refusals_in
from opora.shared import conflict
from opora.shared.pages import keyset

STATES = {"": "работают", "closed": "вход закрыт", "locked": "много неудачных попыток", "former": "без назначения"}


@needs(Right.EMPLOYEES_VIEW)
def employees(request: StaffRequest) -> HttpResponse:
    chosen = {name: request.GET.get(name, "")[:100] for name in ("text", "organisation", "role", "state")}
    place = chosen["organisation"]
    named = int(place) if place.isdecimal() and len(place) < 19 else None
    found = queries.colleagues(
        request.user, text=chosen["text"], organisation=named, role=chosen["role"], state=chosen["state"]
    )
    context = {
        "page": keyset(found, order=("surname", "given_name", "pk"), after=request.GET.get("after")),
        "chosen": chosen,
        "states": STATES,
        "roles": Role.objects.all(),
        "organisations": Organisation.objects.manageable_by(request.user).filter(assignments__isnull=False).distinct(),
        "locked": set(queries.locked(request.user).values_list("pk", flat=True)),
        "may_add": request.user.holds(Right.EMPLOYEES_EDIT),
    }
    return render(request, "employees/list.html", context)


@needs(Right.EMPLOYEES_VIEW)
def employee(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Employee.objects.accessible_to(request.user), pk=pk)
    held = person.assignments.select_related("role", "organisation", "department", "post__site").order_by(
        "-since", "-pk"
    )
    elsewhere = limits.works_elsewhere(request.user, person)
    context = {
        "person": person,
        "assignments": held,
        "today": timezone.localdate(),
        "locked": queries.locked(request.user).filter(pk=pk).exists(),
        "has_second_step": Authenticator.objects.filter(user=person).exists(),
        "elsewhere": elsewhere,
        "myself": person.pk == request.user.pk,
        "managed": request.user.holds(Right.EMPLOYEES_EDIT) and person.pk != request.user.pk,
        "whole": request.user.holds(Right.EMPLOYEES_EDIT) and person.pk != request.user.pk and not elsewhere,
    }
    if request.user.holds(Right.AUDIT_VIEW):
        lines = queries.changes_of(person, reader=request.user)
        context["changes"] = [(line, trace.words(line)) for line in lines]
    return render(request, "employees/card.html", context)


@never_cache
@needs(Right.EMPLOYEES_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    form = _place_form(NewEmployeeForm, request)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            entry = services.add_employee(
                fields=form.person,
                place=form.place,
                since=form.cleaned_data["since"],
                until=form.cleaned_data["until"],
                by=request.user,
            )
            return _password_page(request, entry.employee, entry.password, title="Сотрудник заведён")
    back = reverse("organisations:employees")
    return form_page(
        request, form, title="Новый сотрудник", back=back, save="Завести", template="employees/place_form.html"
    )


@needs(Right.EMPLOYEES_EDIT)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    limits.check_manages_person(request.user, person)
    back = reverse("organisations:employee", args=[pk])
    form = EmployeeForm(request.POST or None, instance=person)
    name = person.short_name
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"карточку сотрудника «{name}»")
        with refusals_in(form):
            services.change_employee(person, version=person.version, changes=form.changes, by=request.user)
            messages.success(request, "Карточка сохранена.")
            return redirect(back)
    return form_page(request, form, title="Карточка сотрудника", about=name, back=back)


@needs(Right.EMPLOYEES_EDIT)
def new_assignment(request: StaffRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    limits.check_is_another(request.user, person)
    back = reverse("organisations:employee", args=[pk])
    form = _place_form(PlaceForm, request)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            period = {"since": form.cleaned_data["since"], "until": form.cleaned_data["until"]}
            assignments.assign(person, place=form.place, **period, by=request.user)
            messages.success(request, "Назначение сохранено.")
            return redirect(back)
    context = {"about": person.short_name, "back": back, "template": "employees/place_form.html"}
    return form_page(request, form, title="Новое назначение", save="Назначить", **context)


@needs(Right.EMPLOYEES_EDIT)
def ending(request: StaffRequest, pk: int, assignment_pk: int) -> HttpResponse:
    person = _managed(request, pk)
    held = Assignment.objects.filter(organisation__in=Organisation.objects.manageable_by(request.user), employee=person)
    assignment = get_object_or_404(held.select_related("role", "organisation", "employee"), pk=assignment_pk)
    back = reverse("organisations:employee", args=[pk])
    form = EndingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            assignments.end_assignment(assignment, on=form.cleaned_data["on"], by=request.user)
            messages.success(request, "Срок назначения сохранён.")
            return redirect(back)
    about = f"{person.short_name}: {assignment}"
    note = "Назначение, которое к этому дню ещё не начнётся, пропадёт из карточки."
    return form_page(request, form, title="Конец назначения", about=about, note=note, back=back)


@needs(Right.EMPLOYEES_EDIT)
def entry_closure(request: StaffRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    limits.check_manages_person(request.user, person)
    back = reverse("organisations:employee", args=[pk])
    form = EntryClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.close_entry(person, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, "Вход закрыт, открытые сеансы закончены.")
            return redirect(back)
    note = "Сотрудник выйдет из программы на следующем же нажатии. Карточка и назначения останутся."
    context = {"about": person.short_name, "note": note, "back": back, "save": "Закрыть вход"}
    return form_page(request, form, title="Закрыть вход", **context)


@require_POST
@needs(Right.EMPLOYEES_EDIT)
def entry_opening(request: StaffRequest, pk: int) -> HttpResponse:
    services.open_entry(_managed(request, pk), by=request.user)
    messages.success(request, "Вход открыт.")
    return redirect("organisations:employee", pk)


@require_POST
@needs(Right.EMPLOYEES_EDIT)
def unlocking(request: StaffRequest, pk: int) -> HttpResponse:
    services.unlock(_managed(request, pk), by=request.user)
    messages.success(request, "Неудачные попытки забыты, можно входить.")
    return redirect("organisations:employee", pk)


@require_POST
@never_cache
@needs(Right.EMPLOYEES_EDIT)
def password(request: StaffRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    return _password_page(request, person, services.reset_password(person, by=request.user), title="Новый пароль")


@require_POST
@needs(Right.EMPLOYEES_EDIT)
def second_step(request: StaffRequest, pk: int) -> HttpResponse:
    dropped = services.drop_second_step(_managed(request, pk), by=request.user)
    messages.success(request, "Второй шаг отключён." if dropped else "Второго шага уже нет.")
    return redirect("organisations:employee", pk)


def _place_form[F: PlaceForm](kind: type[F], request: StaffRequest) -> F:
    """Return the form; another organisation in the list (``narrow``) only narrows what may be chosen with it."""
    if "narrow" in request.POST:
        typed = request.POST.dict()
        return kind(initial=typed, by=request.user, chosen=typed.get("organisation", ""))
    return kind(request.POST or None, by=request.user, chosen=request.GET.get("organisation", ""))


def _managed(request: StaffRequest, pk: int) -> Employee:
    found = Employee.objects.accessible_to(request.user)
    if request.method == "POST":
        found = found.select_for_update()
    return get_object_or_404(found, pk=pk)


def _password_page(request: StaffRequest, person: Employee, password: str, *, title: str) -> HttpResponse:
    context = {"person": person, "password": password, "title": title}
    return render(request, "employees/password.html", context)
