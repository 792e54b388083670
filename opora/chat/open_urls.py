"""Addresses of chats for citizens, under ``/c/``."""

from django.urls import path

from opora.chat.views import citizen, pages

app_name = "chat_open"
urlpatterns = [
    path("<slug:slug>/", pages.page, name="page"),
    path("<slug:slug>/frame/", pages.frame, name="frame"),
    path("<slug:slug>/state/", pages.state, name="state"),
    path("<slug:slug>/files/<int:file>/", pages.file, name="file"),
    path("<slug:slug>/talk/lines/", citizen.lines, name="lines"),
    path("<slug:slug>/talk/reading/", citizen.reading, name="reading"),
    path("<slug:slug>/talk/typing/", citizen.typing, name="typing"),
    path("<slug:slug>/talk/ticket/", citizen.ticket, name="ticket"),
    path("<slug:slug>/talk/files/<int:file>/", citizen.file, name="talk-file"),
]
