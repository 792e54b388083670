"""Whose an appeal is: taken, handed over, returned to who handed it over, reassigned for somebody absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from opora.appeals import places, rules, terms
from opora.appeals.actor import Actor, actor_of
from opora.appeals.errors import (
    AlreadyThere,
    AlreadyYours,
    ColleaguesAppeal,
    NobodyToReturnTo,
    NoSuchPlace,
    NotFound,
    OtherLevel,
)
from opora.appeals.models import Answer, Appeal, Callback, Clock, Event, Party
from opora.appeals.places import Place, Target
from opora.appeals.rules import LEVELS, Command
from opora.appeals.services import _promises
from opora.appeals.services._change import By, Step, changing, check_place, check_right, event, words
from opora.appeals.services._grants import let_see
from opora.appeals.words import AnswerKind, ClockState, Depth, EventKind, GrantReason, PartyRole, Stage
from opora.audit.services import record
from opora.classifiers.words import Line, Outside
from opora.organisations.models import Organisation


def take(appeal_id: UUID, *, by: By, version: int | None = None) -> Appeal:
    """Take an appeal from the queue, or accept one assigned to her. Raises ColleaguesAppeal, OtherLevel."""
    with changing(appeal_id, Command.TAKE, by=by, version=version) as step:
        appeal, actor = step.appeal, step.actor
        if appeal.owner_id is not None and appeal.owner_id != actor.employee:
            raise ColleaguesAppeal
        if appeal.owner_id is not None and step.before is not Stage.ASSIGNED:
            raise AlreadyYours
        own, asked = LEVELS.get(actor.line), LEVELS.get(Line(appeal.line))
        if appeal.owner_id is None and own is not None and asked is not None and own < asked:
            raise OtherLevel
        step.set(owner_id=actor.employee, line=str(actor.line) if own is not None else appeal.line)
        step.tell(EventKind.TAKEN)
    return step.appeal


def hand_over(
    appeal_id: UUID,
    *,
    to: Target,
    why: str,
    draft: str = "",
    identity: str = "",
    callback_at: datetime | None = None,
    call_id: str = "",
    by: By,
    version: int | None = None,
) -> Appeal:
    """Give an appeal to a colleague, another line or another organisation, with all that is known.

    ``draft`` is an answer begun, ``identity`` how the person was identified (a result, no data of his), ``callback_at``
    becomes a promise of the new organisation. Who gave it keeps its sight. Raises NoSuchPlace, ToTheAccused.
    """
    with changing(appeal_id, Command.HAND_OVER, by=by, version=version) as step:
        appeal = step.appeal
        place = places.place_of(to, appeal.handler)
        places.check_territory(appeal, place, to)
        if place.handler.pk != appeal.handler_id:
            places.check_not_accused(appeal, place.handler)
        details: dict[str, Any] = {"identity": identity[:100], "call_id": call_id[:64]}
        if callback_at is not None:
            details["callback_at"] = callback_at.isoformat()
        if draft.strip():
            details["draft"] = str(_draft(step, draft.strip()).pk)
        given = {key: value for key, value in details.items() if value}
        _move(step, place, EventKind.HANDED_OVER, words(why, "Напишите, почему передаёте обращение."), given)
        if callback_at is not None:
            _promise(step, place, callback_at)
    return step.appeal


def return_back(appeal_id: UUID, *, why: str, by: By, version: int | None = None) -> Appeal:
    """Give an appeal back to who handed it over, with a reason. Raises NobodyToReturnTo."""
    with changing(appeal_id, Command.RETURN_BACK, by=by, version=version) as step:
        former = _who_handed_over(step.appeal)
        text = words(why, "Напишите, почему возвращаете обращение.")
        _move(step, former, EventKind.RETURNED, text, {})
    return step.appeal


def reassign(ids: Sequence[UUID], *, to: Target, why: str, by: By) -> int:
    """Give appeals of absent colleagues to another employee or line of the same organisation; returns how many.

    Set-based: five statements for any number. All or none: raises NotFound, AlreadyClosed, NotYours.
    """
    check_right(Command.REASSIGN, by)
    actor, text = actor_of(by), words(why, "Напишите, почему переназначаете.")
    wanted = set(ids)
    appeals = list(
        Appeal.objects.within(by.scope)
        .filter(pk__in=wanted)
        .select_related("handler__territory")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if not wanted or len(appeals) != len(wanted):
        raise NotFound
    for appeal in appeals:
        check_place(appeal, Command.REASSIGN, actor, by)
    place = places.place_of(to, appeals[0].handler)
    if place.handler.pk != appeals[0].handler_id:
        raise NoSuchPlace("Переназначают внутри своей организации. В другую организацию обращение передают.")
    _reassign(appeals, place, text, actor)
    record("appeals.reassign", by=by, details={"appeals": [str(appeal.pk) for appeal in appeals]})
    return len(appeals)


def _reassign(appeals: list[Appeal], place: Place, text: str, actor: Actor) -> None:
    now = timezone.now()
    by_stage: dict[Stage, list[Appeal]] = {}
    for appeal in appeals:
        stage = rules.next_stage(Command.REASSIGN, appeal.stage)
        by_stage.setdefault(rules.placed(place.owner) if stage is Stage.ASSIGNED else stage, []).append(appeal)
    told = []
    promised = _promises.give([appeal.pk for appeal in appeals], place.owner)
    for stage, group in by_stage.items():
        columns = {"stage": stage, "line": place.line, "owner_id": place.owner}
        for appeal in group:
            former = {"from_owner": appeal.owner_id, "from_line": appeal.line, "from_handler": appeal.handler_id}
            details = {**former, **rules.told(columns)}
            if appeal.pk in promised:
                details[_promises.TOLD] = promised[appeal.pk]
            told.append(
                event(appeal.pk, actor, EventKind.REASSIGNED, at=now, text=text, depth=Depth.TEXT, details=details)
            )
        Appeal.objects.filter(pk__in=[appeal.pk for appeal in group]).update(**columns, version=F("version") + 1)
    Event.objects.bulk_create(told, batch_size=1000)


def _move(step: Step, place: Place, kind: EventKind, text: str, details: dict[str, Any]) -> None:
    """Put an appeal to another place and tell from where it came."""
    appeal = step.appeal
    former = (appeal.handler_id, appeal.line, appeal.owner_id)
    now_at = (place.handler.pk, str(place.line), place.owner)
    if former == now_at:
        raise AlreadyThere
    if former[0] != place.handler.pk:
        let_see(appeal, place.handler, GrantReason.HANDLES, step.now)
        _set_handler(step, place.handler)
        if _leaves_insurer(step, place):
            step.set(outside=str(Outside.INSURER), outside_at=step.now)
    step.set(
        responsible=str(place.responsible),
        line=str(place.line),
        owner_id=place.owner,
        stage=rules.placed(place.owner),
    )
    whence: dict[str, Any] = dict(zip(("from_handler", "from_line", "from_owner"), former, strict=True))
    whither: dict[str, Any] = dict(zip(("handler", "line", "owner"), now_at, strict=True))
    step.tell(kind, text, **whence, **whither, **details)


def _set_handler(step: Step, handler: Organisation) -> None:
    """The last day stays; its last second is that of who answers now."""
    former, zone = step.appeal.handler.zone, handler.zone
    step.set(handler_id=handler.pk)
    if zone.key == former.key:
        return
    for clock in Clock.objects.filter(appeal=step.appeal, state=ClockState.RUNNING):
        clock.due_at = terms.end_of(clock.due_on, zone)
        clock.save(update_fields=["due_at"])
    if step.appeal.due_on is not None:
        step.set(due_at=terms.end_of(step.appeal.due_on, zone))


def _leaves_insurer(step: Step, place: Place) -> bool:
    """Partners count appeals that one insurer gives to another."""
    insurer = Organisation.Kind.INSURER
    return step.appeal.responsible == "insurer" and place.handler.kind == insurer and not step.appeal.outside


def _draft(step: Step, text: str) -> Answer:
    return Answer.objects.create(
        appeal=step.appeal, kind=AnswerKind.FINAL, text=text, created_at=step.now, created_by_id=step.actor.employee
    )


def _promise(step: Step, place: Place, due_at: datetime) -> None:
    Callback.objects.create(
        appeal=step.appeal,
        organisation=place.handler,
        owner_id=place.owner,
        due_at=due_at,
        phone=_phone(step.appeal),
        created_at=step.now,
        created_by_id=step.actor.employee,
    )
    step.tell(EventKind.CALLBACK_PROMISED, due_at=due_at.isoformat(), callback_owner=place.owner)


def _phone(appeal: Appeal) -> str:
    """Return where the applicant is phoned back; empty where she who promises may not see it."""
    found = Party.objects.filter(appeal=appeal, role=PartyRole.APPLICANT).values_list("phone", flat=True).first()
    return found or ""


def _who_handed_over(appeal: Appeal) -> Place:
    """Walk the hand-overs like a stack: each return takes one off."""
    kinds = [EventKind.HANDED_OVER, EventKind.RETURNED]
    stack: list[dict[str, Any]] = []
    for kind, details in _told(appeal, kinds):
        if kind == EventKind.RETURNED:
            stack = stack[:-1]
        elif details.get("from_handler"):
            stack.append(details)
    if not stack:
        raise NobodyToReturnTo
    former = stack[-1]
    handler = Organisation.objects.select_related("parent", "territory").get(pk=former["from_handler"])
    return places.back_to(handler, Line(former["from_line"]), former["from_owner"])


def _told(appeal: Appeal, kinds: Iterable[EventKind]) -> Iterable[tuple[str, dict[str, Any]]]:
    return Event.objects.of(appeal).filter(kind__in=kinds).order_by("at", "id").values_list("kind", "details")
