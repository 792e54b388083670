"""What the pages with a form have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from opora.shared.errors import DomainError

IN_THE_FORM = {409, 422}


def form_page(
    request: HttpRequest, form: forms.BaseForm, *, title: str, back: str, save: str = "Сохранить", **context: Any
) -> HttpResponse:
    """Return a page with one form; with errors it answers 422. ``template`` may name another page."""
    template = context.pop("template", "organisations/form.html")
    context = {"form": form, "title": title, "back": back, "save": save, **context}
    return render(request, template, context, status=422 if form.errors else 200)


@contextmanager
def refusals_in(form: forms.BaseForm) -> Iterator[None]:
    """Show a refusal above the fields, so that what she typed stays; nothing of the refused command is kept."""
    try:
        with transaction.atomic():
            yield
    except DomainError as refusal:
        if refusal.status not in IN_THE_FORM:
            raise
        form.add_error(None, refusal.sentence)
