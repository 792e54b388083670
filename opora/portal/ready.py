"""Pages that are the same for everybody with one look: kept ready in the process for some seconds, marked by an ETag.

Only pages without a query are kept, so there are as many as the sites have addresses and looks; ``MOST`` bounds them.
"""

from __future__ import annotations

import time as clock_time
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from opora.portal.faces import FRESH
from opora.shared.look import Look, look_of

MOST = 500
type _Key = tuple[str, Look]

_ready: dict[_Key, tuple[float, bytes, dict[str, str]]] = {}


def find(request: HttpRequest) -> HttpResponse | None:
    """Return the page if it is ready, or what says that the reader has it already (304)."""
    known = _ready.get(_key(request)) if _may_be_ready(request) else None
    if known is None or known[0] <= clock_time.monotonic():
        return None
    return _answer(request, *known[1:])


def keep(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """Keep a page that was made for everybody, and return it."""
    if page.status_code != 200 or not _may_be_ready(request):
        return page
    if len(_ready) >= MOST:
        _ready.clear()
    headers = {name: page.headers[name] for name in ("Content-Type", "Cache-Control")}
    headers["ETag"] = f'"{sha256(page.content).hexdigest()[:32]}"'
    _ready[_key(request)] = clock_time.monotonic() + FRESH, page.content, headers
    return _answer(request, page.content, headers)


def forget(**_: Any) -> None:
    """Believe nothing: something that pages show has been changed in this process."""
    _ready.clear()


def _may_be_ready(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"} and not request.META.get("QUERY_STRING")


def _key(request: HttpRequest) -> _Key:
    return request.path, look_of(request)


def _answer(request: HttpRequest, content: bytes, headers: dict[str, str]) -> HttpResponse:
    page = HttpResponse(content, headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=page) or page
