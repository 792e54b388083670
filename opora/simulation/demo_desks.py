"""A working day of the demonstration: what waits on desks this hour, what is late, whom somebody promised to phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.models import Callback
from opora.appeals.services import promise_callback
from opora.appeals.words import PartyRole
from opora.classifiers import queries as classifiers
from opora.insured.models import Person
from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Story:
    """A question that could not be answered at once; ``hours`` ago, in somebody's hands or in the queue of the line.

    ``call_in`` — a call was promised so many hours from now.
    """

    topic: str
    text: str
    hours: int
    mine: bool = True
    call_in: int = 0


STORIES = {
    "op1": (
        Story(
            "6.2",
            "На УЗИ сердца записали через полтора месяца, направление от 2-го числа. Спросить клинику.",
            2,
            call_in=2,
        ),
        Story("12.3", "Оплатила снимок, потому что аппарат не работал. Как вернуть деньги и какие нужны бумаги.", 30),
        Story("3.4", "Хочет оперироваться в федеральном центре, лечащий врач не даёт направление 057.", 290),
        Story(
            "10.1", "Мама приехала на зиму из другой области, хотят прикрепить её к поликлинике рядом.", 1, mine=False
        ),
        Story("13.3", "В списке услуг на Госуслугах стоит приём, на котором он не был.", 26, mine=False),
    ),
    "sp1": (
        Story(
            "2.12",
            "В поликлинике говорят, что полис чужой: в базе прежняя фамилия. Сверить и перезвонить.",
            3,
            call_in=1,
        ),
        Story("5.1", "Третью неделю нет талонов к неврологу, в регистратуре советуют звонить в восемь утра.", 28),
        Story("8.1", "Льготный рецепт выписали, а в аптеке лекарства нет две недели.", 310),
        Story("7.2", "Спрашивает, можно ли пройти диспансеризацию в субботу и за один день.", 1, mine=False),
        Story("5.4", "Терапевт отказал в направлении на МРТ, хочет понять почему.", 25, mine=False),
        Story("2.10", "Лежачая больная, просит привезти полис на дом.", 2, mine=False),
    ),
    "sp2": (
        Story(
            "6.9", "Готовится к плановой операции, больница просит анализы, которых нет в направлении.", 50, call_in=20
        ),
        Story("11.3", "Отказали в КТ лёгких: «нет показаний». Просит разобраться.", 330),
    ),
}


def ensure_desks(logins: dict[str, str]) -> None:
    """Put the stories on the desks of these ``logins`` (role → login) once; one question when they are there."""
    with enter(Scope.system("the desks of the demonstration")):
        if Callback.objects.exists():
            return
        people = {role: Employee.objects.get(login=logins[role]) for role in STORIES}
    now = timezone.now()
    for role, stories in STORIES.items():
        with enter(people[role].scope):
            for number, story in enumerate(stories):
                _tell(story, number, people[role], now)


def _tell(story: Story, number: int, employee: Employee, now: datetime) -> None:
    person = Person.objects.accessible_to(employee).filter(died_on=None).order_by("pk")[number * 11 + 5 :].first()
    if person is None or employee.assignment is None:
        return
    home = employee.assignment.organisation.territory_id
    who = NewParty.of_register(PartyRole.APPLICANT, person)
    done = register(
        NewAppeal(
            kind="consultation",
            topic=classifiers.topic_for(story.topic, home, timezone.localdate()),
            channel="hot_line",
            text=story.text,
            received_at=now - timedelta(hours=story.hours),
            parties=[who],
            mine=story.mine,
        ),
        by=employee,
    )
    if story.call_in:
        promise_callback(
            done.id,
            due_at=now + timedelta(hours=story.call_in),
            owner=employee,
            phone="+7 900 000-00-01",
            note="Просил звонить на этот номер",
            by=employee,
        )
