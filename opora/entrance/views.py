"""Her own sessions, the assignment she works under and the purpose she works for."""

from functools import wraps
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST
from requests import RequestException

from opora.access.guard import View, signed_in
from opora.audit.models import AuditLine
from opora.audit.purposes import Purpose
from opora.audit.services import record
from opora.organisations.middleware import ASSIGNMENT, PURPOSE
from opora.organisations.models import Employee


def answered(view: View) -> View:
    """Say in a sentence that the outside provider is not there, and leave a line."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except RequestException:
            details = {"why": "outside provider does not answer"}
            record("entrance.failed", result=AuditLine.Result.FAILED, details=details)
            return render(request, "socialaccount/authentication_error.html", status=503)

    return asked


@require_POST
@signed_in
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of her other sessions; her present one ends by «Выйти»."""
    others = UserSession.objects.filter(user_id=request.user.pk).exclude(session_key=request.session.session_key)
    get_object_or_404(others, pk=pk).end()
    messages.success(request, "Сеанс закрыт.")
    return redirect("usersessions_list")


@require_http_methods(["GET", "POST"])
@signed_in
def assignment(request: HttpRequest) -> HttpResponse:
    """Choose as whom to work in this session."""
    employee = request.user
    assert isinstance(employee, Employee)  # noqa: S101 - for the type checker; ``signed_in`` has looked
    if request.method == "POST":
        found = {str(one.pk): one for one in employee.current_assignments}
        if (chosen := found.get(request.POST.get("assignment", ""))) is None:
            return render(request, "entrance/assignment.html", {"lost": True}, status=422)
        request.session[ASSIGNMENT] = chosen.pk
        request.session.pop(PURPOSE, None)
        employee.assignment = chosen
        record("entrance.assignment", chosen, by=employee)
        messages.success(request, f"Теперь вы работаете так: {chosen}.")
        return redirect(_back(request))
    return render(request, "entrance/assignment.html", {"next": _back(request)})


@require_http_methods(["GET", "POST"])
@signed_in
def purpose(request: HttpRequest) -> HttpResponse:
    """Say why she works with persons' data; every reading of a card carries it."""
    employee = request.user
    assert isinstance(employee, Employee)  # noqa: S101 - for the type checker; ``signed_in`` has looked
    why = request.POST.get("purpose", "")
    if request.method == "POST" and why in Purpose.values and employee.assignment is not None:
        request.session[PURPOSE] = {"assignment": employee.assignment.pk, "why": why}
        record("entrance.purpose", employee.assignment, by=employee, purpose=why)
        return redirect(_back(request))
    context = {"purposes": Purpose.choices, "next": _back(request), "missing": request.method == "POST"}
    return render(request, "entrance/purpose.html", context, status=422 if request.method == "POST" else 200)


def _back(request: HttpRequest) -> str:
    """Return where she came from, never outside of the house."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
    return address if safe else "/"
