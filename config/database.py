"""From a PostgreSQL address to Django's options."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_options(url: str) -> dict[str, Any]:
    """Return the DATABASES entry for ``postgresql://user:password@host:port/name?option=value``.

    An empty address gives an entry that cannot connect: the command line starts the embedded cluster first and
    puts its address into the environment (``opora.shared.postgres``).

    >>> database_options("postgresql://opora:pa%40ss@127.0.0.1:5433/opora")["PASSWORD"]
    'pa@ss'
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "opora",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "opora", "prepare_threshold": 5, **options},
    }
