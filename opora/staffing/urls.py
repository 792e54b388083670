"""Addresses of the room, under ``/staffing/``."""

from django.urls import path

from opora.staffing import views

app_name = "staffing"
urlpatterns = [
    path("", views.week, name="week"),
    path("shifts/", views.shifts, name="shifts"),
    path("shifts/copy/", views.copy, name="copy"),
    path("suggestion/", views.suggestion, name="suggestion"),
    path("together/", views.together, name="together"),
    path("line/", views.line, name="line"),
]
