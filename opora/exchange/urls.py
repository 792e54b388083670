"""Addresses of the exchange."""

from django.urls import path

from opora.exchange.views import parcels, sending, taking

app_name = "exchange"
urlpatterns = [
    path("", parcels.parcels, name="list"),
    path("new/", taking.upload, name="upload"),
    path("template/<str:kind>/", taking.template, name="template"),
    path("export/", sending.export, name="export"),
    path("<int:pk>/", parcels.parcel, name="parcel"),
    path("<int:pk>/progress/", parcels.progress, name="progress"),
    path("<int:pk>/records/", parcels.records, name="records"),
    path("<int:pk>/answer/", parcels.answer, name="answer"),
    path("<int:pk>/acceptance/", taking.acceptance, name="acceptance"),
    path("<int:pk>/return/", sending.returned, name="returned"),
    path("<int:pk>/file/", sending.file, name="file"),
]
