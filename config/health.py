"""Is it alive, may it be given work, how does it fare — for machines that watch."""

import os
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from opora.access.guard import public
from opora.audit.middleware import address

_JOBS = (
    "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY status"
)
_schema_is_ready = False


@public("сторож спрашивает без входа; ответ не говорит ничего, кроме «жив»")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nobody, so a database on its knees does not get its web killed too."""
    return HttpResponse("ok", content_type="text/plain")


@public("балансировщик спрашивает без входа; ответ называет только причину")
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers and has the schema of this version. 503 otherwise."""
    try:
        reason = _what_is_missing()
    except DatabaseError:
        reason = "database"
    return JsonResponse({"ready": not reason, "reason": reason}, status=503 if reason else 200)


@public("только из сетей OPORA_METRICS_NETS, для остальных её нет")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, of all web processes together."""
    if not is_watcher(request):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    own = b"" if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else generate_latest(REGISTRY)
    _count_jobs(registry)
    _age_of_unchained(registry)
    return HttpResponse(own + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def is_watcher(request: HttpRequest) -> bool:
    """Whether the caller sits in an allowed network. A forwarded request counts by whom it was forwarded for."""
    if "X-Forwarded-For" in request.headers and not settings.BEHIND_PROXY:
        return False
    try:
        caller = ip_address(address(request) or "")
    except ValueError:
        return False
    return any(caller in ip_network(net) for net in settings.METRICS_NETS)


def _what_is_missing() -> str:
    global _schema_is_ready
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _schema_is_ready:
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        _schema_is_ready = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "" if _schema_is_ready else "migrations"


def _count_jobs(registry: CollectorRegistry) -> None:
    gauge = Gauge("opora_jobs", "Background jobs by status", ["status"], registry=registry)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_JOBS)
            for status, count in cursor.fetchall():
                gauge.labels(status).set(count)
    except DatabaseError:
        return


def _age_of_unchained(registry: CollectorRegistry) -> None:
    from opora.appeals.chain.chainer import oldest_waiting

    gauge = Gauge("opora_unchained_seconds", "Age of the oldest event without a place in its chain", registry=registry)
    try:
        gauge.set(oldest_waiting() or 0)
    except DatabaseError:
        return
