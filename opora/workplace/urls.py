from django.urls import path

from opora.workplace import views

app_name = "workplace"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk/work/", views.work, name="work"),
    path("desk/taking/<uuid:pk>/", views.taking, name="taking"),
]
