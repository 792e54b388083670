"""Deliveries of the demonstration: half a year of hand-overs, a courier's day, a plan for tomorrow, one to clarify."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import store
from opora.insured.models import Contact, Person, PersonCategory
from opora.organisations.models import Employee, Organisation
from opora.policies import addresses, services
from opora.policies.errors import PoliciesError
from opora.policies.models import Courier, Delivery, DeliveryEvent, HandOver, Notice, Route, Visit
from opora.policies.receipts import LOST_WORDS
from opora.policies.services import Address, Report
from opora.policies.words import DeliveryState, EventKind, NoticeState, Proof, Source, VisitState
from opora.simulation.people.words import territories

CENTRE = (55.0302, 82.9204)  # places of houses are invented around it
CATEGORIES = ("limited_mobility", "large_family", "disabled_1", "low_vision", "war_veteran")
PACK = {"war_veteran": "veteran"}
WINDOWS: tuple[tuple[tuple[int, int], ...], ...] = ((), ((600, 780),), ((840, 1080),), ((540, 660), (960, 1080)))
OPEN, PAST, TODAY = 18, 40, 6
PHONE = "+7383000{:04}"


def ensure_policies(*, operator: str, planner: str, courier: str) -> None:
    """Make requests and carry them on; the names are logins. One question when all is there."""
    with enter(Scope.system("deliveries of the demonstration")):
        if Delivery.objects.exists():
            return
        people = Employee.objects.in_bulk([operator, planner, courier], field_name="login")
        place = people[courier].assignment if len(people) == 3 else None
        if place is None:
            return
        insurer = place.organisation
        _Play(people[operator], people[planner], people[courier], insurer).go()


class _Play:
    """What the people of one insurer do."""

    def __init__(self, operator: Employee, planner: Employee, courier: Employee, insurer: Organisation) -> None:
        self.operator, self.planner, self.courier, self.insurer = operator, planner, courier, insurer
        self.zone = insurer.zone
        self.today = timezone.now().astimezone(self.zone).date()

    def go(self) -> None:
        Courier.objects.create(
            employee=self.courier,
            territory=self.insurer.territory_id,
            insurer=self.insurer,
            weekdays=0b1111111,
            base="Офис страховой",
            lat=CENTRE[0],
            lon=CENTRE[1],
        )
        rows = [row for number, person in enumerate(self._people()) if (row := self._ask(number, person))]
        past, rows = rows[:PAST], rows[PAST:]
        for number, row in enumerate(past):
            self._handed(number, row)
        day, rest = rows[:TODAY], rows[TODAY:]
        self._today(day)
        for row in rest[:1]:
            Delivery.objects.filter(pk=row.pk).update(due_on=self.today - timedelta(days=3))
        for row in rest[1:2]:
            self._clarify(row)
        self._tomorrow()

    def _tomorrow(self) -> None:
        """Tomorrow is planned by the program; one of the texts about it was lost."""
        schedule = self._by(self.planner, services.save_schedule, is_on=True, hour=17, announces=False)
        day, now = self.today + timedelta(days=1), timezone.now()
        if services.plan_by_program(day, house=self.insurer, schedule=schedule, now=now) is None:
            return
        visit = Visit.objects.ahead().filter(route__day=day).order_by("position").first()
        if visit is not None:
            lost = {"state": NoticeState.FAILED, "why": LOST_WORDS}
            Notice.objects.create(delivery=visit.delivery, visit=visit, day=day, **lost)

    def _people(self) -> list[Person]:
        town = f"г. {territories()[0].towns[0]},"
        mine = Person.objects.filter(
            insurer=self.insurer.pk,
            died_on=None,
            contacts__kind=Contact.Kind.ADDRESS,
            contacts__value__startswith=town,
        )
        return list(mine.distinct().order_by("pk")[: PAST + OPEN + TODAY])

    def _ask(self, number: int, person: Person) -> Delivery | None:
        code = CATEGORIES[number % len(CATEGORIES)]
        PersonCategory.objects.get_or_create(person=person, code=code)
        written = person.contacts.filter(kind=Contact.Kind.ADDRESS).values_list("value", flat=True).first() or ""
        parts = addresses.parse(written)
        place = (CENTRE[0] + (number * 37 % 41 - 20) / 300, CENTRE[1] + (number * 53 % 41 - 20) / 170)
        house = Address(parts.settlement, parts.street, parts.house or "1", parts.flat, *place)
        try:
            made: Delivery = self._by(
                self.operator,
                services.ask,
                person,
                category=PACK.get(code, code),
                source=list(Source)[number % 4],
                address=house,
                phone=PHONE.format(number),
                windows=WINDOWS[number % len(WINDOWS)],
                note="Домофон не работает, позвоните снизу." if number % 4 == 1 else "",
            )
        except PoliciesError:
            return None
        return made

    def _handed(self, number: int, row: Delivery) -> None:
        """A hand-over of a past month, with its route, visit and events."""
        day = self.today - timedelta(days=3 + number * 4)
        at = datetime.combine(day, time(10 + number % 7, 15), tzinfo=self.zone)
        visit = self._visit(row, day, number % 5 + 1, at)
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.DELIVERED, reported_at=at)
        asked = at - timedelta(days=2 + number % 5)
        Delivery.objects.filter(pk=row.pk).update(
            state=DeliveryState.DELIVERED, asked_at=asked, closed_at=at, due_on=day + timedelta(days=5)
        )
        is_signed = number % 4 != 3
        HandOver.objects.create(
            delivery=row,
            visit=visit,
            courier=self.courier,
            proof=Proof.SIGNATURE if is_signed else Proof.CODE,
            signature=store.keep(signature(number)) if is_signed else "",
            on=day,
            at=at,
            device_at=at,
            received_at=at,
        )
        DeliveryEvent.objects.create(
            delivery=row,
            at=at,
            device_at=at,
            kind=EventKind.DELIVERED,
            organisation=self.insurer,
            employee_id=self.courier.pk,
            employee_name=self.courier.full_name,
            text="Вручение записано.",
        )

    def _today(self, rows: list[Delivery]) -> None:
        """A day of the courier: two doors are behind her, the rest is ahead."""
        visits = []
        for number, row in enumerate(rows):
            at = datetime.combine(self.today, time(9, 30), tzinfo=self.zone) + timedelta(minutes=45 * number)
            visits.append(self._visit(row, self.today, number + 1, at))
            # The hours of these doors are invented: nobody is visited outside of his.
            Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.PLANNED, windows=[])
        for visit, outcome in zip(visits, (VisitState.DELIVERED, VisitState.NOT_HOME), strict=False):
            now = timezone.now()
            proof = signature(1) if outcome == VisitState.DELIVERED else b""
            told = Report(uuid4(), visit.pk, outcome, now, now, proof)
            self._by(self.courier, services.report, told)

    def _visit(self, row: Delivery, day: date, position: int, at: datetime) -> Visit:
        fields = {"territory": row.territory, "insurer": self.insurer, "metres": 24_600}
        route, _ = Route.objects.get_or_create(employee=self.courier, day=day, defaults=fields)
        return Visit.objects.create(route=route, delivery=row, position=position, planned_at=at)

    def _clarify(self, row: Delivery) -> None:
        Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.CLARIFY, tries=3)
        DeliveryEvent.objects.create(
            delivery=row,
            kind=EventKind.WRONG_ADDRESS,
            organisation=self.insurer,
            employee_name=self.courier.full_name,
            text="Адрес уточнят и составят новый визит.",
        )

    def _by(self, who: Employee, service: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with enter(who.scope):
            return service(*given, **more, by=who)


def signature(number: int) -> bytes:
    """Return a PNG with an invented flourish, 320 × 130, black on white."""
    width, height = 320, 130
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for step in range(1_200):
        x = 20 + step * 280 // 1_200
        y = 65 + ((step * (7 + number % 5) // 20) % 80 - 40) * (1 if step // 200 % 2 else -1)
        for thick in range(3):
            rows[max(0, min(height - 1, y + thick))][x] = 0
    raw = b"".join(b"\x00" + bytes(row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
