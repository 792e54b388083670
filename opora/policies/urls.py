"""Addresses of the room."""

from django.urls import path

from opora.policies.views import courier, deliveries, figures, planning

app_name = "policies"
urlpatterns = [
    path("", deliveries.listing, name="list"),
    path("new/", deliveries.new, name="new"),
    path("new/<int:pk>/", deliveries.ask, name="ask"),
    path("appeals/<str:number>/", deliveries.of_appeal, name="of-appeal"),
    path("plan/", planning.plan, name="plan"),
    path("plan/day/", planning.planned, name="planned"),
    path("plan/notices/", planning.announced, name="announced"),
    path("plan/silent/", planning.returned, name="returned"),
    path("visits/<uuid:pk>/", planning.visit, name="visit"),
    path("routes/<int:pk>/", planning.sheet, name="sheet"),
    path("couriers/", planning.couriers, name="couriers"),
    path("couriers/schedule/", planning.scheduled, name="schedule"),
    path("couriers/places/", planning.places, name="places"),
    path("couriers/<int:pk>/", planning.courier, name="courier-settings"),
    path("figures/", figures.months, name="figures"),
    path("figures/rows/", figures.rows, name="rows"),
    path("courier/", courier.page, name="courier"),
    path("courier/worker.js", courier.worker, name="worker"),
    path("courier/route.json", courier.route, name="route"),
    path("courier/records/", courier.records, name="records"),
    path("<int:pk>/", deliveries.delivery, name="delivery"),
    path("<int:pk>/signature/", deliveries.signature, name="signature"),
    path("<int:pk>/acts/<slug:act>/", deliveries.act, name="act"),
]
