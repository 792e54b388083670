"""Lists of partners, the lines that wait for a person, and the plan with its seals."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.informing import services, volumes
from opora.informing.errors import InformingError
from opora.informing.forms import YEARS, DismissForm, number
from opora.informing.models import Entry, PlanEntry, Roll, Seal
from opora.informing.services.not_due import standing
from opora.informing.services.settle import WAITS, candidates
from opora.informing.words import Measure, PlanState, Told
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation
from opora.shared.pages import keyset
from opora.shared.typography import counted

SETTLED = {
    Told.LISTED: "Человек добавлен в план.",
    Told.VISIT: "Посещение записано.",
    Told.REFUSAL: "Отказ записан.",
}


@require_safe
@needs(Right.INFORMING_VIEW)
def rolls(request: HttpRequest) -> HttpResponse:
    found = Roll.objects.accessible_to(_who(request)).select_related("insurer", "provider")
    page = keyset(found, order=("-pk",), after=request.GET.get("after"))
    waiting = Entry.objects.accessible_to(_who(request)).filter(state__in=WAITS)
    context = {
        "page": page,
        "waits": waiting.exists(),
        "may_settle": _who(request).holds(Right.INFORMING_LISTS),
        "may_import": _who(request).holds(Right.EXCHANGE_IMPORT),
    }
    return render(request, "informing/rolls.html", context)


@require_safe
@needs(Right.INFORMING_VIEW)
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Roll.objects.accessible_to(_who(request)).select_related("insurer", "provider"), pk=pk)
    found = Entry.objects.accessible_to(_who(request)).filter(roll=row).select_related("person")
    only = request.GET.get("only", "")
    if only == "not_due":
        found = found.exclude(critique="")
    elif only == "waiting":
        found = found.filter(state__in=WAITS)
    page = keyset(found, order=("place", "pk"), after=request.GET.get("after"))
    record("informing.roll", row, by=_who(request))
    context = {
        "roll": row,
        "page": page,
        "only": only,
        "may_send": _who(request).holds(Right.EXCHANGE_EXPORT),
        "may_decide": _who(request).holds(Right.INFORMING_LISTS),
        "standing": standing(row) if only == "not_due" and page else None,
    }
    return render(request, "informing/roll.html", context)


@require_POST
@needs(Right.INFORMING_LISTS)
def not_due(request: HttpRequest, pk: int) -> HttpResponse:
    """Take those of a list whose year it is not out of the plan, or put them back."""
    row = get_object_or_404(Roll.objects.accessible_to(_who(request)), pk=pk)
    is_out = request.POST.get("what") == "spare"
    try:
        people = (services.spare if is_out else services.invite_again)(row.pk, by=_who(request))
    except InformingError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        told = counted(people, "человек", "человека", "человек")
        messages.success(request, f"Исключено из плана: {told}." if is_out else f"Возвращено в план: {told}.")
    return redirect(f"{reverse('informing:roll', args=[row.pk])}?only=not_due")


@require_safe
@needs(Right.INFORMING_LISTS)
def to_settle(request: HttpRequest) -> HttpResponse:
    found = Entry.objects.accessible_to(_who(request)).filter(state__in=WAITS).select_related("roll")
    page = keyset(found, order=("pk",), after=request.GET.get("after"))
    return render(request, "informing/to_settle.html", {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_LISTS)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: who was meant, who it may be, and the decision. The next line opens after it."""
    row = get_object_or_404(
        Entry.objects.accessible_to(_who(request)).filter(state__in=WAITS).select_related("roll"), pk=pk
    )
    fault = ""
    dismissal = DismissForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            said = _decide(request, row, dismissal)
        except InformingError as refusal:
            fault = refusal.sentence
        else:
            messages.success(request, said)
            after = Entry.objects.accessible_to(_who(request)).filter(state__in=WAITS, pk__gt=pk).order_by("pk").first()
            return redirect("informing:entry", after.pk) if after else redirect("informing:to-settle")
    record("informing.entry", row, by=_who(request))
    context = {
        "entry": row,
        "given": row.given or {},
        "candidates": candidates(row, _who(request)),
        "fault": fault,
        "dismissal": dismissal,
    }
    return render(request, "informing/entry.html", context, status=422 if fault else 200)


def _decide(request: HttpRequest, row: Entry, dismissal: DismissForm) -> str:
    """Settle the line or dismiss it; return what is said of that. Raises InformingError."""
    if chosen := request.POST.get("person"):
        person = get_object_or_404(Person.objects.accessible_to(_who(request)), pk=number(chosen))
        return SETTLED[Told(services.settle(row.pk, person=person, by=_who(request)).told)]
    if not dismissal.is_valid():
        raise InformingError(dismissal.fault)
    services.dismiss(row.pk, why=dismissal.cleaned_data["why"], by=_who(request))
    return "Строка отклонена."


@require_safe
@needs(Right.INFORMING_VIEW)
def plan(request: HttpRequest) -> HttpResponse:
    """How many are to be informed this year, how many came, what clinics have planned, which numbers are sealed."""
    employee = _who(request)
    year = number(request.GET.get("year", ""), among=YEARS) or timezone.localdate().year
    sums = (
        PlanEntry.objects.accessible_to(employee)
        .filter(year=year)
        .values("insurer_id", "insurer__name", "measure")
        .annotate(
            people=Count("person_id"),
            came=Count("person_id", filter=Q(state=PlanState.PASSED)),
            later=Count("person_id", filter=Q(seal_id=None)),
        )
        .order_by("insurer__name", "measure")
    )
    seals = {(one.insurer_id, one.measure): one for one in Seal.objects.accessible_to(employee).filter(year=year)}
    rows = [
        {
            **row,
            "title": Measure(row["measure"]).label,
            "seal": (sealed := seals.get((row["insurer_id"], row["measure"]))),
            "later": row["later"] if sealed else 0,
        }
        for row in sums
    ]
    context = {
        "year": year,
        "rows": rows,
        "volumes": volumes.lines(employee, year),
        "months": volumes.MONTHS,
        "may_seal": employee.holds(Right.INFORMING_LAUNCH),
    }
    return render(request, "informing/plan.html", context)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def seal(request: HttpRequest) -> HttpResponse:
    insurers = Organisation.objects.manageable_by(_who(request)).filter(kind=Organisation.Kind.INSURER)
    insurer = get_object_or_404(insurers, pk=number(request.POST.get("insurer", "")))
    year = number(request.POST.get("year", ""), among=YEARS)
    measure = request.POST.get("measure", "")
    if year is None or measure not in Measure.values:
        return HttpResponseBadRequest()
    try:
        made = services.seal(insurer=insurer, measure=measure, year=year, by=_who(request))
        messages.success(request, f"Печать поставлена: {made.count} человек.")
    except InformingError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("informing:plan")


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
