"""The third level's lists: who fell out of observation, who waits too long; every reading is one of health data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.informing import recipients
from opora.informing.audience import MOST_PEOPLE
from opora.informing.errors import InformingError
from opora.informing.models import Campaign, Gap
from opora.informing.observing import queries, services
from opora.informing.observing.queries import Chosen
from opora.informing.scripts import script
from opora.informing.words import Measure, Purpose
from opora.insured import reach
from opora.insured.models import Contact
from opora.organisations.models import Employee
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared.dates import show
from opora.shared.pages import keyset

HEAD = (
    *("Повод", "Человек", "Дата рождения", "ЕНП", "Клиника", "Диагноз", "Срок", "Случилось", "Правило", "У кого"),
    "Заметка",
)


@never_cache
@require_safe
@needs(Right.INFORMING_HEALTH)
@with_purpose
def index(request: StaffRequest) -> HttpResponse:
    """One list, its counts by clinic, and what may be done with the people marked."""
    chosen = Chosen.read(request.GET.dict())
    page = keyset(queries.gaps(request.user, chosen), order=queries.ORDER, after=request.GET.get("after"))
    lists, counted_at = queries.counts(request.user)
    details = {"list": str(chosen.kind), "provider": chosen.provider, "people": [one.person_id for one in page]}
    record("informing.health.read", by=request.user, details=details)
    context = {
        "page": page,
        "chosen": chosen,
        "lists": lists,
        "counted_at": counted_at,
        "clinics": queries.by_clinic(request.user, chosen.kind),
        "who": queries.WHO.items(),
        "today": timezone.localdate(),
        "query": _query(request.GET),
        "most": MOST_PEOPLE,
    }
    return render(request, "informing/observation.html", context)


@require_POST
@needs(Right.INFORMING_HEALTH)
@with_purpose
def take(request: StaffRequest) -> HttpResponse:
    """Take the people marked to work."""
    try:
        taken = services.take(_marked(request), by=request.user)
        messages.success(request, f"Взято в работу: {taken}.")
    except InformingError as refusal:
        messages.error(request, refusal.sentence)
    return _back(request)


@require_POST
@needs(Right.INFORMING_HEALTH)
@with_purpose
def draft(request: StaffRequest) -> HttpResponse:
    """Draft a campaign for the people marked; who may launch campaigns launches it."""
    try:
        campaign = services.draft(_marked(request), by=request.user)
    except InformingError as refusal:
        messages.error(request, refusal.sentence)
        return _back(request)
    except IntegrityError:  # the button was pressed twice in one second
        messages.info(request, "Этот черновик уже создан: он в списке кампаний.")
        return _back(request)
    messages.success(request, "Черновик кампании готов. Проверьте его и передайте тому, кто запускает.")
    return redirect("informing:campaign", campaign.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INFORMING_HEALTH)
@with_purpose
def gap(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: why he is here, the number to phone, what to say; POST writes down what was done."""
    found = services.may_open(request.user).select_related("person", "provider", "insurer", "taken_by")
    row = get_object_or_404(found, pk=pk)
    fault = ""
    if request.method == "POST":
        try:
            services.settle(pk, note=request.POST.get("note", ""), by=request.user)
            messages.success(request, "Записано, человек ушёл из списка.")
            return redirect(f"{reverse('informing:observation')}?kind={row.kind}")
        except InformingError as refusal:
            fault = refusal.sentence
    record("informing.health.read", row.person, by=request.user, details={"gap": row.pk})
    return render(request, "informing/gap.html", _about(row, fault), status=422 if fault else 200)


def rows(employee: Employee, query: QueryDict) -> Iterator[Sequence[Any]]:
    """Yield a list as cells for a book of Excel."""
    yield HEAD
    chosen = Chosen.read(query.dict())
    for one in queries.gaps(employee, chosen).order_by(*queries.ORDER).iterator(chunk_size=2_000):
        yield (
            chosen.kind.label,
            one.person.full_name,
            show(one.person.birth_on),
            one.person.enp or "",
            one.provider.name if one.provider else "",
            one.diagnosis,
            show(one.due_on),
            show(one.happened_on) if one.happened_on else "",
            one.why,
            one.taken_by.short_name if one.taken_by else "",
            one.note,
        )


def _about(row: Gap, fault: str) -> dict[str, Any]:
    contacts = list(Contact.objects.filter(person_id=row.person_id))
    local = timezone.now().astimezone(row.person.zone)
    campaign = Campaign(
        insurer=row.insurer, territory=row.territory, measure=Measure.OBSERVATION, year=timezone.localdate().year
    )
    person = recipients.people([row.person_id])[row.person_id]
    values = {**recipients.values(campaign).of(row.provider_id), **person}
    best = reach.best(contacts)
    return {
        "gap": row,
        "person": row.person,
        "phone": f"+{best.normalised}" if best and best.normalised else "",
        "window": reach.call_window(local),
        "clock": f"{local:%H:%M}",
        "to_ask": reach.to_ask(contacts, local.date()),
        "script": script(Purpose.REMIND, Measure.OBSERVATION, values),
        "today": timezone.localdate(),
        "fault": fault,
    }


def _marked(request: StaffRequest) -> list[int]:
    """The people marked one by one, or everybody of the list as far as a campaign holds."""
    if request.POST.get("all"):
        chosen = Chosen.read(QueryDict(request.POST.get("query", "")).dict())
        found = queries.gaps(request.user, chosen).order_by(*queries.ORDER)
        return list(found.values_list("pk", flat=True)[:MOST_PEOPLE])
    return [int(one) for one in request.POST.getlist("gap") if one.isdecimal() and len(one) < 18]


def _back(request: StaffRequest) -> HttpResponse:
    query = QueryDict(request.POST.get("query", ""))
    return redirect(f"{reverse('informing:observation')}?{_query(query)}")


def _query(given: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in ("kind", "provider", "who"):
        if given.get(name):
            kept[name] = str(given[name])
    return kept.urlencode()
