"""A complaint of Polina on the first clinic, handled by Alfa, and people who check it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.intake import NewAppeal, NewParty, NewReason, register
from opora.appeals.models import Appeal
from opora.complaints import services
from opora.complaints.models import Case, Control, Dispute, Employment, Expert, RecordsRequest
from opora.complaints.services import Found


@pytest.fixture
def complaint(cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace, polina: Any) -> Appeal:
    who = NewParty(surname="Соловьёва-Седая", given_name="Полина", person_id=polina.pk, enp=polina.enp)
    new = NewAppeal(
        kind="complaint",
        topic=topics.quality,
        channel="post",
        text="Лечили не то",
        parties=[who],
        reasons=[NewReason(topic=topics.quality, provider_id=place.clinic.pk)],
    )
    with enter(cast.sp3.scope):
        done = register(new, by=cast.sp3)
    services.follow([done.id])
    return Appeal.objects.get(pk=done.id)


@pytest.fixture
def case(complaint: Appeal) -> Case:
    return Case.objects.get(pk=complaint.pk)


@pytest.fixture
def experts(place: SimpleNamespace) -> SimpleNamespace:
    """Two experts of quality, one of whom works in the first clinic, a specialist for МЭЭ, and one of the fund."""

    def expert(code: str, surname: str, kind: str = "ekmp") -> Expert:
        return Expert.objects.create(
            territory=place.nsk,
            code=code,
            kind=kind,
            surname=surname,
            given_name="Иван",
            specialty="Терапия",
            since=date(2020, 1, 1),
        )

    busy = expert("9001", "Здешний")
    Employment.objects.create(expert=busy, provider=place.clinic, since=date(2021, 1, 1))
    return SimpleNamespace(
        free=expert("9002", "Сторонний"),
        busy=busy,
        mee=expert("9003", "Счётов", "mee"),
        second=expert("9004", "Повторный"),
    )


class Play:
    """The steps of a case as its people make them, each under the scope of who makes it."""

    def __init__(self, case: Case, cast: SimpleNamespace, place: SimpleNamespace, experts: SimpleNamespace) -> None:
        self.case, self.cast, self.place, self.experts = case, cast, place, experts
        self.expert, self.clerk, self.fund = cast.sp3, cast.clerk, cast.op2

    def as_(self, who: Any, do: Any, *given: Any, **more: Any) -> Any:
        with enter(who.scope):
            return do(*given, **more, by=who)

    def decided(self, decision: str = "needed") -> None:
        self.as_(self.expert, services.set_standing, self.case.pk, speaks="patient", consent="given")
        note = "" if decision == "needed" else "Достаточно письма клинике"
        ground = "complaint" if decision == "needed" else ""
        self.as_(self.expert, services.decide, self.case.pk, decision=decision, ground=ground, ground_note=note)

    def asked(self) -> RecordsRequest:
        self.decided()
        today = timezone.localdate()
        made: RecordsRequest = self.as_(
            self.expert,
            services.ask,
            self.case.pk,
            provider=self.place.clinic,
            patient="Соловьёва-Седая Полина Андреевна",
            birth_on=date(1985, 3, 14),
            conditions="outpatient",
            care_from=today - timedelta(days=30),
            care_to=today - timedelta(days=10),
            wanted="Карта",
        )
        return made

    def accepted(self) -> RecordsRequest:
        row = self.asked()
        self.as_(self.clerk, services.answer, row.pk, text="Карта передана курьером")
        accepted: RecordsRequest = self.as_(self.expert, services.accept, row.pk)
        return accepted

    def assigned(self) -> Control:
        row = self.accepted()
        made: Control = self.as_(self.expert, services.assign, row.pk, kind="ekmp", expert=self.experts.free)
        return made

    def handed(self, *found: Found) -> Control:
        row = self.assigned()
        self.as_(
            self.expert,
            services.write_act,
            row.pk,
            number=f"Э-{Control.objects.count()}",
            on=timezone.localdate(),
            conclusion="Обследован не полностью",
            found=found,
        )
        handed: Control = self.as_(self.expert, services.hand_over, row.pk)
        return handed

    def sued(self) -> Dispute:
        suit = {"track": "court", "filer": "insured", "filed_on": timezone.localdate(), "place": "Районный суд"}
        row: Dispute = self.as_(self.expert, services.open_dispute, self.case.pk, **suit)
        return row

    def stage(self) -> str:
        self.case.refresh_from_db()
        return self.case.stage


@pytest.fixture(autouse=True)
def _clock_of_the_place(place: SimpleNamespace) -> Iterator[None]:
    """Days are those of the people at work, as in a request; the server's may be a day behind."""
    with timezone.override(place.alfa.zone):
        yield


@pytest.fixture
def play(case: Case, cast: SimpleNamespace, place: SimpleNamespace, experts: SimpleNamespace) -> Play:
    return Play(case, cast, place, experts)


@pytest.fixture
def go(signed_in: Callable[[str | None], Client]) -> Callable[..., Any]:
    """Open or post as somebody who has said why she reads."""

    def ask(who: str | None, address: str, data: Any = None) -> Any:
        client = signed_in(who)
        if who:
            session = client.session
            session["purpose"] = "control"
            session.save()
        return client.get(address) if data is None else client.post(address, data)

    return ask
