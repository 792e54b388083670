"""A request is made, changed, put off, refused, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals import terms
from opora.appeals.actor import actor_of
from opora.appeals.models import Appeal
from opora.audit.services import record
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.policies import packs, rules
from opora.policies.errors import AddressNeeded, AlreadyAsked, NoRight, NoSuchDelivery, PoliciesError
from opora.policies.models import Delivery, Notice
from opora.policies.points import place_of
from opora.policies.rules import Window
from opora.policies.services._step import (
    Step,
    changing,
    check_right,
    own_insurer,
    take_off_visits,
    words,
    write,
)
from opora.policies.words import DeliveryState, EventKind, NoticeState, Source, VisitState
from opora.shared import phones

TERM = "policy_delivery"
FAR = 60  # days a request may be put off by


@dataclass(frozen=True, slots=True)
class Address:
    """Where to come. Without ``lat`` and ``lon`` the house is looked up among the loaded points."""

    settlement: str
    street: str
    house: str
    flat: str = ""
    lat: float | None = None
    lon: float | None = None


@transaction.atomic
def ask(
    person: Person,
    *,
    category: str,
    category_proof: str = "",
    source: str,
    address: Address,
    phone: str,
    windows: Sequence[Window] = (),
    documents: Sequence[str] = (),
    note: str = "",
    not_before: date | None = None,
    appeal: Appeal | None = None,
    by: Employee,
) -> Delivery:
    """Make a request for a person she sees.

    Raises NoRight, AlreadyAsked, AddressNeeded, PoliciesError for a category, a phone or a day that is wrong.
    """
    check_right(Right.POLICIES_REQUEST, by)
    actor, now = actor_of(by), timezone.now()
    today = actor.local(now).date()
    pack = packs.current(person.territory_id, today)
    chosen = pack.category(category)
    if chosen is None:
        raise PoliciesError("Выберите категорию из списка.")
    facts = facts_of(person, today)
    rules.check_right(facts, chosen, insurer=own_insurer(actor), proof=category_proof, today=today)
    if person.insurer is None:
        raise NoRight
    if Delivery.objects.open().filter(person=person).exists():
        raise AlreadyAsked
    row = Delivery(
        territory=person.territory_id,
        insurer=person.insurer,
        person=person,
        recipient=person.full_name,
        category=chosen.code,
        category_proof=category_proof.strip(),
        source=Source(source),
        appeal=appeal,
        phone=_phone(phone),
        windows=[list(one) for one in windows],
        documents=list(documents) or chosen.documents,
        note=note.strip(),
        not_before=_day(not_before or today, today),
        due_on=terms.plan(TERM, now, person.territory_id, actor.zone).proof.due_on,
        asked_by=by,
        **_address(address, person.territory_id),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        if "delivery_one_open_per_person" in str(fault):
            raise AlreadyAsked from fault
        raise
    step = Step(row, actor, now)
    step.tell(EventKind.ASKED, source=row.source, category=row.category)
    write(step)
    record("policies.ask", row, by=by)
    return row


def change(
    pk: int,
    *,
    address: Address,
    phone: str,
    windows: Sequence[Window] = (),
    note: str = "",
    by: Employee,
    version: int | None = None,
) -> Delivery:
    """Change the address, hours, phone or note. One that waits to be clarified goes back into the plan; a visit that
    is ahead is taken off when the place or the hours are others, for the courier would go wrong.
    """
    with changing(pk, "change", by=by, right=Right.POLICIES_REQUEST, version=version) as step:
        row = step.delivery
        fields: dict[str, Any] = {
            **_address(address, row.territory),
            "phone": _phone(phone),
            "windows": [list(one) for one in windows],
            "note": note.strip(),
        }
        names = [name for name, value in fields.items() if getattr(row, name) != value]
        step.set(**fields, left_why="")
        if names:
            step.tell(EventKind.CHANGED, fields=sorted(set(names) - {"lat", "lon"}))
        if set(names) - {"phone", "note"} and row.state == DeliveryState.PLANNED:
            take_off_visits(step)
        if row.state == DeliveryState.CLARIFY:
            step.set(tries=0)
            step.go(DeliveryState.WAITING)
            step.tell(EventKind.RETURNED)
    return step.delivery


def put_off(pk: int, *, until: date, why: str = "", by: Employee, version: int | None = None) -> Delivery:
    """Let nobody come before a day. Raises PoliciesError for a day that is past or too far."""
    with changing(pk, "put_off", by=by, right=Right.POLICIES_REQUEST, version=version) as step:
        if step.delivery.state == DeliveryState.PLANNED:
            take_off_visits(step)
        step.set(not_before=_day(until, step.today), left_why="")
        step.go(DeliveryState.WAITING)
        step.tell(EventKind.PUT_OFF, why.strip(), until=until.isoformat())
    return step.delivery


def refuse(pk: int, *, why: str, by: Employee, version: int | None = None) -> Delivery:
    """Refuse a delivery in words the person is told."""
    return _end(pk, DeliveryState.REFUSED, EventKind.REFUSED, words(why, "Напишите причину отказа."), by, version)


def withdraw(pk: int, *, why: str = "", by: Employee, version: int | None = None) -> Delivery:
    """Take a request back: the person does not need it any more."""
    return _end(pk, DeliveryState.WITHDRAWN, EventKind.WITHDRAWN, why.strip(), by, version)


def return_to_plan(pk: int, *, by: Employee, version: int | None = None) -> Delivery:
    """Let a request that was to be clarified be planned again as it is."""
    with changing(pk, "return", by=by, right=Right.POLICIES_REQUEST, version=version) as step:
        if step.delivery.state != DeliveryState.CLARIFY:
            raise PoliciesError("Заявка и так ждёт маршрута.")
        step.set(tries=0, left_why="")
        step.go(DeliveryState.WAITING)
        step.tell(EventKind.RETURNED)
    return step.delivery


def tell_by_phone(pk: int, *, by: Employee, version: int | None = None) -> Delivery:
    """Note that the person was told of the visit by telephone after his text was lost. Raises PoliciesError."""
    with changing(pk, "told", by=by, right=Right.POLICIES_REQUEST, version=version) as step:
        lost = Notice.objects.filter(delivery=step.delivery, state=NoticeState.FAILED, visit__state=VisitState.PLANNED)
        if not lost.update(state=NoticeState.TOLD):
            raise PoliciesError("Звонить не о чем: сообщение о визите дошло, или визит снят.")
        step.tell(EventKind.TOLD)
    return step.delivery


def facts_of(person: Person, today: date) -> rules.Facts:
    """Return what the right is judged by; two queries."""
    policies = person.policies.filter(since__lte=today).exclude(until__lt=today)
    return rules.Facts(
        born_on=person.birth_on,
        died_on=person.died_on,
        insurer=person.insurer_id,
        categories=frozenset(
            person.categories.exclude(until__lt=today).exclude(since__gt=today).values_list("code", flat=True)
        ),
        has_policy=policies.exists(),
    )


def person_of(pk: int, by: Employee) -> Person:
    found = Person.objects.accessible_to(by).filter(pk=pk).first()
    if found is None:
        raise NoSuchDelivery("Такого человека нет среди ваших застрахованных.")
    return found


def _end(pk: int, state: DeliveryState, kind: EventKind, why: str, by: Employee, version: int | None) -> Delivery:
    with changing(pk, str(kind), by=by, right=Right.POLICIES_REQUEST, version=version) as step:
        take_off_visits(step)
        step.go(state)
        step.tell(kind, why)
    return step.delivery


def _address(address: Address, territory: str) -> dict[str, Any]:
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(address).items()}
    if not fields["settlement"]:
        raise AddressNeeded("Напишите населённый пункт.")
    if not any(sign.isdigit() for sign in fields["house"]):
        raise AddressNeeded("В адресе нет номера дома: курьер не найдёт дверь. Напишите дом, например: 12А.")
    if (fields["lat"] is None) != (fields["lon"] is None):
        raise AddressNeeded("Широту и долготу указывают вместе, или не указывают совсем.")
    if fields["lat"] is None:
        fields["lat"], fields["lon"] = place_of(territory, fields["settlement"], fields["street"], fields["house"])
    return fields


def _phone(text: str) -> str:
    number = phones.normalise(text)
    if number is None:
        raise PoliciesError("Не получается прочитать номер. Напишите с кодом города или оператора: 8 900 000-00-00.")
    return number


def _day(day: date, today: date) -> date:
    if day < today:
        raise PoliciesError(f"{day:%d.%m.%Y} уже прошло.")
    if (day - today).days > FAR:
        raise PoliciesError(f"Так далеко не планируем: не больше {FAR} дней вперёд.")
    return day
