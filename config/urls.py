"""Every address of the house, room by room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import api, health
from opora.access.guard import public
from opora.shared import gallery, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("opora.workplace.urls")),
    path("", include("opora.organisations.urls")),
    path("appeals/", include("opora.appeals.urls")),
    path("board/", include("opora.appeals.board.urls")),
    path("deadlines/", include("opora.deadlines.urls")),
    path("classifiers/", include("opora.classifiers.urls")),
    path("informing/", include("opora.informing.urls")),
    path("complaints/", include("opora.complaints.urls")),
    path("chat/", include("opora.chat.urls")),
    path("c/", include("opora.chat.open_urls")),
    path("doors/", include("opora.doors.urls")),
    path("feedback/", include("opora.feedback.urls")),
    path("findings/", include("opora.findings.urls")),
    path("staffing/", include("opora.staffing.urls")),
    path("surveys/", include("opora.surveys.urls")),
    path("telephony/", include("opora.telephony.urls")),
    path("reports/", include("opora.reports.urls")),
    path("open/reports/", include("opora.reports.open_urls")),
    path("posts/", include("opora.posts.urls")),
    path("", include("opora.portal.root_urls")),
    path("s/", include("opora.portal.urls")),
    path("portal/", include("opora.portal.settings_urls")),
    path("policies/", include("opora.policies.urls")),
    path("insured/", include("opora.insured.urls")),
    path("mailroom/", include("opora.mailroom.urls")),
    path("knowledge/", include("opora.knowledge.urls")),
    path("look/", public("вид страницы выбирают и до входа")(views.look), name="look"),
    path("", include("opora.entrance.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("audit/", include("opora.oversight.urls")),
    path("live/", include("opora.live.urls")),
    path("partners/", include("opora.partners.urls")),
    path("channels/", include("opora.channels.urls")),
    path("exchange/", include("opora.exchange.urls")),
    path("api/v1/docs/", api.docs, name="api-docs"),
    path("api/v1/", include((api.addresses(), "api"))),
]

if settings.DEVELOPMENT:
    samples = public("образцы интерфейса, только при разработке")
    urlpatterns += [path(f"ui/{route}", samples(view), name=name) for route, view, name in gallery.ROUTES]

handler400 = "opora.shared.refusals.bad_request"
handler403 = "opora.shared.refusals.permission_denied"
handler404 = "opora.shared.refusals.page_not_found"
handler500 = "opora.shared.refusals.server_error"
