"""Complaints of the demonstration: registered, checked, and carried to different stages by their people."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.appeals.intake import NewAppeal, NewParty, NewReason, register
from opora.appeals.models import Party, Reason
from opora.appeals.words import PartyRole
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

CHECKED = ("asked", "answered", "assigned", "handed")
# Each path leaves a case at another stage; the last ones have gone all the way.
PATHS: list[tuple[str, ...]] = [
    (),
    ("asked",),
    ("asked", "answered", "assigned"),
    CHECKED,
    (*CHECKED, "disputed", "claimed"),
    (*CHECKED, "signed"),
    (*CHECKED, "signed", "judged"),
    (*CHECKED, "signed", "judged", "restored"),
    (*CHECKED, "signed", "judged", "restored", "closed"),
    (*CHECKED, "disputed", "claimed", "claim_decided", "rejected", "closed"),
    (*CHECKED, "signed", "judged", "paid_back", "closed", "in_court"),
    ("not_needed", "judged", "paid_back", "before_court"),
]


def ensure_complaints(
    territory: str, *, expert: str, clerk: str, fund: str = "", number: int = 0, seed: int = 1
) -> int:
    """Register complaints and carry them through the whole path; returns how many. One question when all is there.

    ``expert``, ``clerk`` and ``fund`` are logins. Each path of ``PATHS`` is walked once; ``number`` adds so many more,
    chosen by ``seed``: the same seed makes the same cases.
    """
    with enter(Scope.system("complaints of the demonstration")):
        if Case.objects.exclude(decision="").exists() and not number:
            return 0
        people = Employee.objects.in_bulk([name for name in (expert, clerk, fund) if name], field_name="login")
        assignment = people[clerk].assignment
        if assignment is None:
            return 0
        clinic = assignment.organisation
        experts = _experts(territory, clinic)
    play = _Play(people[expert], people[clerk], people.get(fund), clinic, experts)
    draw = random.Random(seed)  # noqa: S311 - invented life, not secrets
    paths = [path for path in PATHS if people.get(fund) or "claimed" not in path]
    walked = [] if number else list(paths)
    walked += [draw.choice(paths) for _ in range(number)]
    for place, path in enumerate(walked):
        topic, text = STORIES[place % len(STORIES)]
        if play.registered(draw.randrange(1000), topic, text):
            for step in path:
                getattr(play, step)()
    return len(walked)


class _Play:
    """Steps of one case, each made by who would make it, through the services of the room."""

    def __init__(
        self, expert: Employee, clerk: Employee, fund: Employee | None, clinic: Organisation, experts: list[Expert]
    ) -> None:
        self.expert, self.clerk, self.fund, self.clinic, self.experts = expert, clerk, fund, clinic, experts
        self.today = actor_of(expert).local(timezone.now()).date()
        self.case: Case
        self.request: RecordsRequest
        self.control: Any
        self.claim: Any

    def by(self, who: Employee, service: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with enter(who.scope):
            return service(*given, **more, by=who)

    def registered(self, whose: int, topic: str, text: str) -> bool:
        """Take a complaint in; False where the territory has no such people or topic."""
        case = _register(self, whose, topic, text)
        if case is not None:
            self.case = case
        return case is not None

    def not_needed(self) -> None:
        me, key = self.expert, self.case.pk
        self.by(me, services.take, key)
        self.by(me, services.set_standing, key, speaks="patient", consent="given")
        note = "Клиника признала нарушение и извинилась: хватит письма."
        self.by(me, services.decide, key, decision="not_needed", ground_note=note)

    def asked(self) -> None:
        me, key = self.expert, self.case.pk
        self.by(me, services.take, key)
        self.by(me, services.set_standing, key, speaks="patient", consent="given")
        self.by(me, services.decide, key, decision="needed", ground="complaint")
        with enter(me.scope):
            who = Party.objects.filter(appeal=key).first()
        self.request = self.by(
            me,
            services.ask,
            key,
            provider=self.clinic,
            patient=who.full_name if who else "Пациент",
            birth_on=who.birth_on if who else None,
            conditions="outpatient",
            care_from=self.today - timedelta(days=40),
            care_to=self.today - timedelta(days=5),
            wanted="Медицинская карта с записями за период, результаты исследований.",
        )

    def answered(self) -> None:
        self.by(self.clerk, services.answer, self.request.pk, text="Карта передана курьером по описи.")
        self.by(self.expert, services.accept, self.request.pk)

    def assigned(self) -> None:
        self.control = self.by(self.expert, services.assign, self.request.pk, kind="ekmp", expert=self.experts[0])

    def handed(self) -> None:
        found = [Found("3.2", "outpatient", Decimal("4200.00"), Decimal("900.00"), "Не назначен снимок грудной клетки")]
        self.by(
            self.expert,
            services.write_act,
            self.control.pk,
            number="",
            on=self.today,
            conclusion="Обследование проведено не полностью. Исход лечения не ухудшился.",
            found=found,
        )
        self.control = self.by(self.expert, services.hand_over, self.control.pk)

    def signed(self) -> None:
        self.by(self.clerk, services.sign, self.control.pk)
        self.by(self.expert, services.finish, self.control.pk)

    def disputed(self) -> None:
        words = "Снимок назначен при втором приёме, запись в карте есть."
        self.by(self.clerk, services.sign, self.control.pk, disagreement=words)
        self.by(self.expert, services.finish, self.control.pk, reply="Снимок назначен позже, чем положено.")

    def claimed(self) -> None:
        self.claim = self.by(
            self.clerk,
            services.claim,
            self.control.pk,
            number=f"П-{self.control.act_number}",
            grounds="Снимок не показан: температура держалась два дня.",
        )

    def claim_decided(self) -> None:
        if self.fund is None:
            return
        self.by(self.fund, services.review, self.claim.pk, expert=self.experts[3])
        self.by(
            self.fund,
            services.decide_claim,
            self.claim.pk,
            decision="justified",
            answer="Повторная экспертиза нарушений не нашла.",
            conclusion="Обследование проведено по показаниям.",
        )

    def judged(self) -> None:
        self._verdicts("justified", "Акт экспертизы качества")

    def rejected(self) -> None:
        self._verdicts("unjustified", "Решение фонда по претензии клиники")

    def restored(self) -> None:
        self.by(self.expert, services.restore, self.case.pk, how="appointment", on=self.today, note="Повторный приём")

    def paid_back(self) -> None:
        money = {"how": "money", "amount": Decimal("6480.00"), "note": "Клиника вернула деньги по чекам"}
        self.by(self.expert, services.restore, self.case.pk, on=self.today, **money)

    def closed(self) -> None:
        self.by(self.expert, services.close_case, self.case.pk)

    def in_court(self) -> None:
        filed = {"track": "court", "filed_on": self.today - timedelta(days=20), "place": "Центральный районный суд"}
        filed |= {"filer": "insured"}
        more = {"number": "2-418/2026", "claimed": Decimal("35000.00")}
        row = self.by(self.expert, services.open_dispute, self.case.pk, **filed, **more)
        ended = {"outcome": "partly", "decided_on": self.today - timedelta(days=1), "awarded": Decimal("12500.00")}
        ended |= {"moral": Decimal("4000.00"), "payer": "provider"}
        self.by(self.expert, services.end_dispute, row.pk, **ended)

    def before_court(self) -> None:
        filed = {"track": "pretrial", "filed_on": self.today - timedelta(days=3), "place": "Главный врач клиники"}
        self.by(self.expert, services.open_dispute, self.case.pk, **filed, claimed=Decimal("6480.00"))

    def _verdicts(self, verdict: str, why: str) -> None:
        with enter(self.expert.scope):
            reasons = list(Reason.objects.filter(appeal=self.case.pk))
        for reason in reasons:
            self.by(self.expert, services.set_verdict, reason.pk, verdict=verdict, why=why)


def _register(play: _Play, whose: int, topic: str, text: str) -> Case | None:
    with enter(play.expert.scope):
        insured = Person.objects.accessible_to(play.expert).filter(died_on=None).order_by("pk")
        person = insured[whose : whose + 1].first() or insured.first()
        found = Topic.objects.filter(code=topic, edition__territory="").order_by("-edition__since").first()
        if person is None or found is None:
            return None
        who = NewParty.of_register(PartyRole.APPLICANT, person)
        new = NewAppeal(
            kind="complaint",
            topic=found,
            channel="post",
            text=text,
            parties=[who],
            reasons=[NewReason(topic=found, provider_id=play.clinic.pk)],
            mine=True,
        )
        return services.open_case(register(new, by=play.expert).id, by=play.expert)


def _experts(territory: str, clinic: Organisation) -> list[Expert]:
    """Return the experts of the demonstration; the second works in the clinic and is never offered for it."""
    made = [
        Expert.objects.get_or_create(
            territory_id=territory,
            kind=kind,
            code=f"54{number:04}",
            defaults={
                "surname": surname,
                "given_name": given_name,
                "specialty": specialty,
                "since": date(2021, 1, 1),
            },
        )[0]
        for number, (kind, surname, given_name, specialty) in enumerate(EXPERTS, start=1)
    ]
    Employment.objects.get_or_create(expert=made[1], provider=clinic, since=date(2022, 9, 1))
    return made
