from django.urls import path

from opora.classifiers import views

app_name = "classifiers"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("partners/", views.partners, name="partners"),
    path("editions/", views.editions, name="editions"),
    path("editions/new/", views.newcomer, name="new"),
    path("editions/<int:pk>/", views.edition, name="edition"),
]
