"""Addresses of published reports, under ``/open/reports/``."""

from django.urls import path

from opora.reports.views import open as views

app_name = "open_reports"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<uuid:pk>/", views.report, name="report"),
    path("<uuid:pk>.json", views.copy, {"form": "json"}, name="json"),
    path("<uuid:pk>.csv", views.copy, {"form": "csv"}, name="csv"),
]
