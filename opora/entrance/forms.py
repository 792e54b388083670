"""Forms of the sign-in in Russian; their work is allauth's (``settings.ACCOUNT_FORMS``, ``MFA_FORMS``)."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from opora.entrance.locks import is_locked
from opora.organisations import passwords


class Plain:
    """Label above, no grey word inside the field."""

    fields: dict[str, forms.Field]
    labels: dict[str, str] = {}
    helps: dict[str, str] = {}
    attributes: dict[str, dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.update(self.attributes.get(name, {}))


CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "data-code": ""}


class LoginForm(Plain, account.LoginForm):
    labels = {"login": "Логин", "password": "Пароль"}
    attributes = {"login": {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}}


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    labels = {"password": "Пароль"}
    attributes = {"password": {"autofocus": True}}


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    labels = {"oldpassword": "Нынешний пароль", "password1": "Новый пароль", "password2": "Новый пароль ещё раз"}
    attributes = {"oldpassword": {"autofocus": True}, "password1": {"aria-describedby": "password-rules"}}
    rules = passwords.SENTENCES

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Пароли не совпали. Наберите второй раз внимательнее.")
        return cleaned


class AuthenticateForm(Plain, mfa.AuthenticateForm):
    labels = {"code": "Код"}
    attributes = {"code": CODE}

    def clean_code(self) -> str:
        """Under a lock no code is looked at: nobody learns which one was right."""
        if is_locked(self.user.login):
            raise forms.ValidationError("Вход остановлен: слишком много неверных кодов. Позвоните администратору.")
        return str(super().clean_code())


class MfaReauthenticateForm(Plain, mfa.ReauthenticateForm):
    labels = {"code": "Код"}
    attributes = {"code": CODE}


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):
    labels = {"code": "Код из приложения"}
    attributes = {"code": CODE}


class AddWebAuthnForm(Plain, webauthn.AddWebAuthnForm):
    labels = {"name": "Как назвать ключ", "passwordless": "Входить им без пароля"}
    helps = {"passwordless": "Ключ попросит отпечаток, лицо или ПИН-код."}


class EditWebAuthnForm(Plain, webauthn.EditWebAuthnForm):
    labels = {"name": "Название ключа"}
