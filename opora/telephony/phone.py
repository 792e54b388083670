"""What a telephone in the browser needs to sign in to the exchange: an address and the secret of an extension.

Secrets stand in a file of their own, ``extension secret`` a line, the same words as in the exchange's ``pjsip.conf``.
Where several houses share the exchange, a line says whose the extension is: ``extension secret code``.
"""

from pathlib import Path

from django.conf import settings


def address() -> str:
    """Return where the exchange listens to browsers (``wss://…``), "" when it does not."""
    return str(settings.PHONE["address"])


def secret_of(extension: str, house: str, *, is_shared: bool) -> str:
    """Return the secret of an extension, "" for one that has no telephone in the browser, or is not of this house.

    On a shared exchange an extension without a house is nobody's: whoever sat down first would get it.

    Read anew each time, so a changed secret needs no restart; an unreadable file is as good as none.
    """
    try:
        text = Path(settings.PHONE["secrets"]).read_text(encoding="utf-8")
    except OSError:
        return ""
    for line in text.splitlines():
        match line.split():
            case [known, secret] if known == extension and not is_shared:
                return secret
            case [known, secret, whose] if (known, whose) == (extension, house):
                return secret
    return ""
