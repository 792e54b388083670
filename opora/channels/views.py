"""Providers on the screen: list, card, a try of the line, a trial message, what the stand-in was given."""

import hmac
import json
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs, public
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.channels import queries, receipts, services
from opora.channels.errors import GatewayUnexpected, SecretUnreadable
from opora.channels.forms import KindForm, ProviderForm, TrialForm
from opora.channels.models import Given, Provider
from opora.channels.ports import Accepted, Refused, gateway
from opora.channels.words import Kind
from opora.organisations.models import Employee
from opora.shared.pages import keyset

MOST_BROUGHT = 1_000_000  # octets


@require_safe
@needs(Right.CHANNELS_VIEW)
def providers(request: HttpRequest) -> HttpResponse:
    found = Provider.objects.accessible_to(_reader(request)).select_related("organisation")
    page = keyset(found, order=("channel", "title", "pk"), after=request.GET.get("after"))
    health = queries.moods_of(page)
    rows = [(one, health[one.pk]) for one in page]
    may_edit = _reader(request).holds(Right.CHANNELS_EDIT)
    return render(request, "channels/list.html", {"page": page, "rows": rows, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
@needs(Right.CHANNELS_EDIT)
def provider_new(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    if kind not in Kind.values:
        return render(request, "channels/kind.html", {"form": KindForm()})
    form = ProviderForm(request.POST or None, kind=kind, manager=_reader(request))
    if form.is_valid():
        row = services.save_provider(form.save(commit=False), form.secrets, by=_reader(request), changed=[])
        messages.success(request, "Провайдер подключён. Проверьте связь и отправьте пробное сообщение.")
        return redirect("channels:provider", row.pk)
    context = {"form": form, "title": f"Новый провайдер: {Kind(kind).label}"}
    return render(request, "channels/provider.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.CHANNELS_VIEW)
def provider(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    if not _reader(request).holds(Right.CHANNELS_EDIT):
        if request.method == "POST":
            return HttpResponseForbidden()
        return _card(request, row, None)
    form = ProviderForm(request.POST or None, instance=row, kind=row.kind, manager=_reader(request))
    if form.is_valid():
        services.save_provider(form.save(commit=False), form.secrets, by=_reader(request), changed=form.changed_names)
        messages.success(request, "Сохранено. Отправка возьмёт новые настройки, когда заново откроет соединение.")
        return redirect("channels:provider", row.pk)
    return _card(request, row, form, status=422 if form.errors else 200)


@require_POST
@needs(Right.CHANNELS_EDIT)
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the line to the provider."""
    fault = services.try_line(_found(request, pk), by=_reader(request))
    if fault is None:
        messages.success(request, "Связь есть.")
    else:
        messages.error(request, fault.sentence)
    return redirect("channels:provider", pk)


@require_POST
@needs(Right.CHANNELS_EDIT)
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one message and say what the provider answered."""
    row = _found(request, pk)
    form = TrialForm(request.POST)
    if not form.is_valid():
        editing = ProviderForm(instance=row, kind=row.kind, manager=_reader(request))
        return _card(request, row, editing, trial=form, status=422)
    answer = services.send_trial(row, form.cleaned_data["to"], form.cleaned_data["text"], by=_reader(request))
    if isinstance(answer, Accepted):
        parts = len(answer.message_ids)
        messages.success(request, f"Провайдер принял сообщение: номер {answer.message_id}, частей {parts}.")
    elif isinstance(answer, Refused):
        manner = "навсегда" if answer.is_permanent else "на время"
        messages.error(request, f"Провайдер отказал {manner}: код {answer.code}. {answer.words}".strip())
    else:
        messages.error(request, "Провайдер не ответил. Сообщение могло уйти; второй раз не отправляйте.")
    return redirect("channels:provider", pk)


@require_safe
@needs(Right.CHANNELS_VIEW)
def given(request: HttpRequest, pk: int) -> HttpResponse:
    """What the stand-in was given. Addresses and texts of people: looking is written down."""
    row = _found(request, pk)
    page = keyset(Given.objects.filter(provider=row), order=("-pk",), after=request.GET.get("after"))
    record("channels.given.read", row, by=request.user)
    return render(request, "channels/given.html", {"provider": row, "page": page})


@csrf_exempt
@require_http_methods(["GET", "POST"])
@public("отчёты приносит программа провайдера: её узнают по секрету в адресе")
def brought(request: HttpRequest, pk: int, secret: str) -> HttpResponse:
    """Take receipts a provider brings. The answer comes when they are stored; anything else he brings again."""
    with enter(Scope.system("a provider is known by the secret in the address, before any scope is")):
        row = Provider.objects.filter(pk=pk, kind=Kind.HTTP).first()
        try:
            link = row.link() if row else None
        except SecretUnreadable:
            link = None
        known = link.secrets.get("callback_secret", "") if link else ""
        if link is None or not known or not hmac.compare_digest(known.encode(), secret.encode()):
            return HttpResponseForbidden()
        try:
            receipts.take(link, gateway(link.kind).brought(link, _body(request)))
        except GatewayUnexpected:
            return HttpResponse("unreadable", status=422, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def _body(request: HttpRequest) -> str:
    """Return what was brought as JSON, whichever way it came: a body, a form, or the address."""
    fields = request.GET if request.method == "GET" else request.POST
    if fields:
        return json.dumps(fields.dict())
    return request.body[:MOST_BROUGHT].decode("utf-8", "replace")


def _card(
    request: HttpRequest,
    row: Provider,
    form: ProviderForm | None,
    *,
    trial: TrialForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "provider": row,
        "title": row.title,
        "trial": trial or TrialForm(),
        "health": queries.moods_of([row])[row.pk],
        "is_http": row.kind == Kind.HTTP,
        "is_standin": row.kind == Kind.STANDIN,
    }
    return render(request, "channels/provider.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> Provider:
    found = Provider.objects.accessible_to(_reader(request)).select_related("organisation")
    return get_object_or_404(found, pk=pk)


def _reader(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
