"""Addresses of the room in the web process; ``/live/events`` is answered by the stream process."""

from django.urls import path

from opora.live import views

app_name = "live"
urlpatterns = [
    path("ticket/", views.ticket, name="ticket"),
    path("presence/", views.presence, name="presence"),
]
