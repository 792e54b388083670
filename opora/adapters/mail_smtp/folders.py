"""Names of folders as IMAP writes them: RFC 3501, 5.1.3 («modified UTF-7»)."""

from __future__ import annotations

import re
from base64 import b64encode
from itertools import groupby

_WRITTEN = re.compile(r"(?:[ -%'-~]|&-|&[A-Za-z0-9+,]+-)*")


def quoted(name: str) -> str:
    r"""Return the name of a folder as an argument; one that somebody has copied in that writing stays as it is.

    >>> quoted("INBOX"), quoted("Входящие"), quoted("&BBIERQ-"), quoted("R&D")
    ('"INBOX"', '"&BBIERQQ+BDQETwRJBDgENQ-"', '"&BBIERQ-"', '"R&-D"')
    """
    written = name if _WRITTEN.fullmatch(name) else "".join(_parts(name))
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _parts(name: str) -> list[str]:
    parts = []
    for is_plain, signs in groupby(name, lambda sign: " " <= sign <= "~"):
        part = "".join(signs)
        if is_plain:
            parts.append(part.replace("&", "&-"))
        else:
            coded = b64encode(part.encode("utf-16-be", "replace")).decode().rstrip("=").replace("/", ",")
            parts.append(f"&{coded}-")
    return parts
