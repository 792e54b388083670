"""Addresses of the room for employees, under ``/chat/``."""

from django.urls import path

from opora.chat.views import desk, ending, running, settings, talk

app_name = "chat"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("next/", desk.taking_next, name="next"),
    path("cards/", desk.cards, name="cards"),
    path("past/", desk.past, name="past"),
    path("running/", running.running, name="running"),
    path("settings/", settings.listed, name="places"),
    path("settings/new/", settings.opening, name="place-new"),
    path("settings/<int:pk>/", settings.place, name="place"),
    path("<uuid:pk>/", talk.whole, name="talk"),
    path("<uuid:pk>/taking/", talk.taking, name="taking"),
    path("<uuid:pk>/lines/", talk.lines, name="lines"),
    path("<uuid:pk>/reading/", talk.reading, name="reading"),
    path("<uuid:pk>/typing/", talk.typing, name="typing"),
    path("<uuid:pk>/card/", talk.card, name="card"),
    path("<uuid:pk>/files/<int:file>/", talk.file, name="file"),
    path("<uuid:pk>/handing/", ending.handing, name="handing"),
    path("<uuid:pk>/closing/", ending.closing, name="closing"),
    path("<uuid:pk>/callback/", ending.callback, name="callback"),
    path("<uuid:pk>/dropping/", ending.dropping, name="dropping"),
    path("<uuid:pk>/registration/", ending.registration, name="registration"),
]
