from django.urls import path

from opora.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.providers, name="list"),
    path("new/", views.provider_new, name="new"),
    path("<int:pk>/", views.provider, name="provider"),
    path("<int:pk>/line/", views.line, name="line"),
    path("<int:pk>/trial/", views.trial, name="trial"),
    path("<int:pk>/given/", views.given, name="given"),
    path("<int:pk>/brought/<str:secret>/", views.brought, name="brought"),
]
