"""Between a session and a page: the idle time-out, and the password to be changed first."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from opora.access.guard import to_sign_in
from opora.audit.services import record
from opora.shared.errors import DomainError
from opora.shared.refusals import refused

GetResponse = Callable[[HttpRequest], HttpResponseBase]
BACKGROUND = "X-Background"
SEEN = "seen"
WRITE_EVERY = 60
BEFORE_NEW_PASSWORD = {"account_change_password", "account_logout", "look"}


class PasswordToChange(DomainError, status=403):
    """Сначала смените одноразовый пароль."""


class IdleMiddleware:
    """Close a session in which nobody has done anything for ``IDLE_MINUTES``.

    A poll of the page itself carries the header ``X-Background: 1`` and is not an action: it neither prolongs the
    session nor, once the time is over, gets an answer. The moment is written at most once a minute.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = time.time()
        seen = request.session.get(SEEN, now)
        if now - seen > settings.IDLE_MINUTES * 60:
            return self._close(request)
        if BACKGROUND not in request.headers and (now - seen >= WRITE_EVERY or SEEN not in request.session):
            request.session[SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return self.get_response(request)

    def _close(self, request: HttpRequest) -> HttpResponseBase:
        record("entrance.idle", by=request.user)
        logout(request)
        if BACKGROUND in request.headers:
            return HttpResponse(status=204)
        messages.info(
            request,
            f"Вы не работали {settings.IDLE_MINUTES} мин, и сеанс закрылся сам. Войдите — вернёмся на ту же страницу.",
        )
        return to_sign_in(request)


class FirstPasswordMiddleware:
    """An employee with a one-time password does nothing before she has chosen her own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponseBase | None:
        user = request.user
        if not user.is_authenticated or not getattr(user, "must_change_password", False):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in BEFORE_NEW_PASSWORD:
            return None
        if request.headers.get("HX-Request") or request.method not in {"GET", "HEAD"}:
            return refused(request, 403, sentence=PasswordToChange().sentence, code=PasswordToChange.code)
        return redirect("account_change_password")
