"""Synonyms of the search: listed, tried on a question, added, taken away and brought back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.knowledge import errors, synonyms
from opora.knowledge.forms import SynonymsForm
from opora.knowledge.trying import effect as effect_of
from opora.knowledge.views.cards import tabs, territory_of
from opora.organisations.requests import StaffRequest

LONGEST = 200


@require_http_methods(["GET", "POST"])
@needs(Right.KNOWLEDGE_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    """Groups of her territory and shipped ones; POST adds a group."""
    territory = territory_of(request)
    form = SynonymsForm(request.POST or None, initial={"names": request.GET.get("names", "")[:LONGEST]})
    if request.method == "POST" and form.is_valid():
        try:
            synonyms.add(form.cleaned_data["names"], territory=territory, by=request.user)
        except errors.SynonymsTaken as refusal:
            form.add_error("names", refusal.sentence)
        else:
            messages.success(request, "Слова записаны: поиск уже учитывает их")
            return redirect("knowledge:synonyms")
    found = synonyms.groups(territory)
    text = " ".join(request.GET.get("q", "")[:LONGEST].lower().split())
    context = {
        "form": form,
        "groups": [group for group in found if any(text in name.lower() for name in group.names)],
        "own": sum(not group.is_shipped for group in found),
        "all": len(found),
        "text": text,
        "tabs": tabs("synonyms", request),
    }
    return render(request, "knowledge/synonyms.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.KNOWLEDGE_EDIT)
def effect(request: StaffRequest) -> HttpResponse:
    """What a sample question finds with the typed words and without them; nothing is kept."""
    form = SynonymsForm(request.POST)
    context = {"form": form, "fault": "", "effect": None}
    if not form.is_valid():
        context["fault"] = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
    elif not form.cleaned_data["sample"].strip():
        context["fault"] = "Напишите вопрос для пробы."
    else:
        names, sample = form.cleaned_data["names"], form.cleaned_data["sample"]
        context["effect"] = effect_of(sample, names, territory=territory_of(request))
    return render(request, "knowledge/synonyms_effect.html", context)


@require_GET
@needs(Right.KNOWLEDGE_EDIT)
def one(request: StaffRequest, mark: str) -> HttpResponse:
    """One group, its effect on a question and its history."""
    group = _found(request, mark)
    context = {
        "group": group,
        "names": ", ".join(group.names),
        "changes": synonyms.history(territory_of(request), mark),
        "tabs": tabs("synonyms", request),
    }
    return render(request, "knowledge/synonym.html", context)


@require_POST
@needs(Right.KNOWLEDGE_EDIT)
def change(request: StaffRequest, mark: str, act: str) -> HttpResponse:
    """Take a group away or bring it back."""
    _found(request, mark)
    match act:
        case "removal":
            synonyms.remove(territory_of(request), mark, by=request.user)
            messages.success(request, "Слова убраны: поиск больше не считает их одним и тем же")
        case "restoration":
            if not synonyms.history(territory_of(request), mark):
                raise Http404
            synonyms.restore(territory_of(request), mark, by=request.user)
            messages.success(request, "Слова возвращены")
        case _:
            raise Http404
    return redirect("knowledge:synonym", mark)


def _found(request: StaffRequest, mark: str) -> synonyms.Group:
    group = synonyms.group(territory_of(request), mark)
    if group is None:
        raise Http404
    return group
