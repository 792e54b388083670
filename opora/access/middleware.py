"""What stands between a refusal in the code and a sentence on the screen."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from opora.shared.errors import DomainError
from opora.shared.refusals import refused

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
        return refused(request, exception.status, sentence=exception.sentence, code=exception.code, error=exception)
