"""Addresses that machines look for at the root, and the way to the territory's site."""

from django.urls import path

from opora.portal.views import machines

urlpatterns = [
    path("site/", machines.default, name="portal-default"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
]
