"""One press: this number is right, wrong, dead, first. Nothing is asked «Вы уверены?», everything can be taken back."""

from __future__ import annotations

from datetime import date

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from opora.access.rights import Right
from opora.insured import services
from opora.insured.guard import on_card
from opora.insured.models import Contact, Person
from opora.insured.services.contacts import Mark
from opora.insured.views.card import context_of, employee_of, said
from opora.shared.toasts import toast, trigger

SALT, UNDO_SECONDS = "insured.undo", 3600
WORDS = {
    Contact.State.CONFIRMED: "подтверждён",
    Contact.State.WRONG: "помечен как чужой",
    Contact.State.DEAD: "помечен как нерабочий",
    Contact.State.UNCONFIRMED: "снова без пометки",
}


@require_POST
@on_card(Right.INSURED_EDIT, action="insured.contact.change")
def mark(request: HttpRequest, person: Person, contact: int) -> HttpResponse:
    """Confirmed, wrong, dead, or without a mark."""
    row = get_object_or_404(Contact, pk=contact, person=person)
    state = request.POST.get("state", "")
    if state not in Contact.State.values:
        raise Http404
    former = services.mark_contact(row.pk, state=state, by=employee_of(request))
    return answer(request, person, f"{said(row)} {WORDS[Contact.State(state)]}", row, former)


@require_POST
@on_card(Right.INSURED_EDIT, action="insured.contact.change")
def preference(request: HttpRequest, person: Person, contact: int) -> HttpResponse:
    """Phone here first."""
    row = get_object_or_404(Contact, pk=contact, person=person)
    former = services.prefer_contact(row.pk, by=employee_of(request))
    return answer(request, person, f"{said(row)} теперь первый", row, former)


@require_POST
@on_card(Right.INSURED_EDIT, action="insured.contact.add")
def told(request: HttpRequest, person: Person) -> HttpResponse:
    """The number the person has just named: kept, confirmed, the first. ``piece=hint`` asks for the hint alone."""
    row = services.take_phone(person.pk, value=request.POST.get("phone", ""), by=employee_of(request))
    if request.GET.get("piece") == "hint":
        return render(request, "insured/ask_phone.html", {"kept": said(row)})
    if not request.headers.get("HX-Request"):
        return redirect("insured:card", person.pk)
    page = render(request, "insured/card.html#contacts", context_of(request, person))
    return toast(page, f"{said(row)} записан и подтверждён.")


@require_POST
@on_card(Right.INSURED_EDIT, action="insured.contact.change")
def undo(request: HttpRequest, person: Person) -> HttpResponse:
    """Bring a former mark back; the token in the address is ours and lives an hour."""
    try:
        token = signing.loads(request.GET.get("token", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as fault:
        raise Http404 from fault
    row = get_object_or_404(Contact, pk=token["contact"], person=person)
    confirmed_on = date.fromisoformat(token["on"]) if token["on"] else None
    former = Mark(token["state"], confirmed_on, token["first"], token["by"], token["failures"])
    services.restore_contact(row.pk, mark=former, by=employee_of(request))
    if not request.headers.get("HX-Request"):
        return redirect("insured:card", person.pk)
    return toast(trigger(HttpResponse(status=204), "contacts-changed", None), "Вернули как было")


def answer(request: HttpRequest, person: Person, text: str, row: Contact, former: Mark) -> HttpResponse:
    """The part of the page anew, with a way back."""
    if not request.headers.get("HX-Request"):
        return redirect("insured:card", person.pk)
    on = former.confirmed_on.isoformat() if former.confirmed_on else ""
    token = {
        "contact": row.pk,
        "state": former.state,
        "on": on,
        "first": former.is_preferred,
        "by": former.confirmed_by,
        "failures": former.failures,
    }
    address = f"{reverse('insured:undo', args=[person.pk])}?token={signing.dumps(token, salt=SALT)}"
    page = render(request, "insured/card.html#contacts", context_of(request, person))
    return toast(page, f"{text}.", undo=address)
