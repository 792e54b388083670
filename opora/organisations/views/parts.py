"""Sites, hot lines, departments, posts: one pair of pages for the four of them; and weeks of hours."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.forms.organisations import (
    DepartmentForm,
    HotLineForm,
    PostForm,
    SiteForm,
    WeekForm,
    names,
    zone_label,
)
from opora.organisations.models import Department, HotLine, Organisation, Post, Site
from opora.organisations.requests import StaffRequest
from opora.organisations.services import hours as hours_services
from opora.organisations.services import parts as services
from opora.organisations.views.forms import form_page, refusals_in
from opora.organisations.views.organisations import managed
from opora.shared import conflict


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of part is called and typed; ``tab`` is where it is listed."""

    model: type[services.Part]
    form: type[Any]
    new: str
    accusative: str
    tab: str


KINDS = {
    "sites": Kind(Site, SiteForm, "Новый корпус", "корпус", "sites"),
    "hot-lines": Kind(HotLine, HotLineForm, "Новая горячая линия", "горячую линию", "card"),
    "departments": Kind(Department, DepartmentForm, "Новый отдел", "отдел", "card"),
    "posts": Kind(Post, PostForm, "Новый пост в клинике", "пост", "posts"),
}


@needs(Right.ORGANISATIONS_EDIT)
def new_part(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    organisation, about = managed(request, pk), _kind(kind)
    back = _back(organisation, about)
    form = _form(about, organisation, request)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.add_part(about.model, organisation=organisation, fields=form.changes, by=request.user)
            messages.success(request, "Добавлено.")
            return redirect(back)
    return form_page(request, form, title=about.new, about=organisation, back=back, save="Добавить")


@needs(Right.ORGANISATIONS_EDIT)
def part(request: StaffRequest, pk: int, kind: str, part_pk: int) -> HttpResponse:
    organisation, about = managed(request, pk), _kind(kind)
    row = _part(request, organisation, about, part_pk)
    back, title = _back(organisation, about), str(row)
    form = _form(about, organisation, request, row)
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"{about.accusative} «{title}»")
        with refusals_in(form):
            services.change_part(row, version=row.version, changes=form.changes, by=request.user)
            messages.success(request, "Сохранено.")
            return redirect(back)
    removal = reverse("organisations:part_removal", args=[pk, kind, part_pk])
    return form_page(request, form, title=title, about=organisation, back=back, removal=removal)


@require_POST
@needs(Right.ORGANISATIONS_EDIT)
def part_removal(request: StaffRequest, pk: int, kind: str, part_pk: int) -> HttpResponse:
    organisation, about = managed(request, pk), _kind(kind)
    row = _part(request, organisation, about, part_pk)
    services.remove_part(row, by=request.user)
    messages.success(request, f"Удалено: {row}.")
    return redirect(_back(organisation, about))


@needs(Right.ORGANISATIONS_EDIT)
def hours(request: StaffRequest, pk: int, kind: str = "", part_pk: int = 0) -> HttpResponse:
    """The week of the organisation itself, or of one of its sites or posts."""
    organisation = managed(request, pk)
    place: Any = organisation
    back = reverse("organisations:card", args=[pk])
    if kind:
        about = _kind(kind)
        if about.model not in (Site, Post):
            raise Http404
        place, back = _part(request, organisation, about, part_pk), _back(organisation, about)
    if request.method == "POST" and "fill" in request.POST:
        form = WeekForm(filled(request.POST), week=hours_services.week_of(place))
    else:
        form = WeekForm(request.POST or None, week=hours_services.week_of(place))
        if request.method == "POST" and form.is_valid():
            if form.differences:
                return conflict.page(request, form, card=f"часы работы: «{place}»")
            hours_services.set_hours(place, week=form.week, version=place.version, by=request.user)
            messages.success(request, "Часы работы сохранены.")
            return redirect(back)
    page = {"about": place, "zone": zone_label(organisation.zone.key), "template": "organisations/hours.html"}
    return form_page(request, form, title="Часы работы", back=back, **page)


def filled(data: QueryDict) -> QueryDict:
    """Return the week after a press of «вт–пт как в понедельник», «все дни как в понедельник», «круглосуточно»."""
    data = data.copy()
    first = data.get(names()[0], "")
    days, text = {
        "weekdays": (names()[1:5], first),
        "week": (names()[1:], first),
        "round": (names(), "круглосуточно"),
    }.get(str(data["fill"]), ([], ""))
    for day in days:
        data[day] = text
    return data


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _part(request: StaffRequest, organisation: Organisation, about: Kind, pk: int) -> Any:
    rows: Any = about.model.objects.filter(organisation=organisation)
    if request.method == "POST":
        rows = rows.select_for_update()
    return get_object_or_404(rows, pk=pk)


def _form(about: Kind, organisation: Organisation, request: StaffRequest, row: Any = None) -> Any:
    extra = {"organisation": organisation} if about.form is PostForm else {}
    form: forms.ModelForm = about.form(
        request.POST or None, instance=row or about.model(organisation=organisation), **extra
    )
    return form


def _back(organisation: Organisation, about: Kind) -> str:
    return reverse(f"organisations:{about.tab}", args=[organisation.pk])
