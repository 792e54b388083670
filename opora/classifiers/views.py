"""Topics with their rows, partners' codes, versions and what differs between two, a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.classifiers import queries, shown
from opora.classifiers.differences import Difference, between, between_lists
from opora.classifiers.errors import ClassifierRefused
from opora.classifiers.forms import AgreedForm, FileForm, TreeForm
from opora.classifiers.models import Edition, EditionQuerySet, Mapping
from opora.classifiers.packs import MAPPING, TOPICS, ClassifierFile
from opora.classifiers.services import load_edition, preview_edition
from opora.classifiers.tables import generations, table
from opora.shared.errors import DomainError


@require_safe
@needs(Right.CLASSIFIERS_VIEW)
def tree(request: HttpRequest) -> HttpResponse:
    """Topics of an edition, the one in force unless asked; ``?topic=`` opens one in the panel."""
    ours = _editions(request).filter(code=TOPICS)
    form = TreeForm(request.GET, editions=ours)
    wanted = form.cleaned_data if form.is_valid() else {}
    current = queries.current_edition(_territory(request), timezone.localdate())
    chosen = wanted.get("edition") or current
    kind, text = wanted.get("kind") or None, wanted.get("q", "")
    found = queries.find_in(chosen, text, kind, limit=200) if text.strip() else queries.topics_of(chosen)
    topics = [topic for topic in found if kind is None or kind in topic.kinds]
    context = {
        "tabs": _tabs("tree"),
        "form": form,
        "edition": chosen,
        "is_current": chosen == current,
        "is_flat": bool(text.strip()),
        "rows": [shown.TopicRow(topic) for topic in topics],
        "tables": [table(code) for code in generations()],
    }
    if code := request.GET.get("topic"):
        opened = next((topic for topic in queries.topics_of(chosen) if topic.code == code), None)
        context["topic"] = opened and shown.TopicCard(opened, _books(request))
    return render(request, "classifiers/tree.html", context)


@require_safe
@needs(Right.CLASSIFIERS_VIEW)
def partners(request: HttpRequest) -> HttpResponse:
    """What partners call our words today."""
    today = timezone.localdate()
    found = {}
    for edition in _editions(request).filter(code__startswith=MAPPING).in_force(today).order_by("since", "loaded_at"):
        found[edition.code] = edition
    asked = request.GET.get("system", "")
    chosen = found.get(f"{MAPPING}-{asked}") or next(iter(found.values()), None)
    names = {topic.code: topic.title for topic in queries.topics(_territory(request), today)}
    pairs = Mapping.objects.filter(edition=chosen).order_by("pk") if chosen else []
    context = {
        "tabs": _tabs("partners"),
        "editions": found.values(),
        "edition": chosen,
        "lists": shown.lists(pairs, names),
    }
    return render(request, "classifiers/partners.html", context)


@require_safe
@needs(Right.CLASSIFIERS_VIEW)
def editions(request: HttpRequest) -> HttpResponse:
    """All versions of all lists, the newest first."""
    found = _editions(request).order_by("-code", "-since", "-loaded_at", "-pk")
    today = timezone.localdate()
    current = {edition.code: queries.current_edition(_territory(request), today, edition.code).pk for edition in found
               if edition.since <= today and (edition.until is None or edition.until >= today)}  # fmt: skip
    rows = [(edition, shown.state(edition, today, current.get(edition.code))) for edition in found]
    may_load = request.user.holds(Right.CLASSIFIERS_EDIT)  # type: ignore[union-attr]
    context = {"tabs": _tabs("editions"), "rows": rows, "may_load": may_load}
    return render(request, "classifiers/editions.html", context)


@require_safe
@needs(Right.CLASSIFIERS_VIEW)
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One version and what differs from another, the one before it unless asked (``?with=``)."""
    chosen = get_object_or_404(_editions(request), pk=pk)
    others = list(_editions(request).filter(code=chosen.code).exclude(pk=pk).order_by("-since", "-loaded_at", "-pk"))
    asked = request.GET.get("with", "")
    earlier = [other for other in others if (other.since, other.loaded_at) <= (chosen.since, chosen.loaded_at)]
    other = next((other for other in others if str(other.pk) == asked), earlier[0] if earlier else None)
    context = {
        "tabs": _tabs("editions"),
        "edition": chosen,
        "others": others,
        "other": other,
        "groups": shown.by_change(_differences(other, chosen)) if other else [],
        "count": chosen.topics.count() or chosen.mappings.count(),
    }
    return render(request, "classifiers/edition.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.CLASSIFIERS_EDIT)
def newcomer(request: HttpRequest) -> HttpResponse:
    """A new version: the file is checked and compared first; it is stored when it comes the second time, agreed to."""
    context: dict[str, Any] = {"tabs": _tabs("editions"), "form": FileForm()}
    if request.method == "GET":
        return render(request, "classifiers/new.html", context)
    if "content" in request.POST:
        agreed = AgreedForm(request.POST)
        if agreed.is_valid():
            file = agreed.cleaned_data["file"]
            _refuse_strange(request, file)
            loaded = load_edition(file, by=request.user)
            messages.success(request, f"{loaded.edition.title}: версия {loaded.edition.version} загружена")
            return redirect("classifiers:edition", loaded.edition.pk)
        return render(request, "classifiers/new.html", context | {"refusal": _first(agreed)}, status=422)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            _refuse_strange(request, file)
            seen = preview_edition(file)
        except DomainError as refusal:
            form.add_error("file", refusal.sentence)
        else:
            context |= {"seen": seen, "content": form.content, "groups": shown.by_change(seen.differences)}
            return render(request, "classifiers/new.html", context)
    return render(request, "classifiers/new.html", context | {"form": form}, status=422)


def _refuse_strange(request: HttpRequest, file: ClassifierFile) -> None:
    """One territory has one list of topics, and its fund keeps it; what holds for all comes from the console."""
    organisation = request.user.assignment.organisation  # type: ignore[union-attr]
    if organisation.kind != "fund":
        raise ClassifierRefused("Классификаторы территории загружает её фонд. Передайте файл администратору фонда.")
    if file.kind == TOPICS and file.territory != organisation.territory_id:
        raise ClassifierRefused(
            f"В файле территория «{file.territory or 'вся страна'}», а ваша — «{organisation.territory_id}». "
            "Темы для всех территорий загружает администратор сервера: opora load classifier."
        )


def _editions(request: HttpRequest) -> EditionQuerySet:
    """The country's and those of her territory: others do not exist for her."""
    return Edition.objects.filter(territory__in=["", _territory(request)])


def _territory(request: HttpRequest) -> str:
    return str(request.user.assignment.organisation.territory_id)  # type: ignore[union-attr]


def _books(request: HttpRequest) -> list[tuple[str, Any]]:
    """Title and book of every partner in force."""
    today = timezone.localdate()
    titles = dict(_editions(request).filter(code__startswith=MAPPING).in_force(today).values_list("code", "title"))
    return [(title, queries.codes(code.removeprefix(f"{MAPPING}-"), today)) for code, title in sorted(titles.items())]


def _differences(before: Edition, after: Edition) -> list[Difference]:
    if after.code == TOPICS:
        return between(queries.topics_of(before), queries.topics_of(after), after.moved)
    pairs = [list(Mapping.objects.filter(edition=edition).order_by("pk")) for edition in (before, after)]
    return between_lists(*pairs)


def _first(form: AgreedForm) -> str:
    return str(next(iter(form.errors.values()))[0])


def _tabs(current: str) -> list[dict[str, Any]]:
    labels = {"tree": "Темы", "partners": "Коды партнёров", "editions": "Версии"}
    return [
        {"label": label, "url": reverse(f"classifiers:{name}"), "current": name == current}
        for name, label in labels.items()
    ]
