"""The addresses of the sign-in: of allauth's only those an employee needs, each with its guard."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as outside
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions import views as sessions
from django.urls import URLPattern, path

from opora.access.guard import View, public, signed_in
from opora.entrance import views


def _open(route: str, view: View, name: str) -> URLPattern:
    return path(route, public("the way in")(view), name=name)


def _own(route: str, view: View, name: str) -> URLPattern:
    return path(route, signed_in(view), name=name)


urlpatterns = [
    _open("sign-in/", account.login, "account_login"),
    _open("sign-in/closed/", account.account_inactive, "account_inactive"),
    _open("sign-in/code/", mfa.authenticate, "mfa_authenticate"),
    _open("sign-in/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    _open("sign-in/outside/cancelled/", outside.login_cancelled, "socialaccount_login_cancelled"),
    _open("sign-in/outside/error/", outside.login_error, "socialaccount_login_error"),
    _open("sign-in/outside/<slug:provider_id>/", views.answered(openid.login), "openid_connect_login"),
    _open("sign-in/outside/<slug:provider_id>/callback/", views.answered(openid.callback), "openid_connect_callback"),
    _open("sign-out/", account.logout, "account_logout"),
    _own("me/password/", account.password_change, "account_change_password"),
    _own("me/confirm/", account.reauthenticate, "account_reauthenticate"),
    _own("me/confirm/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    _own("me/confirm/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _own("me/security/", mfa.index, "mfa_index"),
    _own("me/security/app/", totp.activate_totp, "mfa_activate_totp"),
    _own("me/security/app/off/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _own("me/security/codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _own("me/security/codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _own("me/security/codes/file/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _own("me/security/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    _own("me/security/passkeys/new/", passkeys.add_webauthn, "mfa_add_webauthn"),
    _own("me/security/passkeys/<int:pk>/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    _own("me/security/passkeys/<int:pk>/removal/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    _own("me/sessions/", sessions.list_usersessions, "usersessions_list"),
    path("me/sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("me/assignment/", views.assignment, name="assignment"),
    path("me/purpose/", views.purpose, name="purpose"),
]
