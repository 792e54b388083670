"""The API for programs of partners: ``/api/v1/``. Every operation declares its right (``opora.access.api``)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from opora.access.errors import RightMissing
from opora.access.guard import public, signed_in
from opora.appeals.api import router as appeals
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.classifiers.api import router as classifiers
from opora.exchange.api import router as exchange
from opora.insured.api import router as insured
from opora.partners.api import PartnerBearer
from opora.partners.api import router as partners
from opora.shared.errors import DomainError


class JournalAPI(NinjaAPI):
    """The API with refusals as they are: problem+json, described for every operation."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        for operation in (about for methods in schema["paths"].values() for about in methods.values()):
            for status in REFUSALS:
                operation["responses"][status] = {"description": REFUSALS[status], "content": PROBLEM}
        return schema

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """Answer; a refusal with problem+json (RFC 9457): ``code`` for programs, ``message`` repeats ``detail``."""
        given = status or (temporal_response.status_code if temporal_response is not None else 200)
        is_refusal = given >= 400 and isinstance(data, dict) and "code" in data
        if is_refusal:
            about = {"type": f"/api/v1/docs/#{data['code']}", "title": data["message"].partition(".")[0]}
            data = {**about, "status": given, "detail": data["message"], **data}
        answer = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if is_refusal:
            answer["Content-Type"] = "application/problem+json; charset=utf-8"
        return answer


PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
REFUSALS = {
    400: "Запрос не прочитан",
    401: "Нужен действующий сеанс",
    403: "Нет права",
    404: "Такого нет или это не ваше",
    409: "Так поступить нельзя: за это время что-то изменилось",
    422: "Поправьте названные поля",
    429: "Слишком часто",
}

api = JournalAPI(
    title="Опора: API для партнёров",
    version="1",
    description="Вход по одноразовому ключу, сеанс на полчаса. Отказ — problem+json: detail словами, code программам. "
    "Команды журнала повторяются без вреда: заголовок Idempotency-Key.",
    urls_namespace="api",
    auth=PartnerBearer(),
    docs_url=None,
    docs_decorator=signed_in,
)
api.add_router("", partners)
api.add_router("", insured)
api.add_router("", appeals)
api.add_router("", classifiers)
api.add_router("", exchange)


def addresses() -> list[URLPattern | URLResolver]:
    """Return the patterns of the API; the operations behind them guard themselves."""
    patterns = api.urls[0]
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and not hasattr(pattern.callback, "right"):
            pattern.callback = public("each operation declares its own right")(pattern.callback)
    return patterns


@signed_in
def docs(request: HttpRequest) -> HttpResponse:
    """The description of the API as a page: from the same schema, without scripts from elsewhere."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    operations = [
        {"method": method.upper(), "path": path, **about}
        for path, methods in schema["paths"].items()
        for method, about in methods.items()
    ]
    return render(request, "partners/docs.html", {"info": schema["info"], "operations": operations})


def _refusal(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message, **more}, status=status)


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, refused: DomainError) -> HttpResponse:
    if isinstance(refused, RightMissing):
        page = request.resolver_match.route[:64] if request.resolver_match else ""
        caller = getattr(request, "auth", None)
        record("access.refused", ("page", page), by=caller, result=AuditLine.Result.REFUSED)
    answer = _refusal(request, refused.status, refused.code, refused.sentence)
    if (seconds := refused.details.get("retry_after")) is not None:
        answer["Retry-After"] = str(seconds)
    return answer


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _refusal(request, 401, "not_signed_in", "Нужен действующий сеанс: обменяйте ключ в POST /api/v1/session.")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refusal(request, error.status_code, "unreadable", "Запрос не прочитан: тело должно быть JSON в UTF-8.")


@api.exception_handler(MultiPartParserError)
def _torn(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
    return _refusal(request, 400, "unreadable", "Запрос не прочитан: тело должно быть multipart/form-data.")


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refusal(request, 404, "not_found", "Такого нет или это не ваше.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Places and kinds of faults, never the values: they are personal."""
    fields = [{"field": ".".join(map(str, fault["loc"])), "message": fault["msg"]} for fault in error.errors]
    return _refusal(request, 422, "invalid", "Запрос не прочитан: поправьте названные поля.", fields=fields)
