"""Ten failures in a row close a login until an administrator opens it (``organisations.services.employees.unlock``).

Kept by django-axes, by login and not by address: two hundred operators of one centre come from one address.
"""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from opora.audit.middleware import address


def is_locked(login: str) -> bool:
    """Return whether this login, known to us or not, has used up its attempts."""
    failures = AccessAttempt.objects.filter(username=login.lower()).aggregate(sum=Sum("failures_since_start"))["sum"]
    return (failures or 0) >= settings.AXES_FAILURE_LIMIT


def count_failure(request: HttpRequest, login: str) -> None:
    """Count a failure that was not a password: a wrong code of the second step."""
    if not hasattr(request, "axes_attempt_time"):
        AxesProxyHandler.update_request(request)
    user_login_failed.send(sender=__name__, credentials={"username": login}, request=request)


def login_of(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """``AXES_USERNAME_CALLABLE``: one login however it was typed."""
    name = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    return str(name).strip().lower().replace("\0", "")[:64] if name else None


def address_of(request: HttpRequest) -> str | None:
    """``AXES_CLIENT_IP_CALLABLE``: the same address as in the access log."""
    return address(request)


def closed_page(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """``AXES_LOCKOUT_CALLABLE``: says who can help, and the same for a login that does not exist."""
    return render(request, "entrance/closed.html", {"limit": settings.AXES_FAILURE_LIMIT}, status=429)
