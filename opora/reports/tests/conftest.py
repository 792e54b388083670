"""Appeals registered and changed by the real services, the chainer that gives their events places; facts as such."""

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from opora.access.scope import enter
from opora.appeals import services
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import NewAppeal, NewParty, NewReason, register
from opora.appeals.models import Appeal
from opora.appeals.words import PartyRole
from opora.classifiers.models import Topic
from opora.deadlines.models import Pack
from opora.informing.models import Informed
from opora.organisations.models import Assignment, Employee, Role
from opora.reports.models import AppealFact, MeasureFact


class Journal:
    """Appeals made in a line; ``by`` is whose telephone it was."""

    def __init__(self, cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> None:
        self.cast, self.topics, self.place = cast, topics, place

    def complaint(self, *clinics: Any, by: Any = None, **more: Any) -> Appeal:
        topic = more.pop("topic", self.topics.quality)
        reasons = [NewReason(topic=topic, provider_id=clinic and clinic.pk) for clinic in clinics]
        return self.new(kind="complaint", topic=topic, channel="post", reasons=reasons, by=by, **more)

    def question(self, by: Any = None, **more: Any) -> Appeal:
        return self.new(kind="consultation", topic=self.topics.policy, channel="hot_line", by=by, **more)

    def new(self, *, by: Any = None, **given: Any) -> Appeal:
        who = by or self.cast.alina
        with enter(who.scope):
            done = register(NewAppeal(text="Слова", mine=True, **given), by=who)
        return Appeal.objects.get(pk=done.id)

    def close(self, appeal: Appeal, verdict: str = "") -> None:
        """Close an appeal that its applicant took back: no answer is needed."""
        with enter(self.cast.alina.scope):
            services.close(appeal.pk, outcome="withdrawn", why="Отозвал", verdict=verdict, by=self.cast.alina)


def whose(insurer: Any, role: str = "applicant") -> NewParty:
    return NewParty(role=PartyRole(role), surname="Выдуманова", given_name="Ия", insurer_id=insurer.pk)


@pytest.fixture
def journal(cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> Journal:
    return Journal(cast, topics, place)


@pytest.fixture
def chained() -> Callable[[], None]:
    def run() -> None:
        while chain_batch():
            pass

    return run


@pytest.fixture
def head(cast: SimpleNamespace, place: SimpleNamespace) -> Employee:
    """Who answers for the figures of the fund."""
    given = {"surname": "Главнова", "given_name": "Майя", "password": cast.alina.password}
    employee = Employee.objects.create(login="head", **given)
    role = Role.objects.get(slug="supervisor")
    Assignment.objects.create(employee=employee, organisation=place.fund, role=role, since=date(2020, 1, 1))
    return employee


class Facts:
    """Rows of facts as they might be; there are no appeals behind them."""

    def __init__(self, place: SimpleNamespace) -> None:
        self.place, self.made = place, 0
        topic = Topic.objects.order_by("pk").first()
        assert topic
        self.topic = topic

    def appeal(self, closed: date | None = date(2024, 3, 15), **fields: Any) -> AppealFact:
        self.made += 1
        given = {
            "insurer_id": self.place.alfa.pk, "performer": "insurer", "kind": "consultation", "form": "oral",
            "channel": "hot_line", "origin": "direct", "standing": "identified", "topic_code": self.topic.code,
            "topic_id": self.topic.pk, "line_received": "sp1", "line": "sp1", "stage": "closed",
            "registered_hour": 9, "territory": self.place.nsk.pk, "registered_on": date(2024, 3, 1),
            "closed_on": closed, "appeal_id": UUID(int=self.made),
        }  # fmt: skip
        return AppealFact.objects.create(**(given | fields))

    def measure(self, amount: str, on: date = date(2024, 3, 20), **fields: Any) -> MeasureFact:
        self.made += 1
        key = UUID(int=self.made)
        given = {"insurer_id": self.place.alfa.pk, "territory": self.place.nsk.pk, "how": "money", "on": on}
        return MeasureFact.objects.create(restoration_id=key, appeal_id=key, amount=Decimal(amount), **(given | fields))

    def contact(self, on: date = date(2024, 3, 9)) -> Informed:
        self.made += 1
        return Informed.objects.create(
            touch_id=self.made, year=on.year, person_id=1, territory=self.place.nsk.pk, insurer=self.place.alfa,
            measure="dispensary", theme="1", channel="sms", way="sms", on=on, is_informing=True, is_first=True,
            came=False, cost="2.50",
        )  # fmt: skip


@pytest.fixture
def form(place: SimpleNamespace) -> dict[str, Any]:
    """The small form with a second table: what the measures of March have brought back, and contacts of the month."""
    from opora.reports.tests.test_counting import FORM

    content = copy.deepcopy(FORM)
    content["subjects"] = ["territory", "fund", "insurer"]
    column: dict[str, Any] = {"code": "sum", "title": "рублей", "field": "amount"}
    row: dict[str, Any] = {"code": "1", "title": "все"}
    content["tables"].append(
        {"code": "2", "title": "Меры", "facts": "measures", "day": "on", "columns": [column], "rows": [row]}
    )
    number: dict[str, Any] = {"code": "n", "title": "число"}
    content["tables"].append(
        {"code": "3", "title": "Контакты", "facts": "contacts", "day": "on", "columns": [number], "rows": [row]}
    )
    Pack.objects.create(
        kind="report", code="small_form", version="1", since=date(2020, 1, 1), title="Маленькая", content=content,
        sha256="0" * 64, source="выдумана",
    )  # fmt: skip
    return content


@pytest.fixture
def facts(place: SimpleNamespace, form: Any) -> Facts:
    return Facts(place)
