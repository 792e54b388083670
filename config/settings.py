"""Django's settings, all from ``environment.read()``; nothing here asks the network."""

import sys
from pathlib import Path

from django.utils.csp import CSP

from config import environment, ports
from config.database import database_options
from config.observation import logging_settings
from config.outside import (
    live_origins,
    outside_origins,
    outside_providers,
    pbx_settings,
    phone_origins,
    phone_settings,
)

env = environment.read()

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = False
DEVELOPMENT = env.mode != "production"
SECRET_KEY = env.secret_key
ALLOWED_HOSTS = [*env.host_list, "127.0.0.1"]  # the machine itself asks /healthz
DATA_DIR = env.data.absolute()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "axes",
    "opora.entrance",  # before allauth: its templates come first
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "opora.shared",
    "opora.access",
    "opora.audit",
    "opora.deadlines",
    "opora.classifiers",
    "opora.organisations",
    "opora.insured",
    "opora.knowledge",
    "opora.channels",
    "opora.appeals",
    "opora.informing",
    "opora.complaints",
    "opora.findings",
    "opora.surveys",
    "opora.doors",
    "opora.posts",
    "opora.staffing",
    "opora.telephony",
    "opora.chat",
    "opora.feedback",
    "opora.mailroom",
    "opora.reports",
    "opora.portal",
    "opora.policies",
    "opora.oversight",
    "opora.partners",
    "opora.live",
    "opora.exchange",
    "opora.workplace",
    "django.forms",  # last: the templates of widgets are ours where we have them
]
FORM_RENDERER = "opora.shared.forms.Renderer"
CSRF_FAILURE_VIEW = "opora.shared.refusals.csrf_failed"

MIDDLEWARE = [
    "config.observation.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "opora.organisations.middleware.AssignmentMiddleware",
    "opora.audit.middleware.TraceMiddleware",
    "opora.entrance.middleware.IdleMiddleware",
    "opora.access.middleware.RefusalMiddleware",
    "opora.entrance.middleware.FirstPasswordMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opora.shared.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": database_options(env.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisations.Employee"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"opora.organisations.passwords.{rule}"}
    for rule in ("LongEnough", "FourClasses", "NotCommon", "NotAboutOneself", "NotUsedBefore")
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

ACCOUNT_ADAPTER = "opora.entrance.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "opora.entrance.forms.LoginForm",
    "reauthenticate": "opora.entrance.forms.ReauthenticateForm",
    "change_password": "opora.entrance.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# By address, and generously: a whole centre comes from one. Guessing one login is stopped by axes after ten.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
}
MFA_ADAPTER = "opora.entrance.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "opora.entrance.forms.AuthenticateForm",
    "reauthenticate": "opora.entrance.forms.MfaReauthenticateForm",
    "activate_totp": "opora.entrance.forms.ActivateTOTPForm",
    "add_webauthn": "opora.entrance.forms.AddWebAuthnForm",
    "edit_webauthn": "opora.entrance.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.https  # browsers allow it for localhost alone
SOCIALACCOUNT_ADAPTER = "opora.entrance.adapters.OutsideAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = outside_providers(env)

LANGUAGE_CODE = "ru"
TIME_ZONE = env.time_zone
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
# Files are served from the packages; a folder filled by collectstatic (for nginx) is used where there is one.
COLLECTED = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_COOKIE_AGE = 16 * 3600  # the longest shift; the idle time-out is ``IDLE_MINUTES``
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.https
SECURE_HSTS_SECONDS = 31_536_000 if env.https else 0
SECURE_SSL_REDIRECT = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.behind_proxy
if env.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, *live_origins(env), *phone_origins(env)],
    "media-src": [CSP.SELF],
    "form-action": [CSP.SELF, *outside_origins(env)],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "opora_cache"}}

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = None  # an administrator opens the lock, time does not (handbook 10 §3, row 3)
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it asks for the address: ours counts by login, whatever the address
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the access log is ours (``opora.audit``)
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "opora.entrance.locks.login_of"
AXES_CLIENT_IP_CALLABLE = "opora.entrance.locks.address_of"
AXES_LOCKOUT_CALLABLE = "opora.entrance.locks.closed_page"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password", "code", "credential"]

PROCRASTINATE_IMPORT_PATHS = ["config.schedule"]

FILE_LIMIT = env.file_mb * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a questionnaire of 80 questions with their options is one form
ENP_CONTROL = env.enp_control
EXCHANGE_DIR = Path(env.exchange_dir).absolute() if env.exchange_dir else DATA_DIR / "exchange"
EXCHANGE_SAME_NAME = env.exchange_same_name
EXCHANGE_DAYS = env.exchange_days
INFORMING_DOUBT_SECONDS = env.doubt_seconds
INFORMING_SILENCE_HOURS = env.silence_hours
COMMON_CARDS = env.common_cards
SSTU_DEPARTMENT = env.sstu_department
PORTS = ports.PORTS
PBX = pbx_settings(env)
PHONE = phone_settings(env)
PBX_ERASES = env.pbx_erases
IDLE_MINUTES = env.idle_minutes
LIVE_PORT = env.live_port
INNER_NETS = [net.strip() for net in env.inner_nets.split(",") if net.strip()]
if env.mode != "production":  # what stands in for providers listens here
    INNER_NETS += ["127.0.0.0/8", "::1/128"]
METRICS_NETS = [net.strip() for net in env.metrics_nets.split(",") if net.strip()]
TESTING = "pytest" in sys.modules

LOGGING = logging_settings(env.log_level)
