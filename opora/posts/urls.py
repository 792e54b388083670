"""Addresses of the room."""

from django.urls import path

from opora.posts import views

app_name = "posts"
urlpatterns = [
    path("", views.records, name="records"),
    path("<uuid:pk>/draft/", views.draft, name="draft"),
    path("<uuid:pk>/aside/", views.aside, name="aside"),
    path("tablet/", views.tablet, name="tablet"),
    path("tablet/worker.js", views.worker, name="worker"),
    path("tablet/day.json", views.day, name="day"),
    path("tablet/records/", views.take, name="take"),
]
