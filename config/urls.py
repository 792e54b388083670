"""Every address of the house, room by room."""

from django.urls import URLPattern, URLResolver, path, include

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("opora.workplace.urls")),
]
