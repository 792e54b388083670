"""The list of requests, one request, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import card, store
from opora.appeals.actor import actor_of
from opora.appeals.models import Party
from opora.appeals.words import PartyRole
from opora.audit.services import record
from opora.insured.models import Person
from opora.insured.search.find import find
from opora.insured.search.parse import parse
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.policies import forms, packs, queries, rules, services
from opora.policies.models import Delivery, HandOver
from opora.policies.services.asking import facts_of, person_of
from opora.policies.words import OPEN, DeliveryState, Source
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.pages import keyset


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done with a request: its form (None — a button is enough), key and where it fits."""

    code: str
    label: str
    icon: str
    key: str
    perform: Callable[..., object]
    form: type[Any] | None
    states: tuple[str, ...] = OPEN
    done: str = "Записано."
    fits: Callable[[queries.DeliveryShown], bool] = lambda shown: True

    @property
    def asks(self) -> bool:
        return self.form is not None


ACTS = {
    act.code: act
    for act in (
        Act(
            "told",
            "Известили по телефону",
            "phone",
            "T",
            services.tell_by_phone,
            None,
            (DeliveryState.PLANNED,),
            fits=lambda shown: shown.is_untold,
        ),
        Act("return", "Вернуть в план", "refresh", "R", services.return_to_plan, None, (DeliveryState.CLARIFY,)),
        Act("change", "Изменить адрес и время", "pencil", "E", services.change, forms.ChangeForm),
        Act("put-off", "Отложить", "calendar", "O", services.put_off, forms.PutOffForm),
        Act("withdraw", "Отозвать", "arrow-back-up", "X", services.withdraw, forms.WithdrawForm),
        Act("refuse", "Отказать", "ban", "D", services.refuse, forms.WhyForm),
    )
}


@require_safe
@needs(Right.POLICIES_VIEW)
@with_purpose
def listing(request: StaffRequest) -> HttpResponse:
    """Requests by their day; the filters live in the address."""
    state, late, stuck, untold = (request.GET.get(name, "") for name in ("state", "late", "stuck", "untold"))
    state = state if state in DeliveryState.values else ""
    rows = queries.listing(request.user, state=state, late=bool(late))
    if stuck:
        rows = rows.filter(Q(due_on__lt=timezone.localdate()) | Q(state=DeliveryState.CLARIFY))
    if untold:
        rows = queries.untold(rows)
    is_closed = bool(state) and state not in OPEN
    page = keyset(rows, order=("-pk",) if is_closed else ("due_on", "pk"), after=request.GET.get("after"))
    today = timezone.localdate()
    record("policies.list", by=request.user)
    context = {
        "page": page,
        "rows": [(row, queries.badge(row, today), queries.left_words(row)) for row in page],
        "states": DeliveryState.choices,
        "state": state,
        "late": bool(late),
        "stuck": bool(stuck),
        "untold": bool(untold),
        "may_ask": request.user.holds(Right.POLICIES_REQUEST),
        "may_plan": request.user.holds(Right.POLICIES_PLAN),
    }
    return render(request, "policies/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.POLICIES_REQUEST)
@with_purpose
def new(request: StaffRequest) -> HttpResponse:
    """A request from scratch: find the person first. What is looked for travels in the body, not in the address."""
    form = forms.FindForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = find(parse(form.cleaned_data["who"], today=timezone.localdate()), request.user)
        record("policies.search", by=request.user, details={"found": len(found.hits)})
    return render(request, "policies/new.html", {"form": form, "found": found}, status=422 if form.errors else 200)


@require_safe
@needs(Right.POLICIES_REQUEST)
@with_purpose
def of_appeal(request: StaffRequest, number: str) -> HttpResponse:
    """A request for who has asked for it in an appeal; without a person of the register he is looked for first."""
    found = card.find(number, request.user)
    if found is None:
        raise Http404
    party = Party.objects.filter(appeal=found[0], role=PartyRole.APPLICANT, person__isnull=False).first()
    if party is None:
        messages.info(request, "В обращении человек не установлен: найдите его.")
        return redirect("policies:new")
    return redirect(f"{reverse('policies:ask', args=[party.person_id])}?appeal={found[0].number}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.POLICIES_REQUEST)
@with_purpose
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """A new request for a person; address and phone come from the card."""
    person = get_object_or_404(Person.objects.accessible_to(request.user), pk=pk)
    today = actor_of(request.user).local(timezone.now()).date()
    pack = packs.current(person.territory_id, today)
    facts = facts_of(person, today)
    fits = {one.code for one in pack.categories if rules.fits(facts, one, today)}
    number = request.GET.get("appeal", "")[:40]
    initial = {"appeal": number, "source": Source.APPEAL} if number else {}
    given: dict[str, Any] = {"person": person, "pack": pack, "fits": fits, "by": request.user}
    form = forms.AskForm(request.POST or None, initial=initial, **given)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                row = services.ask(person_of(pk, request.user), **form.arguments, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Заявка {row.number} принята.")
            return redirect("policies:delivery", row.pk)
    elif request.method != "POST":
        record("policies.ask.open", ("insured.person", str(person.pk)), by=request.user)
    context = {
        "form": form,
        "title": "Доставка полиса",
        "about": person.full_name,
        "save": "Принять заявку",
        "back": reverse("insured:card", args=[person.pk]),
    }
    return render(request, "policies/ask.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@needs(Right.POLICIES_VIEW)
@with_purpose
def delivery(request: StaffRequest, pk: int) -> HttpResponse:
    """One request with its events; the reading is written down."""
    row = _row(request, pk)
    found = queries.shown(row)
    record("policies.delivery.read", row, by=request.user)
    fitting = [act for act in ACTS.values() if row.state in act.states and act.fits(found)] if _may_ask(request) else []
    context = {
        "shown": found,
        "row": row,
        "acts": fitting,
        "windows": rules.show_windows([(opens, closes) for opens, closes in row.windows]),
        "may_see_proof": request.user.holds(Right.POLICIES_PLAN),
        "may_see_person": request.user.holds(Right.INSURED_VIEW),
    }
    return render(request, "policies/delivery.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.POLICIES_REQUEST)
@with_purpose
def act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was."""
    row, chosen = _row(request, pk), ACTS.get(act)
    if chosen is None or row.state not in chosen.states:
        raise Http404
    form = chosen.form(request.POST or None, row=row) if chosen.form else None
    if request.method != "POST" and form is None:
        return redirect("policies:delivery", pk)
    if request.method == "POST" and (form is None or form.is_valid()):

        def perform() -> None:
            chosen.perform(pk, **(form.arguments if form else {}), by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said=chosen.done):
            return redirect("policies:delivery", pk)
    return _asked(request, row, chosen, form)


@require_safe
@never_cache
@needs(Right.POLICIES_PLAN)
@with_purpose
def signature(request: StaffRequest, pk: int) -> FileResponse:
    """The signature of a hand-over; the reading is written down."""
    row = _row(request, pk)
    proof = get_object_or_404(HandOver, delivery=row)
    if not proof.signature:
        raise Http404
    stream = store.open_kept(proof.signature)
    record("policies.signature.read", row, by=request.user)
    answer = FileResponse(stream, content_type="image/png", filename=f"{row.number}.png")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _asked(request: StaffRequest, row: Delivery, chosen: Act, form: django_forms.Form | None) -> HttpResponse:
    context = {
        "form": form,
        "title": chosen.label,
        "about": f"Заявка {row.number}",
        "save": chosen.label,
        "back": reverse("policies:delivery", args=[row.pk]),
        "version": row.version,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "policies/act.html", context, status=status)


def _row(request: StaffRequest, pk: int) -> Delivery:
    found = queries.of_key(pk, request.user)
    if found is None:
        raise Http404
    return found


def _may_ask(request: StaffRequest) -> bool:
    return request.user.holds(Right.POLICIES_REQUEST)
