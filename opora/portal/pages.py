"""How a page of a site is found and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from opora.portal import faces, ready
from opora.portal.faces import Face

MINUTE = 60
type Page = Callable[..., HttpResponse]


def of_site(view: Page) -> Page:
    """Give the view the face of the site instead of its slug, and the clock of its territory; no site — 404."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        face = faces.face(slug)
        if face is None:
            return render(request, "portal/missing.html", {"face": None}, status=404)
        if (page := ready.find(request)) is not None:
            return page
        with timezone.override(face.zone):
            return view(request, face, *args, **kwargs)

    return found


def show(
    request: HttpRequest,
    face: Face,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    is_kept: bool = False,
) -> HttpResponse:
    """Return a page of a site. ``is_kept``: the same for everybody with this look, so it may be kept for a minute."""
    page = render(request, f"portal/{template}.html", {"face": face, **(context or {})}, status=status)
    if is_kept:
        patch_cache_control(page, public=True, max_age=MINUTE)
        return ready.keep(request, page)
    patch_cache_control(page, no_store=True, private=True)
    return page
