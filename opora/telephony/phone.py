"""What a telephone in the browser needs to sign in to the exchange: an address and the secret of an extension.

Secrets stand in a file of their own, ``extension secret`` a line, the same words as in the exchange's ``pjsip.conf``.
"""

from pathlib import Path

from django.conf import settings


def address() -> str:
    """Return where the exchange listens to browsers (``wss://…``), "" when it does not."""
    return str(settings.PHONE["address"])


def secret_of(extension: str) -> str:
    """Return the secret of an extension, "" for one that has no telephone in the browser.

    Read anew each time, so a changed secret needs no restart; an unreadable file is as good as none.
    """
    try:
        text = Path(settings.PHONE["secrets"]).read_text(encoding="utf-8")
    except OSError:
        return ""
    pairs = (line.split(maxsplit=1) for line in text.splitlines() if not line.startswith("#"))
    return next((pair[1].strip() for pair in pairs if len(pair) == 2 and pair[0] == extension), "")
