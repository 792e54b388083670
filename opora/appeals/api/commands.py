"""Commands: each once by its Idempotency-Key, in one transaction with its events and audit line."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from ninja.responses import Status

from opora.access.api import answers
from opora.access.rights import Right
from opora.appeals import services
from opora.appeals.api import schemas
from opora.appeals.api.common import Number, an_organisation, found, moment, router
from opora.appeals.intake import Closing, NewAppeal, NewParty, NewReason, register
from opora.appeals.models import Appeal
from opora.appeals.services import Target
from opora.appeals.words import Depth
from opora.classifiers import queries as classifiers
from opora.classifiers.models import Topic
from opora.partners.repeats import once
from opora.shared import phones

REFUSALS = dict.fromkeys((401, 403, 404, 409, 422, 429), schemas.Problem)
DONE: dict[int, type[Schema]] = {200: schemas.DoneOut, **REFUSALS}
REGISTERED: dict[int, type[Schema]] = {201: schemas.RegisteredOut, **REFUSALS}


@router.post("/appeals", response=REGISTERED, summary="Зарегистрировать обращение")
@answers(Right.APPEALS_REGISTER)
def registration(request: HttpRequest, given: schemas.AppealIn) -> Status:
    """Номер даётся сразу. С ``closing`` обращение закрывается тем же запросом: ответ дан в разговоре.

    Для ``closing`` нужно право закрывать. Где ответ сначала утверждает руководитель, отказ скажет об этом:
    зарегистрируйте без ``closing``.
    """

    def act() -> tuple[int, Schema]:
        caller: Any = request.auth  # type: ignore[attr-defined]
        done = register(_new(given, caller), by=caller)
        return 201, schemas.RegisteredOut(id=done.id, number=done.number, due_on=done.due_on)

    return once(request, act)


@router.post("/appeals/{number}/notes", response=DONE, summary="Добавить заметку")
@answers(Right.APPEALS_HANDLE)
def notes(request: HttpRequest, number: Number, given: schemas.NoteIn) -> Status:
    """Заметка остаётся в истории обращения; её видят те, кто видит текст."""
    return _command(request, number, lambda appeal, by: services.note(appeal.pk, text=given.text, by=by))


@router.post("/appeals/{number}/hand-overs", response=DONE, summary="Передать другой линии или организации")
@answers(Right.APPEALS_HANDLE)
def hand_overs(request: HttpRequest, number: Number, given: schemas.HandOverIn) -> Status:
    """Передаётся всё, что известно: черновик, как установлен человек, когда обещали перезвонить, номер звонка."""

    def act(appeal: Appeal, by: Any) -> object:
        target = Target(handler=an_organisation(given.handler), line=given.line)
        extra = given.model_dump(include={"why", "draft", "identity", "call_id", "version"})
        return services.hand_over(appeal.pk, to=target, callback_at=moment(given.callback_at), by=by, **extra)

    return _command(request, number, act)


@router.post("/appeals/{number}/interim-answers", response=DONE, summary="Дать промежуточный ответ")
@answers(Right.APPEALS_HANDLE)
def interim_answers(request: HttpRequest, number: Number, given: schemas.InterimIn) -> Status:
    """Срок окончательного ответа идёт дальше."""
    return _command(request, number, lambda appeal, by: services.answer_interim(appeal.pk, by=by, **given.model_dump()))


@router.post("/appeals/{number}/answers", response=DONE, summary="Дать окончательный ответ")
@answers(Right.APPEALS_HANDLE)
def final_answers(request: HttpRequest, number: Number, given: schemas.AnswerIn) -> Status:
    """Ответ записывается и отправляется. Где нужно утверждение руководителя, отказ скажет об этом."""

    def act(appeal: Appeal, by: Any) -> object:
        answer = services.prepare_answer(appeal.pk, text=given.text, card=given.card, by=by, version=given.version)
        sending = given.model_dump(include={"channel", "outgoing_number", "outgoing_on", "delivered"})
        return services.send_answer(answer.pk, by=by, **sending)

    return _command(request, number, act)


@router.post("/appeals/{number}/closure", response=DONE, summary="Закрыть")
@answers(Right.APPEALS_CLOSE)
def closure(request: HttpRequest, number: Number, given: schemas.ClosureIn) -> Status:
    """Нужен исход, у жалобы — решение об обоснованности, и ответ заявителю там, где он положен.

    Жалобу закрывают после решения в её деле и с тем же решением. «Звонок переадресован» бывает только у звонка.
    Отозванное закрывают со словами: кто и как отозвал (``why``).
    """
    return _command(
        request,
        number,
        lambda appeal, by: services.close(
            appeal.pk,
            outcome=given.outcome,
            verdict=given.verdict or "",
            why=given.why,
            by=by,
            version=given.version,
        ),
    )


@router.post("/appeals/{number}/reopening", response=DONE, summary="Возобновить закрытое")
@answers(Right.APPEALS_REOPEN)
def reopening(request: HttpRequest, number: Number, given: schemas.WhyIn) -> Status:
    """Начинается новый срок ответа; прежние ответы остаются в истории."""
    return _command(request, number, lambda appeal, by: services.reopen(appeal.pk, by=by, **given.model_dump()))


@router.post("/appeals/{number}/extension", response=DONE, summary="Продлить срок")
@answers(Right.APPEALS_HANDLE)
def extension(request: HttpRequest, number: Number, given: schemas.ExtensionIn) -> Status:
    """Нужны приказ, причина и уведомление заявителю. Наибольшее продление задано законом."""
    return _command(request, number, lambda appeal, by: services.extend(appeal.pk, by=by, **given.model_dump()))


@router.post("/appeals/{number}/forwarding", response=DONE, summary="Направить наружу")
@answers(Right.APPEALS_HANDLE)
def forwarding(request: HttpRequest, number: Number, given: schemas.ForwardingIn) -> Status:
    """В клинику, орган власти, другую страховую или регион: с сопроводительным письмом и уведомлением заявителю."""

    def act(appeal: Appeal, by: Any) -> object:
        return services.forward(
            appeal.pk,
            outside=given.outside,
            to_organisation=an_organisation(given.organisation),
            to_name=given.name,
            cover_text=given.cover_text,
            notice_text=given.notice_text,
            by=by,
            version=given.version,
        )

    return _command(request, number, act)


def _command(request: HttpRequest, number: str, act: Callable[[Appeal, Any], object]) -> Status:
    caller: Any = request.auth  # type: ignore[attr-defined]

    def done() -> tuple[int, Schema]:
        appeal = found(number, caller, Depth.STAGE)
        act(appeal, caller)
        appeal.refresh_from_db()
        fields = {name: getattr(appeal, name) for name in ("number", "version", "stage", "due_on")}
        return 200, schemas.DoneOut(**fields)

    return once(request, done)


def _new(given: schemas.AppealIn, caller: Any) -> NewAppeal:
    territory, today = caller.partner.organisation.territory_id, timezone.localdate()

    def topic(code: str) -> Topic:
        return classifiers.topic_for(code, territory, today)

    whole = given.model_dump(exclude={"topic", "parties", "reasons", "closing", "handler", "received_at", "form"})
    closing = given.closing
    return NewAppeal(
        **whole,
        form=given.form or "",
        topic=topic(given.topic),
        received_at=moment(given.received_at),
        parties=[_party(party) for party in given.parties],
        reasons=[
            NewReason(
                topic=topic(reason.topic),
                provider_id=provider.pk if (provider := an_organisation(reason.provider)) else None,
                provider_name=reason.provider_name,
                note=reason.note,
            )
            for reason in given.reasons
        ],
        handler=an_organisation(given.handler),
        closing=Closing(
            outcome=closing.outcome,
            answer=closing.answer,
            card=closing.card,
            verdict=closing.verdict or "",
            why=closing.why,
        )
        if closing
        else None,
    )


def _party(given: schemas.PartyIn) -> NewParty:
    fields = given.model_dump()
    return NewParty(**{**fields, "phone": phones.normalise(given.phone) or given.phone})
