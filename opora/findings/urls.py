"""Addresses of the room, under ``/findings/``."""

from django.urls import path

from opora.findings.views import clinic, findings, watching

app_name = "findings"
urlpatterns = [
    path("", watching.alarms, name="alarms"),
    path("alarms/<int:pk>/dismissal/", watching.dismissal, name="dismissal"),
    path("waiting/", watching.waiting, name="radar"),
    path("rows/", watching.rows, name="rows"),
    path("list/", findings.listed, name="list"),
    path("new/", findings.opening, name="new"),
    path("letters/", clinic.letters, name="letters"),
    path("letters/<uuid:pk>/", clinic.letter, name="clinic-letter"),
    path("letters/<uuid:pk>/letter.<slug:to>", clinic.letter_paper, name="clinic-paper"),
    path("<uuid:pk>/", findings.finding, name="finding"),
    path("<uuid:pk>/letter.<slug:to>", findings.letter, name="letter"),
    path("<uuid:pk>/acts/<slug:act>/", findings.act, name="act"),
]
