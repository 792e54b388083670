"""The rows behind the numbers of a campaign: lines of lists, the plan, touches, those left out. Pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.informing.models import Campaign, Entry, Exclusion, PlanEntry, Touch, Wave
from opora.informing.queries import GROUPS, KNOWN
from opora.informing.services.settle import WAITS
from opora.informing.words import EntryState, Exclude, Outcome, PlanState, Told, TouchState
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.shared.pages import Page, behind, keyset, token_after

SIZE = 50
BY_PERSON = ("round", "person_id")
GROUP_WORDS = {
    "waiting": "ещё ждут",
    "sent": "отправлено и обзвонено",
    "went": "ушло",
    "reached": "дошло или поговорили",
    "failed": "не получилось",
    "cancelled": "отменено",
    "unknown": "неизвестно, ушло ли",
}


@require_safe
@needs(Right.INFORMING_VIEW)
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines of all lists about the campaign's measure and year."""
    campaign = _campaign(request, pk)
    found = Entry.objects.accessible_to(_who(request)).filter(
        insurer=campaign.insurer_id,
        territory=campaign.territory,
        year=campaign.year,
        measure=campaign.measure,
        told=Told.LISTED,
    )
    only = request.GET.get("only", "")
    if only == "matched":
        found = found.filter(state=EntryState.MATCHED)
    elif only == "waiting":
        found = found.filter(state__in=WAITS)
    page = keyset(found.select_related("person", "roll"), order=("pk",), after=request.GET.get("after"))
    record("informing.lines", campaign, by=_who(request))
    return render(request, "informing/lines.html", {"campaign": campaign, "page": page, "only": only})


@require_safe
@needs(Right.INFORMING_VIEW)
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan the campaign works on, as it stands now."""
    campaign = _campaign(request, pk)
    found = PlanEntry.objects.accessible_to(_who(request)).filter(
        year=campaign.year, measure=campaign.measure, insurer=campaign.insurer_id, territory=campaign.territory
    )
    state = _one_of(PlanState.values, request.GET.get("state", ""))
    if state:
        found = found.filter(state=state)
    found = found.select_related("person", "provider")
    page = keyset(found, order=("person_id",), after=request.GET.get("after"), is_total=True)
    record("informing.people", campaign, by=_who(request), details={"state": state})
    context = {"campaign": campaign, "page": page, "state": state, "states": PlanState.choices}
    return render(request, "informing/people.html", context)


@require_safe
@needs(Right.INFORMING_VIEW)
def touches(request: HttpRequest, pk: int, round: int | None = None) -> HttpResponse:
    """Touches of a wave, or of the whole campaign, in one state or in the states of one number of the map."""
    campaign = _campaign(request, pk)
    wave = _wave(campaign, round) if round is not None else None
    found = Touch.objects.accessible_to(_who(request)).filter(year=campaign.year, campaign_id=campaign.pk)
    if wave:
        found = found.filter(round=wave.round)
    state, group = request.GET.get("state", ""), request.GET.get("of", "")
    if group == "unknown":
        found = found.filter(outcome=Outcome.UNKNOWN)
    elif group in KNOWN:
        found = found.exclude(outcome=Outcome.UNKNOWN)
    came = bool(request.GET.get("came"))
    if came:
        found = found.filter(came_on__isnull=False)
    states = (TouchState(state),) if state in TouchState.values else GROUPS.get(group, ())
    page = _page_of(found, states, request.GET.get("after"))
    persons = _persons(request, [one.person_id for one in page])
    rows = [(one, persons.get(one.person_id)) for one in page]
    shown = {"wave": round, "states": [str(one) for one in states], "came": came}
    record("informing.touches", campaign, by=_who(request), details=shown)
    context = {
        "campaign": campaign,
        "wave": wave,
        "page": page,
        "rows": rows,
        "state": state if len(states) == 1 else "",
        "group": GROUP_WORDS[group] if group in GROUPS else "",
        "came": came,
        "states": TouchState.choices,
    }
    return render(request, "informing/touches.html", context)


@require_safe
@needs(Right.INFORMING_VIEW)
def excluded(request: HttpRequest, pk: int, round: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    wave = _wave(campaign, round)
    found = Exclusion.objects.accessible_to(_who(request)).filter(year=campaign.year, wave_id=wave.pk)
    reason = _one_of(Exclude.values, request.GET.get("reason", ""))
    if reason:
        found = found.filter(reason=reason)
    page = keyset(found, order=("person_id",), after=request.GET.get("after"), is_total=True)
    persons = _persons(request, [one.person_id for one in page])
    rows = [(one, persons.get(one.person_id)) for one in page]
    record("informing.excluded", campaign, by=_who(request), details={"wave": round, "reason": reason})
    reasons = [(str(one), one.label, wave.reasons.get(one)) for one in Exclude if one in wave.reasons or one == reason]
    context = {"wave": wave, "page": page, "rows": rows, "reason": reason, "reasons": reasons}
    return render(request, "informing/excluded.html", context)


def _page_of(found: QuerySet[Touch], states: Sequence[TouchState], after: str | None) -> Page[Touch]:
    """Return a page by round and person. Several states are several ranges of one index, merged; forward only."""
    if len(states) < 2:
        rows = found.filter(state=states[0]) if states else found
        return keyset(rows, order=BY_PERSON, after=after, size=SIZE, is_total=True)
    parts = [behind(found.filter(state=one), order=BY_PERSON, after=after)[: SIZE + 1] for one in states]
    merged = sorted(chain.from_iterable(parts), key=lambda one: (one.round, one.person_id))
    shown = merged[:SIZE]
    return Page(shown, next=token_after(shown[-1], order=BY_PERSON) if len(merged) > SIZE else None)


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.accessible_to(_who(request)), pk=pk)


def _wave(campaign: Campaign, round_: int) -> Wave:
    return get_object_or_404(Wave.objects.select_related("campaign", "rung"), campaign=campaign, round=round_)


def _persons(request: HttpRequest, ids: list[int]) -> dict[int, Any]:
    return {one.pk: one for one in Person.objects.accessible_to(_who(request)).filter(pk__in=ids)}


def _one_of(words: Sequence[str], given: str) -> str:
    return given if given in words else ""


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
