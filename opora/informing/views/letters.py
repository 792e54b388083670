"""Print runs on the screen: list, a new one, its page and files, letters that came back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.purposes import Purpose
from opora.audit.services import record
from opora.informing.errors import InformingError, LetterAlready, NumberUnknown
from opora.informing.letters import queries, services, store
from opora.informing.letters.forms import CancelForm, PostForm, ReturnForm, RunForm
from opora.informing.letters.numbers import row_of
from opora.informing.letters.words import AT_HOME, ENDS, MENDABLE, ItemState, RunState, Why
from opora.informing.models import LetterItem, PrintRun
from opora.organisations.models import Employee
from opora.shared.pages import keyset
from opora.shared.progress import Work

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN_LATE = 200


@require_safe
@needs(Right.INFORMING_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    who = _who(request)
    page = keyset(
        PrintRun.objects.accessible_to(who).select_related("insurer"), order=("-pk",), after=request.GET.get("after")
    )
    context = {
        "page": page,
        "waiting": queries.waiting(who),
        "may_launch": who.holds(Right.INFORMING_LAUNCH),
        "may_return": who.holds(Right.INFORMING_LISTS),
    }
    return render(request, "informing/letters/list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_LAUNCH)
def new(request: HttpRequest) -> HttpResponse:
    who = _who(request)
    form = RunForm(request.POST or None, employee=who)
    if form.is_valid():
        try:
            run = services.draw_up(form.cleaned_data["insurer"], form.terms, by=who)
        except InformingError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("informing:letter-run", run.pk)
    context = {"form": form, "waiting": queries.waiting(who)}
    return render(request, "informing/letters/new.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.INFORMING_VIEW)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How a run stands; htmx asks for the bar alone until the work is over."""
    row = _run(request, pk)
    if request.headers.get("HX-Request"):
        if row.state == RunState.DRAWING:
            return render(request, "ui/progress.html", {"work": _work(row)})
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _page(request, row)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda: services.go_on(pk, by=_who(request)), "Составление продолжено.")


@require_POST
@needs(Right.INFORMING_LAUNCH)
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda: services.mark_printed(pk, by=_who(request)), "Напечатан. Теперь его ждёт почта.")


@require_POST
@needs(Right.INFORMING_LAUNCH)
def taken_out(request: HttpRequest, pk: int) -> HttpResponse:
    said = "Письма вынуты. Реестр без них будет готов через минуту."
    return _do(request, pk, lambda: services.take_out(pk, by=_who(request)), said)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def posted(request: HttpRequest, pk: int) -> HttpResponse:
    row = _run(request, pk)
    form = PostForm(request.POST)
    if not form.is_valid():
        return _page(request, row, post_form=form, status=422)
    given = form.cleaned_data

    def go() -> object:
        return services.hand_over(pk, on=given["on"], take_out=given["take_out"], by=_who(request))

    return _do(request, pk, go, "Сдан на почту: письма отмечены отправленными.", post_form=form)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def cancelled(request: HttpRequest, pk: int) -> HttpResponse:
    row = _run(request, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, row, cancel_form=form, status=422)
    why = form.cleaned_data["why"]
    return _do(request, pk, lambda: services.cancel(pk, why=why, by=_who(request)), "Тираж отменён, письма снова ждут.")


@never_cache
@require_safe
@needs(Right.INFORMING_LAUNCH)
def file(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of a run, to be printed or taken to the post."""
    row = _run(request, pk)
    if not row.has_files or not store.NAMES.fullmatch(name):
        raise Http404
    path = store.path(row.pk, name)
    is_stale = name in {store.REGISTER_PDF, store.REGISTER_XLSX} and row.is_register_stale
    if is_stale or not path.exists():
        raise Http404
    record(
        "informing.letters.take", row, by=_who(request), purpose=Purpose.INFORMING,
        details={"file": name, "letters": row.drawn},
    )  # fmt: skip
    kind = TYPES[path.suffix.removeprefix(".")]
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"tirazh-{row.pk}-{name}", content_type=kind)


@require_safe
@needs(Right.INFORMING_VIEW)
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a run, or those that did not get in and why."""
    row = _run(request, pk)
    found = LetterItem.objects.filter(run=row).defer("text")
    state = request.GET.get("state", "")
    if state in ItemState.values:
        found = found.filter(state=state)
    if (why := request.GET.get("why", "")) in Why.values:
        found = found.filter(refused_for=why)
    page = keyset(found, order=("place", "pk"), after=request.GET.get("after"), is_total=True)
    for one in page:
        one.run = row
    record("informing.letters.items", row, by=_who(request), purpose=Purpose.INFORMING, details={"state": state})
    context = {"run": row, "page": page, "state": state, "states": ItemState.choices, "mendable": MENDABLE}
    return render(request, "informing/letters/items.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_LISTS)
def returns(request: HttpRequest) -> HttpResponse:
    """Letters that came back, one after another: a scanner or fingers, Enter, the next one."""
    who = _who(request)
    form = ReturnForm(request.POST or None)
    told: dict[str, Any] | None = None
    if request.method == "POST":
        told = _returned(form, who)
    context = {"form": form, "told": told, "latest": queries.latest_returns(who), "status": 200}
    piece = "#returns" if request.headers.get("HX-Request") else ""
    refused = told is not None and told["state"] == "late"
    return render(request, f"informing/letters/returns.html{piece}", context, status=422 if refused else 200)


def _returned(form: ReturnForm, who: Employee) -> dict[str, Any]:
    """Mark the letter typed; return what to say, in which colour and sound."""
    typed = (form.data.get("number") or "").strip()
    if form.key:
        return {"state": "now", "words": f"Следующие письма: {form.key.label}."}
    if not typed:
        return {"state": "late", "words": "Наберите номер письма или прочитайте его сканером."}
    try:
        item = services.note_return(typed, reason=form.chosen, by=who)
    except LetterAlready as refusal:
        return {"state": "today", "words": refusal.sentence, "number": typed}
    except NumberUnknown as refusal:
        return {"state": "late", "words": refusal.sentence, "number": typed, "keep": row_of(typed) is None}
    return {"state": "done", "words": f"{item.addressee}: {item.get_returned_for_display()}.", "number": item.shown}


def _page(
    request: HttpRequest,
    row: PrintRun,
    *,
    fault: str = "",
    post_form: PostForm | None = None,
    cancel_form: CancelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    late = queries.late(row)[:SHOWN_LATE] if row.state in {RunState.READY, RunState.PRINTED} else []
    letters = {one.pk: one for one in LetterItem.objects.filter(pk__in=[one.pk for one in late]).defer("text")}
    refused = row.items.filter(state=ItemState.REFUSED).values("refused_for").annotate(n=Count("pk")).order_by("-n")
    context = {
        "run": row,
        "work": _work(row) if row.state == RunState.DRAWING else None,
        "is_stalled": services.is_stalled(row),
        "late": [(one, letters[one.pk]) for one in late],
        "refused": [(Why(one["refused_for"]), one["n"], Why(one["refused_for"]) in ENDS) for one in refused],
        "parts": [store.part_name(part) for part in range(1, row.parts + 1)] if row.has_files else [],
        "kilograms": ((row.drawn - row.dropped) * row.envelope_grams + row.sheets * row.sheet_grams) / Decimal(1000),
        "may_launch": _who(request).holds(Right.INFORMING_LAUNCH),
        "may_return": _who(request).holds(Right.INFORMING_LISTS),
        "may_cancel": row.state in AT_HOME,
        "post_form": post_form or PostForm(),
        "cancel_form": cancel_form or CancelForm(),
        "fault": fault,
    }
    return render(request, "informing/letters/run.html", context, status=status)


def _do(request: HttpRequest, pk: int, go: Callable[[], object], said: str, **forms: Any) -> HttpResponse:
    row = _run(request, pk)
    try:
        go()
    except InformingError as refusal:
        row.refresh_from_db()
        return _page(request, row, fault=refusal.sentence, status=refusal.status, **forms)
    messages.success(request, said)
    return redirect("informing:letter-run", pk)


def _work(row: PrintRun) -> Work:
    url = reverse("informing:letter-run", args=[row.pk])
    if not row.is_collected:
        return Work("Отбираем письма", url, row.drawn, None, note="проверяем людей и адреса")
    return Work("Пишем письма", url, row.written, row.drawn, note="можно уйти с этой страницы")


def _run(request: HttpRequest, pk: int) -> PrintRun:
    return get_object_or_404(PrintRun.objects.accessible_to(_who(request)).select_related("insurer__territory"), pk=pk)


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
