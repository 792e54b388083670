"""Addresses of the hot line."""

from django.urls import path

from opora.telephony.views import (
    calls,
    commands,
    figures,
    keeping,
    line,
    lines,
    overflow,
    phone,
    quality,
    ratings,
    recordings,
)

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
    path("calls/<int:pk>/recordings/", recordings.of_call, name="tapes"),
    path("recordings/", recordings.listed, name="recordings"),
    path("recordings/<uuid:pk>/listening/", recordings.listening, name="listening"),
    path("recordings/<uuid:pk>/sound/<str:token>/", recordings.sound, name="sound"),
    path("recordings/<uuid:pk>/again/", recordings.again, name="recording-again"),
    path("voices/<int:pk>/", recordings.voice, name="voice"),
    path("voices/<int:pk>/sound/<str:token>/", recordings.voice_sound, name="voice-sound"),
    path("quality/", quality.samples, name="samples"),
    path("quality/<uuid:pk>/", quality.sample, name="sample"),
    path("quality/talks/<int:pk>/", quality.score, name="score"),
    path("keeping/", keeping.terms, name="keeping"),
    path("calls/<int:pk>/<str:act>/", commands.about_call, name="about-call"),
    path("mine/<str:act>/", commands.about_mine, name="about-mine"),
    path("dialling/", commands.dialling, name="dialling"),
    path("commands/<uuid:pk>/", commands.command, name="command"),
    path("phone/", phone.page, name="phone"),
    path("phone/key/", phone.key, name="phone-key"),
    path("figures/", figures.figures, name="figures"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("overflow/", overflow.listed, name="overflow"),
    path("overflow/new/", overflow.new, name="overflow-new"),
    path("overflow/<int:pk>/<str:act>/", overflow.act, name="overflow-act"),
    path("lines/", lines.listed, name="lines"),
    path("lines/new/", lines.edit, name="line-new"),
    path("lines/<int:pk>/", lines.edit, name="line-edit"),
]
