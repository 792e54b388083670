from django.urls import path

from opora.informing.views import calls, campaigns, exports, lists, monthly, observation, quality

app_name = "informing"
urlpatterns = [
    path("", campaigns.index, name="list"),
    path("new/", campaigns.new, name="new"),
    path("<int:pk>/", campaigns.campaign, name="campaign"),
    path("<int:pk>/dry-run/", campaigns.dry_run, name="dry-run"),
    path("<int:pk>/launch/", campaigns.launch, name="launch"),
    path("<int:pk>/pause/", campaigns.pause, name="pause"),
    path("<int:pk>/resume/", campaigns.resume, name="resume"),
    path("<int:pk>/stop/", campaigns.stop, name="stop"),
    path("<int:pk>/waves/<int:round>/touches/", campaigns.touches, name="touches"),
    path("<int:pk>/waves/<int:round>/excluded/", campaigns.excluded, name="excluded"),
    path("lists/", lists.rolls, name="rolls"),
    path("lists/<int:pk>/", lists.roll, name="roll"),
    path("lists/to-settle/", lists.to_settle, name="to-settle"),
    path("lists/entries/<int:pk>/", lists.entry, name="entry"),
    path("calls/", calls.calls, name="calls"),
    path("calls/next/", calls.call_next, name="call-next"),
    path("calls/result/", calls.call_result, name="call-result"),
    path("calls/release/", calls.call_release, name="call-release"),
    path("contacts/", quality.standing, name="quality"),
    path("contacts/people/", quality.unreached, name="unreached"),
    path("observation/", observation.index, name="observation"),
    path("observation/take/", observation.take, name="observation-take"),
    path("observation/draft/", observation.draft, name="observation-draft"),
    path("observation/<int:pk>/", observation.gap, name="gap"),
    path("exports/", exports.ask, name="export-ask"),
    path("exports/<uuid:pk>/", exports.export, name="export"),
    path("exports/<uuid:pk>/file/", exports.content, name="export-file"),
    path("monthly/", monthly.table, name="monthly"),
    path("monthly/rows/", monthly.rows, name="month-rows"),
    path("plan/", lists.plan, name="plan"),
    path("plan/seal/", lists.seal, name="seal"),
]
