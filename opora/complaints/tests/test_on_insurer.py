"""A complaint on the insurer itself is the fund's from the first second: intake by that insurer's own operator."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.appeals import services as journal
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.errors import ToTheAccused
from opora.appeals.models import Appeal
from opora.audit.services import uuid7
from opora.classifiers.models import Topic
from opora.complaints import services
from opora.complaints.errors import ComplaintsError
from opora.complaints.models import Case


@pytest.fixture
def on_insurer(topics: SimpleNamespace) -> Topic:
    rows = {"pg-a": {"complaint": "ж14"}}
    return Topic.objects.create(
        edition=topics.edition, code="t-duties", title="Страховая не отвечает", kinds=["complaint"], rows=rows
    )


def taken_in(client: Client, **fields: Any) -> str:
    given = {"draft": str(uuid7()), "kind": "complaint", "topic": "t-duties", "channel": "hot_line", "nameless": "on",
             "text": "Страховая второй месяц не отвечает"}  # fmt: skip
    return client.post("/appeals/new/", {**given, **fields}).content.decode()


def test_her_own_operator_cannot_keep_it(signed_in: Callable[[str], Client], on_insurer: Topic) -> None:
    page = taken_in(signed_in("alina"), next="mine")
    assert "Жалобу на страховую рассматривает фонд" in page
    assert "второй месяц не отвечает" in page
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("to", ["line:sp3", "beta"])
def test_no_insurer_gets_it(
    signed_in: Callable[[str], Client], on_insurer: Topic, place: SimpleNamespace, to: str
) -> None:
    whither = to if to != "beta" else f"org:{place.beta.pk}"
    page = taken_in(signed_in("alina"), next="hand_over", to=whither, why="Разберитесь")
    assert "Жалобу на страховую рассматривает фонд" in page
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("more", [{}, {"answer": "Начала ответ"}])
def test_it_goes_to_the_fund_and_so_does_its_case(
    signed_in: Callable[[str], Client],
    on_insurer: Topic,
    cast: SimpleNamespace,
    place: SimpleNamespace,
    more: dict[str, str],
) -> None:
    taken_in(signed_in("alina"), next="hand_over", to=f"org:{place.fund.pk}", why="Жалоба на нас", **more)
    while chain_batch():
        pass
    appeal, case = Appeal.objects.get(), Case.objects.get()
    assert (appeal.handler, case.insurer) == (place.fund, None)
    for who, sees in ((cast.sp3, False), (cast.vera, False), (cast.op2, True)):
        with enter(who.scope):
            assert Case.objects.exists() is Case.objects.accessible_to(who).exists() is sees
    with enter(cast.op2.scope):
        services.take(case.pk, by=cast.op2)
        to = journal.Target(handler=place.alfa)
        with pytest.raises(ToTheAccused, match="рассматривает фонд"):
            journal.hand_over(appeal.pk, to=to, why="Ваше", by=cast.op2)


def test_amended_into_one_it_leaves_the_insurer(
    complaint: Appeal, case: Case, on_insurer: Topic, cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    with enter(cast.sp3.scope):
        journal.amend(complaint.pk, changes={"topic": on_insurer}, why="Жалоба на нас", by=cast.sp3)
    while chain_batch():
        pass
    case.refresh_from_db()
    assert case.insurer is None
    with enter(cast.sp3.scope):
        assert not Case.objects.exists()
        with pytest.raises(ComplaintsError, match="рассматривает фонд"):
            services.open_case(complaint.pk, by=cast.sp3)
