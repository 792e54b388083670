"""What a supervisor looks at: numbers that open into their rows, appeals given to others, how long intake takes."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import services
from opora.appeals.actor import actor_of
from opora.appeals.listing import Filter, details, journal
from opora.appeals.listing.words import chips, colleagues
from opora.appeals.routing import least_busy
from opora.appeals.summary import intake_times, summary
from opora.audit.services import record
from opora.classifiers.words import Line
from opora.organisations.models import Employee
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.typography import plural

MOST_AT_ONCE = 200
SUGGESTED = 5


class ReassignForm(forms.Form):
    """To whom and why; nobody — the queue of a line."""

    owner: forms.ModelChoiceField[Employee] = forms.ModelChoiceField(
        label="Кому", queryset=Employee.objects.none(), required=False, empty_label="в очередь линии"
    )
    line = forms.ChoiceField(label="Линия", choices=[("", "как сейчас"), *Line.choices], required=False)
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [person.pk for person in colleagues(employee)]
        self.fields["owner"].queryset = Employee.objects.filter(pk__in=people)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("owner") and not cleaned.get("line"):
            raise forms.ValidationError("Выберите сотрудника или линию, в очередь которой вернуть обращения.")
        return cleaned


@require_safe
@needs(Right.APPEALS_SUPERVISE)
def overview(request: StaffRequest) -> HttpResponse:
    """What is late, due today and this week; each number opens its rows."""
    found = summary(request.user)
    record("appeals.supervisor.read", by=request.user)
    context = {
        "summary": found,
        "tables": [
            ("Организации", found.organisations if len(found.organisations) > 1 else []),
            ("Линии", found.lines),
            ("Сотрудники", found.employees),
            ("Темы", found.topics),
        ],
        "times": intake_times(request.user),
        "at": timezone.localtime(),
        "may_reassign": request.user.holds(Right.APPEALS_REASSIGN),
        "may_score": request.user.holds(Right.QUALITY_SCORE),
    }
    return render(request, "appeals/supervisor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_REASSIGN)
def reassignment(request: StaffRequest) -> HttpResponse:
    """Give many appeals of a list to somebody else, with one reason; all or none."""
    query = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    chosen = Filter.read(QueryDict(query)).but(state="open", handler=actor_of(request.user).holder)
    form = ReassignForm(request.POST or None, employee=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = _reassign(request, form.cleaned_data)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
        else:
            messages.success(request, f"Переназначено: {moved} {plural(moved, 'обращение', 'обращения', 'обращений')}.")
            return redirect("appeals:supervisor")
    page = journal(request.user, chosen, size=MOST_AT_ONCE)
    lines = details(page.rows, request.user.scope)
    picked = set(request.POST.getlist("appeals"))
    context = {
        "form": form,
        "lines": [(line, not picked or str(line.id) in picked) for line in lines],
        "chips": chips(chosen.but(state="", handler=0)),
        "query": query,
        "most": MOST_AT_ONCE if page.next else 0,
        "loads": _loads(request, lines),
    }
    return render(request, "appeals/reassignment.html", context, status=422 if form.is_bound else 200)


def _reassign(request: StaffRequest, chosen: dict[str, Any]) -> int:
    keys = [UUID(key) for key in request.POST.getlist("appeals")[:MOST_AT_ONCE] if _is_key(key)]
    target = services.Target(owner=chosen["owner"], line=chosen["line"] or None)
    return services.reassign(keys, to=target, why=chosen["why"], by=request.user)


def _loads(request: StaffRequest, lines: list[Any]) -> list[Any]:
    """Who is the least busy on the line most of them wait on; of two alike the first, whichever process asks."""
    waiting = Counter(sorted(line.line for line in lines)).most_common(1)
    return least_busy(actor_of(request.user).holder, waiting[0][0])[:SUGGESTED] if waiting else []


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
