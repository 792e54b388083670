"""«Кто мой страховой представитель»: a limited number of tries, one shape of the answer, no fact of a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from opora.access.guard import public
from opora.access.scope import enter
from opora.audit.services import record
from opora.organisations.models import Organisation
from opora.portal import faces, limits, whose
from opora.portal.errors import TooOften
from opora.portal.faces import SYSTEM, Body, Face
from opora.portal.forms import NameForm, PolicyForm
from opora.portal.pages import of_site, show

POSTS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@public("страховую компанию узнают без входа; попытки считаются, кроме неё ничего не сообщается")
@of_site
def insurer(request: HttpRequest, face: Face) -> HttpResponse:
    by = request.POST.get("by", "")
    policy = PolicyForm(request.POST if by == "policy" else None, prefix="policy")
    name = NameForm(request.POST if by == "name" else None, prefix="name")
    asked = policy if by == "policy" else name
    context: dict[str, Any] = {"policy": policy, "name": name}
    if not asked.is_bound or not asked.is_valid():
        return show(request, face, "insurer", context, status=422 if asked.is_bound else 200)
    given = asked.cleaned_data
    fingerprint = "|".join(str(value).lower() for value in given.values())
    try:
        limits.spend(
            request,
            (limits.INSURER_BY_ADDRESS, limits.place(request)),
            (limits.INSURER_BY_QUESTION, fingerprint),
            (limits.INSURER_BY_ALL, face.territory),
        )
    except TooOften as refusal:
        return show(request, face, "limited", {"refusal": refusal.sentence}, status=refusal.status)
    found, body, posts = _answer(face, by, given)
    context |= {"asked": True, "is_found": found, "body": body, "posts": posts}
    return show(request, face, "insurer_answer", context)


def _answer(face: Face, by: str, given: dict[str, Any]) -> tuple[bool, Body | None, list[Any]]:
    """Return whether it is known, whom to call and where his posts are; the same statements either way."""
    with enter(SYSTEM):
        pk = (
            whose.by_enp(given["enp"], face.territory)
            if by == "policy"
            else whose.by_name(**given, territory=face.territory)
        )
        shown = pk or (face.fund.pk if face.fund else face.body.pk)
        bodies = faces.bodies(Organisation.objects.filter(pk=shown))
        posts = faces.posts(
            Organisation.objects.filter(pk=shown) | Organisation.objects.filter(parent=shown), most=POSTS
        )
        record("portal.insurer.asked", None, details={"by": by, "is_found": pk is not None, "site": face.slug})
    return pk is not None, bodies[0] if bodies else None, posts
