"""Parts of a sound: a player that seeks asks for bytes from somewhere on (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpResponse

ONE_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte asked for, None for the whole. Raises ValueError for what is not there.

    >>> wanted("bytes=0-", 10), wanted("bytes=-3", 10), wanted("bytes=2-99", 10), wanted("lines=1", 10)
    ((0, 9), (7, 9), (2, 9), None)
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return None
    begin, end = found.groups()
    if not begin:
        first, last = max(0, size - int(end)), size - 1
    else:
        first, last = int(begin), min(int(end), size - 1) if end else size - 1
    if first > last or first >= size:
        raise ValueError(header)
    return first, last


def answer(content: bytes, media: str, header: str) -> HttpResponse:
    """Return a sound or the part of it that was asked for; nothing of it is kept by a browser."""
    size = len(content)
    try:
        part = wanted(header, size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    if part is None:
        return HttpResponse(content, content_type=media, headers=headers)
    first, last = part
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return HttpResponse(content[first : last + 1], status=206, content_type=media, headers=headers)
