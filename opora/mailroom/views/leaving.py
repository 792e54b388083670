"""Letters that leave: what waits, envelopes and lists of the chosen ones, one letter and its fate."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.mailroom import papers, queries, rules, services
from opora.mailroom.forms import AddressForm, DayForm, ListForm, ReturnedForm, TrackForm, WhyForm
from opora.mailroom.models import Outgoing
from opora.mailroom.papers import ENVELOPES
from opora.mailroom.tabs import tabs
from opora.mailroom.views.letters import pdf
from opora.mailroom.words import OutState
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.pages import keyset

STATES = {"sent": "В пути", "delivered": "Вручены", "returned": "Вернулись", "dropped": "Не отправляли"}


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def waiting(request: StaffRequest) -> HttpResponse:
    """Letters to send, ready to be ticked."""
    context = {
        "tabs": tabs("mailroom:out"),
        "letters": queries.waiting(request.user),
        "may_work": request.user.holds(Right.MAILROOM_WORK),
    }
    return render(request, "mailroom/out.html", context)


@require_POST
@never_cache
@needs(Right.MAILROOM_WORK)
def chosen(request: StaffRequest) -> HttpResponse:
    """The ticked letters: their envelopes as a file, or a new list."""
    keys = [UUID(one) for one in request.POST.getlist("letter") if _is_key(one)]
    size = request.POST.get("envelopes", "")
    if size in ENVELOPES:
        return _envelopes(request, queries.chosen(keys, request.user), size, back=reverse("mailroom:out"))
    form = ListForm(request.POST)
    category = form.cleaned_data["category"] if form.is_valid() else ""
    try:
        with transaction.atomic():
            made = services.make_list(keys, category=category, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("mailroom:out")
    messages.success(request, f"Список № {made.number} готов.")
    return redirect("mailroom:list", made.pk)


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def sent(request: StaffRequest) -> HttpResponse:
    """Letters the post has, and what became of the others."""
    state = request.GET.get("state", "sent")
    state = state if state in STATES else "sent"
    found = queries.leaving(request.user, state)
    context = {
        "page": keyset(found, order=("-picked_at", "-pk"), after=request.GET.get("after"), is_total=True),
        "state": state,
        "states": STATES,
        "tabs": tabs("mailroom:sent"),
    }
    return render(request, "mailroom/sent.html", context)


@require_POST
@never_cache
@needs(Right.MAILROOM_VIEW)
def search(request: StaffRequest) -> HttpResponse:
    """A letter that left, by its track number or outgoing number."""
    text = request.POST.get("q", "")[:60]
    found = queries.by_track(text, request.user)
    record("mailroom.search", ("mailroom.outgoing", ""), by=request.user, details={"found": len(found)})
    context = {"found": found, "q": text, "states": STATES, "tabs": tabs("mailroom:sent")}
    return render(request, "mailroom/sent.html", context)


@require_safe
@never_cache
@needs(Right.MAILROOM_VIEW)
def letter(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One letter and its way; the reading is written down."""
    found = _letter(request, pk)
    record("mailroom.read", ("mailroom.outgoing", str(pk)), by=request.user)
    works = request.user.holds(Right.MAILROOM_WORK) and found.forgotten_at is None
    context = {
        "letter": found,
        "acts": [(code, *told) for code, told in _buttons(found)] if works else [],
        "events": list(found.events.all()),
        "sees_appeals": request.user.holds(Right.APPEALS_VIEW),
        "is_doubtful": rules.is_doubtful(found.track),
        "sizes": ENVELOPES,
    }
    return render(request, "mailroom/outgoing.html", context)


@require_safe
@never_cache
@needs(Right.MAILROOM_WORK)
def envelope(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One envelope."""
    size = request.GET.get("size", "dl")
    if size not in ENVELOPES:
        raise Http404
    return _envelopes(request, [_letter(request, pk)], size, back=reverse("mailroom:outgoing", args=[pk]))


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.MAILROOM_WORK)
def act(request: StaffRequest, pk: UUID, act: str) -> HttpResponse:
    """GET asks what the act needs, POST does it."""
    found = _letter(request, pk)
    if act not in _ACTS:
        raise Http404
    title, said, form_type, service = _ACTS[act]
    initial = AddressForm.initial_of(found) if form_type is AddressForm else {}
    form = form_type(request.POST or None, initial=initial) if form_type else None
    if request.method == "GET" and form is None:
        return redirect("mailroom:outgoing", pk)
    if request.method == "POST" and (form is None or form.is_valid()):

        def perform() -> None:
            given = form.arguments if form else {}
            service(pk, **given, version=acts.version(request), by=request.user)

        if acts.carried_out(request, perform, form, said=said) or form is None:
            return redirect("mailroom:outgoing", pk)
    context = {
        "form": form,
        "title": title,
        "about": f"Письмо № {found}, {found.addressee}",
        "save": "Сохранить",
        "back": reverse("mailroom:outgoing", args=[pk]),
        "version": found.version,
    }
    return render(request, "mailroom/form.html", context, status=422 if form is not None and form.errors else 200)


type Act = tuple[str, str, type[acts.ActForm] | None, Callable[..., object]]
_ACTS: dict[str, Act] = {
    "address": ("Кому и куда", "Адрес записан.", AddressForm, services.address),
    "drop": ("Не отправлять почтой", "Письмо убрано из отправки.", WhyForm, services.drop),
    "off": ("Убрать из списка", "Письмо снова ждёт отправки.", None, services.take_off),
    "track": ("Трек-номер", "Трек-номер записан.", TrackForm, services.set_track),
    "delivered": ("Вручено", "Записано: вручено.", DayForm, services.delivered),
    "returned": ("Вернулось", "Записано: вернулось.", ReturnedForm, services.returned),
}
_WHEN = {
    OutState.WAITING: [("address", "A", "pencil"), ("drop", "X", "x")],
    OutState.LISTED: [("track", "T", "pencil"), ("address", "A", "pencil"), ("off", "X", "x")],
    OutState.SENT: [("delivered", "D", "check"), ("returned", "R", "arrow-back-up"), ("track", "T", "pencil")],
}


def _buttons(letter: Outgoing) -> list[tuple[str, tuple[str, str, str, bool]]]:
    """Return what may be done now: label, key, icon, whether something is asked first."""
    return [
        (code, (_ACTS[code][0], key, icon, _ACTS[code][2] is not None))
        for code, key, icon in _WHEN.get(OutState(letter.state), [])
    ]


def _envelopes(request: StaffRequest, letters: list[Outgoing], size: str, *, back: str) -> HttpResponse:
    ready = [one for one in letters if one.is_ready]
    if not ready:
        messages.warning(request, "Отметьте письма, у которых есть адрес.")
        return redirect(back)
    record("mailroom.envelopes", ("mailroom.outgoing", ""), by=request.user, details={"number": len(ready)})
    return pdf(papers.print_envelopes([queries.envelope_of(one) for one in ready], size), f"envelopes-{size}.pdf")


def _letter(request: StaffRequest, pk: UUID) -> Outgoing:
    found = queries.outgoing_of(pk, request.user)
    if found is None:
        raise Http404
    return found


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
