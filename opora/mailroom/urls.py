"""Addresses of the room, under ``/mailroom/``."""

from django.urls import path

from opora.mailroom.views import leaving, letters, lists, scans

app_name = "mailroom"
urlpatterns = [
    path("", letters.listed, name="letters"),
    path("search/", letters.search, name="search"),
    path("new/", letters.new, name="new"),
    path("out/", leaving.waiting, name="out"),
    path("out/chosen/", leaving.chosen, name="chosen"),
    path("sent/", leaving.sent, name="sent"),
    path("sent/search/", leaving.search, name="sent-search"),
    path("out/<uuid:pk>/", leaving.letter, name="outgoing"),
    path("out/<uuid:pk>/envelope.pdf", leaving.envelope, name="envelope"),
    path("out/<uuid:pk>/acts/<slug:act>/", leaving.act, name="out-act"),
    path("lists/", lists.listed, name="lists"),
    path("lists/<uuid:pk>/", lists.post_list, name="list"),
    path("lists/<uuid:pk>/tracks/", lists.tracks, name="tracks"),
    path("lists/<uuid:pk>/handing/", lists.handing, name="handing"),
    path("lists/<uuid:pk>/envelopes.pdf", lists.envelopes, name="list-envelopes"),
    path("lists/<uuid:pk>/list.<slug:to>", lists.paper, name="list-paper"),
    path("<uuid:pk>/", letters.letter, name="letter"),
    path("<uuid:pk>/editing/", letters.editing, name="editing"),
    path("<uuid:pk>/label.pdf", letters.label, name="label"),
    path("<uuid:pk>/acts/<slug:act>/", letters.act, name="act"),
    path("<uuid:pk>/scans/", scans.add, name="scans"),
    path("<uuid:pk>/scans/<int:scan>/", scans.file, name="scan"),
    path("<uuid:pk>/scans/<int:scan>/<int:number>.jpg", scans.page, name="page"),
    path("<uuid:pk>/scans/<int:scan>/removal/", scans.removal, name="scan-removal"),
]
