"""Addresses of the room, under ``/doors/``."""

from django.urls import path

from opora.doors import flood_views, settings_views, views

app_name = "doors"
urlpatterns = [
    path("", views.listed, name="list"),
    path("flood/", flood_views.flood, name="flood"),
    path("flood/<int:pk>/", flood_views.deciding, name="flood-deciding"),
    path("flood/decisions/<uuid:pk>/undoing/", flood_views.undoing, name="flood-undoing"),
    path("settings/", settings_views.doors, name="doors"),
    path("settings/new/", settings_views.new, name="door-new"),
    path("settings/<int:pk>/", settings_views.door, name="door"),
    path("settings/<int:pk>/look/", settings_views.look, name="door-look"),
    path("<uuid:pk>/", views.thread, name="thread"),
    path("<uuid:pk>/taking/", views.taking, name="taking"),
    path("<uuid:pk>/person/", views.person, name="person"),
    path("<uuid:pk>/registration/", views.registration, name="registration"),
    path("<uuid:pk>/appeal/", views.linking, name="linking"),
    path("<uuid:pk>/closing/", views.closing, name="closing"),
    path("<uuid:pk>/reopening/", views.reopening, name="reopening"),
    path("<uuid:pk>/files/<int:file>/", views.file, name="file"),
    path("<uuid:pk>/messages/<uuid:message>/sending/", views.sending, name="sending"),
]
