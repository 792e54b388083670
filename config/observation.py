"""What the program says of its own work: one log line and one figure per request, never personal data.

A line names the route, not the address: addresses carry numbers of people. Tracebacks keep places and drop messages:
PostgreSQL quotes the row it refused.
"""

import logging
import re
import sys
import time
import traceback
import uuid
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

GetResponse = Callable[[HttpRequest], HttpResponseBase]
QUIET = {"healthz", "readyz", "metrics"}
PROXY_ID = re.compile(r"[0-9A-Za-z-]{8,64}")

REQUESTS = Counter("opora_requests", "Answered requests", ["route", "method", "status"])
SECONDS = Histogram(
    "opora_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

log = structlog.stdlib.get_logger("opora.requests")


class RequestLogMiddleware:
    """Give each request an id, and say afterwards what it was and how long it took. Stands first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = request_number(request)
        request.request_id = number  # type: ignore[attr-defined]
        began = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - began
        route = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD") else "OTHER"
        REQUESTS.labels(route, method, response.status_code).inc()
        SECONDS.labels(route).observe(took)
        response.headers["X-Request-ID"] = number
        if route not in QUIET:
            log.info(
                "request",
                request=number,
                method=method,
                route=route,
                status=response.status_code,
                ms=round(took * 1000, 1),
                employee=getattr(getattr(request, "_cached_user", None), "pk", None),
            )
        return response


def request_number(request: HttpRequest) -> str:
    """Return the number nginx gave, else a new one."""
    given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
    return given if PROXY_ID.fullmatch(given) else str(uuid.uuid4())


def without_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cut what libraries add: the address after «Not Found:», the message of an exception. A processor of structlog."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None:
        return event
    event["logger"] = record.name
    if record.name.startswith(("django.request", "django.security")):
        event["event"] = record.getMessage().partition(":")[0]
    if record.exc_info:
        event["exc_info"] = record.exc_info
    return with_places(_logger, _method, event)


def with_places(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say of an exception its kind and its places instead of its words. A processor of structlog."""
    given = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(fault, BaseException):
        event["exception"] = type(fault).__name__
        event["places"] = places(fault)
    return event


def places(fault: BaseException | None) -> list[str]:
    """Return where an exception came from, innermost last, without its words."""
    frames = traceback.extract_tb(fault.__traceback__) if fault else []
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames][-12:]


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: JSON lines on standard error."""
    stamps: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso")]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *stamps,
            with_places,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
                "foreign_pre_chain": [*stamps, without_personal_data],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            "axes": {"level": "ERROR"},  # who failed to enter stands in the access log
            "django.request": {"level": "ERROR"},  # a page not found has its line already
            "fontTools": {"level": "WARNING"},  # each table of each font of each PDF
            "httpx": {"level": "WARNING"},  # whole addresses: a telephone, a text, a token stand in them
            "httpcore": {"level": "WARNING"},
            "procrastinate.blueprints": {"level": "WARNING"},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
