"""Addresses of the exchange."""

from django.urls import path

from opora.exchange.views import outbound, parcels, sending, taking

app_name = "exchange"
urlpatterns = [
    path("", parcels.parcels, name="list"),
    path("new/", taking.upload, name="upload"),
    path("template/<str:kind>/", taking.template, name="template"),
    path("export/", sending.export, name="export"),
    path("send/", outbound.choices, name="send"),
    path("send/<slug:slug>/", outbound.send, name="send-list"),
    path("refused/", outbound.refused, name="refused"),
    path("refused/resending/", outbound.resending, name="resending"),
    path("refused/dropping/", outbound.dropping, name="dropping"),
    path("<int:pk>/", parcels.parcel, name="parcel"),
    path("<int:pk>/making/", outbound.making, name="making"),
    path("<int:pk>/sent/", outbound.sent, name="sent"),
    path("<int:pk>/progress/", parcels.progress, name="progress"),
    path("<int:pk>/records/", parcels.records, name="records"),
    path("<int:pk>/answer/", parcels.answer, name="answer"),
    path("<int:pk>/acceptance/", taking.acceptance, name="acceptance"),
    path("<int:pk>/return/", sending.returned, name="returned"),
    path("<int:pk>/file/", sending.file, name="file"),
]
