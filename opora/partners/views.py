"""Outside programs on the screen: list, card, key."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.partners import services
from opora.partners.forms import PartnerForm
from opora.partners.models import ApiPartner
from opora.shared.pages import keyset


@require_safe
@needs(Right.PARTNERS_EDIT)
def partners(request: HttpRequest) -> HttpResponse:
    found = ApiPartner.objects.accessible_to(_manager(request)).select_related("organisation")
    page = keyset(found, order=("name", "pk"), after=request.GET.get("after"))
    return render(request, "partners/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Right.PARTNERS_EDIT)
def partner_new(request: HttpRequest) -> HttpResponse:
    form = PartnerForm(request.POST or None, manager=_manager(request))
    if form.is_valid():
        partner = form.save()
        record("partners.add", partner, by=request.user, details={"rights": partner.rights})
        messages.success(request, "Внешняя система заведена. Выдайте ей первый ключ.")
        return redirect("partners:partner", partner.pk)
    context = {"form": form, "title": "Новая внешняя система"}
    return render(request, "partners/partner.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.PARTNERS_EDIT)
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = PartnerForm(request.POST or None, instance=row, manager=_manager(request))
    if form.is_valid():
        form.save()
        if not row.is_active or {"rights", "networks", "organisation"} & set(form.changed_data):
            services.revoke(row)
        record("partners.change", row, by=request.user, details={"fields": form.changed_data, "rights": row.rights})
        messages.success(request, "Сохранено.")
        return redirect("partners:partner", row.pk)
    return _card(request, row, form, status=422 if form.errors else 200)


@never_cache
@require_POST
@needs(Right.PARTNERS_EDIT)
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a key and show it, this once."""
    row = _found(request, pk)
    issued = services.issue_key(row, by=_manager(request))
    return _card(request, row, PartnerForm(instance=row, manager=_manager(request)), issued=issued)


@require_POST
@needs(Right.PARTNERS_EDIT)
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    services.close_partner(_found(request, pk), by=_manager(request))
    messages.success(request, "Внешняя система закрыта, её сеансы окончены.")
    return redirect("partners:list")


def _card(
    request: HttpRequest,
    row: ApiPartner,
    form: PartnerForm,
    *,
    issued: services.Issued | None = None,
    status: int = 200,
) -> HttpResponse:
    live = row.keys.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now()).order_by("-pk").first()
    context = {"form": form, "partner": row, "title": row.name, "issued": issued, "key": live}
    return render(request, "partners/partner.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> ApiPartner:
    found = ApiPartner.objects.accessible_to(_manager(request)).select_related("organisation")
    return get_object_or_404(found, pk=pk)


def _manager(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
