"""Suits of recourse and public informing of the demonstration: a few rows, so that form ПГ has something to count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.complaints import services as suits
from opora.complaints.models import Recourse
from opora.informing.models import PublicInforming
from opora.informing.public.services import tell_public
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation

# Days ago, number, care, expertise, costs, outcome, what came at once.
SUITS = (
    (70, "2-311", "48250.40", "1500", "1748", "satisfied", "20000"),
    (41, "2-402", "12600", "0", "400", "partly", ""),
    (9, "2-517", "96310.75", "3000", "3174", "", ""),
)
COURT = "Центральный районный суд"
# Days ago, where, about what, the theme with its place, how many times.
TOLD = (
    (35, "talk", "preventive", "Зачем нужна диспансеризация, завод «Металлист»", 2),
    (27, "stand", "preventive", "Когда пройти осмотр, холл поликлиники", 4),
    (20, "press", "other", "Полис в телефоне, районная газета", 1),
    (12, "talk", "healthy", "Как бросить курить, техникум", 1),
    (6, "internet", "healthy", "Сердце летом, страница в соцсети", 3),
    (3, "radio", "preventive", "Осмотр после работы, утренний эфир", 2),
)


def ensure_registers(*, expert: str, representative: str) -> None:
    """Write both registers of an insurer, once; the two are logins."""
    with enter(Scope.system("registers of the demonstration")):
        people = Employee.objects.in_bulk([expert, representative], field_name="login")
        has_suits, has_told = Recourse.objects.exists(), PublicInforming.objects.exists()
    if not has_suits:
        _sue(people[expert])
    if not has_told:
        _tell(people[representative])


def _sue(expert: Employee) -> None:
    today = _today(expert)
    with enter(expert.scope):
        hurt = list(Person.objects.accessible_to(expert).filter(died_on=None).order_by("pk")[: len(SUITS)])
        clinic = Organisation.objects.providers().filter(territory=actor_of(expert).territory).order_by("pk").first()
        for place, (ago, number, care, expertise, costs, outcome, came) in enumerate(SUITS):
            filed = today - timedelta(days=ago)
            sums = {"care": Decimal(care), "expertise": Decimal(expertise), "costs": Decimal(costs)}
            given: dict[str, Any] = {"court": COURT, "number": f"{number}/{filed.year}", "provider": clinic, **sums}
            given["person_id"] = hurt[place].pk if place < len(hurt) else None
            row = suits.file_recourse(filed_on=filed, **given, by=expert)
            if outcome:
                decided = filed + timedelta(days=30)
                suits.decide_recourse(row.pk, outcome=outcome, decided_on=decided, by=expert)
            if came:
                suits.pay_recourse(row.pk, on=today - timedelta(days=5), care=Decimal(came), by=expert)


def _tell(representative: Employee) -> None:
    today = _today(representative)
    with enter(representative.scope):
        for ago, kind, subject, title, times in TOLD:
            row = {"kind": kind, "subject": subject, "title": title, "times": times}
            tell_public(on=today - timedelta(days=ago), **row, by=representative)


def _today(employee: Employee) -> date:
    return actor_of(employee).local(timezone.now()).date()
