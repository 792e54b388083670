"""Addresses of the room, under ``/reports/``."""

from django.urls import path

from opora.reports import leaving_urls
from opora.reports.views import reports, rows, seals

app_name = "reports"
urlpatterns = [
    path("", reports.listed, name="list"),
    path("sealed/<uuid:pk>/", seals.sealed, name="sealed"),
    path("sealed/<uuid:pk>/against/<uuid:former>/", seals.against, name="against"),
    *leaving_urls.urlpatterns,
    path("<slug:name>/", reports.report, name="report"),
    path("<slug:name>/rows/", rows.rows, name="rows"),
    path("<slug:name>/sealing/", seals.sealing, name="sealing"),
]
