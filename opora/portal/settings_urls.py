"""Addresses of the settings of sites, under ``/portal/``."""

from django.urls import path

from opora.portal.views import settings

app_name = "portal_settings"
urlpatterns = [
    path("", settings.listed, name="list"),
    path("new/", settings.opening, name="new"),
    path("<int:pk>/", settings.site, name="site"),
]
