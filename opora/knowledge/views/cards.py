"""Answers: found by words, read aloud, written, approved by somebody else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.classifiers import queries as classifiers
from opora.classifiers.errors import NoEdition
from opora.knowledge import feedback, history, packs, queries, services, shipping
from opora.knowledge.asked import without_persons
from opora.knowledge.deciding import keeper, keeps_common, may_change
from opora.knowledge.errors import CommonCard
from opora.knowledge.forms import CardForm, NewCardForm, ReviewForm, WhyForm
from opora.knowledge.models import AnswerCard
from opora.knowledge.rules import red_flag
from opora.knowledge.sourcing import why_not_said
from opora.knowledge.words import Miss
from opora.organisations.models import Employee
from opora.organisations.requests import StaffRequest
from opora.organisations.views.forms import form_page, refusals_in
from opora.shared import conflict
from opora.shared.pages import Page, keyset

STATES = {
    "force": "Действуют",
    "draft": "Черновики",
    "submitted": "На утверждении",
    "review": "Пора пересмотреть",
    "hidden": "Скрыты: срок вышел",
    "withdrawn": "В архиве",
}
TALK = 3  # a search shows answers of every level: who may give one is written beside it


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def cards(request: StaffRequest) -> HttpResponse:
    """What may be said today; who prepares cards chooses other states as well."""
    prepares = request.user.holds(Right.KNOWLEDGE_EDIT) or request.user.holds(Right.KNOWLEDGE_APPROVE)
    text = request.GET.get("q", "")[:200]
    state = request.GET.get("state", "") if prepares else ""
    state = state if state in STATES else "force"
    page = _found(request, text) if text.strip() and state == "force" else _listed(request, state, text)
    if text.strip() and state == "force" and not page and "after" not in request.GET:
        feedback.note_miss(text, why=Miss.NOTHING, territory=territory_of(request))
    context = {
        "page": page,
        "text": text,
        "asked": text.strip() if state == "force" else "",
        "told": without_persons(text),
        "state": state,
        "states": STATES if prepares else {},
        "flag": red_flag(text),
        "topics": _topics(request),
        "prepares": prepares,
        "today": timezone.localdate(),
        "tabs": tabs("cards", request),
    }
    return render(request, "knowledge/list.html", context)


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def card(request: StaffRequest, pk: int) -> HttpResponse:
    row = visible(request, pk)
    context = _card_context(request, row)
    if context["spoken"] is not None:
        feedback.note_shown(row.pk)
    return render(request, "knowledge/card.html", context)


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The card on one sheet, as it may be said today."""
    row = visible(request, pk)
    spoken = queries.spoken(row, territory=territory_of(request), on=timezone.localdate())
    if spoken is None:
        raise Http404
    return render(request, "knowledge/paper.html", {"card": row, "spoken": spoken, "at": timezone.now()})


@require_GET
@needs(Right.KNOWLEDGE_VIEW)
def answer(request: StaffRequest) -> HttpResponse:
    """The answer beside a form: ``topic`` and ``text`` of a talk → the card to say, or what else fits the words."""
    topic, text = request.GET.get("topic", "")[:14], request.GET.get("text", "")[:500]
    return render(request, "knowledge/card.html#answer", answer_context(request, topic, text))


def answer_context(request: StaffRequest, topic: str, text: str) -> dict[str, Any]:
    """Context of ``knowledge/card.html#answer``: the desk includes the piece with it."""
    level = request.user.representative_level or TALK
    where: dict[str, Any] = {"territory": territory_of(request), "level": level, "on": timezone.localdate()}
    found = queries.cards_for(topic, **where) if topic else []
    if not topic and text.strip():
        found = queries.find_cards(text, **where, most=4)
    return {
        "beside": True,
        "flag": red_flag(text),
        "spoken": found[0] if found else None,
        "others": found[1:],
        "asked": bool(topic or text.strip()),
    }


@needs(Right.KNOWLEDGE_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """A card of her territory; whoever keeps common ones may begin one of all territories."""
    own = territory_of(request)
    form = NewCardForm(
        request.POST or None,
        initial={"question": request.GET.get("question", "")[:200]},
        territory=own,
        draft="card-new",
        may_be_common=bool(own) and keeps_common(request.user),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            slug, territory = f"own-{uuid4().hex[:10]}", "" if form.cleaned_data.get("is_common") else own
            row = services.add_card(slug, territory=territory, wording=form.wording, by=request.user)
            messages.success(request, "Черновик сохранён. Прочтите его вслух и отправьте на утверждение.")
            return redirect("knowledge:card", row.pk)
    return _form(request, form, title="Новая карточка", back=reverse("knowledge:list"))


@needs(Right.KNOWLEDGE_EDIT)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    rows = AnswerCard.objects.accessible_to(request.user)
    row = get_object_or_404(rows.select_for_update() if request.method == "POST" else rows, pk=pk)
    if not may_change(row, request.user):
        raise CommonCard
    form = CardForm(request.POST or None, instance=row.text, territory=row.territory, draft=f"card-{row.pk}")
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"карточку «{row}»")
        with refusals_in(form):
            services.reword_card(row, version=row.version, wording=form.changes, by=request.user)
            messages.success(request, "Новая редакция сохранена. Её увидят после утверждения.")
            return redirect("knowledge:card", row.pk)
    return _form(request, form, title="Исправить карточку", back=reverse("knowledge:card", args=[row.pk]))


@require_POST
@needs(Right.KNOWLEDGE_EDIT)
def copy(request: StaffRequest, pk: int) -> HttpResponse:
    """A card of her territory with the words of a common one."""
    row, territory = managed(request, pk), territory_of(request)
    if row.territory or not territory:
        raise Http404
    made = services.copy_card(row, territory=territory, by=request.user)
    messages.success(request, "Это карточка вашей территории. Утвердите её, и она встанет на место общей.")
    return redirect("knowledge:card", made.pk)


@require_POST
@needs(Right.KNOWLEDGE_EDIT)
def submission(request: StaffRequest, pk: int) -> HttpResponse:
    row = managed(request, pk)
    services.submit_card(row, version=_seen(request, row), by=request.user)
    messages.success(request, "Отправили на утверждение.")
    return redirect("knowledge:card", row.pk)


@require_POST
@needs(Right.KNOWLEDGE_APPROVE)
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    row = managed(request, pk)
    services.approve_card(row, version=_seen(request, row), by=request.user)
    messages.success(request, "Утверждено. Теперь эту редакцию видят все.")
    return redirect("knowledge:card", row.pk)


@require_POST
@needs(Right.KNOWLEDGE_APPROVE)
def restoration(request: StaffRequest, pk: int) -> HttpResponse:
    row = managed(request, pk)
    services.restore_card(row, version=_seen(request, row), by=request.user)
    messages.success(request, "Карточка снова в работе.")
    return redirect("knowledge:card", row.pk)


@needs(Right.KNOWLEDGE_APPROVE)
def returning(request: StaffRequest, pk: int) -> HttpResponse:
    row = managed(request, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.return_card(row, version=row.version, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, "Вернули на доработку.")
            return redirect("knowledge:card", row.pk)
    back = reverse("knowledge:card", args=[row.pk])
    return form_page(request, form, title="Вернуть на доработку", about=row, back=back, save="Вернуть")


@needs(Right.KNOWLEDGE_APPROVE)
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    row = managed(request, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.withdraw_card(row, version=row.version, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, "Карточка в архиве, её больше не видят.")
            return redirect("knowledge:card", row.pk)
    back = reverse("knowledge:card", args=[row.pk])
    return form_page(request, form, title="Убрать карточку в архив", about=row, back=back, save="В архив")


@needs(Right.KNOWLEDGE_APPROVE)
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody has read the card again: who answers for it, when it is read next."""
    row = managed(request, pk)
    initial = {"owner": row.owner_id, "review_on": timezone.localdate() + services.REVIEWED_EVERY}
    form = ReviewForm(request.POST or None, initial=initial, owners=_owners(request, row))
    back = reverse("knowledge:card", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            services.review_card(row, version=row.version, **form.cleaned_data, by=request.user)
            messages.success(request, "Записали: карточка прочитана заново.")
            return redirect(back)
    return form_page(request, form, title="Карточка пересмотрена", about=row, back=back, save="Записать")


@require_POST
@needs(Right.KNOWLEDGE_EDIT)
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Words of a newer pack for a card with words of its own: taken as a draft, or ours are kept."""
    row, is_taken = managed(request, pk), request.POST.get("take") == "1"
    shipping.settle_offer(row, version=_seen(request, row), is_taken=is_taken, by=request.user)
    messages.success(
        request, "Взяли как черновик: прочтите и отправьте на утверждение." if is_taken else "Оставили наш."
    )
    return redirect("knowledge:card", row.pk)


def tabs(current: str, request: StaffRequest) -> list[dict[str, Any]]:
    """Pages of the room; lists of editors only for editors."""
    found = [("cards", "Ответы", "knowledge:list"), ("letters", "Письма", "knowledge:templates")]
    if request.user.holds(Right.KNOWLEDGE_EDIT):
        found += [("missing", "Нет ответа", "knowledge:missing"), ("topics", "Подсказка тем", "knowledge:topics")]
        found += [("synonyms", "Синонимы", "knowledge:synonyms")]
    return [{"label": label, "url": reverse(name), "current": code == current} for code, label, name in found]


def territory_of(request: StaffRequest) -> str:
    assignment = request.user.assignment
    return assignment.organisation.territory_id if assignment else ""


def visible(request: StaffRequest, pk: int) -> AnswerCard:
    """A card she may read: what is in force; who prepares cards reads them all. 404 otherwise."""
    rows = _rows(request)
    if not _prepares(request):
        rows = rows.in_force(timezone.localdate())  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


def managed(request: StaffRequest, pk: int) -> AnswerCard:
    return get_object_or_404(_rows(request), pk=pk)


def _rows(request: StaffRequest) -> QuerySet[AnswerCard]:
    return AnswerCard.objects.accessible_to(request.user).select_related("text", "approved", "approved_by", "owner")


def _owners(request: StaffRequest, row: AnswerCard) -> QuerySet[Employee]:
    """Colleagues of her organisation, and whoever answers for the card now."""
    assignment = request.user.assignment
    organisation = assignment.organisation_id if assignment else None
    theirs = Q(assignments__organisation=organisation, assignments__until=None) | Q(pk=row.owner_id)
    return Employee.objects.filter(theirs).distinct().order_by("surname", "given_name", "pk")


def _prepares(request: StaffRequest) -> bool:
    return request.user.holds(Right.KNOWLEDGE_EDIT) or request.user.holds(Right.KNOWLEDGE_APPROVE)


def _seen(request: StaffRequest, row: AnswerCard) -> int:
    """The version her page showed: a button pressed on an old page is refused."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _found(request: StaffRequest, text: str) -> Page[AnswerCard]:
    found = queries.find_cards(text, territory=territory_of(request), level=TALK, on=timezone.localdate(), most=30)
    return Page([answer.card for answer in found])


def _listed(request: StaffRequest, state: str, text: str) -> Page[AnswerCard]:
    today = timezone.localdate()
    rows: Any = _rows(request)
    if state == "force":
        rows = rows.in_force(today)
    elif state == "withdrawn":
        rows = rows.exclude(withdrawn_at=None)
    elif state == "review":
        rows = rows.to_review(today)
    elif state == "hidden":
        rows = rows.filter(withdrawn_at=None, approved__valid_until__lt=today)
    else:
        rows = rows.filter(withdrawn_at=None, status=state)
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(text__question__icontains=word) | Q(text__variants__icontains=word) | Q(text__words__icontains=word)
        )
    return keyset(rows, order=("position", "pk"), after=request.GET.get("after"), size=50)


def _topics(request: StaffRequest) -> dict[str, str]:
    try:
        return {topic.code: topic.title for topic in classifiers.topics(territory_of(request), timezone.localdate())}
    except NoEdition:
        return {}


def _card_context(request: StaffRequest, row: AnswerCard) -> dict[str, Any]:
    today, user = timezone.localdate(), request.user
    spoken = queries.spoken(row, territory=territory_of(request), on=today)
    text = row.text if _prepares(request) and row.text_id != row.approved_id else None
    is_changed_here = not _prepares(request) or may_change(row, user)
    may_approve = user.holds(Right.KNOWLEDGE_APPROVE) and is_changed_here
    may_edit = user.holds(Right.KNOWLEDGE_EDIT) and is_changed_here
    shown = text or row.approved
    return {
        "card": row,
        "spoken": spoken,
        "text": text,
        "shown": shown,
        "draft_said": queries.filled_or_faults(text.body, row.territory, today) if text else None,
        "topic": _topics(request).get(shown.topic_code, "") if shown else "",
        "may_edit": may_edit,
        "may_approve": may_approve,
        "keeper": "" if is_changed_here else keeper(),
        "may_copy": user.holds(Right.KNOWLEDGE_EDIT) and not is_changed_here,
        "unsourced": why_not_said(text) if text else None,
        "offer": shipping.offer(row) if may_edit else None,
        "pack": packs.answers().version,
        "is_own": text is not None and text.by_id == user.pk,
        "steps": history.steps(row) if _prepares(request) else None,
        "use": feedback.use_of(row) if _prepares(request) and row.approved_id else None,
        "card_id": row.pk,
        "mark": uuid4(),
        "today": today,
    }


def _form(request: StaffRequest, form: CardForm, *, title: str, back: str) -> HttpResponse:
    known = [("{" + name + "}", what, words) for name, what, words in form.table.known()]
    return form_page(request, form, title=title, back=back, template="knowledge/form.html", known=known)
