"""Sign-in by an outside provider, from the settings ``OPORA_OIDC_*``; none named — no button."""

from typing import Any
from urllib.parse import urlsplit

from config.environment import Environment

PROVIDER_ID = "oidc"


def outside_providers(env: Environment) -> dict[str, Any]:
    """Return allauth's ``SOCIALACCOUNT_PROVIDERS``."""
    if not env.oidc_url:
        return {}
    app = {
        "provider_id": PROVIDER_ID,
        "name": env.oidc_name or "Единый вход",
        "client_id": env.oidc_client_id,
        "secret": env.oidc_client_secret,
        "settings": {"server_url": env.oidc_url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def outside_origins(env: Environment) -> list[str]:
    """Return where a form of ours may lead: browsers apply ``form-action`` to the redirect as well."""
    if not env.oidc_url:
        return []
    parts = urlsplit(env.oidc_url)
    return [f"{parts.scheme}://{parts.netloc}"]
