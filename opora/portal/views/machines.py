"""What search engines ask for, and the way to the site of the territory."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from opora.access.guard import public
from opora.portal import faces, help
from opora.portal.models import Site

WHY = "поисковику рассказывают только о том, что и так открыто"
READ = ("home", "checkups", "waiting", "clinics", "posts", "insurer", "ask", "state", "delivery", "data")
HOUR = 3600
OPEN = ("/s/", "/site/", "/open/", "/static/", "/sitemap.xml")


@require_safe
@public("сайт территории открывают без входа")
def default(request: HttpRequest) -> HttpResponse:
    """The site of the territory; where several territories share the program, a choice."""
    found = list(
        Site.objects.published().filter(is_default=True).select_related("territory").order_by("territory__name")
    )
    if len(found) == 1:
        return HttpResponseRedirect(reverse("portal:home", args=[found[0].slug]))
    status = 200 if found else 404
    return render(request, "portal/choose.html" if found else "portal/missing.html", {"sites": found}, status=status)


@require_safe
@public(WHY)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page of every published site that may be found by its words; no page of a person."""
    addresses = [reverse("open_reports:list")]
    for slug in Site.objects.published().order_by("slug").values_list("slug", flat=True):
        face = faces.face(slug)
        if face is None:
            continue
        addresses += [reverse(f"portal:{name}", args=[slug]) for name in READ]
        shown = help.published(face)
        addresses += [reverse("portal:answers", args=[slug])] if shown else []
        addresses += [reverse("portal:card", args=[slug, one.card.slug]) for one in shown]
    whole = [request.build_absolute_uri(one) for one in addresses]
    return _kept(render(request, "portal/sitemap.xml", {"addresses": whole}, content_type="application/xml"))


@require_safe
@public(WHY)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Allow: {one}" for one in OPEN), "Disallow: /"]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return _kept(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


def _kept(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, public=True, max_age=HOUR)
    return answer
