"""«Управление → Чат»: the chats of her organisation, what they say and which sites may open them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.chat import services
from opora.chat.forms import OpenForm, PlaceForm
from opora.chat.models import Place
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError


@require_safe
@needs(Right.CHAT_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    rows = Place.objects.accessible_to(request.user).select_related("organisation")
    return render(request, "chat/places.html", {"places": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHAT_EDIT)
def opening(request: StaffRequest) -> HttpResponse:
    form = OpenForm(request.POST or None, employee=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_place(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("slug", refusal.sentence)
        else:
            return redirect("chat:place", made.pk)
    context = {
        "form": form,
        "title": "Новый чат",
        "about": "Часы и телефоны возьмём из справочника организаций.",
        "save": "Завести",
        "back": reverse("chat:places"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHAT_EDIT)
def place(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Place.objects.accessible_to(request.user).select_related("organisation"), pk=pk)
    form = PlaceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        version = changes.pop("version")
        try:
            services.change_place(pk, version=version, changes=changes, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Чат сохранён.")
            return redirect("chat:place", pk)
    found.refresh_from_db()
    script = request.build_absolute_uri("/static/chat/widget.js")
    context = {
        "form": form,
        "title": f"Чат: {found.name}",
        "save": "Сохранить",
        "back": reverse("chat:places"),
        "place": found,
        "embed": f'<script src="{script}" data-place="{found.slug}" async></script>',
    }
    return render(request, "chat/place.html", context, status=422 if form.errors else 200)
