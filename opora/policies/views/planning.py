"""The plan of a day, its corrections, the sheet for the road, couriers and the list of places."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.policies import forms, points, queries, services
from opora.policies.models import Courier, Route, Schedule, Visit
from opora.policies.words import VisitState
from opora.shared.errors import DomainError
from opora.shared.typography import counted

LARGEST_FILE = 50_000_000


@require_safe
@never_cache
@needs(Right.POLICIES_PLAN)
@with_purpose
def plan(request: StaffRequest) -> HttpResponse:
    """Routes of a day, what is in none of them and why."""
    day = _day(request.GET.get("day", ""), request)
    routes, waiting, silent = queries.day_plan(day, request.user, actor_of(request.user).zone)
    record("policies.plan.read", ("policies.route", day.isoformat()), by=request.user)
    context = {
        "day": day,
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "routes": routes,
        "plans": queries.plans_of(day, request.user),
        "waiting": [(row, queries.left_words(row)) for row in waiting],
        "silent": silent,
        "is_past": day < timezone.localdate(),
        "is_fund": request.user.scope.insurer is None,
    }
    return render(request, "policies/plan.html", context)


@require_POST
@needs(Right.POLICIES_PLAN)
def planned(request: StaffRequest) -> HttpResponse:
    """Plan the day; what is pinned stays."""
    day = _day(request.POST.get("day", ""), request)
    try:
        with transaction.atomic():
            told = services.plan_day(day, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        words = f"В маршрутах: {counted(told.planned, 'визит', 'визита', 'визитов')}."
        messages.success(request, f"{words} Не вошло: {told.left}." if told.left else words)
        if not told.is_best:
            messages.warning(request, "Поиск остановлен по времени: маршрут годный, но, может быть, не лучший.")
    return _back(day)


@require_POST
@needs(Right.POLICIES_PLAN)
def announced(request: StaffRequest) -> HttpResponse:
    """Put texts to those who are visited on the day."""
    day = _day(request.POST.get("day", ""), request)
    try:
        with transaction.atomic():
            count = services.announce(day, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        words = f"Новых сообщений: {count}. Уйдут в часы, когда это прилично."
        messages.success(request, words if count else "Всем уже написали.")
    return _back(day)


@require_POST
@needs(Right.POLICIES_PLAN)
def returned(request: StaffRequest) -> HttpResponse:
    """Return silent visits of past days to the plan."""
    count = services.return_silent(by=request.user)
    messages.success(request, f"Вернули в план: {counted(count, 'заявку', 'заявки', 'заявок')}.")
    return _back(_day(request.POST.get("day", ""), request))


@require_POST
@needs(Right.POLICIES_PLAN)
def visit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Correct one visit: ``to`` another courier, ``pin`` or ``unpin`` it, take it ``off``."""
    row = get_object_or_404(Visit.objects.accessible_to(request.user).select_related("route"), pk=pk)
    what, to = request.POST.get("what", ""), request.POST.get("to", "")
    version = int(text) if (text := request.POST.get("version", "")).isascii() and text.isdigit() else None
    try:
        with transaction.atomic():
            if what in {"pin", "unpin"}:
                services.pin_visit(pk, pinned=what == "pin", by=request.user)
            elif what == "off":
                services.drop_visit(pk, by=request.user, version=version)
            elif to.isascii() and to.isdigit() and len(to) < 18:
                services.move_visit(pk, to=int(to), by=request.user, version=version)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    return _back(row.route.day)


@require_safe
@never_cache
@needs(Right.POLICIES_PLAN)
@with_purpose
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """A route on paper; the printing is written down."""
    route = get_object_or_404(Route.objects.accessible_to(request.user).select_related("employee", "insurer"), pk=pk)
    visits = route.visits.exclude(state=VisitState.OFF).select_related("delivery")
    record("policies.sheet", route, by=request.user)
    context = {
        "route": route,
        "lines": [(one, queries.clock(one, route.insurer.zone)) for one in visits],
        "km": f"{route.metres / 1000:.1f}".replace(".", ","),
    }
    return render(request, "policies/sheet.html", context)


@require_safe
@needs(Right.POLICIES_PLAN)
def couriers(request: StaffRequest) -> HttpResponse:
    """Who delivers: employees whose role lets them, and when they work."""
    known = {one.pk: one for one in Courier.objects.accessible_to(request.user)}
    people = {one.employee_id: one.employee for one in services.deliverers(request.user).select_related("employee")}
    ordered = sorted(people.values(), key=lambda one: (one.surname, one.given_name, one.pk))
    rows = [(one, known.get(one.pk), _days(known.get(one.pk))) for one in ordered]
    schedule = forms.ScheduleForm(initial=_schedule(request))
    is_insurer = request.user.scope.insurer is not None
    context = {"rows": rows, "points": forms.PointsForm(), "schedule": schedule if is_insurer else None}
    return render(request, "policies/couriers.html", context)


@require_POST
@needs(Right.POLICIES_PLAN)
def scheduled(request: StaffRequest) -> HttpResponse:
    """At which hour the program plans tomorrow."""
    form = forms.ScheduleForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Час — от 0 до 23.")
        return redirect("policies:couriers")
    try:
        with transaction.atomic():
            row = services.save_schedule(**form.arguments, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        words = (
            f"Маршруты на завтра программа составит в {row.hour}:00."
            if row.is_on
            else "Программа маршрутов не составляет."
        )
        messages.success(request, words)
    return redirect("policies:couriers")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.POLICIES_PLAN)
def courier(request: StaffRequest, pk: int) -> HttpResponse:
    """A courier's days and hours."""
    place = get_object_or_404(services.deliverers(request.user).select_related("employee"), employee=pk)
    row = Courier.objects.accessible_to(request.user).filter(pk=pk).first()
    initial = forms.CourierForm.initial_of(row or Courier())
    form = forms.CourierForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        text = request.POST.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        try:
            with transaction.atomic():
                services.save_courier(pk, by=request.user, version=version, **form.arguments)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Курьер записан.")
            return redirect("policies:couriers")
    context = {
        "form": form,
        "title": place.employee.short_name,
        "about": "Когда и откуда выезжает",
        "save": "Сохранить",
        "back": reverse("policies:couriers"),
        "version": row.version if row else "",
    }
    return render(request, "policies/act.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.POLICIES_PLAN)
def places(request: StaffRequest) -> HttpResponse:
    """Load where houses stand."""
    sent = request.FILES.get("file")
    if sent is None:
        messages.warning(request, "Выберите файл.")
        return redirect("policies:couriers")
    if (sent.size or 0) > min(LARGEST_FILE, settings.FILE_LIMIT):
        messages.warning(request, "Файл слишком большой: разделите его на части.")
        return redirect("policies:couriers")
    territory = actor_of(request.user).territory
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("points.xlsx" if str(sent.name).lower().endswith(".xlsx") else "points.csv")
        path.write_bytes(sent.read())
        try:
            with transaction.atomic():
                count, faults = points.load(path, territory)
        except DomainError as refusal:
            messages.warning(request, refusal.sentence)
            return redirect("policies:couriers")
    placed = points.apply(territory)
    record("policies.points", ("policies.addresspoint", territory), by=request.user, details={"points": count})
    messages.success(request, f"Загружено точек: {count}. Открытым заявкам найдено мест: {placed}.")
    for fault in faults[:5]:
        messages.warning(request, fault)
    return redirect("policies:couriers")


def _schedule(request: StaffRequest) -> dict[str, object]:
    territory = actor_of(request.user).territory
    row = Schedule.objects.accessible_to(request.user).filter(territory=territory).first() or Schedule()
    return {"is_on": row.is_on, "hour": row.hour, "announces": row.announces, "version": row.version}


def _day(text: str, request: StaffRequest) -> date:
    """Return the day of the address; tomorrow when it says none: a day is planned the evening before."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return actor_of(request.user).local(timezone.now()).date() + timedelta(days=1)


def _back(day: date) -> HttpResponse:
    return redirect(f"{reverse('policies:plan')}?day={day.isoformat()}")


def _days(row: Courier | None) -> str:
    return ", ".join(name for number, name in forms.WEEKDAYS if row.weekdays >> number & 1) if row else ""
