"""Addresses of the room, under ``/feedback/``."""

from django.urls import path

from opora.feedback import settings_views, views

app_name = "feedback"
urlpatterns = [
    path("", views.listed, name="list"),
    path("share/", views.share, name="share"),
    path("share/rows/", views.share_rows, name="share-rows"),
    path("settings/", settings_views.connections, name="connections"),
    path("settings/new/", settings_views.new, name="connection-new"),
    path("settings/<int:pk>/", settings_views.connection, name="connection"),
    path("settings/<int:pk>/look/", settings_views.look, name="connection-look"),
    path("<uuid:pk>/", views.message, name="message"),
    path("<uuid:pk>/<slug:act>/", views.act, name="act"),
]
