"""Contact quality: whom we can reach at all, and who has to be asked for a number."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.informing.models.quality import AgeGroup
from opora.informing.quality import queries
from opora.organisations.models import Organisation
from opora.organisations.requests import StaffRequest
from opora.shared.pages import keyset


@require_safe
@needs(Right.INFORMING_VIEW)
def standing(request: StaffRequest) -> HttpResponse:
    """Shares by channel, age and clinic, as counted last night."""
    provider = _clinic(request)
    found = queries.standing(request.user, provider=provider.pk if provider else None)
    return render(request, "informing/quality.html", {"standing": found, "provider": provider})


@require_safe
@needs(Right.INFORMING_VIEW)
def unreached(request: StaffRequest) -> HttpResponse:
    """The people behind a number: whom a channel does not reach."""
    lacks = request.GET.get("lacks", "")
    lacks = lacks if lacks in queries.LACKS else "phone"
    age = request.GET.get("age", "")
    of_none = request.GET.get("provider") == "0"
    provider = None if of_none else _clinic(request)
    chosen = provider.pk if provider else 0 if of_none else None
    found = queries.unreached(request.user, lacks=lacks, provider=chosen, age=age).select_related("person", "provider")
    page = keyset(found, order=("pk",), after=request.GET.get("after"))
    details = {"lacks": lacks, "provider": chosen, "age": age if age in AgeGroup.values else ""}
    record("informing.unreached", by=request.user, details=details)
    context = {
        "page": page,
        "lacks": lacks,
        "all_lacks": queries.LACKS.items(),
        "age": age,
        "ages": AgeGroup.choices,
        "provider": provider,
        "of_none": of_none,
    }
    return render(request, "informing/unreached.html", context)


def _clinic(request: StaffRequest) -> Organisation | None:
    number = request.GET.get("provider", "")
    if not number.isdecimal() or len(number) > 18 or number == "0":
        return None
    return get_object_or_404(Organisation.objects.providers(), pk=number)
