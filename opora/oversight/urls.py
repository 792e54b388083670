from django.urls import path

from opora.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.log, name="log"),
    path("copy/<slug:kind>/", views.copy, name="copy"),
]
