"""Views of no domain: the choice of look."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from opora.shared.look import ALLOWED, look_of, remember


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember the look for a year in this browser; open to all, because people need it before they sign in."""
    chosen = look_of(request).chosen(request.POST)
    if request.headers.get("HX-Request"):
        response: HttpResponse = JsonResponse({part: getattr(chosen, part) for part in ALLOWED})
    else:
        response = HttpResponseRedirect(_safe(request))
    remember(response, chosen, secure=request.is_secure())
    return response


def _safe(request: HttpRequest) -> str:
    address = request.POST.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if allowed else "/"
