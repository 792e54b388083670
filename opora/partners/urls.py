from django.urls import path

from opora.partners import views

app_name = "partners"
urlpatterns = [
    path("", views.partners, name="list"),
    path("new/", views.partner_new, name="new"),
    path("<int:pk>/", views.partner, name="partner"),
    path("<int:pk>/key/", views.key, name="key"),
    path("<int:pk>/closure/", views.closure, name="closure"),
]
