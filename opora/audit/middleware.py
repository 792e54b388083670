"""Every request has a context for the access log; refused ones leave a line of their own."""

import hashlib
import ipaddress
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from opora.audit.context import Context, come_from
from opora.audit.models import AuditLine
from opora.audit.services import record

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TraceMiddleware:
    """Set the context of ``record`` and write down who was refused what. Stands after authentication."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        context = Context(
            ip=address(request),
            session=session_mark(request),
            request_id=getattr(request, "request_id", "") or str(uuid.uuid4()),
            purpose=getattr(request, "purpose", ""),
        )
        with come_from(context):
            response = self.get_response(request)
            if response.status_code == 403 and request.user.is_authenticated:
                self._refused(request)
        return response

    def _refused(self, request: HttpRequest) -> None:
        match = request.resolver_match
        page = match.view_name if match else ""
        record("access.refused", ("page", page[:64]), by=request.user, result=AuditLine.Result.REFUSED)


def address(request: HttpRequest) -> str | None:
    """Return the caller's address: the last hop named by our own proxy, else the peer."""
    if settings.BEHIND_PROXY and (chain := request.headers.get("X-Forwarded-For", "")):
        return chain.rpartition(",")[2].strip() or None
    return request.META.get("REMOTE_ADDR") or None


def household(request: HttpRequest) -> str:
    """Return what stands for one caller: an IPv4 address, or the network of a household for IPv6; «» for none."""
    try:
        found = ipaddress.ip_address(address(request) or "")
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found  # a server that listens to both says ::ffff:192.0.2.7
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def session_mark(request: HttpRequest) -> str:
    """Return a short mark that tells sessions apart and opens none of them."""
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
