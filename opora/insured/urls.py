"""Addresses of the register."""

from django.urls import path

from opora.insured.search.views import search
from opora.insured.views import card, editing, eligibility, history, imports, marks, matches, newcomer

app_name = "insured"
urlpatterns = [
    path("search/", search, name="search"),
    path("new/", newcomer.newcomer, name="new"),
    path("new/alike/", newcomer.alike, name="alike"),
    path("imports/", imports.runs, name="imports"),
    path("imports/new/", imports.newcomer, name="import-new"),
    path("imports/<int:pk>/", imports.run, name="import"),
    path("imports/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("imports/<int:pk>/protocol/<slug:kind>/", imports.protocol, name="import-protocol"),
    path("eligibility/", eligibility.rules, name="eligibility"),
    path("matches/", matches.tasks, name="matches"),
    path("matches/<int:pk>/decision/", matches.decision, name="match-decision"),
    path("<int:pk>/", card.person, name="card"),
    path("<int:pk>/print/", card.paper, name="print"),
    path("<int:pk>/contacts/", card.contacts, name="contacts"),
    path("<int:pk>/panels/<slug:slug>/", card.panel, name="panel"),
    path("<int:pk>/revealed/", card.revealed, name="revealed"),
    path("<int:pk>/identification/", card.identification, name="identification"),
    path("<int:pk>/history/", history.history, name="history"),
    path("<int:pk>/identity/", editing.identity, name="identity"),
    path("<int:pk>/phone/", marks.told, name="phone"),
    path("<int:pk>/undo/", marks.undo, name="undo"),
    path("<int:pk>/contacts/<int:contact>/mark/", marks.mark, name="contact-mark"),
    path("<int:pk>/contacts/<int:contact>/preference/", marks.preference, name="contact-preference"),
    path("<int:pk>/names/<int:row>/removal/", editing.name_removal, name="name-removal"),
    path("<int:pk>/<slug:kind>/new/", editing.row_new, name="row-new"),
    path("<int:pk>/<slug:kind>/<int:row>/", editing.row, name="row"),
]
