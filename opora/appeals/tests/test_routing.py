"""Routes, sight and approval as rows; who is responsible."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.appeals import queries, routing, visibility
from opora.appeals.actor import actor_of
from opora.appeals.models import Appeal, ApprovalRule, Grant, Route, VisibilityRule
from opora.appeals.policies import needs_approval
from opora.appeals.routing import Question, Suggestion
from opora.appeals.services import Target, policy
from opora.appeals.tests.test_carrying import do, row
from opora.appeals.tests.test_register import complaint, question, registered
from opora.audit.models import AuditLine
from opora.classifiers.models import Topic
from opora.organisations.models import HotLine, Organisation


@pytest.fixture(autouse=True)
def _fresh_rules(db: None) -> None:
    routing.forget()
    visibility.forget()


def suggested(who: Any, topic: Any, kind: str = "consultation", **fields: Any) -> list[Suggestion]:
    with enter(who.scope):
        asked = Question(kind=kind, topic=topic, **fields)
        return routing.suggest(asked, actor=actor_of(who), level=who.representative_level)


# who · topic · kind · what else is known · the best suggestion
ROUTES = [
    ("alina", "policy", "consultation", {}, "Ответить самим по карточке"),
    ("alina", "waiting", "consultation", {}, "На линию СП2"),
    ("alina", "waiting", "complaint", {}, "На линию СП2"),
    ("alina", "policy", "consultation", {"insurer": "beta"}, "СМО Бета, СП2"),
    ("alina", "policy", "consultation", {"insurer": "alfa"}, "Ответить самим по карточке"),
    ("alina", "policy", "consultation", {"insurer": "branch"}, "Ответить самим по карточке"),
    ("alina", "policy", "consultation", {"person_territory": "01000"}, "ТФОМС Новосибирской области, ОП2"),
    ("alina", "policy", "consultation", {"text": "С меня требуют ДЕНЬГИ"}, "На линию СП2"),
    ("filial", "quality", "complaint", {}, "На линию СП3"),
    ("sp2", "quality", "complaint", {}, "На линию СП3"),
    ("op1", "waiting", "consultation", {}, "На линию ОП2"),
    ("op1", "policy", "consultation", {}, "Ответить самим по карточке"),
    ("op1", "waiting", "complaint", {"person_territory": "01000"}, "ТФОМС Алтайского края"),
]


@pytest.mark.parametrize(("who", "topic", "kind", "known", "best"), ROUTES)
def test_the_best_suggestion(
    cast: SimpleNamespace,
    place: SimpleNamespace,
    topics: SimpleNamespace,
    who: str,
    topic: str,
    kind: str,
    known: dict[str, Any],
    best: str,
) -> None:
    if "insurer" in known:
        known = {**known, "insurer": getattr(place, known["insurer"])}
    found = suggested(getattr(cast, who), getattr(topics, topic), kind, **known)
    assert found[0].title == best
    assert all(one.why for one in found)


def test_clinics_and_authorities_are_written_to(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    work = Topic.objects.create(
        edition=topics.policy.edition, code="5.3", title="Часы работы", kinds=["consultation", "complaint"]
    )
    to_clinic = suggested(cast.sp2, work, clinic=place.clinic)
    assert [(one.title, one.outside, one.addressee) for one in to_clinic] == [
        ("Поликлиника № 1", "provider", place.clinic)
    ]
    assert suggested(cast.sp2, work) == [], "nobody knows his clinic"
    accused = {"clinic": place.clinic, "accused": frozenset({place.clinic.pk})}
    last = suggested(cast.sp2, work, "complaint", **accused)[-1]
    assert (last.title, last.outside, last.addressee) == ("Министерство здравоохранения", "authority", place.authority)
    Route.objects.create(position=1, send_to="provider", why="В клинику", since=date(2020, 1, 1))
    routing.forget()
    assert suggested(cast.sp2, work, "complaint", **accused)[0].outside != "provider"
    assert suggested(cast.sp2, work, "complaint", clinic=place.clinic)[0].outside == "provider"
    place.clinic.closed_on = date(2026, 1, 1)
    assert all(one.outside != "provider" for one in suggested(cast.sp2, work, clinic=place.clinic))
    Organisation.objects.filter(pk=place.authority.pk).update(closed_on=date(2026, 1, 1))
    assert all(one.outside != "authority" for one in suggested(cast.sp2, work, "complaint", **accused))


def test_an_operator_of_the_fund_may_also_give_it_to_the_insurer_of_the_person(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    found = suggested(cast.op1, topics.waiting, insurer=place.beta)
    assert [one.title for one in found] == ["На линию ОП2", "СМО Бета, СП2"]


def test_the_expert_of_an_insurer_has_nobody_above(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    assert suggested(cast.sp3, topics.quality, "complaint") == []


def test_a_repeated_appeal_goes_to_who_has_the_open_case(
    cast: SimpleNamespace, topics: SimpleNamespace, polina: Any
) -> None:
    from opora.appeals.intake import NewParty

    person = [NewParty(person_id=polina.pk, surname="Соловьёва")]
    first = registered(cast.sp2, question(topics, mine=True, parties=person))
    best = suggested(cast.alina, topics.policy, person_id=polina.pk)[0]
    assert first.number in best.why
    assert best.target is not None
    assert (best.target.owner, best.target.handler) == (cast.sp2, row(first.id).handler)
    assert suggested(cast.alina, topics.waiting, person_id=polina.pk)[0].appeal is None  # another matter
    assert all(one.appeal is None for one in suggested(cast.vera, topics.policy, person_id=polina.pk))
    do(cast.sp2, "close", first.id, outcome="withdrawn", why="Отозвала по телефону")
    assert suggested(cast.alina, topics.policy, person_id=polina.pk)[0].appeal is None


def test_a_territory_follows_its_own_routes_on_their_days(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    with enter(cast.admin.scope):
        policy.own_routes(by=cast.admin)
        route = Route(position=1, topics=["t-policy"], send_to="up", why="Так решил фонд", since=date(2020, 1, 1))
        policy.save_route(route, by=cast.admin)
    assert suggested(cast.alina, topics.policy)[0].why == "Так решил фонд"
    assert suggested(cast.alina, topics.policy)[1].title == "Ответить самим по карточке"
    route.until = date(2020, 12, 31)
    with enter(cast.admin.scope):
        policy.save_route(route, by=cast.admin)
    assert suggested(cast.alina, topics.policy)[0].title == "Ответить самим по карточке"


def test_the_least_busy_colleague_is_suggested(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    for _ in range(2):
        registered(cast.sp2, question(topics, mine=True))
    with enter(cast.boris.scope):
        loads = routing.least_busy(actor_of(cast.boris).holder, "sp2")
    assert [(load.employee.login, load.open) for load in loads] == [("filial", 0), ("sp2", 2)]


def test_the_least_busy_is_found_by_one_question(
    cast: SimpleNamespace, topics: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    holder = actor_of(cast.boris).holder
    with enter(cast.boris.scope), django_assert_num_queries(2):
        routing.least_busy(holder, "sp1")


def test_how_deep_a_new_appeal_is_seen_is_a_rule(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    VisibilityRule.objects.create(
        territory="50000", reason="fund", appeal_kind="complaint", depth1=1, depth2=2, depth3=4
    )
    visibility.forget()
    done = registered(cast.sp3, complaint(topics, mine=True))
    grant = Grant.objects.get(appeal=done.id, organisation=place.fund)
    assert (grant.depth1, grant.depth2, grant.depth3) == (1, 2, 4)
    with enter(cast.op1.scope):
        assert not Appeal.objects.exists()
    with enter(cast.op2.scope):
        assert Appeal.objects.exists()
    question_id = registered(cast.alina, question(topics)).id
    with enter(cast.op1.scope):
        assert Appeal.objects.get().pk == question_id


def test_the_more_particular_rule_of_sight_wins(db: None) -> None:
    assert visibility.depths("50000", "addressed", "provider", "complaint") == (4, 4, 4)
    assert visibility.depths("50000", "addressed", "provider", "consultation") == (3, 3, 3)
    assert visibility.depths("50000", "by_hand", "provider", "complaint") == (0, 0, 0)
    assert visibility.depths("50000", "handles", "provider", "complaint") == (4, 4, 4)


def test_approval_is_the_organisations_own_rule(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    assert needs_approval(place.alfa.pk, "complaint")
    assert not needs_approval(place.alfa.pk, "consultation")
    ApprovalRule.objects.create(organisation=place.alfa, kind="complaint", is_needed=False)
    ApprovalRule.objects.create(organisation=place.alfa, kind="consultation", is_needed=True)
    assert not needs_approval(place.alfa.pk, "complaint")
    assert needs_approval(place.alfa.pk, "consultation")
    assert needs_approval(place.beta.pk, "complaint")


@pytest.fixture
def betas(cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace) -> str:
    HotLine.objects.create(organisation=place.beta, phone="8 800 000-00-02")
    return registered(cast.vera, question(topics, line="sp2")).number


def test_a_refusal_names_who_is_responsible(cast: SimpleNamespace, betas: str) -> None:
    with enter(cast.alina.scope):
        found = queries.who_is_responsible(betas, cast.alina)
    assert found is not None
    assert found.words == "Обращение ведёт СМО Бета, линия СП2, телефон 8 800 000-00-02."
    assert AuditLine.objects.filter(action="appeals.who_is_responsible").count() == 1


@pytest.mark.parametrize("who", ["clerk", "ministry", "far"])
def test_to_others_it_does_not_exist(cast: SimpleNamespace, betas: str, who: str) -> None:
    employee = getattr(cast, who)
    with enter(employee.scope):
        assert queries.who_is_responsible(betas, employee) is None
        assert queries.who_is_responsible("54002-26-999999", employee) is None


def test_a_suggestion_can_be_followed(cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace) -> None:
    appeal_id = registered(cast.alina, question(topics)).id
    best = suggested(cast.alina, topics.policy, insurer=place.beta)[0]
    assert isinstance(best.target, Target)
    do(cast.alina, "hand_over", appeal_id, to=best.target, why=best.why)
    assert row(appeal_id).handler == place.beta
