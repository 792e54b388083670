"""The page of a person, its parts, and what is done with it while he is on the line."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opora.access.rights import Right
from opora.audit.services import record
from opora.insured import card as cards
from opora.insured import panels
from opora.insured.guard import on_card, purpose_of
from opora.insured.identification import Asked, Caller, identify
from opora.insured.models import Consent, Contact, IdentityDocument, Person
from opora.organisations.models import Employee
from opora.shared import enp, phones, snils

SHORT = {Consent.Purpose.INFORMING: "По закону", Consent.Purpose.SURVEY: "Опросы", Consent.Purpose.NEWS: "Новости"}
IDENTIFIED, REMEMBERED = "identified", 30


def employee_of(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)


@require_GET
@on_card(Right.INSURED_VIEW)
def person(request: HttpRequest, person: Person) -> HttpResponse:
    """One look at a person."""
    record("insured.card.read", person, by=request.user, purpose=purpose_of(request))
    return render(request, "insured/card.html", context_of(request, person, with_panels=True))


@require_GET
@on_card(Right.INSURED_VIEW, action="insured.card.print")
def paper(request: HttpRequest, person: Person) -> HttpResponse:
    """The sheet for the printer: what a clinic's desk or the person himself needs, and no more."""
    record("insured.card.print", person, by=request.user, purpose=purpose_of(request))
    return render(request, "insured/paper.html", context_of(request, person))


@require_GET
@on_card(Right.INSURED_VIEW)
def contacts(request: HttpRequest, person: Person) -> HttpResponse:
    """The part «Как связаться», asked again after a mark has been undone."""
    record("insured.card.read", person, by=request.user, purpose=purpose_of(request), details={"part": "contacts"})
    return render(request, "insured/card.html#contacts", context_of(request, person))


@require_GET
@on_card(Right.INSURED_VIEW, action="insured.panel.read")
def panel(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """One lazy panel of another room."""
    employee = employee_of(request)
    found = next((panel for panel in panels.allowed(employee) if panel.slug == slug), None)
    if found is None:
        raise Http404
    record("insured.panel.read", person, by=employee, purpose=purpose_of(request), details={"panel": slug})
    return render(request, "insured/panel.html", {"drawn": panels.draw(found, request, person, employee)})


@require_POST
@on_card(Right.INSURED_VIEW, action="insured.card.reveal")
def revealed(request: HttpRequest, person: Person) -> HttpResponse:
    """Show one masked number; every look leaves a line that says at what."""
    what = request.POST.get("what", "")
    value = number_of(person, what)
    if value is None:
        raise Http404
    record("insured.card.reveal", person, by=request.user, purpose=purpose_of(request), details={"what": what})
    return render(request, "insured/revealed.html", {"value": value})


@require_POST
@on_card(Right.INSURED_VIEW, action="insured.identification")
def identification(request: HttpRequest, person: Person) -> HttpResponse:
    """Keep what the caller named and say whether that is enough."""
    asked = {name for name in request.POST.getlist("asked") if name in Asked.values}
    caller = request.POST.get("caller", "")
    caller = caller if caller in Caller.values else Caller.SELF
    found = identify(person, asked=asked, caller=caller, by=employee_of(request), purpose=purpose_of(request))
    remember(request, person, found.is_identified)
    if not request.headers.get("HX-Request"):
        messages.info(request, f"{found.words[0].upper()}{found.words[1:]}.")
        return redirect("insured:card", person.pk)
    context = {
        "person": person,
        "found": found,
        "asked": asked,
        "caller": caller,
        **identification_context(request, person),
    }
    return render(request, "insured/identification.html", context)


def context_of(request: HttpRequest, person: Person, *, with_panels: bool = False) -> dict[str, Any]:
    """What every part of the page is made of."""
    employee = employee_of(request)
    may_edit = employee.holds(Right.INSURED_EDIT)
    context: dict[str, Any] = {
        "person": person,
        "card": cards.of(person),
        "may_edit": may_edit,
        "may_see_history": employee.holds(Right.INSURED_HISTORY),
        "own_insurer": employee.scope.insurer,
        "purposes": [SHORT[purpose] for purpose in Consent.Purpose],
        "at": timezone.localtime(),
        **identification_context(request, person),
    }
    if with_panels:
        context["open_panels"] = panels.drawn(request, person, employee, "open")
        context["main_panels"] = panels.drawn(request, person, employee, "main")
    return context


def identification_context(request: HttpRequest, person: Person) -> dict[str, Any]:
    return {
        "to_ask": Asked.choices,
        "callers": Caller.choices,
        "identified_at": request.session.get(IDENTIFIED, {}).get(str(person.pk), ""),
    }


def remember(request: HttpRequest, person: Person, is_identified: bool) -> None:
    """Keep in the session when the caller proved himself, so that the page does not ask twice."""
    known: dict[str, str] = dict(request.session.get(IDENTIFIED, {}))
    known.pop(str(person.pk), None)
    if is_identified:
        known[str(person.pk)] = f"{timezone.localtime():%H:%M}"
    request.session[IDENTIFIED] = dict(list(known.items())[-REMEMBERED:])


def number_of(person: Person, what: str) -> str | None:
    """Return a number of the card in full: «enp», «snils», «document-12», «contact-5»; None for anything else."""
    if what == "enp":
        return enp.show(person.enp) if person.enp else None
    if what == "snils":
        return snils.show(person.snils) if person.snils else None
    kind, _, key = what.partition("-")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    if kind == "document":
        document = IdentityDocument.objects.filter(person=person, pk=int(key)).first()
        return f"{document.series} {document.number}".strip() if document else None
    if kind == "contact":
        contact = Contact.objects.filter(person=person, pk=int(key)).first()
        return said(contact) if contact else None
    return None


def said(contact: Contact) -> str:
    """Return a contact as it is read aloud."""
    is_phone = contact.kind == Contact.Kind.PHONE and contact.normalised
    return phones.show(f"+{contact.normalised}") if is_phone else contact.value
