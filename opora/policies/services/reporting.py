"""What a courier's phone tells: taken once, whenever it comes, in whatever order; nothing of it is thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals import file_kinds, store
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.policies import notices, packs
from opora.policies.errors import RecordRefused
from opora.policies.models import Delivery, DeliveryEvent, HandOver, Notice, Visit
from opora.policies.services._step import Step, check_right, take_off_visits, write
from opora.policies.words import DeliveryState, EventKind, Proof, VisitState
from opora.shared.device_clock import Clocks, reckon

SIGNATURE_LIMIT = 300_000  # bytes
WRONG_CODES = 5
FAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Report:
    """What happened at a door. ``key`` is the phone's own name of the record, made once; moments are by its clock."""

    key: UUID
    visit: UUID
    outcome: VisitState
    device_at: datetime
    device_now: datetime
    signature: bytes = b""
    code: str = ""
    taken_by: str = ""
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """``accepted`` — done; ``kept`` — written down, but something else holds; ``refused`` — she must do it anew."""

    state: str
    sentence: str


def scope_of(employee: Employee) -> Scope:
    """Return the scope a courier works in: her own routes and nothing else of the house."""
    assignment = employee.assignment
    return Scope(employee=employee.pk, organisation=assignment.organisation_id if assignment else None)


@transaction.atomic
def report(told: Report, *, by: Employee) -> Taken:
    """Take a record of a phone. The same ``key`` again is answered, not written. Raises RecordRefused, FileRefused."""
    check_right(Right.POLICIES_DELIVER, by)
    actor, now = actor_of(by), timezone.now()
    with enter(scope_of(by)):
        visit = Visit.objects.select_related("route").filter(pk=told.visit, route__employee=by).first()
        if visit is None:
            raise RecordRefused(
                "Этого визита нет в ваших маршрутах за неделю. Запишите его на бумаге и отдайте старшему."
            )
        delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=visit.delivery_id)
        visit.refresh_from_db(fields=["state"])
        if former := DeliveryEvent.objects.filter(key=told.key).first():
            return Taken(former.details.get("answer", "accepted"), former.text or "Уже записано.")
        step = Step(delivery, actor, now)
        clocks = reckon(told.device_at, told.device_now, now)
        taken = _Report(step, visit, told, clocks, by).take()
        write(step)
        record("policies.report", delivery, by=by, details={"outcome": str(told.outcome), "answer": taken.state})
    return taken


class _Report:
    """One record on one locked request."""

    def __init__(self, step: Step, visit: Visit, told: Report, clocks: Clocks, by: Employee) -> None:
        self.step, self.visit, self.told, self.clocks, self.by = step, visit, told, clocks, by

    def take(self) -> Taken:
        if self.told.outcome == VisitState.DELIVERED:
            return self._delivered()
        if not self.step.delivery.is_open or self.visit.state != VisitState.PLANNED:
            words = f"Заявка уже в состоянии «{self.step.delivery.get_state_display().lower()}». Запись сохранена."
            return self._tell(EventKind(str(self.told.outcome)), "kept", words)
        match self.told.outcome:
            case VisitState.NOT_HOME:
                return self._not_home()
            case VisitState.DECLINED:
                return self._end(EventKind.DECLINED, DeliveryState.DECLINED, "Отказ записан.")
            case VisitState.WRONG_ADDRESS:
                return self._end(
                    EventKind.WRONG_ADDRESS, DeliveryState.CLARIFY, "Адрес уточнят и составят новый визит."
                )
            case VisitState.PUT_OFF:
                return self._put_off()
        raise RecordRefused("Такого итога не бывает.")

    def _delivered(self) -> Taken:
        delivery = self.step.delivery
        signature = self._signature() if self.told.signature else ""
        former = HandOver.objects.filter(delivery=delivery).select_related("courier").first()
        if former is not None:
            return self._second(former, signature)
        if not signature and not self._code_fits():
            return self._tell(EventKind.CODE_WRONG, "refused", "Код не подошёл. Спросите ещё раз или возьмите подпись.")
        at = self.clocks.at
        HandOver.objects.create(
            delivery=delivery,
            visit=self.visit,
            courier=self.by,
            proof=Proof.SIGNATURE if signature else Proof.CODE,
            signature=signature,
            taken_by=self.told.taken_by.strip()[:200],
            on=self.step.actor.local(at).date(),
            at=at,
            device_at=self.told.device_at,
            received_at=self.step.now,
        )
        self._settle(VisitState.DELIVERED)
        with enter(Scope.system("the visit of another courier is not needed any more")):
            take_off_visits(self.step)
        self.step.go(DeliveryState.DELIVERED)
        return self._tell(EventKind.DELIVERED, "accepted", "Вручение записано.")

    def _second(self, former: HandOver, signature: str) -> Taken:
        """Another courier was first: her proof stands, this one's record is kept beside it."""
        self._settle(VisitState.SECOND)
        at = self.step.actor.local(former.at)
        who = "вы сами" if former.courier_id == self.step.actor.employee else former.courier.short_name
        words = f"Полис уже вручил курьер: {who}, {at:%d.%m.%Y в %H:%M}. Ваша запись сохранена, скажите старшему."
        return self._tell(EventKind.SECOND, "kept", words, signature=signature)

    def _not_home(self) -> Taken:
        delivery = self.step.delivery
        most = packs.current(delivery.territory, self.step.today).most_tries
        tries = delivery.tries + 1
        self._settle(VisitState.NOT_HOME)
        self.step.set(tries=tries, not_before=max(delivery.not_before, self.visit.route.day + timedelta(days=1)))
        is_last = tries >= most
        self.step.go(DeliveryState.CLARIFY if is_last else DeliveryState.WAITING)
        words = (
            "Записано. Больше не приедем сами: человеку позвонят." if is_last else "Записано. Приедем в другой день."
        )
        return self._tell(EventKind.NOT_HOME, "accepted", words, tries=tries)

    def _put_off(self) -> Taken:
        tomorrow = self.visit.route.day + timedelta(days=1)
        until = self.told.until or tomorrow
        until = min(max(until, tomorrow), self.step.today + FAR)
        self._settle(VisitState.PUT_OFF)
        self.step.set(not_before=until)
        self.step.go(DeliveryState.WAITING)
        return self._tell(
            EventKind.PUT_OFF, "accepted", f"Перенесено: не раньше {until:%d.%m}.", until=until.isoformat()
        )

    def _end(self, kind: EventKind, state: DeliveryState, words: str) -> Taken:
        self._settle(VisitState(str(self.told.outcome)))
        self.step.go(state)
        return self._tell(kind, "accepted", words)

    def _settle(self, state: VisitState) -> None:
        Visit.objects.filter(pk=self.visit.pk).update(state=state, reported_at=self.step.now)

    def _tell(self, kind: EventKind, answer: str, words: str, **details: Any) -> Taken:
        told = self.told
        if told.note.strip():
            details["note"] = told.note.strip()[:300]
        if self.clocks.differ:
            details["clock_behind"] = round(self.clocks.behind.total_seconds())
        self.step.tell(
            kind, words, key=told.key, device_at=told.device_at, answer=answer, at=self.clocks.at.isoformat(), **details
        )
        return Taken(answer, words)

    def _signature(self) -> str:
        content = self.told.signature
        file_kinds.check("signature.png", content, limit=min(SIGNATURE_LIMIT, settings.FILE_LIMIT))
        return store.keep(content)

    def _code_fits(self) -> bool:
        """Tell whether the code is one that was sent to this person; after several wrong ones none is looked at."""
        wrong = DeliveryEvent.objects.filter(delivery=self.step.delivery, kind=EventKind.CODE_WRONG).count()
        code = self.told.code.strip()
        if not code:
            raise RecordRefused("Вручение подтверждает подпись или код из СМС.")
        sent = Notice.objects.filter(delivery=self.step.delivery).values_list("pk", flat=True)
        return wrong < WRONG_CODES and any(notices.code_of(key) == code for key in sent)
