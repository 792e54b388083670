"""The sites of the fund and of Alfa, with phones, hours, a post and a card to read."""

from collections.abc import Iterator
from datetime import date, time
from types import SimpleNamespace
from typing import Any

import pytest

from opora.knowledge import services as knowledge
from opora.organisations.models import HotLine, Post, WorkingHours
from opora.portal import faces, help, limits, ready
from opora.portal.models import Site

WORDING = {
    "question": "На Госуслугах нет полиса, что делать?",
    "variants": "не вижу полис в приложении",
    "topic_code": "t-policy",
    "level": 1,
    "body": "Отзовите согласие Минцифры, подождите 15 минут и дайте его снова.",
    "next_step": "Если не помогло, напишите нам.",
    "words": "госуслуги полис согласие",
    "sources": "Разъяснение фонда",
    "is_verified": True,
    "valid_since": date(2020, 1, 1),
    "valid_until": None,
}


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    for each in (faces.forget, help.forget, limits.forget_closed, ready.forget):
        each()
    yield
    for each in (faces.forget, help.forget, limits.forget_closed, ready.forget):
        each()


@pytest.fixture
def card(cast: SimpleNamespace, topics: Any) -> Any:
    made = knowledge.add_card("gosuslugi", territory="50000", wording=WORDING, by=cast.sp3)
    row = knowledge.submit_card(made, version=made.version, by=cast.sp3)
    return knowledge.approve_card(row, version=row.version, by=cast.boris)


@pytest.fixture
def sites(place: SimpleNamespace, card: Any) -> SimpleNamespace:
    """``nsk`` — of the fund, by default; ``alfa`` — of the insurer, with one card; both published."""
    HotLine.objects.create(organisation=place.alfa, phone="+78000000001", is_round_the_clock=True)
    HotLine.objects.create(organisation=place.fund, phone="+78000000002")
    WorkingHours.objects.create(organisation=place.alfa, weekday=1, opens_at=time(9), closes_at=time(18))
    WorkingHours.objects.create(site=place.site, weekday=1, opens_at=time(8), closes_at=time(20))
    Post.objects.create(organisation=place.alfa, site=place.site, room="114", phone="+73830000001")
    given: dict[str, Any] = {"territory": place.nsk, "is_published": True}
    nsk = Site.objects.create(organisation=place.fund, slug="nsk", name="ОМС в Новосибирске", is_default=True, **given)
    alfa = Site.objects.create(organisation=place.alfa, slug="alfa", name="СМО Альфа", colour="green", **given)
    for site in (nsk, alfa):
        site.cards.add(card)
    return SimpleNamespace(nsk=nsk, alfa=alfa)
