"""Addresses of the journal. A number stands last: every other word comes before it."""

from django.urls import path

from opora.appeals.views import card, exports, journal

app_name = "appeals"
urlpatterns = [
    path("", journal.appeals, name="list"),
    path("paper/", journal.paper, name="list-paper"),
    path("filters/", journal.more_filters, name="more-filters"),
    path("finding/", journal.finding, name="finding"),
    path("views/", journal.view_new, name="views"),
    path("views/<int:pk>/removal/", journal.view_removal, name="view-removal"),
    path("columns/", journal.columns, name="columns"),
    path("exports/", exports.files, name="exports"),
    path("exports/<uuid:pk>/", exports.file, name="export"),
    path("exports/<uuid:pk>/file/", exports.content, name="export-file"),
    path("<str:number>/", card.appeal, name="card"),
    path("<str:number>/paper/", card.paper, name="card-paper"),
    path("<str:number>/version/", card.version, name="card-version"),
]
