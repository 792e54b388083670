"""What allauth asks us: who may enter, in which words it refuses, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from opora.audit.middleware import address
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.entrance.locks import closed_page, is_locked
from opora.organisations.models import Employee
from opora.organisations.passwords import change_password
from opora.shared.cipher import cipher_for

PURPOSE = "opora.entrance.mfa"


class AccountAdapter(DefaultAccountAdapter):
    """Employees are entered by an administrator: nobody signs up, nobody resets a password by mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Логин или пароль не подходят. Проверьте раскладку и Caps Lock.",
        "too_many_login_attempts": "Слишком много попыток с этого адреса. Подождите минуту.",
        "rate_limited": "Слишком много попыток. Подождите минуту.",
        "incorrect_password": "Пароль не подходит.",
        "enter_current_password": "Нынешний пароль не подходит.",
        "incorrect_code": "Код не подходит. Дождитесь следующего и введите его.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address(request) or "0.0.0.0"  # noqa: S104 - «unknown» for rate limits, nothing listens here

    def pre_login(self, request: HttpRequest, user: Employee, **kwargs: Any) -> HttpResponse | None:
        """The lock holds for every way in: a passkey or an outside provider does not go round it."""
        return self.locked(request, user) or super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: Employee) -> None:
        """The last door: a login may have been locked between the password and the code."""
        if (refusal := self.locked(request, user)) is not None:
            raise ImmediateHttpResponse(refusal)
        super().login(request, user)

    def locked(self, request: HttpRequest, user: Employee) -> HttpResponse | None:
        if not is_locked(user.login):
            return None
        record("entrance.refused", user, by=user, result=AuditLine.Result.REFUSED, details={"why": "locked"})
        return closed_page(request)

    def respond_user_inactive(self, request: HttpRequest, user: Employee) -> HttpResponse:
        record("entrance.refused", user, by=user, result=AuditLine.Result.REFUSED, details={"why": "blocked"})
        return redirect("account_inactive")

    def set_password(self, user: Employee, password: str) -> None:
        change_password(user, password, by=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The sign-in writes no mail."""


class MfaAdapter(DefaultMFAAdapter):
    """Second steps: the secret of the codes is kept encrypted by a key derived from SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Код не подходит. Дождитесь следующего и введите его.",
        "cannot_delete_authenticator": "Отключить этот способ нельзя.",
        "cannot_generate_recovery_codes": "Сначала подключите приложение с кодами или ключ.",
        "rate_limited": "Слишком много попыток. Подождите минуту.",
    }

    def encrypt(self, text: str) -> str:
        return cipher_for(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher_for(PURPOSE).decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Employee) -> str:
        return user.login

    def get_totp_issuer(self) -> str:
        return "Опора"

    def generate_authenticator_name(self, user: Employee, type: Any) -> str:
        return "Ключ этого компьютера"


class OutsideAdapter(DefaultSocialAccountAdapter):
    """Sign-in by an outside provider: for employees who exist and are active, never a silent sign-up."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def is_email_verified(self, provider: Any, email: str) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind by the provider's subject; the first time by an e-mail it has verified and one employee has."""
        if sociallogin.is_existing:
            return
        employee = _employee_by_email(sociallogin)
        if employee is None or not employee.is_active:
            record(
                "entrance.refused",
                ("organisations.employee", str(employee.pk)) if employee else None,
                result=AuditLine.Result.REFUSED,
                details={"why": "outside account is not bound", "provider": sociallogin.account.provider},
            )
            raise ImmediateHttpResponse(render(request, "entrance/not_bound.html", status=403))
        if (refusal := AccountAdapter(request).locked(request, employee)) is not None:
            raise ImmediateHttpResponse(refusal)
        sociallogin.connect(request, employee)
        record("entrance.outside.bound", employee, by=employee, details={"provider": sociallogin.account.provider})

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        record(
            "entrance.failed",
            result=AuditLine.Result.FAILED,
            details={"why": str(error or "outside provider")[:64], "provider": str(getattr(provider, "id", ""))[:64]},
        )


def _employee_by_email(sociallogin: SocialLogin) -> Employee | None:
    claims = sociallogin.account.extra_data
    claims = claims.get("userinfo") or claims.get("id_token") or claims
    email = claims.get("email")
    if not email or claims.get("email_verified") is not True:
        return None
    found = list(Employee.objects.filter(email__iexact=email)[:2])
    return found[0] if len(found) == 1 else None
