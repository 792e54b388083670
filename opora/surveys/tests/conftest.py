"""A round of Alfa by phone: people with numbers, a short questionnaire, quotas of one or two."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.insured.models import Contact, Person
from opora.surveys import services
from opora.surveys.models import Round, Survey, SurveyVersion

NOON = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)  # a Wednesday, noon in Novosibirsk
TODAY = date(2026, 3, 11)
QUESTIONS = {
    "hello": "Здравствуйте.",
    "goodbye": "Спасибо.",
    "questions": [
        {"code": "came", "kind": "yes_no", "text": "Вы обращались к врачу?", "source": "тест", "good": []},
        {"code": "doctor", "kind": "scale", "text": "Оцените врача", "source": "тест", "is_obligatory": False},
        {
            "code": "why", "kind": "several", "text": "Что понравилось?", "source": "тест", "alone": ["none"],
            "options": [
                {"code": "speed", "label": "быстро"}, {"code": "care", "label": "внимание"},
                {"code": "none", "label": "ничего"},
            ],
        },
        {
            "code": "again", "kind": "yes_no", "text": "Придёте ещё?", "source": "тест",
            "jumps": [{"answers": ["no"], "to": "end"}],
        },
        {"code": "days", "kind": "number", "text": "Через сколько дней?", "source": "тест", "most": 365},
    ],
    "contradictions": [
        {"first": {"came": ["no"]}, "second": {"doctor": []}, "words": "Не обращались, но оценили врача."},
    ],
}  # fmt: skip
ANSWERS = {"came": ["yes"], "doctor": ["5"], "why": ["speed", "care"], "again": ["no"]}


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock of the tests; ``noon(moment)`` moves it."""

    def move(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    move(NOON)
    return move


def crowd(place: SimpleNamespace, count: int, *, village: bool = False, **fields: Any) -> list[Person]:
    """Insured by Alfa, women of 46, each with a mobile number and an address."""
    given = {"territory": place.nsk, "insurer": place.alfa, "birth_on": date(1980, 1, 1), "sex": 2, **fields}
    made = Person.objects.bulk_create(Person(surname=f"Опросова{n}", given_name="Анна", **given) for n in range(count))
    where = "Новосибирский р-н, с. Толмачёво, ул. Полевая, 1" if village else "г. Новосибирск, ул. Ленина, 1"
    Contact.objects.bulk_create(Contact(person=one, kind="address", value=where) for one in made)
    Contact.objects.bulk_create(
        Contact(person=one, kind="phone", value=f"8900{one.pk:07}", normalised=f"7900{one.pk:07}", phone_kind="mobile")
        for one in made
    )
    return made


@pytest.fixture
def survey(place: SimpleNamespace) -> Survey:
    made = Survey.objects.create(
        code="test", territory=place.nsk.pk, insurer=place.alfa, title="Проверочный", source="тест"
    )
    SurveyVersion.objects.create(survey=made, number=1, content=QUESTIONS)
    return made


@pytest.fixture
def running(place: SimpleNamespace, cast: SimpleNamespace, survey: Survey, noon: Any) -> Callable[..., Round]:
    """Begin a round as Alfa's supervisor."""

    def begin(**fields: Any) -> Round:
        given = {
            "title": "Март", "since": TODAY, "until": TODAY + timedelta(days=30), "modes": ["phone"],
            "source": "register", "wanted": 2,
        }  # fmt: skip
        with enter(cast.boris.scope):
            asked = services.draft_round(survey, **{**given, **fields}, by=cast.boris)
            return services.launch_round(asked.pk, lock=asked.lock, address="https://opora.test/", by=cast.boris)

    return begin
