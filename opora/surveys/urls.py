from django.urls import path

from opora.surveys.views import calls, editor, open, paper, results, rounds, surveys, talks

app_name = "surveys"
urlpatterns = [
    path("", rounds.rounds, name="list"),
    path("new/", rounds.new, name="new"),
    path("size/", rounds.size, name="size"),
    path("questionnaires/", surveys.surveys, name="surveys"),
    path("questionnaires/<int:pk>/", surveys.survey, name="survey"),
    path("questionnaires/<int:pk>/copy/", surveys.copy, name="survey-copy"),
    path("questionnaires/<int:pk>/version/", editor.version, name="survey-version"),
    path("questionnaires/<int:pk>/document/", editor.document, name="survey-document"),
    path("questionnaires/<int:pk>/file/", editor.file, name="survey-file"),
    path("calls/", calls.calls, name="calls"),
    path("calls/next/", calls.call_next, name="call-next"),
    path("calls/result/", calls.call_result, name="call-result"),
    path("calls/step/", calls.call_step, name="call-step"),
    path("calls/release/", calls.call_release, name="call-release"),
    path("talks/<str:number>/", talks.question, name="after-talk"),
    path("a/<str:token>/", open.link, name="link"),
    path("post/<str:key>/", open.post, name="post"),
    path("<int:pk>/", rounds.one, name="round"),
    path("<int:pk>/acts/<str:act>/", rounds.act, name="act"),
    path("<int:pk>/post/", rounds.post_open, name="post-open"),
    path("<int:pk>/paper/", paper.paper, name="paper"),
    path("<int:pk>/entry/", paper.entry, name="entry"),
    path("<int:pk>/results/", results.results, name="results"),
    path("<int:pk>/results/<str:kind>/", results.download, name="download"),
]
