"""What becomes of a talk: it is handed over, or it ends in the journal, in a promise, in nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.appeals.registrable import may_close_at_once
from opora.chat import queries, services
from opora.chat.forms import CallbackForm, ConsultForm, DropForm, HandForm
from opora.chat.models import Talk
from opora.chat.services.answering import may_move
from opora.chat.views.talk import found_for, hers
from opora.classifiers.words import Kind
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError

CLOSED = "Разговор станет закрытой консультацией в журнале, его текст ляжет в неё целиком."
APPROVED = (
    "Разговор ляжет в журнал консультацией и останется у вас открытым. Ответ утвердит руководитель: "
    "сказанное станет черновиком."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHAT_ANSWER)
def handing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a talk to a colleague, to the second level, back to the queue: hers, or any by who may reassign."""
    talk = found_for(request, pk)
    if not may_move(talk, request.user):
        raise Http404
    form = HandForm(request.POST or None, talk=talk, employee=request.user)

    def perform() -> None:
        to, why = form.cleaned_data["to"], form.cleaned_data["why"]
        if form.colleague is not None:
            services.hand_over(pk, form.colleague, why=why, by=request.user)
        else:
            services.return_to_queue(pk, level=to, why=why, by=request.user)

    return _asked(request, talk, form, perform, title="Передать разговор", save="Передать", said="Разговор передан.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_REGISTER)
def closing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A consultation was given: into the journal with the transcript, closed at once."""
    talk = hers(request, pk)
    fitting, every = queries.topics(talk)
    form = ConsultForm(request.POST or None, talk=talk, fitting=fitting, every=every)

    def perform() -> None:
        services.consult(pk, topic=form.topic, name=form.cleaned_data["name"], by=request.user)

    is_closed = may_close_at_once(actor_of(request.user), Kind.CONSULTATION, by=request.user)
    about = CLOSED if is_closed else APPROVED
    return _asked(
        request, talk, form, perform, title="Консультация дана", save="В журнал", said="Консультация в журнале.",
        about=about,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_REGISTER)
def callback(request: StaffRequest, pk: UUID) -> HttpResponse:
    """He is phoned back: an appeal of hers with a promise."""
    talk = hers(request, pk)
    fitting, every = queries.topics(talk)
    form = CallbackForm(request.POST or None, talk=talk, fitting=fitting, every=every)

    def perform() -> None:
        given = form.cleaned_data
        services.promise(
            pk,
            topic=form.topic,
            phone=given["phone"],
            due_at=given["due_at"],
            note=given["note"],
            name=given["name"],
            by=request.user,
        )

    about = "Обращение останется у вас, обещание позвонить появится в ваших делах."
    return _asked(
        request, talk, form, perform, title="Перезвонить", save="Обещать звонок", said="Обещание записано.",
        about=about,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHAT_ANSWER)
def dropping(request: StaffRequest, pk: UUID) -> HttpResponse:
    """No appeal came of it."""
    talk = hers(request, pk)
    form = DropForm(request.POST or None)

    def perform() -> None:
        services.drop(pk, **form.arguments, by=request.user)

    return _asked(
        request, talk, form, perform, title="Закончить без обращения", save="Закончить", said="Разговор закончен."
    )


@require_POST
@needs(Right.APPEALS_REGISTER)
def registration(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open intake with the transcript; the talk ends when the appeal is registered."""
    hers(request, pk)
    try:
        with transaction.atomic():
            draft = services.open_intake(pk, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("chat:desk")
    return redirect(f"{reverse('appeals:new')}?draft={draft}")


def _asked(
    request: StaffRequest,
    talk: Talk,
    form: Any,
    perform: Callable[[], None],
    *,
    title: str,
    save: str,
    said: str,
    about: str = "",
) -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was."""
    is_hers = talk.owner_id == request.user.pk
    if request.method == "POST" and form.is_valid() and acts.carried_out(request, perform, form, said=said):
        return redirect("chat:desk" if is_hers else "chat:running")
    context = {
        "form": form,
        "title": title,
        "about": about,
        "save": save,
        "back": reverse("chat:desk") + f"#t-{talk.pk}" if is_hers else reverse("chat:running"),
        "said": queries.told(talk)[-6:] if is_hers else [],  # another's words are read on the page that says so
    }
    return render(request, "chat/form.html", context, status=422 if form.errors else 200)
