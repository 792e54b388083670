"""The book of incoming letters: today's, what is not settled yet, one letter and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import file_kinds
from opora.audit.services import record
from opora.mailroom import papers, queries, services
from opora.mailroom.errors import AlreadyCame
from opora.mailroom.forms import LetterForm, LinkForm, WhyForm
from opora.mailroom.models import Incoming
from opora.mailroom.papers.shapes import LABELS, PLACES
from opora.mailroom.reading.pages import MOST_PAGES
from opora.mailroom.tabs import tabs
from opora.mailroom.words import IncomingState
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.pages import keyset

SHOWN = {"today": "Сегодня", "new": "Не разобраны", "all": "Все"}
SCANS = ",".join(one for one in file_kinds.ENDINGS if one in {".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})
WAY = "mailroom-way"  # how the last letter came: a bag is registered one after another


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def listed(request: StaffRequest) -> HttpResponse:
    """Letters of today, of nobody yet, or all; the newest first."""
    what = request.GET.get("show", "today")
    what = what if what in SHOWN else "today"
    found = queries.letters(
        request.user,
        state=IncomingState.NEW if what == "new" else "",
        day=timezone.localdate() if what == "today" else None,
    )
    context = {
        "page": keyset(found, order=("-registered_at", "-pk"), after=request.GET.get("after"), is_total=True),
        "what": what,
        **_frame(request),
    }
    return render(request, "mailroom/letters.html", context)


@require_POST
@never_cache
@needs(Right.MAILROOM_VIEW)
def search(request: StaffRequest) -> HttpResponse:
    """Letters by a number or by words; what is looked for travels in the body, not in the address."""
    text = request.POST.get("q", "")[:200]
    found = queries.search(text, request.user)
    record("mailroom.search", ("mailroom.incoming", ""), by=request.user, details={"found": len(found)})
    return render(request, "mailroom/letters.html", {"found": found, "q": text, **_frame(request)})


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def new(request: StaffRequest) -> HttpResponse:
    """Register a letter; «и следующее» opens the next one at once."""
    form = LetterForm(request.POST or None, initial={"way": request.session.get(WAY, "post")})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                letter = services.register(form.letter, again=form.cleaned_data["again"], by=request.user)
        except AlreadyCame as refusal:
            form.ask_again()
            acts.refuse(form, refusal)
        except DomainError as refusal:
            acts.refuse(form, refusal)
        else:
            request.session[WAY] = letter.way
            messages.success(request, f"Зарегистрировано: № {letter.number}.")
            if request.POST.get("next") == "again":
                return redirect("mailroom:new")
            return redirect("mailroom:letter", letter.pk)
    context = {
        "form": form,
        "title": "Новое письмо",
        "about": "Номер даст программа. На письмо наклейте этикетку или впишите номер от руки.",
        "save": "Зарегистрировать",
        "back": reverse("mailroom:letters"),
    }
    return render(request, "mailroom/new.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def letter(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One letter as a whole; the reading is written down."""
    found = _letter(request, pk)
    record("mailroom.read", ("mailroom.incoming", str(pk)), by=request.user)
    works = request.user.holds(Right.MAILROOM_WORK) and found.forgotten_at is None
    context = {
        "letter": found,
        "shown": queries.shown(found, request.user),
        "may_work": works,
        "may_register": works and request.user.holds(Right.APPEALS_REGISTER),
        "may_link": works and request.user.holds(Right.APPEALS_HANDLE),
        "endings": SCANS,
        "most_pages": MOST_PAGES,
        "places": range(1, PLACES + 1),
    }
    return render(request, "mailroom/letter.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def editing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put right what was typed."""
    found = _letter(request, pk)
    form = LetterForm(request.POST or None, initial=LetterForm.initial_of(found))
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            services.amend(pk, form.letter, version=acts.version(request), by=request.user)

        if acts.carried_out(request, perform, form, said="Исправлено."):
            return redirect("mailroom:letter", pk)
    return _asked(request, found, form, "Исправить", f"Письмо № {found.number}")


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def act(request: StaffRequest, pk: UUID, act: str) -> HttpResponse:
    """What is done with a letter: intake, an appeal that is there, no appeal, back again."""
    found = _letter(request, pk)
    if act == "intake":
        return _intake(request, pk)
    if act not in _ACTS:
        raise Http404
    title, said, form_type, service = _ACTS[act]
    form = form_type(request.POST or None) if form_type else None
    if request.method == "GET":
        return redirect("mailroom:letter", pk) if form is None else _asked(request, found, form, title, title)
    if form is None or form.is_valid():

        def perform() -> None:
            given = form.arguments if form else {}
            service(pk, **given, version=acts.version(request), by=request.user)

        if acts.carried_out(request, perform, form, said=said) or form is None:
            return redirect("mailroom:letter", pk)
    return _asked(request, found, form, title, title)


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def label(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The stamp label: for a label printer, or for a place on a sheet of labels."""
    found = _letter(request, pk)
    size, place = request.GET.get("size", "roll"), request.GET.get("place", "1")
    if size not in LABELS or not (place.isascii() and place.isdigit() and 1 <= int(place[:3]) <= PLACES):
        raise Http404
    content = papers.print_stamp(queries.stamp_of(found), size, place=int(place[:3]))
    return pdf(content, f"label-{found.year}-{found.sequence}.pdf")


def pdf(content: bytes, name: str, kind: str = "application/pdf") -> HttpResponse:
    """A file that is opened beside the page and printed from there."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{"inline" if kind == "application/pdf" else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _intake(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open intake with what the book says."""
    if request.method == "GET" or not request.user.holds(Right.APPEALS_REGISTER):
        return redirect("mailroom:letter", pk)
    try:
        with transaction.atomic():
            draft = services.open_intake(pk, version=acts.version(request), by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("mailroom:letter", pk)
    return redirect(f"{reverse('appeals:new')}?draft={draft}")


_ACTS: dict[str, tuple[str, str, type[acts.ActForm] | None, Callable[..., object]]] = {
    "link": ("Связать с обращением", "Письмо в обращении.", LinkForm, services.link),
    "file": ("Не обращение", "Письмо разобрано.", WhyForm, services.file_away),
    "reopen": ("Вернуть в разбор", "Письмо снова в разборе.", None, services.reopen),
}


def _asked(
    request: StaffRequest, found: Incoming, form: django_forms.Form | None, save: str, title: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": f"№ {found.number}, {found.sender}",
        "save": save,
        "back": reverse("mailroom:letter", args=[found.pk]),
        "version": found.version,
    }
    return render(request, "mailroom/form.html", context, status=422 if form is not None and form.errors else 200)


def _letter(request: StaffRequest, pk: UUID) -> Incoming:
    found = queries.letter_of(pk, request.user)
    if found is None:
        raise Http404
    return found


def _frame(request: StaffRequest) -> dict[str, Any]:
    return {"tabs": tabs("mailroom:letters"), "chips": SHOWN, "may_work": request.user.holds(Right.MAILROOM_WORK)}
