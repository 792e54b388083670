"""«История карточки»: who changed what, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from opora.access.rights import Right
from opora.audit.services import record
from opora.insured.guard import SUBJECT, on_card, purpose_of
from opora.insured.models import Person, PersonChange
from opora.insured.views.card import employee_of
from opora.shared.pages import keyset

ROW_MODELS = {
    "person": "Person", "contact": "Contact", "consent": "Consent", "category": "PersonCategory",
    "document": "IdentityDocument", "former_name": "FormerName", "policy": "Policy", "attachment": "Attachment",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What one person did to one row at one moment."""

    at: datetime
    who: str
    what: str
    is_new: bool
    lines: list[tuple[str, str, str]]


@require_GET
@on_card(Right.INSURED_HISTORY, action="insured.history.read")
def history(request: HttpRequest, person: Person) -> HttpResponse:
    """Newest first, a hundred changed fields a page."""
    record("insured.history.read", person, by=request.user, purpose=purpose_of(request))
    page = keyset(person.changes.all(), order=("-at", "-pk"), after=request.GET.get("after"), size=100)
    context = {
        "person": person,
        "page": page,
        "steps": steps(list(page)),
        "log_url": log_url(request, person),
    }
    return render(request, "insured/history.html", context)


def log_url(request: HttpRequest, person: Person) -> str:
    """Return where the log of the readers is, if she may read it and the log has a page."""
    if not employee_of(request).holds(Right.AUDIT_VIEW):
        return ""
    try:
        return f"{reverse('oversight:log')}?{urlencode({'subject_kind': SUBJECT, 'subject_id': person.pk})}"
    except NoReverseMatch:
        return ""


def steps(changes: list[PersonChange]) -> list[Step]:
    """Return the changes grouped by moment, witness and row, fields in the words of the screen."""
    found = []
    for (at, who, source, row), group in groupby(
        changes, key=lambda line: (line.at, line.by_name, line.source, line.row)
    ):
        lines = sorted(group, key=lambda line: line.pk)
        told = [(_field(row, line.field), line.before, line.after) for line in lines]
        found.append(Step(at, who or source or "программа", _row(row), not any(line.before for line in lines), told))
    return found


def _row(row: str) -> str:
    name = ROW_MODELS.get(row)
    return str(apps.get_model("insured", name)._meta.verbose_name) if name and name != "Person" else "карточка"


def _field(row: str, field: str) -> str:
    name = ROW_MODELS.get(row)
    model = apps.get_model("insured", name) if name else None
    known = {one.name: one for one in model._meta.concrete_fields} if model else {}
    return str(getattr(known.get(field), "verbose_name", field))
