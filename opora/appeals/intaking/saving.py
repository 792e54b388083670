"""From the sheet to a registered appeal: one draft, one appeal, however often the button is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals import drafts
from opora.appeals.actor import Actor
from opora.appeals.errors import NotComplete
from opora.appeals.events import taken_in
from opora.appeals.intake import Closing, NewAppeal, NewParty, NewReason, Registered, register
from opora.appeals.intaking.fields import IDENTIFIED, OWNER, Finish, IntakeForm
from opora.appeals.intaking.sheet import ReasonRow, Sheet
from opora.appeals.models import Draft, IntakeTime
from opora.appeals.places import Target, back_to
from opora.appeals.services.answers import prepare_answer
from opora.appeals.services.callbacks import promise_callback
from opora.appeals.services.owners import hand_over
from opora.appeals.services.relations import link
from opora.appeals.waits import NewWait
from opora.appeals.words import PartyRole, RelationKind
from opora.classifiers.models import Topic
from opora.classifiers.words import Channel, Kind, Line, Outcome, Standing
from opora.insured.identification import identify
from opora.insured.models import Person
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    pass

OUTCOMES = {
    Kind.CONSULTATION: Outcome.CONSULTED,
    Kind.APPLICATION: Outcome.CONSIDERED,
    Kind.PROPOSAL: Outcome.PROPOSAL_CONSIDERED,
    Kind.THANKS: Outcome.CONSIDERED,
    Kind.OUT_OF_SCOPE: Outcome.CONSULTED,
}
MEASURED = timedelta(hours=1)  # a page left open longer tells nothing about how long intake takes
LINKED_WHY = "Повторное обращение: найдено до регистрации"


def check(form: IntakeForm, sheet: Sheet, finish: str) -> bool:
    """Add what one field cannot know by itself; return whether the sheet may be registered."""
    if not form.is_valid():
        return False
    data = form.cleaned_data
    if sheet.topic is None:
        form.add_error("topic", "Выберите тему: цифрой, словами вопроса или кодом.")
    if not (sheet.person or data["surname"] or data["given_name"] or data["nameless"]):
        form.add_error("person", "Найдите человека, запишите его имя или отметьте «без имени».")
    if bool(data["wait_service"]) != (data["wait_days"] is not None):
        field = "wait_days" if data["wait_service"] else "wait_service"
        form.add_error(field, "Ожидание записывают вместе: какой услуги и сколько дней.")
    if finish == Finish.ANSWERED:
        _check_answered(form, sheet)
    elif not data["text"].strip():
        form.add_error("text", "Запишите, о чём говорит человек: так коллега не спросит его второй раз.")
    if finish == Finish.HAND_OVER:
        _check_hand_over(form, sheet)
    if finish == Finish.CALLBACK:
        _check_callback(form, sheet)
    return not form.errors


def save(sheet: Sheet, form: IntakeForm, finish: str, *, purpose: str) -> Draft:
    """Register once and return the draft with its appeal. Raises AppealsError; nothing is stored then."""
    employee = sheet.employee
    with transaction.atomic():
        draft = drafts.claim(sheet.draft, by=employee)
        if draft.appeal_id:
            return draft
        _leave_identification(sheet, form, purpose)
        new = _appeal(sheet, form.cleaned_data, finish)
        done = register(new, by=employee)
        if finish == Finish.HAND_OVER and _is_given(form.cleaned_data):
            _give(done, sheet, form.cleaned_data)
        if finish == Finish.CALLBACK:
            _promise(done, form.cleaned_data, sheet)
        if finish in (Finish.MINE, Finish.CALLBACK):
            _keep_answer(done, form.cleaned_data, sheet)
        if sheet.repeated and _links(sheet, form.cleaned_data, finish):
            link(sheet.repeated.pk, done.id, kind=RelationKind.REPEAT, why=LINKED_WHY, by=employee)
        draft.appeal_id, draft.body, draft.saved_at = done.id, {}, timezone.now()
        draft.save(update_fields=["appeal", "body", "saved_at"])
        if not form.cleaned_data["resumed"]:
            _measure(draft, new.topic, sheet.actor)
        taken_in.send(sender=None, draft=draft, by=employee)
    return draft


def _check_answered(form: IntakeForm, sheet: Sheet) -> None:
    data = form.cleaned_data
    if not sheet.may_close:
        form.add_error(None, sheet.why_open)
    if not data["answer"].strip() and sheet.spoken is None and sheet.topic is not None:
        form.add_error("answer", "Карточки ответа к этой теме нет. Запишите, что вы ответили.")
    if not data["text"].strip() and sheet.topic is not None and not sheet.topic.is_typical:
        form.add_error("text", "Вопрос не типовой: запишите, о чём спросил человек.")


def _check_hand_over(form: IntakeForm, sheet: Sheet) -> None:
    to = form.cleaned_data["to"]
    if not to:
        form.add_error("to", "Выберите, кому передать.")
    if to == OWNER and sheet.repeated is None:
        form.add_error("to", "Сначала свяжите с прежним обращением: список справа.")
    if not form.cleaned_data["why"].strip():
        form.add_error("why", "Напишите, почему передаёте: это первое, что прочтёт коллега.")
    if form.cleaned_data.get("promised_at") and not form.cleaned_data.get("phone") and not sheet.card_phone:
        form.add_error("phone", "Запишите номер, по которому перезвонить.")


def _check_callback(form: IntakeForm, sheet: Sheet) -> None:
    if "callback_at" in form.errors:
        return
    if form.cleaned_data.get("callback_at") is None:
        form.add_error("callback_at", "Напишите, когда перезвонить: «через час», 15:20.")
    if not form.cleaned_data.get("phone") and not sheet.card_phone:
        form.add_error("phone", "Запишите номер, по которому перезвонить.")


def _appeal(sheet: Sheet, data: Mapping[str, Any], finish: str) -> NewAppeal:
    topic = sheet.topic
    if topic is None:
        raise NotComplete
    return NewAppeal(
        kind=sheet.kind,
        topic=topic,
        topic_note=data["topic_note"],
        channel=data["channel"],
        form=data["form"],
        standing=data["standing"] or _standing(sheet, data),
        text=data["text"].strip(),
        flags=sorted({*data["flags"], *sheet.sure_flag_codes}),
        origin=data["origin"] or "direct",
        origin_name=data["origin_name"],
        received_at=data["received_at"],
        incoming_number=data["incoming_number"],
        incoming_on=data["incoming_on"],
        call_id=data["call_id"],
        is_repeat=sheet.repeated is not None and not _links(sheet, data, finish),
        parties=_parties(sheet, data),
        reasons=_reasons(sheet, topic) if sheet.kind == Kind.COMPLAINT else (),
        wait=_wait(sheet, data),
        **_finish(sheet, data, finish),
    )


def _wait(sheet: Sheet, data: Mapping[str, Any]) -> NewWait | None:
    if not data["wait_service"]:
        return None
    place = sheet.waits_in
    return NewWait(
        service=data["wait_service"],
        days=data["wait_days"],
        suspicion=data["wait_suspicion"],
        started_on=data["wait_since"],
        provider_id=int(place.provider) if place.provider.isdecimal() else None,
        provider_name=place.provider_name.strip(),
    )


def _finish(sheet: Sheet, data: Mapping[str, Any], finish: str) -> dict[str, Any]:
    if finish == Finish.ANSWERED:
        spoken = sheet.spoken
        answer = data["answer"].strip() or (spoken.body if spoken else "")
        card = spoken.card.slug[:64] if spoken else ""
        return {"closing": Closing(outcome=OUTCOMES[Kind(sheet.kind)], answer=answer, card=card)}
    if finish != Finish.HAND_OVER:
        return {"mine": True}
    if _is_given(data):
        return {"leaves_at_once": True}  # registered here, then given with the promise and the draft (``_give``)
    target = _target(sheet, data)
    place = {
        "handler": target.handler,
        "line": target.line,
        "owner_id": target.owner.pk if target.owner else None,
    }
    return {**place, "handed_over_why": data["why"].strip()}


def _target(sheet: Sheet, data: Mapping[str, Any]) -> Target:
    """To whom the field «Кому» says: a line, an organisation and perhaps its line, or who has the earlier appeal.

    If she who had it does not work there any more, the queue of her line has it.
    """
    kind, _, key = data["to"].partition(":")
    if kind == "line":
        return Target(line=Line(key))
    if kind == "org":
        number, _, line = key.partition(":")
        return Target(handler=Organisation.objects.get(pk=number), line=Line(line) if line else None)
    earlier = sheet.repeated
    if earlier is None:
        raise NotComplete
    now = back_to(earlier.handler, Line(earlier.line), earlier.owner_id)
    return Target(handler=now.handler, line=now.line, owner=earlier.owner if now.owner else None)


def _is_given(data: Mapping[str, Any]) -> bool:
    """Whether something goes with the appeal that is a row of its own: a promise, an answer begun."""
    return bool(data["promised_at"] or data["answer"].strip())


def _give(done: Registered, sheet: Sheet, data: Mapping[str, Any]) -> None:
    """Hand a new appeal over with an answer begun and a promise to phone back, which becomes that of who gets it."""
    identity = "+".join(IDENTIFIED.get(data["identified"], ())) if sheet.person else ""
    hand_over(
        done.id,
        to=_target(sheet, data),
        why=data["why"],
        draft=data["answer"],
        identity=identity,
        callback_at=data["promised_at"],
        call_id=data["call_id"],
        by=sheet.employee,
    )


def _standing(sheet: Sheet, data: Mapping[str, Any]) -> Standing:
    if sheet.is_nameless:
        return Standing.ANONYMOUS
    return Standing.CONTACT if data["channel"] == Channel.EMAIL else Standing.IDENTIFIED


def _parties(sheet: Sheet, data: Mapping[str, Any]) -> list[NewParty]:
    promised = sheet.card_phone if data["promised_at"] else ""
    reach = {"phone": data["phone"] or promised, "email": data["email"], "address": data["address"]}
    found = []
    if sheet.person:
        checks = IDENTIFIED.get(data["identified"], ())
        how = "+".join(str(check) for check in checks)
        found.append(NewParty.of_register(PartyRole.APPLICANT, sheet.person, identified_how=how, **reach))
    elif not sheet.is_nameless or any(reach.values()):
        names = {name: data[name] for name in ("surname", "given_name", "patronymic", "birth_on", "enp")}
        found.append(NewParty(role=PartyRole.APPLICANT, **names, **reach))
    for role, prefix in ((PartyRole.CONCERNED, "concerned"), (PartyRole.PROXY, "proxy")):
        if data[f"{prefix}_surname"] or data[f"{prefix}_given_name"] or data.get(f"{prefix}_enp"):
            found.append(_beside(role, prefix, sheet, data))
    return found


def _beside(role: PartyRole, prefix: str, sheet: Sheet, data: Mapping[str, Any]) -> NewParty:
    """Somebody else of the appeal: the register knows him by a whole ЕНП, otherwise he is as he was called."""
    number = data.get(f"{prefix}_enp", "")
    person = Person.objects.accessible_to(sheet.employee).filter(enp=number).first() if number else None
    basis = data.get(f"{prefix}_basis", "")
    if person:
        return NewParty.of_register(role, person, basis=basis)
    names = {name: data[f"{prefix}_{name}"] for name in ("surname", "given_name", "patronymic")}
    return NewParty(role=role, **names, birth_on=data.get(f"{prefix}_birth_on"), enp=number, basis=basis)


def _reasons(sheet: Sheet, main: Topic) -> list[NewReason]:
    """At least one: a complaint without a reason of its own has its topic."""
    topics = {topic.code: topic for topic in sheet.complaint_topics}
    rows = [row for row in sheet.reasons if not row.is_empty] or [ReasonRow()]
    return [
        NewReason(
            topic=topics.get(row.topic, main),
            provider_id=int(row.provider) if row.provider.isdecimal() else None,
            provider_name=row.provider_name[:200],
            note=row.note[:500],
        )
        for row in rows
    ]


def _leave_identification(sheet: Sheet, form: IntakeForm, purpose: str) -> None:
    checks = IDENTIFIED.get(form.cleaned_data["identified"])
    if sheet.person and checks:
        identify(sheet.person, asked=checks, caller="self", by=sheet.employee, purpose=purpose)


def _promise(done: Registered, data: Mapping[str, Any], sheet: Sheet) -> None:
    phone = data["phone"] or sheet.card_phone
    by = sheet.employee
    promise_callback(done.id, due_at=data["callback_at"], owner=by, phone=phone, note=data["why"], by=by)


def _keep_answer(done: Registered, data: Mapping[str, Any], sheet: Sheet) -> None:
    """What she has typed as the answer is her draft on the card."""
    if data["answer"].strip() and sheet.employee.holds(Right.APPEALS_HANDLE):
        prepare_answer(done.id, text=data["answer"], by=sheet.employee)


def _links(sheet: Sheet, data: Mapping[str, Any], finish: str) -> bool:
    """Whether her organisation answers for one of the two; otherwise the new one is only marked as repeated."""
    earlier = sheet.repeated
    leaves = finish == Finish.HAND_OVER and not data["to"].startswith("line:")
    return earlier is not None and (earlier.handler_id == sheet.actor.holder or not leaves)


def _measure(draft: Draft, topic: Topic, actor: Actor) -> None:
    spent = timezone.now() - drafts.opened_at(draft.pk)
    if timedelta() <= spent <= MEASURED:
        IntakeTime.objects.create(
            organisation=actor.organisation,
            line=actor.line,
            topic_code=topic.code,
            on=timezone.localdate(),
            seconds=round(spent.total_seconds()),
        )
