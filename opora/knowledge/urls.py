from django.urls import path

from opora.knowledge.views import cards, feedback, suggestions, synonyms, templates

app_name = "knowledge"
urlpatterns = [
    path("", cards.cards, name="list"),
    path("new/", cards.new, name="new"),
    path("answer/", cards.answer, name="answer"),
    path("topics/", suggestions.topics, name="topics"),
    path("synonyms/", synonyms.listed, name="synonyms"),
    path("synonyms/effect/", synonyms.effect, name="synonyms-effect"),
    path("synonyms/<slug:mark>/", synonyms.one, name="synonym"),
    path("synonyms/<slug:mark>/<slug:act>/", synonyms.change, name="synonym-change"),
    path("left/", feedback.left, name="left"),
    path("missing/", feedback.missing, name="missing"),
    path("missing/<int:pk>/closure/", feedback.missing_closure, name="missing-closure"),
    path("letters/", templates.templates, name="templates"),
    path("letters/<slug:kind>/", templates.template, name="template"),
    path("letters/<slug:kind>/change/", templates.template_change, name="template_change"),
    path("letters/<slug:kind>/sample/<slug:to>/", templates.sample, name="sample"),
    path("<int:pk>/", cards.card, name="card"),
    path("<int:pk>/vote/", feedback.vote, name="vote"),
    path("<int:pk>/change/", cards.change, name="change"),
    path("<int:pk>/print/", cards.paper, name="print"),
    path("<int:pk>/copy/", cards.copy, name="copy"),
    path("<int:pk>/submission/", cards.submission, name="submission"),
    path("<int:pk>/approval/", cards.approval, name="approval"),
    path("<int:pk>/return/", cards.returning, name="return"),
    path("<int:pk>/withdrawal/", cards.withdrawal, name="withdrawal"),
    path("<int:pk>/review/", cards.review, name="review"),
    path("<int:pk>/offer/", cards.offer, name="offer"),
    path("<int:pk>/restoration/", cards.restoration, name="restoration"),
]
