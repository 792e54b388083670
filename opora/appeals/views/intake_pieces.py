"""Pieces of the intake page: each is sent the whole sheet and gives back what has changed in it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.intaking.sheet import Sheet
from opora.appeals.views.intake import look
from opora.audit.services import uuid7
from opora.insured.guard import ask_purpose, purpose_of
from opora.insured.search import present, trace
from opora.insured.search.find import find
from opora.insured.search.parse import LONGEST_TEXT, parse
from opora.insured.search.views import is_enough, stranger
from opora.knowledge import feedback
from opora.knowledge.words import Miss
from opora.organisations.models import Organisation
from opora.organisations.requests import StaffRequest
from opora.shared import dates

CLINICS = 8
SAID, NAMELESS = "said", "nameless"


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def people(request: StaffRequest) -> HttpResponse:
    """Who may be meant by what is typed: the search of the register, the best first."""
    text = request.POST.get("q", "")[:LONGEST_TEXT]
    query = parse(text, today=timezone.localdate())
    context: dict[str, object] = {"text": text.strip()}
    if is_enough(query) and request.user.holds(Right.INSURED_SEARCH):
        found = find(query, request.user)
        trace.record(query, found, by=request.user, purpose=purpose_of(request))
        lines = [present.line(hit) for hit in found.hits[:CLINICS]]
        context |= {"is_asked": True, "lines": lines, "advice": present.advice(query, found), "notice": found.notice}
        if not lines:
            context["elsewhere"] = stranger(query, request.user, purpose_of(request))
    return render(request, "appeals/intake/people.html", context)


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def person(request: StaffRequest) -> HttpResponse:
    """Somebody is picked: found in the register, written down as he says, or left without a name."""
    data = request.POST.copy()
    pick = data.get("pick", "")
    data["person"] = pick if pick.isdecimal() else ""
    data["nameless"] = "on" if pick == NAMELESS else ""
    if pick == SAID:
        _as_said(data)
    elif pick != "keep":
        for name in ("surname", "given_name", "patronymic", "birth_on", "said"):
            data[name] = ""
    sheet = Sheet(request.user, data, _draft(request))
    if sheet.person is not None:
        if not purpose_of(request):
            return ask_purpose(request)  # type: ignore[return-value]
        look(request, sheet)
    elif pick.isdecimal():
        raise Http404
    return render(request, "appeals/intake/picked_person.html", {"sheet": sheet, "form": sheet.form, "oob": True})


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def topics(request: StaffRequest) -> HttpResponse:
    """Topics that fit the words or the code, and answers; two queries beside those of the guard."""
    text = request.POST.get("topic_q", "")[:200]
    sheet = Sheet(request.user, request.POST, _draft(request))
    context = {"topics": sheet.found_topics(text), "answers": sheet.found_answers(text), "text": text.strip()}
    return render(request, "appeals/intake/topics.html", context)


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def topic(request: StaffRequest) -> HttpResponse:
    """A topic is picked, or the kind has changed: topics, the answer to say, reasons, buttons."""
    data = request.POST.copy()
    if "pick" in data:
        data["topic"] = data.get("pick", "")
    sheet = Sheet(request.user, data, _draft(request))
    if "pick" in request.POST and sheet.topic is not None:
        _note_answer(sheet)
    return render(request, "appeals/intake/picked_topic.html", {"sheet": sheet, "form": sheet.form, "oob": True})


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def say(request: StaffRequest) -> HttpResponse:
    """What to say and what was before: after a phone has been typed or an earlier appeal linked."""
    data = request.POST.copy()
    if "pick" in data:
        data["repeats"] = data.get("pick", "")
    if "other" in data:
        data["card"] = str(data["other"])
    sheet = Sheet(request.user, data, _draft(request))
    return render(request, "appeals/intake/say.html", {"sheet": sheet, "form": sheet.form})


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def ways(request: StaffRequest) -> HttpResponse:
    """Where the appeal should go by the rules, when she is about to hand it over."""
    sheet = Sheet(request.user, request.POST, _draft(request))
    return render(request, "appeals/ways.html", {"ways": sheet.ways})


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def clinics(request: StaffRequest) -> HttpResponse:
    """Clinics of the territory by a part of the name or the code."""
    text = request.POST.get("clinic_q", "").strip()[:100]
    sheet = Sheet(request.user, request.POST, _draft(request))
    providers = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER, territory=sheet.actor.territory)
    named = providers.filter(code__startswith=text) if text.isdecimal() else providers.filter(name__icontains=text)
    return render(
        request,
        "appeals/intake/clinics.html",
        {"clinics": named.order_by("name")[:CLINICS] if text else [], "text": text},
    )


def _draft(request: StaffRequest) -> UUID:
    try:
        return UUID(request.POST.get("draft", ""))
    except ValueError:
        return uuid7()


def _note_answer(sheet: Sheet) -> None:
    """Count an answer that was shown; a topic without one is told to the editors."""
    if sheet.spoken is not None:
        feedback.note_shown(sheet.spoken.card.pk)
    elif sheet.topic is not None and sheet.employee.holds(Right.KNOWLEDGE_VIEW):
        feedback.note_miss(sheet.asked or sheet.topic.title, why=Miss.NOTHING, territory=sheet.actor.territory)


def _as_said(data: QueryDict) -> None:
    """Split what was typed into the search into a name and a birth date: «Иванов Пётр 14.03.85»."""
    words: list[str] = []
    for word in data.get("q", "")[:LONGEST_TEXT].split():
        try:
            data["birth_on"] = dates.show(dates.parse_day(word, today=timezone.localdate()))
        except dates.DayNotUnderstood:
            if not any(sign.isdigit() for sign in word):
                words.append(word.capitalize())
    for name, word in zip(("surname", "given_name", "patronymic"), [*words, "", "", ""], strict=False):
        data[name] = word
    data["said"] = "1"
