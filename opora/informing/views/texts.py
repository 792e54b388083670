"""Texts on the screen: list, one being written with how it reads, its versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.purposes import Purpose
from opora.audit.services import record
from opora.informing import merge
from opora.informing.errors import InformingError
from opora.informing.models import Template
from opora.informing.texts import figures, looks, queries, services
from opora.informing.texts.forms import READ, WITH_SUBJECT, TextForm
from opora.informing.texts.rules import languages
from opora.informing.words import Channel, Measure
from opora.insured.models import Person
from opora.insured.search import present, trace
from opora.insured.search.find import find
from opora.insured.search.parse import LONGEST_TEXT, parse
from opora.insured.search.views import is_enough
from opora.organisations.models import Employee
from opora.shared.pages import keyset

SALT = "informing.texts"
SEEN_FOR = 3600


@require_safe
@needs(Right.INFORMING_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    who = _who(request)
    found = queries.in_force(who).filter(channel__in=READ)
    chosen = {name: request.GET.get(name, "") for name in ("channel", "measure")}
    for name, known in (("channel", Channel.values), ("measure", Measure.values)):
        if chosen[name] in known:
            found = found.filter(**{name: chosen[name]})
    page = keyset(found, order=("measure", "purpose", "channel", "language", "pk"), after=request.GET.get("after"))
    own = {(one.measure, one.purpose, one.channel, one.language) for one in queries.in_force(who) if one.organisation}
    names = dict(languages())
    rows = [(one, one.organisation is None and _place(one) in own, names.get(one.language, "")) for one in page]
    context = {
        "page": page,
        "rows": rows,
        "chosen": chosen,
        "channels": [(one.value, one.label) for one in READ],
        "measures": Measure.choices,
        "may_plan": who.holds(Right.INFORMING_PLAN),
    }
    return render(request, "informing/texts/list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_PLAN)
def new(request: HttpRequest) -> HttpResponse:
    return _written(request, None)


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_PLAN)
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """One text: as its next version, or as an own one instead of a shipped one."""
    return _written(request, get_object_or_404(queries.accessible(_who(request)).filter(channel__in=READ), pk=pk))


@require_POST
@needs(Right.INFORMING_PLAN)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.accessible(_who(request)).exclude(organisation=None), pk=pk)
    try:
        services.withdraw(row, by=_who(request))
        messages.success(request, "Ваш текст больше не действует. Запущенные ступени его сохранят.")
    except InformingError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("informing:texts")


@never_cache
@require_POST
@needs(Right.INFORMING_PLAN)
def preview(request: HttpRequest) -> HttpResponse:
    """How the text in the form reads for somebody; ``act`` takes another person or counts over the plan."""
    who = _who(request)
    form = TextForm(request.POST, employee=who)
    context = _preview(request, form, who, act=request.POST.get("act", ""))
    return render(request, "informing/texts/edit.html#preview", context)


@never_cache
@require_POST
@needs(Right.INSURED_SEARCH)
def people(request: HttpRequest) -> HttpResponse:
    """Somebody to try a text on, found as anywhere else."""
    who = _who(request)
    typed = request.POST.get("q", "")[:LONGEST_TEXT]
    query = parse(typed, today=timezone.localdate())
    context: dict[str, Any] = {"typed": typed}
    if is_enough(query):
        found = find(query, who)
        trace.record(query, found, by=who, purpose=Purpose.INFORMING)
        context["lines"] = [present.line(hit) for hit in found.hits[:7]]
        context["advice"] = present.advice(query, found)
    return render(request, "informing/texts/edit.html#people", context)


def _written(request: HttpRequest, base: Template | None) -> HttpResponse:
    who = _who(request)
    form = TextForm(request.POST or None, employee=who, of=base)
    status = 200
    if request.method == "POST":
        owner = form.owner
        if form.is_valid() and owner is not None:
            try:
                made = services.save(
                    form.draft, organisation=owner, former=form.cleaned_data["former"], by=who
                )  # fmt: skip
            except InformingError as refusal:
                form.add_error("text", refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, f"Текст сохранён, версия {made.version}. Новые волны возьмут его.")
                return redirect("informing:text", made.pk)
        status = status if status != 200 else 422
    shown = _preview(request, form, who) if form.is_bound else _preview_of(base, form, who)
    own = None
    if base is not None and base.organisation is None and form.owner is not None:
        own = queries.options(
            form.owner, measure=base.measure, purpose=base.purpose, channel=base.channel
        ).filter(organisation=form.owner, language=base.language).first()  # fmt: skip
    may_withdraw = base is not None and base.organisation is not None and base.is_current
    context = {
        **shown,
        "form": form,
        "base": base,
        "own": own,
        "has_subject": base is None or base.channel in WITH_SUBJECT,
        "language": dict(languages()).get(base.language, base.language) if base else "",
        "versions": queries.versions(base)[:20] if base and base.organisation else [],
        "may_withdraw": may_withdraw,
        "fields": [(name, words, name in merge.MAY_BE_EMPTY) for name, words in merge.FIELDS.items()
                   if name not in merge.IN_TALK_ONLY],
        "may_search": who.holds(Right.INSURED_SEARCH),
    }  # fmt: skip
    return render(request, "informing/texts/edit.html", context, status=status)


def _preview(request: HttpRequest, form: TextForm, who: Employee, *, act: str = "") -> dict[str, Any]:
    draft, owner = form.draft, form.owner
    year = timezone.localdate().year
    person = _person(request.POST.get("person", ""), who)
    if act == "next":
        person = queries.somebody(who, measure=draft.measure, year=year, but=person.pk if person else None) or person
    context: dict[str, Any] = {"person": person, "draft": draft, "asked": act}
    if owner is None:
        return context
    campaign = looks.campaign_of(draft, owner, year)
    context["look"] = looks.look(draft, campaign, person)
    if person is not None:
        context["seen"] = _shown(request, person, who)
    if act == "figure" and not context["look"].faults:
        found = figures.figure(draft.text, draft.channel, campaign)
        context |= {"figure": found, "most": figures.longest(draft.channel)}
        context["spent"] = _mean_price(context["look"], found)
    return context


def _mean_price(look: looks.Look, found: figures.Figure) -> Decimal | None:
    """Return what the text costs for a person of the plan on average, in roubles."""
    if look.price is None or not look.parts:
        return look.price
    return look.price / look.parts * Decimal(found.segments)


def _preview_of(base: Template | None, form: TextForm, who: Employee) -> dict[str, Any]:
    """What stands beside a text just opened: an invented person, so that opening a text reads nobody's card."""
    owner = (base.organisation if base else None) or form.fields["organisation"].initial
    if base is None or owner is None:
        return {"draft": base}
    return {"draft": base, "look": looks.look(base, looks.campaign_of(base, owner, timezone.localdate().year), None)}


def _person(given: str, who: Employee) -> Person | None:
    return Person.objects.accessible_to(who).filter(pk=given).first() if given.isdecimal() else None


def _shown(request: HttpRequest, person: Person, who: Employee) -> str:
    """Note that a person's data are on the screen, once for as long as she writes about the same one."""
    mark = [who.pk, person.pk]
    try:
        is_known = signing.loads(request.POST.get("seen", ""), salt=SALT, max_age=SEEN_FOR) == mark
    except signing.BadSignature:
        is_known = False
    if not is_known:
        record("insured.card.read", person, by=who, purpose=Purpose.INFORMING, details={"part": "text"})
    return signing.dumps(mark, salt=SALT)


def _place(one: Template) -> tuple[str, str, str, str]:
    return one.measure, one.purpose, one.channel, one.language


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
