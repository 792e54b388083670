from django.urls import path

from opora.workplace import views

app_name = "workplace"
urlpatterns = [path("", views.desk, name="desk")]
