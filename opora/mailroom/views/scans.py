"""Scans: taken in, opened, taken off."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.mailroom import queries, services
from opora.mailroom.errors import NoSuchPaper
from opora.mailroom.forms import WhyForm
from opora.mailroom.models import Incoming
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.typography import counted

MOST_AT_ONCE = 10


@require_POST
@needs(Right.MAILROOM_WORK)
def add(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Several files, each by itself: what is refused is named and does not hold up the others."""
    _letter(request, pk)
    sent = request.FILES.getlist("files")[:MOST_AT_ONCE]
    added = 0
    for one in sent:
        name = str(one.name or "")
        try:
            services.add_scan(pk, name=name, content=one.read(settings.FILE_LIMIT + 1), by=request.user)
        except DomainError as refusal:
            messages.warning(request, f"{name[:80]}: {refusal.sentence}")
        else:
            added += 1
    if added:
        messages.success(request, f"Приложено: {counted(added, 'файл', 'файла', 'файлов')}.")
    if not sent:
        messages.warning(request, "Выберите файл скана.")
    return redirect(f"{reverse('mailroom:letter', args=[pk])}#scans")


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def file(request: StaffRequest, pk: UUID, scan: int) -> FileResponse:
    """The bytes of a scan, saved and never shown in the browser; the taking is written down."""
    try:
        found, stream = services.open_scan(_letter(request, pk), scan, by=request.user)
    except NoSuchPaper as refusal:
        raise Http404 from refusal
    answer = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def page(request: StaffRequest, pk: UUID, scan: int, number: int) -> FileResponse:
    """The picture of a page: made by us, never the file that was sent."""
    try:
        stream = services.open_page(_letter(request, pk), scan, number)
    except NoSuchPaper as refusal:
        raise Http404 from refusal
    answer = FileResponse(stream, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def removal(request: StaffRequest, pk: UUID, scan: int) -> HttpResponse:
    """Take a scan off, with a reason."""
    letter = _letter(request, pk)
    if not letter.scans.filter(pk=scan).exists():
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            services.remove_scan(pk, scan, **form.arguments, by=request.user)

        if acts.carried_out(request, perform, form, said="Скан убран."):
            return redirect("mailroom:letter", pk)
    context = {
        "form": form,
        "title": "Убрать скан",
        "about": f"Письмо № {letter.number}",
        "save": "Убрать",
        "back": reverse("mailroom:letter", args=[pk]),
        "version": letter.version,
    }
    return render(request, "mailroom/form.html", context, status=422 if form.errors else 200)


def _letter(request: StaffRequest, pk: UUID) -> Incoming:
    found = queries.letter_of(pk, request.user)
    if found is None:
        raise Http404
    return found
