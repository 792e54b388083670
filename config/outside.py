"""What stands beside our own address: a provider of sign-in (``OPORA_OIDC_*``), live news, the exchange."""

from pathlib import Path
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


def pbx_settings(env: Environment) -> dict[str, Any] | None:
    """Return how to speak to the exchange (``AsteriskSettings``), None where there is none."""
    if not env.pbx_name:
        return None
    host, _, port = env.pbx_address.rpartition(":")
    log = Path(env.pbx_log).absolute() if env.pbx_log else None
    login = {"login": env.pbx_login, "secret": env.pbx_secret}
    voices = {
        "recordings": Path(env.pbx_recordings).absolute() if env.pbx_recordings else None,
        "ari": env.pbx_ari.rstrip("/"),
        "ari_login": env.pbx_ari_login,
        "ari_secret": env.pbx_ari_secret,
    }
    return {"name": env.pbx_name, "host": host, "port": int(port), "log": log, **login, **voices}


def phone_settings(env: Environment) -> dict[str, str]:
    """Return where the telephone in the browser signs in, and the file of its secrets; empty where there is none."""
    return {"address": env.pbx_wss, "secrets": env.pbx_phones}


def phone_origins(env: Environment) -> list[str]:
    """Return where the telephone in the browser may connect."""
    if not env.pbx_wss:
        return []
    parts = urlsplit(env.pbx_wss)
    return [f"{parts.scheme}://{parts.netloc}"]


def live_origins(env: Environment) -> list[str]:
    """Return where scripts may listen to news: our own names at the port of the stream, when it is not behind nginx.

    An address in brackets has no place in a policy; a page opened by it asks now and then instead.
    """
    if not env.live_port:
        return []
    scheme = "https" if env.https else "http"
    names = dict.fromkeys([*env.host_list, "127.0.0.1"])
    return [f"{scheme}://{name}:{env.live_port}" for name in names if not name.startswith("[")]
