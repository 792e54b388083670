"""Addresses of the room. The number of a case stands last: every other word comes before it."""

from django.urls import path

from opora.complaints.views import cases, claims, clinic, clinics, experts, letters, recourse

app_name = "complaints"
urlpatterns = [
    path("", cases.board, name="board"),
    path("inbox/", clinic.inbox, name="inbox"),
    path("requests/<uuid:pk>/", clinic.asked, name="request"),
    path("requests/<uuid:pk>/papers/", clinic.papers, name="papers"),
    path("requests/<uuid:pk>/papers/<uuid:paper>/", clinic.own_paper, name="own-paper"),
    path("papers/<uuid:pk>/<uuid:paper>/", clinic.paper, name="paper"),
    path("letters/requests/<uuid:pk>/<slug:to>/", letters.request_letter, name="request-letter"),
    path("letters/acts/<uuid:pk>/<slug:to>/", letters.act_letter, name="act-letter"),
    path("acts/<uuid:pk>/", clinic.act, name="clinic-act"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<uuid:pk>/", claims.claim, name="claim"),
    path("claims/<uuid:pk>/review/", claims.review, name="claim-review"),
    path("experts/", experts.experts, name="experts"),
    path("experts/new/", experts.expert, name="new-expert"),
    path("experts/<int:pk>/", experts.expert, name="expert"),
    path("clinics/<int:pk>/", clinics.clinic, name="clinic"),
    path("clinics/<int:pk>/<slug:what>/", clinics.rows, name="clinic-rows"),
    path("objections/", claims.objections, name="objections"),
    path("recourse/", recourse.index, name="recourses"),
    path("recourse/new/", recourse.new, name="new-recourse"),
    path("recourse/<uuid:pk>/", recourse.suit, name="recourse"),
    path("recourse/<uuid:pk>/correct/", recourse.correct, name="recourse-correct"),
    path("recourse/<uuid:pk>/outcome/", recourse.decide, name="recourse-outcome"),
    path("recourse/<uuid:pk>/payment/", recourse.pay, name="recourse-payment"),
    path("recourse/<uuid:pk>/payment/<uuid:payment>/", recourse.unpay, name="recourse-unpay"),
    path("recourse/<uuid:pk>/withdraw/", recourse.withdraw, name="recourse-withdraw"),
    path("<str:number>/", cases.case, name="case"),
    path("<str:number>/acts/<slug:act>/", cases.act, name="act"),
    path("<str:number>/acts/<slug:act>/<str:row>/", cases.act, name="row-act"),
]
