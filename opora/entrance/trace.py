"""Every entry, refusal, exit and change of the ways in leaves a line in the access log."""

import hashlib
import hmac
from dataclasses import replace
from typing import Any

from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save, pre_delete
from django.http import HttpRequest

from opora.audit.context import come_from, current
from opora.audit.middleware import session_mark
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.entrance.locks import count_failure, login_of
from opora.organisations.models import Employee


def listen() -> None:
    user_logged_in.connect(_entered, dispatch_uid="entrance.entered")
    user_logged_out.connect(_left, dispatch_uid="entrance.left")
    user_login_failed.connect(_failed, dispatch_uid="entrance.failed")
    user_locked_out.connect(_locked, dispatch_uid="entrance.locked")
    mfa.authentication_failed.connect(_wrong_code, dispatch_uid="entrance.wrong_code")
    # Rows and not allauth's signals, which come after the commit: the change and its line stay or go together.
    post_save.connect(_added, sender=Authenticator, dispatch_uid="entrance.way_added")
    post_delete.connect(_removed, sender=Authenticator, dispatch_uid="entrance.way_removed")
    pre_delete.connect(_session_ended, sender=UserSession, dispatch_uid="entrance.session_ended")


def login_mark(login: str) -> str:
    """Return a mark of a login nobody has: tries are recognised, a password typed there by mistake is not kept."""
    return hmac.new(settings.SECRET_KEY.encode(), login.encode(), hashlib.sha256).hexdigest()[:16]


def _entered(sender: Any, request: HttpRequest, user: Employee, **kwargs: Any) -> None:
    methods = [way["method"] for way in request.session.get("account_authentication_methods", [])]
    with come_from(replace(current(), session=session_mark(request))):
        record("entrance.entered", user, by=user, details={"by": methods})


def _left(sender: Any, request: HttpRequest, user: Employee | None, **kwargs: Any) -> None:
    if user is not None:
        record("entrance.left", user, by=user)


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if sender == count_failure.__module__:
        return  # the wrong code has left its own line
    login = login_of(request, credentials) or ""
    _record_about(login, "entrance.failed", AuditLine.Result.FAILED, why="password")


def _locked(sender: Any, username: str, **kwargs: Any) -> None:
    _record_about(username or "", "entrance.locked", AuditLine.Result.REFUSED, why="ten failures")


def _record_about(login: str, action: str, result: str, **details: str) -> None:
    employee = Employee.objects.filter(login=login).first()
    if employee is None:
        record(action, ("login", login_mark(login)), result=result, details=details)
    else:
        record(action, employee, by=employee, result=result, details=details)


def _wrong_code(sender: Any, request: HttpRequest, user: Employee, **kwargs: Any) -> None:
    record("entrance.failed", user, by=user, result=AuditLine.Result.FAILED, details={"why": "code"})
    count_failure(request, user.login)


def _added(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created:
        record("entrance.second_step.added", instance.user, by=instance.user, details={"type": instance.type})


def _removed(sender: Any, instance: Authenticator, **kwargs: Any) -> None:
    """She herself, or the administrator who took it off (``organisations.services.employees.drop_second_step``)."""
    by = getattr(instance, "removed_by", instance.user)
    record("entrance.second_step.removed", instance.user, by=by, details={"type": instance.type})


def _session_ended(sender: Any, instance: UserSession, **kwargs: Any) -> None:
    """A session that is no longer there; who ended it stands in the line of her action."""
    mark = hashlib.sha256(instance.session_key.encode()).hexdigest()[:16]
    record("entrance.session.ended", instance.user, by=instance.user, details={"session": mark})
