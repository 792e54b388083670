"""Views that open a person's card ask for a purpose first, where the role has no usual one."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from opora.access.guard import View
from opora.shared.errors import DomainError


class PurposeMissing(DomainError, status=409):
    """Сначала скажите, зачем вам данные человека: меню с вашим именем → «Зачем»."""


def with_purpose(view: View) -> View:
    """Let the view run once a purpose is known; until then show the question and come back. Stands under ``needs``."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "purpose", ""):
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            raise PurposeMissing
        if request.headers.get("HX-Request"):
            back = request.headers.get("HX-Current-URL", "/")
            return HttpResponse(status=204, headers={"HX-Redirect": question(back)})
        return redirect(question(request.get_full_path()))

    return asked


def question(back: str) -> str:
    """Return the address of the question, which leads ``back`` afterwards."""
    return f"{reverse('purpose')}?{urlencode({'next': back})}"
