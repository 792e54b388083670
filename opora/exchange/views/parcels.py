"""The list of files, one file with all that the controls said, its records, its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.models import Appeal
from opora.audit.services import record
from opora.exchange import vault
from opora.exchange.formats import FORMATS
from opora.exchange.models import Parcel, ParcelFinding, Provenance, SentRecord
from opora.exchange.models.parcel import Direction, State, shown_name
from opora.exchange.models.provenance import Family
from opora.exchange.outbound.shown import asked_for
from opora.exchange.returning import may_return
from opora.informing.models import Roll
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.shared.pages import keyset
from opora.shared.progress import Work

BADGES: dict[str, str] = {
    State.WAITING: "now",
    State.CHECKED: "today",
    State.ACCEPTED: "done",
    State.REPEATED: "done",
    State.READY: "done",
    State.REFUSED: "late",
    State.FAILED: "late",
}
TITLES = {form.slug: form.title for form in FORMATS}
FILTERS = (("", "Все"), ("in", "Полученные"), ("out", "Отправленные"), ("refused", "Не приняты"))


def employee_of(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)


def parcel_of(request: HttpRequest, pk: int) -> Parcel:
    """Return a file she may see. Raises Http404."""
    found: Parcel = get_object_or_404(
        Parcel.objects.accessible_to(employee_of(request)).select_related("organisation", "repeats"), pk=pk
    )
    return found


def shown(parcel: Parcel) -> Parcel:
    """Add what templates show: the mark of the state, the title of the format, a name without somebody's number."""
    parcel.badge = BADGES[parcel.state]  # type: ignore[attr-defined]
    parcel.format_title = TITLES.get(parcel.format, "")  # type: ignore[attr-defined]
    parcel.shown_name = shown_name(parcel.name)  # type: ignore[attr-defined]
    return parcel


@require_GET
@needs(Right.EXCHANGE_VIEW)
def parcels(request: HttpRequest) -> HttpResponse:
    """Files of her organisations, the newest first."""
    chosen = request.GET.get("show", "")
    found = Parcel.objects.accessible_to(employee_of(request)).select_related("organisation")
    if chosen in Direction.values:
        found = found.filter(direction=chosen)
    elif chosen == "refused":
        found = found.filter(Q(state=State.REFUSED) | Q(state=State.FAILED))
    page = keyset(found, order=("-pk",), after=request.GET.get("after"), size=40)
    for row in page:
        shown(row)
    base = reverse("exchange:list")
    tabs = [
        {"label": label, "url": f"{base}?show={name}" if name else base, "current": name == chosen}
        for name, label in FILTERS
    ]
    return render(request, "exchange/list.html", {"page": page, "tabs": tabs, **_may(request)})


@require_GET
@needs(Right.EXCHANGE_VIEW)
def parcel(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: how it went, everything that is wrong with it, its answer."""
    found = shown(parcel_of(request, pk))
    source = found.repeats or found
    findings = keyset(
        ParcelFinding.objects.filter(parcel=source),
        order=("position", "pk"),
        after=request.GET.get("after"),
        size=200,
    )
    name_people(request, findings)
    context = {
        "parcel": found,
        "counts": _counts(found),
        "findings": findings,
        "work": work_of(found),
        "may_return": may_return(found),
        "roll": _roll_of(source),
        "answered": Parcel.objects.filter(pk__in=source.options.get("answers", [])),
        "asked": asked_for(found),
        "has_sent": found.direction == Direction.OUT and SentRecord.objects.filter(parcel=found).exists(),
        "has_records": found.is_stored and Provenance.objects.filter(parcel=source).exists(),
        **_may(request),
    }
    return render(request, "exchange/parcel.html", context)


@require_GET
@needs(Right.EXCHANGE_VIEW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of a file; when it is over, the page asks for itself again."""
    found = parcel_of(request, pk)
    response = render(request, "ui/progress.html", {"work": work_of(found)})
    if found.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@needs(Right.EXCHANGE_VIEW)
def records(request: HttpRequest, pk: int) -> HttpResponse:
    """Records whose last word is from this file; those she may see lead to their appeals."""
    found = shown(parcel_of(request, pk))
    rows = Provenance.objects.filter(parcel=found.repeats or found)
    page = keyset(rows, order=("place", "pk"), after=request.GET.get("after"), size=100)
    ids = [row.subject_id for row in page if row.family == Family.JOURNAL]
    visible = set(Appeal.objects.accessible_to(employee_of(request)).filter(pk__in=ids).values_list("pk", flat=True))
    for row in page:
        row.url = reverse("appeals:card", args=[row.number]) if row.subject_id in visible else ""  # type: ignore[attr-defined]
    return render(request, "exchange/records.html", {"parcel": found, "page": page})


@require_GET
@needs(Right.EXCHANGE_VIEW)
def answer(request: HttpRequest, pk: int) -> FileResponse:
    """The answer for the partner, under the name he waits for."""
    found = parcel_of(request, pk)
    if not found.answer_sha256:
        raise Http404
    path = vault.found(found.answer_sha256)
    record("exchange.answer.read", found, by=request.user)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.answer_name, content_type="application/octet-stream"
    )


def name_people(request: HttpRequest, rows: Iterable[Any]) -> None:
    """Give rows with ``person_id`` the ``person`` she may see; others stay a number."""
    told = list(rows)
    ids = {row.person_id for row in told if row.person_id}
    people = {one.pk: one for one in Person.objects.accessible_to(employee_of(request)).filter(pk__in=ids)}
    for row in told:
        row.person = people.get(row.person_id)


def work_of(found: Parcel) -> Work:
    """The file as a bar shows it."""
    url = reverse("exchange:progress", args=[found.pk])
    if not found.is_finished:
        is_out = found.direction == Direction.OUT
        return Work("Готовим файл" if is_out else "Проверяем файл", url)
    return Work("Файл", url, state="late" if BADGES[found.state] == "late" else "done")


COUNTS = {
    "records": "Записей в файле",
    "accepted": "Принято",
    "rejected": "Не принято",
    "warned": "С предупреждениями",
    "new": "Новых",
    "changed": "Изменено",
    "same": "Без изменений",
    "facts": "Фактов информирования",
    "missing": "Не хватает сведений",
    "sent_before": "Уже отправляли",
    "same_key": "Повторный ключ, оставлены у первого",
}


def _counts(found: Parcel) -> list[tuple[str, int]]:
    counts = found.counts
    return [(title, counts[name]) for name, title in COUNTS.items() if counts.get(name)]


def _roll_of(source: Parcel) -> int | None:
    """The list a stored file became, from which others may be made."""
    if source.direction != Direction.IN or not source.is_stored:
        return None
    return Roll.objects.filter(parcel_id=source.pk, records__gt=0).values_list("pk", flat=True).first()


def _may(request: HttpRequest) -> dict[str, bool]:
    employee = employee_of(request)
    return {
        "may_import": employee.holds(Right.EXCHANGE_IMPORT),
        "may_export": employee.holds(Right.EXCHANGE_EXPORT),
    }
