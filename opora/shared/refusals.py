"""How a refusal looks: a page for people, a toast for htmx, JSON for machines — the same sentence everywhere.

The pages ask no database: the layout of a signed-in person is used only where her account is already loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from opora.shared.toasts import toast


@dataclass(frozen=True, slots=True)
class Refusal:
    """What happened, why, and what to do next."""

    title: str
    text: str
    advice: str = ""


REFUSALS = {
    400: Refusal("Не поняли запрос", "Адрес или форма дошли до нас с ошибкой.", "Вернитесь и попробуйте ещё раз."),
    403: Refusal(
        "Сюда вам нельзя",
        "У вашей роли нет права на это действие.",
        "Если оно нужно для работы, попросите администратора вашей организации добавить право.",
    ),
    404: Refusal(
        "Такой страницы нет",
        "Её нет совсем или она относится к другой организации.",
        "Проверьте адрес или найдите то, что нужно, через поиск.",
    ),
    409: Refusal(
        "Данные уже изменили",
        "Пока страница была открыта, коллега сохранил другие данные.",
        "Откройте страницу заново: ваш текст остался на прежней.",
    ),
    422: Refusal("Не сохранили", "В форме есть ошибки.", "Вернитесь к форме: рядом с полями написано, что поправить."),
    429: Refusal(
        "Слишком много попыток", "Мы остановили повторы, чтобы никто не подобрал пароль.", "Подождите немного."
    ),
    500: Refusal(
        "У нас поломка",
        "Запрос не выполнен, сохранённое раньше на месте.",
        "Повторите через минуту. Если не поможет — скажите администратору, во сколько это было.",
    ),
    503: Refusal("Обновляемся", "Программа сейчас перезапускается.", "Страница откроется сама через полминуты."),
}
CSRF = Refusal(
    "Страница устарела",
    "Её открыли давно или вход в программу с тех пор сменился, поэтому мы ничего не сохранили.",
    "Вернитесь назад, обновите страницу и отправьте форму ещё раз.",
)

# A room that knows people may say here who can help: (request, error) → names for the 403 page.
helpers: list[Callable[[HttpRequest, BaseException], list[str]]] = []


def refused(
    request: HttpRequest,
    status: int,
    *,
    sentence: str = "",
    code: str = "",
    error: BaseException | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Return the refusal as JSON, as a toast or as a page."""
    about = refusal or REFUSALS.get(status, REFUSALS[400])
    sentence = sentence or about.text
    if _wants_json(request):
        return JsonResponse({"code": code or f"http_{status}", "message": sentence}, status=status)
    if request.headers.get("HX-Request"):
        return toast(HttpResponse(status=status), sentence, state="late")
    context: dict[str, Any] = {"status": status, "refusal": about, "sentence": sentence, "layout": _layout(request)}
    if error is not None:
        context["helpers"] = [name for helper in helpers for name in helper(request, error)]
    context |= getattr(request, "refusal_context", {})
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, 403, sentence=str(exception), error=exception)


def page_not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return refused(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: no context, no database, no settings of the person."""
    if _wants_json(request):
        return JsonResponse({"code": "http_500", "message": REFUSALS[500].text}, status=500)
    if request.headers.get("HX-Request"):
        return toast(HttpResponse(status=500), f"{REFUSALS[500].title}. {REFUSALS[500].text}", state="late")
    return HttpResponse(render_to_string("500.html", {"refusal": REFUSALS[500]}), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``."""
    return refused(request, 403, refusal=CSRF, code="csrf_failed")


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def _layout(request: HttpRequest) -> str:
    """Keep the rail around a refusal, but only for an account that this request has already loaded."""
    user = getattr(request, "_cached_user", None)
    return "base.html" if user is not None and user.is_authenticated else "base_plain.html"
