"""Addresses of the hot line."""

from django.urls import path

from opora.telephony.views import calls, commands, figures, line, lines, phone

app_name = "telephony"
urlpatterns = [
    path("", line.page, name="line"),
    path("work/", line.work, name="work"),
    path("seat/", line.seat, name="seat"),
    path("state/<str:state>/", line.state, name="state"),
    path("tasks/<int:pk>/<str:act>/", line.task, name="task"),
    path("ringing/", calls.ringing, name="ringing"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/intake/", calls.intake, name="intake"),
    path("calls/<int:pk>/<str:act>/", commands.about_call, name="about-call"),
    path("mine/<str:act>/", commands.about_mine, name="about-mine"),
    path("dialling/", commands.dialling, name="dialling"),
    path("commands/<uuid:pk>/", commands.command, name="command"),
    path("phone/", phone.page, name="phone"),
    path("phone/key/", phone.key, name="phone-key"),
    path("figures/", figures.figures, name="figures"),
    path("lines/", lines.listed, name="lines"),
    path("lines/new/", lines.edit, name="line-new"),
    path("lines/<int:pk>/", lines.edit, name="line-edit"),
]
