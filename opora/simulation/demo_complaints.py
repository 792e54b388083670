"""Complaints of the demonstration: registered, checked, and carried to different stages by their people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, NewParty, NewReason, register
from opora.appeals.models import Reason
from opora.classifiers.models import Topic
from opora.complaints import services
from opora.complaints.models import Case, Employment, Expert, RecordsRequest
from opora.complaints.services import Found
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation

STORIES = [
    ("6.1", "Сына два раза лечили от простуды, а в больнице нашли воспаление лёгких. Прошу проверить, как его лечили."),
    ("6.2", "На УЗИ записали через два месяца, хотя терапевт просил сделать быстрее."),
    ("8.2", "В больнице сказали купить капельницы самим. Чеки сохранил."),
    ("13.2", "На Госуслугах стоит приём кардиолога, а я у него не был."),
    ("11.1", "Отказались принять с температурой: нет талонов."),
    ("13.1", "В регистратуре накричали и не стали слушать."),
]
EXPERTS = [
    ("ekmp", "Гордеева", "Лидия", "Терапия"),
    ("ekmp", "Ремезов", "Павел", "Пульмонология"),
    ("mee", "Счастливцева", "Ольга", "Организация здравоохранения"),
    ("ekmp", "Тихомиров", "Яков", "Терапия"),
]


def ensure_complaints(territory: str, *, expert: str, clerk: str) -> None:
    """Register complaints and carry them on; ``expert`` and ``clerk`` are logins. One question when all is there."""
    with enter(Scope.system("complaints of the demonstration")):
        if Case.objects.exists():
            return
        people = Employee.objects.in_bulk([expert, clerk], field_name="login")
        assignment = people[clerk].assignment
        if assignment is None:
            return
        clinic = assignment.organisation
        experts = _experts(territory, clinic)
    play = _Play(people[expert], people[clerk], clinic, experts)
    for number, (topic, text) in enumerate(STORIES):
        _register(play, number, topic, text)
    for steps in ([play.asked, play.answered, play.handed, play.signed, play.ended], [play.asked, play.answered]):
        _carry(play, steps)
    _carry(play, [play.asked])
    _carry(play, [play.asked, play.answered, play.handed])


class _Play:
    """Steps of one case, each made by who would make it."""

    def __init__(self, expert: Employee, clerk: Employee, clinic: Organisation, experts: list[Expert]) -> None:
        self.expert, self.clerk, self.clinic, self.experts = expert, clerk, clinic, experts
        self.today = timezone.localdate()
        self.case: Case
        self.request: RecordsRequest
        self.control: Any

    def by(self, who: Employee, service: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with enter(who.scope):
            return service(*given, **more, by=who)

    def asked(self) -> None:
        me, key = self.expert, self.case.pk
        self.by(me, services.take, key)
        self.by(me, services.set_standing, key, speaks="patient", consent="given")
        self.by(me, services.decide, key, decision="needed", ground="complaint")
        self.request = self.by(
            me,
            services.ask,
            key,
            provider=self.clinic,
            patient="Пациент по жалобе",
            birth_on=date(1980, 5, 17),
            conditions="outpatient",
            care_from=self.today - timedelta(days=40),
            care_to=self.today - timedelta(days=5),
            wanted="Медицинская карта с записями за период, результаты исследований.",
        )

    def answered(self) -> None:
        self.by(self.clerk, services.answer, self.request.pk, text="Карта передана курьером по описи.")
        self.by(self.expert, services.accept, self.request.pk)

    def handed(self) -> None:
        self.control = self.by(self.expert, services.assign, self.request.pk, kind="ekmp", expert=self.experts[0])
        found = [Found("3.2", "outpatient", Decimal("4200.00"), Decimal("900.00"), "Не назначен снимок грудной клетки")]
        self.by(
            self.expert,
            services.write_act,
            self.control.pk,
            number=f"ЭК-{self.control.pk.hex[-6:]}",
            on=self.today,
            conclusion="Обследование проведено не полностью. Исход лечения не ухудшился.",
            found=found,
        )
        self.by(self.expert, services.hand_over, self.control.pk)

    def signed(self) -> None:
        self.by(self.clerk, services.sign, self.control.pk)
        self.by(self.expert, services.finish, self.control.pk)

    def ended(self) -> None:
        with enter(self.expert.scope):
            reasons = list(Reason.objects.filter(appeal=self.case.pk))
        for reason in reasons:
            self.by(self.expert, services.set_verdict, reason.pk, verdict="justified", why="Акт экспертизы качества")
        self.by(self.expert, services.restore, self.case.pk, how="appointment", on=self.today, note="Повторный приём")


def _register(play: _Play, number: int, topic: str, text: str) -> None:
    with enter(play.expert.scope):
        insured = Person.objects.accessible_to(play.expert).filter(died_on=None).order_by("pk")
        person = insured[number * 7 : number * 7 + 1].first()
        found = Topic.objects.filter(code=topic, edition__territory="").order_by("-edition__since").first()
        if person is None or found is None:
            return
        who = NewParty(
            surname=person.surname,
            given_name=person.given_name,
            patronymic=person.patronymic,
            birth_on=person.birth_on,
            person_id=person.pk,
        )
        new = NewAppeal(
            kind="complaint",
            topic=found,
            channel="post",
            text=text,
            parties=[who],
            reasons=[NewReason(topic=found, provider_id=play.clinic.pk)],
            mine=True,
        )
        services.open_case(register(new, by=play.expert).id, by=play.expert)


def _carry(play: _Play, steps: list[Callable[[], None]]) -> None:
    """Carry the oldest case nobody has looked at."""
    with enter(play.expert.scope):
        case = Case.objects.accessible_to(play.expert).filter(decision="").order_by("pk").first()
    if case is None:
        return
    play.case = case
    for step in steps:
        step()


def _experts(territory: str, clinic: Organisation) -> list[Expert]:
    made = [
        Expert.objects.create(
            territory_id=territory,
            code=f"54{number:04}",
            kind=kind,
            surname=surname,
            given_name=given_name,
            specialty=specialty,
            since=date(2021, 1, 1),
        )
        for number, (kind, surname, given_name, specialty) in enumerate(EXPERTS, start=1)
    ]
    Employment.objects.create(expert=made[1], provider=clinic, since=date(2022, 9, 1))
    return made
