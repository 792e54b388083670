"""Pages that are only read: the first one, waiting limits, clinics, posts, answers to frequent questions."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import public
from opora.access.scope import enter
from opora.deadlines import queries as deadlines
from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.waiting import answer, services
from opora.insured.eligibility import Status, book, decide
from opora.insured.eligibility.deciding import Known
from opora.organisations.models import Organisation
from opora.portal import faces, help
from opora.portal.faces import SYSTEM, Face
from opora.portal.forms import CheckupsForm, WaitingForm
from opora.portal.pages import of_site, show

EVERYBODY = "сайт для граждан: страницы читают без входа"
CLINICS_ON_PAGE = 25


@require_safe
@public(EVERYBODY)
@of_site
def home(request: HttpRequest, face: Face) -> HttpResponse:
    return show(request, face, "home", {"has_help": bool(help.published(face))}, is_kept=True)


@require_http_methods(["GET", "HEAD", "POST"])
@public("год рождения и пол не называют человека, и их не хранят")
@of_site
def checkups(request: HttpRequest, face: Face) -> HttpResponse:
    """Check-ups of the year by age and sex. The answer comes by POST, so that nothing stands in the address."""
    form = CheckupsForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        today = timezone.localdate()
        known = Known(
            birth_on=today.replace(year=form.cleaned_data["year"], month=1, day=1), sex=form.cleaned_data["sex"]
        )
        found = decide(known, book(face.territory, today), today)
        context |= {
            "asked": True,
            "year": today.year,
            "age": found[0].age,
            "due": [one for one in found if one.status is Status.DUE],
            "later": [one for one in found if one.status is Status.NOT_DUE and one.due_year],
        }
    return show(request, face, "checkups", context, status=422 if form.errors else 200)


@require_safe
@public(EVERYBODY)
@of_site
def waiting(request: HttpRequest, face: Face) -> HttpResponse:
    """All limits of today in one table, and the last day for a service that was ordered."""
    packs = deadlines.waiting_packs(face.territory)
    today = timezone.localdate()
    form = WaitingForm(request.GET or None, services=services(packs), initial={"suspicion": "none"})
    context: dict[str, Any] = {"form": form, "limits": _limits(packs, face.territory)}
    if form.is_bound and form.is_valid():
        started = datetime.combine(form.cleaned_data["started_on"], time(), face.zone)
        try:
            context["answer"] = answer(
                packs,
                deadlines.calendar(face.territory),
                service=form.cleaned_data["service"],
                started=started,
                suspicion=form.cleaned_data["suspicion"],
                territory=face.territory,
            )
        except NoSuchLimit as refusal:
            context["refusal"] = refusal.sentence
    context["today"] = today
    return show(request, face, "waiting", context, status=422 if form.errors else 200, is_kept=True)


def _limits(packs: Any, territory: str) -> list[Any]:
    """The limits in force today, the territory's own instead of the country's."""
    today = timezone.localdate()
    found: dict[tuple[str, str], Any] = {}
    for pack in sorted(packs, key=lambda pack: (pack.territory != "", pack.since)):
        if pack.covers(today, territory):
            found |= {(limit.service, limit.suspicion): limit for limit in pack.limits}
    return list(found.values())


@require_safe
@public(EVERYBODY)
@of_site
def clinics(request: HttpRequest, face: Face) -> HttpResponse:
    """Clinics of the territory by the alphabet, or those whose name or address has the words."""
    text = request.GET.get("q", "")[:100].replace("\x00", "")
    with enter(SYSTEM):
        page = Paginator(faces.clinics(face.territory, text), CLINICS_ON_PAGE).get_page(request.GET.get("page"))
        rows = [(one, faces.places_of(one)) for one in page.object_list]
    return show(request, face, "clinics", {"q": text, "page": page, "rows": rows}, is_kept=True)


@require_safe
@public(EVERYBODY)
@of_site
def posts(request: HttpRequest, face: Face) -> HttpResponse:
    """Posts of representatives: of this insurer, or of all insurers of the territory."""
    with enter(SYSTEM):
        whose = (
            Organisation.objects.filter(territory=face.territory)
            if face.is_fund
            else Organisation.objects.filter(pk=face.body.pk) | Organisation.objects.filter(parent=face.body.pk)
        )
        found = faces.posts(whose)
    return show(request, face, "posts", {"found": found}, is_kept=True)


@require_safe
@public(EVERYBODY)
@of_site
def answers(request: HttpRequest, face: Face) -> HttpResponse:
    """Answers the site shows, found by words where there are any."""
    text = request.GET.get("q", "")[:200].replace("\x00", "")
    found = help.fitting(face, text) if text.strip() else help.published(face)
    return show(request, face, "answers", {"q": text, "found": found}, is_kept=True)


@require_safe
@public(EVERYBODY)
@of_site
def card(request: HttpRequest, face: Face, card: str) -> HttpResponse:
    found = next((one for one in help.published(face) if one.card.slug == card), None)
    if found is None:
        return show(request, face, "missing", status=404)
    return show(request, face, "card", {"spoken": found}, is_kept=True)


@require_safe
@public(EVERYBODY)
@of_site
def data(request: HttpRequest, face: Face) -> HttpResponse:
    """What happens to the data of who writes."""
    return show(request, face, "data", is_kept=True)


@require_safe
@public("вид страницы выбирают без входа")
@of_site
def look(request: HttpRequest, face: Face) -> HttpResponse:
    back = request.GET.get("from", "")
    return show(request, face, "look", {"back": back if back.startswith("/s/") else face.home})
