"""What stands between a refusal in the code and a sentence on the screen."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

from opora.shared.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RefusalMiddleware:
    """Turn a DomainError into a page, a toast (htmx) or ``{"code", "message"}`` (machines)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, DomainError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": exception.code, "message": exception.sentence}, status=exception.status)
        template = "403.html" if exception.status == 403 else "refusal.html"
        context = {"refusal": exception, **getattr(request, "refusal_context", {})}
        return render(request, template, context, status=exception.status)
