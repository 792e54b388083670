"""Addresses of the journal."""

from django.urls import URLPattern

app_name = "appeals"
urlpatterns: list[URLPattern] = []
