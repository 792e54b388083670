"""Pages of the room. The line and the week live in the address: ``?line=7&week=2026-11-23``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.models import Employee
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.staffing import counting, need, pictures, queries, services
from opora.staffing.errors import ShiftsUnclear
from opora.staffing.forms import LineForm
from opora.staffing.models import Line, Shift
from opora.staffing.need import Gap
from opora.staffing.queries import DAY, WEEK, Week
from opora.staffing.suggesting import DAYS

NAMES = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
SAID = 4  # gaps of a day in words, the largest; the rest is counted
_TABS = {
    "staffing:week": "Неделя",
    "staffing:shifts": "Смены",
    "staffing:suggestion": "Подбор смен",
    "staffing:together": "Вместе с соседями",
    "staffing:line": "Линия",
}
_PLANS = {"staffing:shifts", "staffing:line"}


@dataclass(frozen=True)
class Place:
    """Which line and week a page is about; ``line`` None — she has no line yet."""

    lines: list[Line]
    line: Line | None
    monday: date
    by: Employee

    def address(self, name: str, **more: Any) -> str:
        given = {"line": self.line.pk if self.line else "", "week": self.monday.isoformat(), **more}
        return f"{reverse(name)}?{urlencode(given)}"

    @property
    def before(self) -> str:
        return (self.monday - WEEK).isoformat()

    @property
    def after(self) -> str:
        return (self.monday + WEEK).isoformat()

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @property
    def is_hers(self) -> bool:
        return self.line is not None and self.line.is_of(self.by) and self.by.holds(Right.STAFFING_PLAN)

    def context(self, current: str, **more: Any) -> dict[str, Any]:
        tabs = [
            {"label": label, "url": self.address(name), "current": name == current}
            for name, label in _TABS.items()
            if name not in _PLANS or self.is_hers
        ]
        return {"place": self, "line": self.line, "tabs": tabs, **more}


@require_safe
@needs(Right.STAFFING_VIEW)
def week(request: StaffRequest) -> HttpResponse:
    """A week: what lacks in words, by day, the chosen day as a chart."""
    place = _place(request)
    if place.line is None:
        return render(request, "staffing/week.html", place.context("staffing:week", read_until=counting.read_until()))
    found = queries.week(place.line, place.monday)
    chosen = _day(request, found)
    promise = queries.promise(place.line)
    rows: list[dict[str, Any]] = [
        {
            "number": number,
            "name": NAMES[number],
            "day": day,
            "kind": "" if found.kinds[number].works else found.kinds[number].words,
            "calls": sum(found.expected[number]),
            "was": _sum(found.actual[number]),
            "need": sum(found.need[number]) / 2,
            "there": sum(found.there[number]) / 2,
            "most": max(found.need[number]),
            "gaps": _said(found.gaps, number),
            "spare": _said(found.spare, number),
            "url": place.address("staffing:week", day=number) + "#day",
        }
        for number, day in enumerate(found.days)
    ]
    context = place.context(
        "staffing:week",
        week=found,
        rows=rows,
        chosen=rows[chosen],
        need_hours=need.hours(found.need),
        there_hours=need.hours(found.there),
        most=max(rows, key=lambda row: row["most"]),
        lacking=pictures.lacking(found) if found.has_shifts and found.gaps else None,
        people=pictures.people(found, chosen),
        calls=pictures.calls(found, chosen),
        served=need.served(promise, found.there[chosen], found.expected[chosen]) if found.has_shifts else None,
        wanted=need.served(promise, found.need[chosen], found.expected[chosen]),
        season=round((found.forecast.season - 1) * 100),
        read_until=counting.read_until(),
    )
    return render(request, "staffing/week.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.STAFFING_PLAN)
def shifts(request: StaffRequest) -> HttpResponse:
    """Shifts of a week as people type them: employees down, days across."""
    place = _place(request)
    if place.line is None:
        return redirect("staffing:week")
    people = queries.people_of(place.line, place.monday)
    days = [place.monday + step * DAY for step in range(7)]
    texts = _texts(place.line, place.monday)
    faults: dict[tuple[int, date], str] = {}
    status = 200
    if request.method == "POST":
        typed = {
            (one.pk, day): request.POST[name][:60]
            for one in people
            for number, day in enumerate(days)
            if (name := f"s-{one.pk}-{number}") in request.POST
        }
        changed = {key: text for key, text in typed.items() if text.strip() != texts.get(key, "")}
        try:
            services.write_week(place.line, place.monday, changed, by=request.user)
        except ShiftsUnclear as refusal:
            faults, status = refusal.details.get("faults", {}), 422
            texts = texts | typed
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "Смены записаны.")
            return redirect(place.address("staffing:shifts"))
    rows = [
        (one, [(f"s-{one.pk}-{number}", texts.get((one.pk, day), ""), faults.get((one.pk, day), ""))
               for number, day in enumerate(days)])
        for one in people
    ]  # fmt: skip
    context = place.context(
        "staffing:shifts",
        rows=rows,
        days=list(zip(DAYS, days, strict=True)),
        faults=[
            (one.short_name, NAMES[days.index(day)].lower(), f"s-{pk}-{days.index(day)}", words)
            for (pk, day), words in faults.items()
            for one in people
            if one.pk == pk
        ],
        is_empty=not any(texts.values()),
    )
    return render(request, "staffing/shifts.html", context, status=status)


@require_POST
@needs(Right.STAFFING_PLAN)
def copy(request: StaffRequest) -> HttpResponse:
    """Repeat the week before."""
    place = _place(request, request.POST)
    if place.line is None:
        raise Http404
    try:
        made = services.copy_week(place.line, place.monday, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"Скопировано смен: {made}.")
    return redirect(place.address("staffing:shifts"))


@require_safe
@needs(Right.STAFFING_VIEW)
def suggestion(request: StaffRequest) -> HttpResponse:
    """Which shifts cover the need with the fewest hours; searched for when asked."""
    place = _place(request)
    context = place.context("staffing:suggestion")
    if place.line is not None:
        found = queries.week(place.line, place.monday)
        context |= {"need_hours": need.hours(found.need), "most": max(map(max, found.need))}
        if "ask" in request.GET and context["most"]:
            from opora.staffing.suggesting import suggest

            context["found"] = suggest(found.need)
            context["asked"] = True
    return render(request, "staffing/suggestion.html", context)


@require_safe
@needs(Right.STAFFING_VIEW)
def together(request: StaffRequest) -> HttpResponse:
    """Operators apart and together, for lines of a territory that have agreed."""
    place = _place(request)
    found = queries.together(request.user, place.monday) if place.line else None
    return render(request, "staffing/together.html", place.context("staffing:together", found=found))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.STAFFING_PLAN)
def line(request: StaffRequest) -> HttpResponse:
    """What a line promises."""
    place = _place(request)
    if place.line is None:
        return redirect("staffing:week")
    form = LineForm(request.POST or None, instance=place.line)
    if request.method == "POST" and form.is_valid():
        fresh = Line.objects.select_related("organisation__territory").get(pk=place.line.pk)
        try:
            services.change_line(fresh, form.cleaned_data, by=request.user)
        except DomainError as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "Записано.")
        return redirect(place.address("staffing:week"))
    context = place.context("staffing:line", form=form)
    return render(request, "staffing/line.html", context, status=422 if form.errors else 200)


def _place(request: StaffRequest, given: Any = None) -> Place:
    """Read the line and the week; 404 for a line that is not hers to see."""
    asked = request.GET if given is None else given
    found = queries.own_first(request.user, queries.lines(request.user))
    number = asked.get("line", "")
    chosen = next((one for one in found if str(one.pk) == number), None)
    if number and chosen is None:
        raise Http404
    chosen = chosen or next(iter(found), None)
    today = timezone.localdate(timezone=chosen.zone) if chosen else timezone.localdate()
    try:
        day = date.fromisoformat(asked.get("week", "") or today.isoformat())
        monday = day - timedelta(days=day.weekday())
        near = abs((monday - today).days) < 366 * 5
    except (ValueError, OverflowError):
        raise Http404 from None
    if not near:
        raise Http404
    return Place(found, chosen, monday, request.user)


def _day(request: StaffRequest, found: Week) -> int:
    """The day asked for, else today, else the first that lacks people."""
    asked = request.GET.get("day", "")
    if asked in set("0123456"):
        return int(asked)
    today = timezone.localdate(timezone=found.line.zone)
    if today in found.days:
        return found.days.index(today)
    return found.gaps[0].day if found.has_shifts and found.gaps else 0


def _texts(line: Line, monday: date) -> dict[tuple[int, date], str]:
    return {
        (shift.employee_id, shift.day): str(services.span_of(shift))
        for shift in Shift.objects.filter(line=line, day__range=(monday, monday + 6 * DAY)).select_related(
            "line__organisation__territory"
        )
    }


def _said(found: list[Gap], day: int) -> dict[str, Any]:
    """The largest gaps of a day in order of time, and how many more there are."""
    of_day = [gap for gap in found if gap.day == day]
    largest = sorted(of_day, key=lambda gap: -abs(gap.people) * (gap.until - gap.since))[:SAID]
    return {"said": sorted(largest, key=lambda gap: gap.since), "more": max(0, len(of_day) - SAID)}


def _sum(numbers: tuple[int | None, ...]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
