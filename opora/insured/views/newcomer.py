"""A card made by hand; whoever may already be in the register is shown before it is saved."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.insured import services
from opora.insured.duplicates import Likeness, likenesses
from opora.insured.elsewhere import InsuredElsewhere, insurer_of_stranger
from opora.insured.forms import NewPersonForm
from opora.insured.guard import ask_purpose, purpose_of
from opora.organisations.models import Employee, Organisation
from opora.shared import dates, enp, snils
from opora.shared.errors import DomainError


@require_http_methods(["GET", "POST"])
@needs(Right.INSURED_EDIT)
def newcomer(request: HttpRequest) -> HttpResponseBase:
    """The form of a new card."""
    if not purpose_of(request):
        return ask_purpose(request)
    employee = cast(Employee, request.user)
    form = NewPersonForm(request.POST or None, employee=employee)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found, elsewhere = known(request, form.identity)
        if elsewhere or (found and not form.cleaned_data["another"]):
            form.ask_whether_another()
            context |= {"found": found, "elsewhere": elsewhere, "stopped": True}
        elif (person := register(form, employee)) is not None:
            messages.success(request, "Карточка создана.")
            return redirect("insured:card", person.pk)
    status = 422 if form.errors or context.get("stopped") else 200
    return render(request, "insured/new.html", context, status=status)


@require_POST
@needs(Right.INSURED_EDIT)
def alike(request: HttpRequest) -> HttpResponseBase:
    """Who is like the half-filled form: asked whenever a field of it is left."""
    if not purpose_of(request):
        return ask_purpose(request)
    found, elsewhere = known(request, half_filled(request))
    return render(request, "insured/new.html#alike", {"found": found, "elsewhere": elsewhere})


def register(form: NewPersonForm, employee: Employee) -> Any:
    """Make the card; a refusal becomes an error of the form."""
    data = form.cleaned_data
    assert employee.assignment is not None  # noqa: S101 - ``needs`` has looked; for the type checker
    try:
        return services.register_person(
            identity=form.identity,
            territory=employee.assignment.organisation.territory,
            insurer=cast(Organisation, data["insurer"]),
            policy_kind=int(data["policy_kind"]),
            policy_number=data["policy_number"],
            policy_since=data["policy_since"],
            by=employee,
        )
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return None


def known(request: HttpRequest, identity: dict[str, Any]) -> tuple[list[Likeness], InsuredElsewhere | None]:
    """Return the cards of her scope that may be he, else the insurer that has his ЕНП. A search: it leaves a line."""
    employee = cast(Employee, request.user)
    asked = {name: identity.get(name) for name in ("enp", "snils", "surname", "given_name", "birth_on")}
    found = likenesses(**asked, by=employee)
    fields = sorted(name for name, value in asked.items() if value)
    if found:
        record("insured.alike", by=employee, purpose=purpose_of(request), details={"by": fields, "found": len(found)})
    elsewhere = None
    if not found and asked["enp"]:
        elsewhere = insurer_of_stranger(asked["enp"], by=employee, purpose=purpose_of(request))
    return found, elsewhere


def half_filled(request: HttpRequest) -> dict[str, Any]:
    """Return what can be read of the fields so far; what cannot is left out without a word."""
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("surname", "given_name")}
    today = timezone.localdate()
    return {
        **typed,
        "enp": _read(enp.normalise, request.POST.get("enp", "")),
        "snils": _read(snils.normalise, request.POST.get("snils", "")),
        "birth_on": _read(lambda text: dates.parse_day(text, today=today), request.POST.get("birth_on", "")),
    }


def _read(understand: Any, text: str) -> Any:
    try:
        return understand(text) if text.strip() else None
    except ValueError:
        return None
