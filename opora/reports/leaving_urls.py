"""Addresses of what leaves the room, under ``/reports/``; they stand before the names of reports."""

from django.urls import path

from opora.reports.views import exports, publications, schedules

urlpatterns = [
    path("exports/", exports.files, name="exports"),
    path("exports/<uuid:pk>/", exports.one, name="export"),
    path("exports/<uuid:pk>/stopping/", exports.stopping, name="export-stopping"),
    path("exports/<uuid:pk>/file/", exports.content, name="export-file"),
    path("<slug:name>/exporting/", exports.new, name="export-new"),
    path("schedules/", schedules.schedules, name="schedules"),
    path("schedules/new/", schedules.new, name="schedule-new"),
    path("schedules/<int:pk>/", schedules.schedule, name="schedule"),
    path("schedules/<int:pk>/editing/", schedules.editing, name="schedule-edit"),
    path("sendings/<uuid:pk>/again/", schedules.again, name="sending-again"),
    path("publications/", publications.publications, name="publications"),
    path("publications/<uuid:pk>/", publications.publication, name="publication"),
    path("sealed/<uuid:pk>/publishing/", publications.publishing_of, name="publishing"),
]
