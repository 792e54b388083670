from django.urls import path

from opora.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("waiting/", views.waiting, name="waiting"),
    path("calendar/", views.calendar, name="calendar"),
    path("terms/", views.terms, name="terms"),
]
