"""Templates of letters: read, written in plain text, seen as the letter they make."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from opora.access.guard import needs
from opora.access.rights import Right
from opora.knowledge import letters
from opora.knowledge.forms import TemplateForm
from opora.knowledge.models import LetterTemplate
from opora.knowledge.templating import reword_template
from opora.knowledge.views.cards import tabs
from opora.knowledge.words import Letter
from opora.organisations.models import Organisation
from opora.organisations.requests import StaffRequest
from opora.organisations.views.forms import form_page, refusals_in
from opora.shared import conflict, documents


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def templates(request: StaffRequest) -> HttpResponse:
    organisation = own(request)
    rows = [(kind, Letter(kind).label, letters.wording_for(kind, organisation)) for kind in Letter.values]
    return render(
        request,
        "knowledge/templates.html",
        {"rows": rows, "organisation": organisation, "tabs": tabs("letters", request)},
    )


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def template(request: StaffRequest, kind: str) -> HttpResponse:
    organisation, kind = own(request), known(kind)
    wording = letters.wording_for(kind, organisation)
    row = LetterTemplate.objects.accessible_to(request.user).filter(kind=kind, organisation=organisation).first()
    context = {
        "kind": kind,
        "title": Letter(kind).label,
        "wording": wording,
        "letter": letters.example(kind, organisation=organisation, wording=wording),
        "texts": row.texts.select_related("by") if row else [],
        "organisation": organisation,
        "may_edit": request.user.holds(Right.KNOWLEDGE_EDIT),
    }
    return render(request, "knowledge/template.html", context)


@needs(Right.KNOWLEDGE_EDIT)
def template_change(request: StaffRequest, kind: str) -> HttpResponse:
    organisation, kind = own(request), known(kind)
    rows: Any = LetterTemplate.objects.filter(kind=kind, organisation=organisation).select_related("text")
    row = (rows.select_for_update(of=("self",)) if request.method == "POST" else rows).first()
    wording = letters.wording_for(kind, organisation)
    initial = {"about": wording.about, "body": wording.body}
    form = TemplateForm(request.POST or None, initial=initial, draft=f"letter-{kind}")
    back = reverse("knowledge:template", args=[kind])
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"шаблон «{Letter(kind).label}»")
        with refusals_in(form):
            reword_template(
                kind, organisation=organisation, version=row.version if row else 0, **form.changes, by=request.user
            )
            messages.success(request, "Шаблон сохранён. Новые письма пойдут по нему.")
            return redirect(back)
    context: dict[str, Any] = {
        "known": [("{" + field.name + "}", field.title, field.example) for field in letters.FIELDS],
        "template": "knowledge/form.html",
        "about": organisation,
    }
    return form_page(request, form, title=Letter(kind).label, back=back, **context)


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def sample(request: StaffRequest, kind: str, to: str) -> HttpResponse:
    """The letter with invented values as a file."""
    organisation, kind = own(request), known(kind)
    if to not in documents.TYPES:
        raise Http404
    letter = letters.example(kind, organisation=organisation, wording=letters.wording_for(kind, organisation))
    response = HttpResponse(documents.letter(letter, to), content_type=documents.TYPES[to])
    response["Content-Disposition"] = f'attachment; filename="{kind}.{to}"'
    return response


def own(request: StaffRequest) -> Organisation:
    assignment = request.user.assignment
    if assignment is None:
        raise Http404
    return assignment.organisation


def known(kind: str) -> str:
    if kind not in Letter.values:
        raise Http404
    return kind
