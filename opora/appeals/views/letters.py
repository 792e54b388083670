"""Letters of an appeal: answers and the record card as files, and templates put into the text of an act."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.rights import Right
from opora.appeals import acting, card, letters
from opora.appeals.act_forms import LetterForm
from opora.appeals.card import Case
from opora.appeals.models import Appeal, Grant
from opora.appeals.views.card import AppealHidden, on_card, purpose_of
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.shared import documents


@require_safe
@never_cache
@on_card(Right.APPEALS_VIEW, action="appeals.letter.read")
def letter(request: StaffRequest, appeal: Appeal, grant: Grant, pk: UUID, to: str) -> HttpResponse:
    """An answer as a letter; whoever may not read the text has no such letter."""
    case = card.of(appeal, grant, request.user)
    answer = next((answer for answer in case.answers if answer.pk == pk), None)
    if answer is None or to not in documents.TYPES:
        raise AppealHidden
    details = {"depth": case.depth, "answer": str(answer.pk), "format": to}
    record("appeals.letter.read", appeal, by=request.user, purpose=purpose_of(request), details=details)
    return _file(letters.of_answer(case, answer), to, f"{answer.kind}-{appeal.number}")


@require_safe
@never_cache
@on_card(Right.APPEALS_VIEW, action="appeals.card.print")
def record_card(request: StaffRequest, appeal: Appeal, grant: Grant, to: str) -> HttpResponse:
    """РКК as a file, as deep as she sees."""
    if to not in documents.TYPES:
        raise AppealHidden
    case = card.of(appeal, grant, request.user)
    details = {"depth": case.depth, "format": to}
    record("appeals.card.print", appeal, by=request.user, purpose=purpose_of(request), details=details)
    return _file(letters.record_card(case), to, f"card-{appeal.number}")


@require_POST
@never_cache
@on_card(Right.APPEALS_VIEW, action="appeals.card.act")
def fill(request: StaffRequest, appeal: Appeal, grant: Grant, act: str, field: str) -> HttpResponse:
    """Put the chosen template into the text of an act; «без шаблона» gives back what she had typed. Writes nothing."""
    case = card.of(appeal, grant, request.user)
    form = _form(request, case, act, field)
    kind = request.POST.get(f"{field}_template", "")
    own = _own(request, field)
    known = kind in form.letters[field]
    text = letters.filled(kind, case, form.letter_values(), own=own) if known else own
    blank = type(form)(case=case, employee=request.user)
    blank.initial[field] = text
    blank.fields[field].widget.attrs.pop("autofocus", None)  # the choice stays in focus: the next key chooses again
    context = {"field": blank[field], "own": own, "whole": text}
    return render(request, "appeals/letter_text.html", context)


def _form(request: StaffRequest, case: Case, act: str, field: str) -> LetterForm:
    chosen = acting.ACTS.get(act)
    if chosen is None or chosen.form is None or not acting.may(chosen, case, request.user):
        raise Http404
    form = chosen.form(request.POST, case=case, employee=request.user)
    if not isinstance(form, LetterForm) or field not in form.letters:
        raise Http404
    return form


def _own(request: StaffRequest, field: str) -> str:
    """Return what she typed herself: a template nobody has touched since gives way to the next one."""
    text, own, whole = (_posted(request, f"{field}{end}") for end in ("", "_own", "_whole"))
    return own if whole and text == whole else text


def _posted(request: StaffRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").strip()[:50_000]


def _file(letter: documents.Letter, to: str, name: str) -> HttpResponse:
    answer = HttpResponse(documents.letter(letter, to), content_type=documents.TYPES[to])  # type: ignore[arg-type,index]
    answer["Content-Disposition"] = f'attachment; filename="{name}.{to}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
