"""Addresses of sites, under ``/s/``."""

from django.urls import path

from opora.portal.views import asking, insurer, reading, state

app_name = "portal"
urlpatterns = [
    path("<slug:slug>/", reading.home, name="home"),
    path("<slug:slug>/checkups/", reading.checkups, name="checkups"),
    path("<slug:slug>/waiting/", reading.waiting, name="waiting"),
    path("<slug:slug>/clinics/", reading.clinics, name="clinics"),
    path("<slug:slug>/posts/", reading.posts, name="posts"),
    path("<slug:slug>/answers/", reading.answers, name="answers"),
    path("<slug:slug>/answers/<slug:card>/", reading.card, name="card"),
    path("<slug:slug>/insurer/", insurer.insurer, name="insurer"),
    path("<slug:slug>/ask/", asking.ask, name="ask"),
    path("<slug:slug>/ask/done/", asking.done, name="done"),
    path("<slug:slug>/ask/helped/", asking.helped, name="helped"),
    path("<slug:slug>/ask/<slug:step>/", asking.step, name="step"),
    path("<slug:slug>/delivery/", asking.delivery, name="delivery"),
    path("<slug:slug>/state/", state.state, name="state"),
    path("<slug:slug>/data/", reading.data, name="data"),
    path("<slug:slug>/look/", reading.look, name="look"),
]
