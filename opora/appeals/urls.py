"""Addresses of the journal. A number stands last: every other word comes before it."""

from django.urls import path

from opora.appeals.views import acts, card, exports, intake, intake_pieces, journal, quality, rules, supervisor

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
    path("supervisor/", supervisor.overview, name="supervisor"),
    path("supervisor/reassignment/", supervisor.reassignment, name="reassignment"),
    path("quality/", quality.samples, name="samples"),
    path("quality/mine/", quality.own, name="own-scores"),
    path("quality/<uuid:pk>/", quality.sample, name="sample"),
    path("quality/talks/<int:pk>/", quality.score, name="score"),
    path("new/", intake.new, name="new"),
    path("new/people/", intake_pieces.people, name="intake-people"),
    path("new/person/", intake_pieces.person, name="intake-person"),
    path("new/topics/", intake_pieces.topics, name="intake-topics"),
    path("new/topic/", intake_pieces.topic, name="intake-topic"),
    path("new/say/", intake_pieces.say, name="intake-say"),
    path("new/clinics/", intake_pieces.clinics, name="intake-clinics"),
    path("new/<uuid:pk>/", intake.registered, name="registered"),
    path("new/<uuid:pk>/draft/", intake.draft, name="draft"),
    path("new/<uuid:pk>/draft/removal/", intake.draft_removal, name="draft-removal"),
    path("rules/", rules.rules, name="rules"),
    path("rules/approval/", rules.approval, name="approval"),
    path("rules/routes/own/", rules.own_routes, name="own_routes"),
    path("rules/routes/new/", rules.new_route, name="new_route"),
    path("rules/routes/<int:pk>/", rules.route, name="route"),
    path("rules/visibility/", rules.visibility, name="visibility"),
    path("<str:number>/", card.appeal, name="card"),
    path("<str:number>/paper/", card.paper, name="card-paper"),
    path("<str:number>/acts/<slug:act>/", acts.act, name="act"),
    path("<str:number>/version/", card.version, name="card-version"),
]
