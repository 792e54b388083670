"""Addresses of the board. Below ``screen/`` there is no sign-in, only the secret of a screen."""

from django.urls import path

from opora.appeals.views import board, screens

app_name = "board"
urlpatterns = [
    path("", board.board, name="board"),
    path("figures/", board.figures, name="figures"),
    path("screens/", screens.screens, name="screens"),
    path("screens/<int:pk>/removal/", screens.removal, name="removal"),
    path("screen/", screens.screen, name="screen"),
    path("screen/entry/", screens.entry, name="entry"),
    path("screen/figures/", screens.figures, name="screen-figures"),
    path("screen/ticket/", screens.ticket, name="screen-ticket"),
]
