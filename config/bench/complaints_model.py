"""One case carried by hand, from which the others of the bench are copied, and the people who read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from config.bench.errors import BenchRefused
from opora.access.scope import enter
from opora.appeals.intake import NewAppeal, NewParty, NewReason, register
from opora.classifiers.models import Topic
from opora.complaints import services
from opora.complaints.models import Expert
from opora.complaints.services import Found
from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory


@dataclass(frozen=True, slots=True)
class Staff:
    """An expert of an insurer, an operator of the fund, a clerk of a clinic, and another insurer."""

    expert: Employee
    fund: Employee
    clerk: Employee
    clinic: Organisation
    other: Organisation


def staff(territory: Territory) -> Staff:
    def place(kind: str, number: int, name: str) -> Organisation:
        found, _ = Organisation.objects.get_or_create(
            kind=kind, code=f"{territory.code}{number}", defaults={"name": name, "territory": territory}
        )
        return found

    def person(login: str, role: str, organisation: Organisation) -> Employee:
        found, made = Employee.objects.get_or_create(
            login=f"bench.{login}", defaults={"surname": "Замерова", "given_name": "Анна", "password": "!"}
        )
        if made:
            Assignment.objects.create(
                employee=found, organisation=organisation, role=Role.objects.get(slug=role), since=date(2020, 1, 1)
            )
        return found

    clinic = place("provider", 3, "Клиника замера")
    return Staff(
        expert=person("sp3", "sp3", place("insurer", 1, "СМО замера")),
        fund=person("op2", "op2", place("fund", 0, "Фонд замера")),
        clerk=person("clerk", "clinic_clerk", clinic),
        clinic=clinic,
        other=place("insurer", 2, "Вторая СМО замера"),
    )


def model(people: Staff) -> UUID:
    """Carry a complaint to an act that the clinic has; returns its key."""
    today = timezone.localdate()

    def by(who: Employee, service: Any, *given: Any, **more: Any) -> Any:
        with enter(who.scope):
            return service(*given, **more, by=who)

    topic = Topic.objects.filter(kinds__contains=["complaint"], edition__territory="").order_by("code").first()
    if topic is None:
        raise BenchRefused("В базе замера нет тем жалоб.")
    expert, _ = Expert.objects.get_or_create(
        territory_id=people.clinic.territory_id, kind="ekmp", code="1",
        defaults={"surname": "Замеров", "given_name": "Иван", "specialty": "Терапия", "since": date(2020, 1, 1)},
    )  # fmt: skip
    new = NewAppeal(
        kind="complaint", topic=topic, channel="post", text="Лечили не то.", mine=True,
        parties=[NewParty(surname="Замерова", given_name="Полина", birth_on=date(1985, 3, 14))],
        reasons=[NewReason(topic=topic, provider_id=people.clinic.pk)],
    )  # fmt: skip
    key: UUID = by(people.expert, lambda by: register(new, by=by)).id
    by(people.expert, services.open_case, key)
    by(people.expert, services.set_standing, key, speaks="patient", consent="given")
    by(people.expert, services.decide, key, decision="needed", ground="complaint")
    asked = by(
        people.expert, services.ask, key, provider=people.clinic, patient="Замерова Полина", birth_on=None,
        conditions="outpatient", care_from=today - timedelta(days=9), care_to=today - timedelta(days=3), wanted="Карта",
    )  # fmt: skip
    by(people.clerk, services.answer, asked.pk, text="Передана курьером")
    by(people.expert, services.accept, asked.pk)
    control = by(people.expert, services.assign, asked.pk, kind="ekmp", expert=expert)
    found = [
        Found("3.2", "outpatient", Decimal(4200), Decimal(900)),
        Found("3.3", "outpatient", Decimal(90), Decimal(9)),
    ]
    by(
        people.expert, services.write_act, control.pk, number=control.pk.hex, on=today, conclusion="Не полностью",
        found=found,
    )  # fmt: skip
    by(people.expert, services.hand_over, control.pk)
    return key
