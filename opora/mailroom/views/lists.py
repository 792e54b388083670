"""Lists for the post: printed, filled with track numbers, handed over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.mailroom import papers, queries, rules, services
from opora.mailroom.forms import DayForm, TracksForm
from opora.mailroom.models import PostList
from opora.mailroom.papers import ENVELOPES
from opora.mailroom.tabs import tabs
from opora.mailroom.views.letters import pdf
from opora.organisations.requests import StaffRequest
from opora.shared import acts, documents
from opora.shared.pages import keyset


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def listed(request: StaffRequest) -> HttpResponse:
    """Lists, the newest first."""
    found = queries.lists(request.user)
    page = keyset(found, order=("-made_at", "-pk"), after=request.GET.get("after"), is_total=True)
    return render(request, "mailroom/lists.html", {"page": page, "tabs": tabs("mailroom:lists")})


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def post_list(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One list with its letters; the reading is written down."""
    found = _list(request, pk)
    record("mailroom.list.read", ("mailroom.postlist", str(pk)), by=request.user)
    items = queries.items_of(found)
    context = {
        "list": found,
        "items": [(item, rules.is_doubtful(item.track)) for item in items],
        "without_track": sum(not item.track for item in items),
        "may_work": request.user.holds(Right.MAILROOM_WORK),
        "sizes": ENVELOPES,
    }
    return render(request, "mailroom/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def tracks(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Track numbers pasted at once."""
    found = _list(request, pk)
    form = TracksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            number = services.add_tracks(pk, text=form.cleaned_data["text"], by=request.user)
            messages.info(request, f"Записано трек-номеров: {number}.")

        if acts.carried_out(request, perform, form, said="Проверьте список перед печатью."):
            return redirect("mailroom:list", pk)
    return _asked(request, found, form, "Вставить трек-номера")


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def handing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The post has taken the list."""
    found = _list(request, pk)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            services.hand_over(pk, **form.arguments, by=request.user)

        if acts.carried_out(request, perform, form, said="Список сдан. Письма в пути."):
            return redirect("mailroom:list", pk)
    return _asked(request, found, form, "Сдано на почту")


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def paper(request: StaffRequest, pk: UUID, to: str) -> HttpResponse:
    """The list as a file."""
    found = _list(request, pk)
    if to not in documents.TYPES:
        raise Http404
    record("mailroom.list.print", ("mailroom.postlist", str(pk)), by=request.user, details={"format": to})
    content = papers.print_list(queries.paper_of(found, queries.items_of(found)), to)
    return pdf(content, f"list-{found.on:%Y-%m-%d}.{to}", documents.TYPES[to])


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def envelopes(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Envelopes of the whole list."""
    found = _list(request, pk)
    size = request.GET.get("size", "dl")
    items = [item for item in queries.items_of(found) if item.is_ready]
    if size not in ENVELOPES or not items:
        raise Http404
    for item in items:
        item.organisation = found.organisation
    record("mailroom.envelopes", ("mailroom.postlist", str(pk)), by=request.user, details={"number": len(items)})
    return pdf(papers.print_envelopes([queries.envelope_of(item) for item in items], size), f"envelopes-{size}.pdf")


def _asked(request: StaffRequest, found: PostList, form: acts.ActForm, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": f"Список № {found.number}",
        "save": title,
        "back": reverse("mailroom:list", args=[found.pk]),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


def _list(request: StaffRequest, pk: UUID) -> PostList:
    found = queries.list_of(pk, request.user)
    if found is None:
        raise Http404
    return found
