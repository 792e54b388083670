"""Policies brought home in the year: requests of the listed groups, couriers' days, hand-overs and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

from opora.appeals import terms
from opora.deadlines import queries as calendars
from opora.insured.models import Contact, Person, PersonCategory
from opora.organisations.models import Assignment, Employee
from opora.policies import addresses
from opora.policies.models import Courier, Delivery, DeliveryEvent, HandOver, Notice, Route, Visit
from opora.policies.services.asking import TERM
from opora.policies.words import DeliveryState, EventKind, NoticeState, Proof, Source, VisitState
from opora.simulation.akbars.world import HOME, World

ZONE = ZoneInfo("Europe/Moscow")
FIRST, EVERY, NOTICED = time(9, 30), timedelta(minutes=40), time(18)
AGED = 75
# Groups of the pack and the sign on the card that gives the right; age gives the other.
SIGNS = {"limited_mobility": "limited_mobility", "low_vision": "low_vision", "disabled_1": "disabled_1"}
ELDERLY = "elderly"


@dataclass(frozen=True, slots=True)
class Door:
    """A policy to bring: to whom, on what day and turn, by whom; ``is_taken`` False — the person declines."""

    person: Person
    address: str
    phone: str
    category: str
    asked_at: datetime
    day: date
    turn: int
    courier: Employee
    is_taken: bool

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, FIRST, tzinfo=ZONE) + EVERY * self.turn


def deliver(world: World) -> int:
    """Lay down the deliveries of the year unless the insurer has some; return how many. In the caller's transaction."""
    if Delivery.objects.filter(insurer=world.insurer).exists():
        return 0
    couriers = _couriers(world)
    doors = list(_doors(world, couriers))
    PersonCategory.objects.bulk_create(
        [PersonCategory(person=door.person, code=SIGNS[door.category]) for door in doors if door.category in SIGNS],
        ignore_conflicts=True,
    )
    deliveries = Delivery.objects.bulk_create([_delivery(world, door) for door in doors], batch_size=1_000)
    routes = _routes(world, doors)
    visits = [
        Visit(route=routes[door.courier.pk, door.day], delivery=row, position=door.turn + 1, planned_at=door.at,
              state=VisitState.DELIVERED if door.is_taken else VisitState.DECLINED, reported_at=door.at)
        for door, row in zip(doors, deliveries, strict=True)
    ]  # fmt: skip
    Visit.objects.bulk_create(visits, batch_size=1_000)
    Notice.objects.bulk_create(
        [_notice(door, visit) for door, visit in zip(doors, visits, strict=True)], batch_size=1_000
    )
    HandOver.objects.bulk_create(
        [
            HandOver(delivery=row, visit=visit, courier=door.courier, proof=Proof.CODE, on=door.day, at=door.at,
                     device_at=door.at, received_at=door.at)
            for door, row, visit in zip(doors, deliveries, visits, strict=True)
            if door.is_taken
        ],
        batch_size=1_000,
    )  # fmt: skip
    operator = Employee.objects.get(pk=world.operators[0])
    both = zip(doors, deliveries, strict=True)
    events = [event for door, row in both for event in _events(world, operator, door, row)]
    DeliveryEvent.objects.bulk_create(events, batch_size=1_000)
    return len(deliveries)


def _doors(world: World, couriers: Sequence[Employee]) -> list[Door]:
    rest, year = world.targets.rest, world.targets.year
    chance = Random(world.seed)  # noqa: S311 - figures, not secrets
    people = _people(world, rest.asked)
    calendar = calendars.calendar(HOME)
    days = [day for number in range(20, 365) if calendar.works(day := date(year, 1, 1) + timedelta(days=number))]
    turns = -(-len(people) // (len(days) * len(couriers)))  # doors of a courier in a day
    rounds = -(-len(people) // (turns * len(couriers)))  # days on which somebody goes out
    declined = {
        (one + 1) * len(people) // (rest.asked - rest.delivered + 1) for one in range(rest.asked - rest.delivered)
    }
    found = []
    for number, person in enumerate(people):
        trip, turn = divmod(number, turns)
        day = days[trip // len(couriers) * len(days) // rounds]
        asked = datetime.combine(day - timedelta(days=chance.randrange(2, 9)), time(9 + number % 8, 5), tzinfo=ZONE)
        is_old = year - person.birth_on.year > AGED
        category = ELDERLY if is_old else list(SIGNS)[number % len(SIGNS)]
        address, phone = _reached(person)
        courier = couriers[trip % len(couriers)]
        found.append(Door(person, address, phone, category, asked, day, turn, courier, number not in declined))
    return found


def _people(world: World, number: int) -> list[Person]:
    """Return the oldest of a slice of the register who have an address and a telephone, in no order."""
    mine = Person.objects.filter(insurer=world.insurer, died_on=None, contacts__kind=Contact.Kind.ADDRESS)
    mine = mine.filter(contacts__kind=Contact.Kind.PHONE)
    slice_of = mine.order_by("pk").distinct().values("pk")[: number * 8]
    rows = Person.objects.filter(pk__in=slice_of).order_by("birth_on", "pk").prefetch_related("contacts")
    found = list(rows[:number])
    Random(world.seed).shuffle(found)  # noqa: S311 - figures, not secrets
    return found


def _reached(person: Person) -> tuple[str, str]:
    contacts = list(person.contacts.all())
    address = next(one.value for one in contacts if one.kind == Contact.Kind.ADDRESS)
    phone = next(one.normalised for one in contacts if one.kind == Contact.Kind.PHONE)
    return address, f"+{phone}"


def _couriers(world: World) -> list[Employee]:
    working = Assignment.objects.current().filter(organisation=world.insurer, role__slug="courier")
    found = [one.employee for one in working.select_related("employee").order_by("pk")]
    for employee in found:
        given = {"territory": HOME, "insurer": world.insurer, "base": "Офис страховой"}
        Courier.objects.get_or_create(employee=employee, defaults=given)
    return found


def _delivery(world: World, door: Door) -> Delivery:
    parts = addresses.parse(door.address)
    return Delivery(
        territory=HOME,
        insurer=world.insurer,
        person=door.person,
        recipient=door.person.full_name,
        category=door.category,
        source=Source.PHONE,
        settlement=parts.settlement or "г. Казань",
        street=parts.street,
        house=parts.house or "1",
        flat=parts.flat,
        phone=door.phone,
        documents=["Паспорт", "СНИЛС"],
        state=DeliveryState.DELIVERED if door.is_taken else DeliveryState.DECLINED,
        not_before=door.asked_at.date(),
        due_on=terms.plan(TERM, door.asked_at, HOME, ZONE).proof.due_on,
        asked_at=door.asked_at,
        asked_by_id=world.operators[0],
        closed_at=door.at,
    )


def _notice(door: Door, visit: Visit) -> Notice:
    """The text with the code the person tells the courier."""
    sent = datetime.combine(door.day - timedelta(days=1), NOTICED, tzinfo=ZONE)
    given = {"delivery": visit.delivery, "visit": visit, "day": door.day, "state": NoticeState.SENT, "attempts": 1}
    return Notice(**given, not_before=sent, sent_at=sent, created_at=sent)


def _routes(world: World, doors: Sequence[Door]) -> dict[tuple[int, date], Route]:
    wanted = sorted({(door.courier.pk, door.day) for door in doors})
    rows = [
        Route(territory=HOME, insurer=world.insurer, employee_id=courier, day=day, metres=18_000,
              planned_at=datetime.combine(day - timedelta(days=1), time(17), tzinfo=ZONE))
        for courier, day in wanted
    ]  # fmt: skip
    return dict(zip(wanted, Route.objects.bulk_create(rows), strict=True))


def _events(world: World, operator: Employee, door: Door, row: Delivery) -> list[DeliveryEvent]:
    planned = datetime.combine(door.day - timedelta(days=1), time(17), tzinfo=ZONE)
    name, insurer = door.courier.full_name, world.insurer
    ended = EventKind.DELIVERED if door.is_taken else EventKind.DECLINED
    words = "Вручение записано." if door.is_taken else "Отказ записан."
    asked = {"source": str(Source.PHONE), "category": door.category}
    route = {"courier": door.courier.pk, "day": door.day.isoformat()}
    told = {"answer": "accepted", "at": door.at.isoformat()}
    noticed = datetime.combine(door.day - timedelta(days=1), NOTICED, tzinfo=ZONE)
    return [
        DeliveryEvent(delivery=row, at=door.asked_at, kind=EventKind.ASKED, organisation=insurer, details=asked,
                      employee_id=operator.pk, employee_name=operator.full_name),
        DeliveryEvent(delivery=row, at=planned, kind=EventKind.PLANNED, organisation=insurer, details=route,
                      employee_id=operator.pk, employee_name=operator.full_name),
        DeliveryEvent(delivery=row, at=noticed, kind=EventKind.NOTICED, organisation=insurer),
        DeliveryEvent(delivery=row, at=door.at, device_at=door.at, kind=ended, organisation=insurer, key=uuid4(),
                      employee_id=door.courier.pk, employee_name=name, text=words, details=told),
    ]  # fmt: skip
