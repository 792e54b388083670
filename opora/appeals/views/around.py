"""What stands around an appeal on its card: files, promises to phone back, links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.rights import Right
from opora.appeals import services
from opora.appeals.around_forms import CalledForm, MissedForm, ReasonForm
from opora.appeals.models import Appeal, Callback, File, Grant, Relation
from opora.appeals.views.card import on_card, purpose_of
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.typography import counted

MOST_AT_ONCE = 20


@require_POST
@on_card(Right.APPEALS_HANDLE, action="appeals.add_file")
def files(request: StaffRequest, appeal: Appeal, grant: Grant) -> HttpResponse:
    """Attach several files: each by itself, what is refused is named and does not hold up the others."""
    sent = request.FILES.getlist("files")[:MOST_AT_ONCE]
    added = 0
    for one in sent:
        name = str(one.name or "")
        try:
            with transaction.atomic():
                content = one.read(settings.FILE_LIMIT + 1)
                services.add_file(appeal.pk, name=name, content=content, by=request.user)
        except DomainError as refusal:
            messages.warning(request, f"{name[:80]}: {refusal.sentence}")
        else:
            added += 1
    if added:
        messages.success(request, f"Приложено: {counted(added, 'файл', 'файла', 'файлов')}.")
    if not sent:
        messages.warning(request, "Выберите файлы, чтобы приложить их.")
    return redirect(_card(appeal, "files"))


@require_safe
@never_cache
@on_card(Right.APPEALS_VIEW, action="appeals.file.read")
def file(request: StaffRequest, appeal: Appeal, grant: Grant, pk: UUID) -> FileResponse:
    """The bytes of a file, saved and never shown in the browser."""
    _of(appeal, File, pk)
    found, stream = services.read_file(pk, by=request.user, purpose=purpose_of(request))
    answer = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
@on_card(Right.APPEALS_HANDLE, action="appeals.remove_file")
def file_removal(request: StaffRequest, appeal: Appeal, grant: Grant, pk: UUID) -> HttpResponse:
    _of(appeal, File, pk)
    return _ask(
        request,
        appeal,
        ReasonForm,
        lambda data: services.remove_file(pk, **data, by=request.user),
        title="Убрать файл",
        save="Убрать",
        done="Файл убран.",
        section="files",
    )


@require_http_methods(["GET", "POST"])
@on_card(Right.APPEALS_HANDLE, action="appeals.complete_callback")
def callback_done(request: StaffRequest, appeal: Appeal, grant: Grant, pk: int) -> HttpResponse:
    _of(appeal, Callback, pk)
    return _ask(
        request,
        appeal,
        CalledForm,
        lambda data: services.complete_callback(pk, **data, by=request.user),
        title="Перезвонили",
        save="Записать",
        done="Обещание выполнено.",
        section="callbacks",
    )


@require_http_methods(["GET", "POST"])
@on_card(Right.APPEALS_HANDLE, action="appeals.miss_callback")
def callback_missed(request: StaffRequest, appeal: Appeal, grant: Grant, pk: int) -> HttpResponse:
    _of(appeal, Callback, pk)
    return _ask(
        request,
        appeal,
        MissedForm,
        lambda data: services.miss_callback(pk, **data, by=request.user),
        title="Не дозвонились",
        save="Записать",
        done="Попытка записана.",
        section="callbacks",
    )


@require_http_methods(["GET", "POST"])
@on_card(Right.APPEALS_HANDLE, action="appeals.unlink")
def relation_removal(request: StaffRequest, appeal: Appeal, grant: Grant, pk: int) -> HttpResponse:
    found = Relation.objects.filter(pk=pk).first()
    if found is None or appeal.pk not in {found.earlier_id, found.later_id}:
        raise Http404
    return _ask(
        request,
        appeal,
        ReasonForm,
        lambda data: services.unlink(pk, **data, by=request.user),
        title="Снять связь",
        save="Снять",
        done="Связь снята.",
        section="relations",
    )


def _ask(
    request: StaffRequest,
    appeal: Appeal,
    asked: type[forms.Form],
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    save: str,
    done: str,
    section: str,
) -> HttpResponse:
    """GET asks, POST does; a refusal stands above the form with what was typed."""
    back = _card(appeal, section)
    form = asked(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                do(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "title": title, "about": f"Обращение {appeal.number}", "save": save, "back": back}
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


def _of(appeal: Appeal, model: type[File] | type[Callback], pk: Any) -> None:
    """What belongs to another appeal does not exist under this number."""
    if not model._default_manager.filter(pk=pk, appeal_id=appeal.pk).exists():
        raise Http404


def _card(appeal: Appeal, section: str) -> str:
    return f"{reverse('appeals:card', args=[appeal.number])}#{section}"
