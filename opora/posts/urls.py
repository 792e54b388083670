"""Addresses of the room."""

from django.urls import path

from opora.posts import memo_views, views

app_name = "posts"
urlpatterns = [
    path("", views.records, name="records"),
    path("<uuid:pk>/draft/", views.draft, name="draft"),
    path("<uuid:pk>/aside/", views.aside, name="aside"),
    path("rooms/", memo_views.buildings, name="buildings"),
    path("rooms/<int:site>/", memo_views.building, name="rooms"),
    path("rooms/stops/<int:pk>/", memo_views.room, name="room"),
    path("rooms/stops/<int:pk>/acts/", memo_views.room_act, name="room-act"),
    path("memo/", memo_views.search, name="memo-search"),
    path("memo/<int:pk>/", memo_views.memo, name="memo"),
    path("tablet/", views.tablet, name="tablet"),
    path("tablet/worker.js", views.worker, name="worker"),
    path("tablet/day.json", views.day, name="day"),
    path("tablet/records/", views.take, name="take"),
]
