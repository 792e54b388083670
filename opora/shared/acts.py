"""An act on a page of one thing: its form, the version the page was opened with, a refusal that keeps what was typed.

if request.method == "POST" and (form is None or form.is_valid()):
    if acts.carried_out(request, lambda: close(pk, version=acts.version(request)), form, said="Закрыто."):
        return redirect(…)
return <the form with what is wrong>
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from opora.shared.errors import DomainError

LONGEST = 9  # digits: a version of a row is a small number


class ActForm(forms.Form):
    """``arguments`` is what the service is called with; hands are in the first field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = next(iter(self.visible_fields()), None)
        if first is not None:
            first.field.widget.attrs["autofocus"] = True

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def version(request: HttpRequest, field: str = "version") -> int:
    """Return the version of the row as the page showed it; 0, which no row has, when nothing sensible was sent."""
    text = request.POST.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


def refuse(form: forms.BaseForm, refusal: DomainError) -> None:
    """Say a refusal of a service beside the field it is about, above the form where it is about none."""
    field = str(refusal.details.get("field", ""))
    form.add_error(field if field in form.fields else None, refusal.sentence)


def carried_out(request: HttpRequest, perform: Callable[[], object], form: forms.BaseForm | None, *, said: str) -> bool:
    """Do it in one transaction; True — back to the page, which says how it went, False — the form says what is wrong.

    An act of a button has no form: its refusal is a message on the page.
    """
    try:
        with transaction.atomic():
            perform()
    except DomainError as refusal:
        if form is not None:
            refuse(form, refusal)
            return False
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, said)
    return True
