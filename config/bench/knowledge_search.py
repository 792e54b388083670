"""``knowledge.search`` — answers found by the words of a caller among thousands of cards, through the pages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.bench.frame import Bench, Round, work
from config.bench.journal_lists import answer, browser_of
from config.bench.population import LONG_AGO, territory_of
from config.bench.times import both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.knowledge import queries
from opora.knowledge.models import AnswerCard, CardText
from opora.knowledge.packs import ShippedCard, answers
from opora.knowledge.shipping import wording
from opora.organisations.models import Assignment, Employee, Organisation, Role

TERRITORY = "99992"
CARDS, TIMES = 2_000, 120
SYSTEM = Scope.system("the bench fills a territory with invented cards")
BARE = "SELECT id FROM knowledge_cardtext WHERE question ILIKE %s LIMIT 10"


@work(
    "knowledge.search",
    unit="мс",
    bar=("figure <= 30", "list <= 60"),
    note="p95 ответа рядом с формой по словам вопроса, 2 000 карточек; list — страница со списком; search — сам поиск;"
    " предел — ILIKE по вопросам; work — без ожидания процессора",
    needs_people=False,
)
def knowledge_search(bench: Bench) -> Iterator[Round]:
    with enter(SYSTEM):
        employee = _ready()
    browser, today = browser_of(employee), timezone.localdate()
    asked = [variant for card in answers().cards for variant in card.variants]
    for number in bench.rounds:
        texts = random.Random(number).sample(asked, TIMES)  # noqa: S311 - figures, not secrets
        pieces = [f"{reverse('knowledge:answer')}?{urlencode({'text': text})}" for text in texts]
        lists = [f"{reverse('knowledge:list')}?{urlencode({'q': text})}" for text in texts[: TIMES // 3]]
        for address in (pieces[0], lists[0]):
            answer(browser, address)
        figure, work_done = both([spent(partial(answer, browser, one)) for one in pieces])
        listed, _ = both([spent(partial(answer, browser, one)) for one in lists])
        with enter(employee.scope):
            find = partial(queries.find_cards, territory=TERRITORY, level=3, on=today, most=4)
            search = percentile([timed(partial(find, text))[0] for text in texts])
        limit = percentile([timed(partial(_bare, text))[0] for text in texts])
        yield Round(figure, limit, {"list": round(listed, 1), "search": round(search, 1), **work_done})


def _bare(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [f"%{text.split()[0]}%"])
        cursor.fetchall()


def _ready() -> Employee:
    """Bring 2 000 approved cards to a territory of its own, once, and somebody who reads them."""
    territory = territory_of(TERRITORY)
    insurer, _ = Organisation.objects.get_or_create(
        kind="insurer", code=f"{TERRITORY}1", defaults={"name": "СМО замера", "territory": territory}
    )
    employee, made = Employee.objects.get_or_create(
        login="bench.answers", defaults={"surname": "Замерова", "given_name": "Инна", "password": "!"}
    )
    if made:
        role = Role.objects.get(slug="sp1")
        Assignment.objects.create(employee=employee, organisation=insurer, role=role, since=LONG_AGO)
    missing = CARDS - AnswerCard.objects.filter(territory=TERRITORY).count()
    if missing > 0:
        _fill(missing)
    return employee


def _fill(number: int) -> None:
    """Cards made of the shipped ones: each with a word of its own and words of another card in its text."""
    shipped, rng, now = answers().cards, random.Random(1), timezone.now()  # noqa: S311 - figures, not secrets
    cards = AnswerCard.objects.bulk_create(
        AnswerCard(slug=f"bench-{at}", territory=TERRITORY, position=at) for at in range(number)
    )
    texts = CardText.objects.bulk_create(
        CardText(card=card, number=1, valid_since="2026-01-01", **_invented(shipped[at % len(shipped)], at, rng))
        for at, card in enumerate(cards)
    )
    for card, text in zip(cards, texts, strict=True):
        card.text = card.approved = text
        card.status, card.approved_at = AnswerCard.Status.APPROVED, now
    AnswerCard.objects.bulk_update(cards, ["text", "approved", "status", "approved_at"], batch_size=500)


def _invented(card: ShippedCard, at: int, rng: random.Random) -> dict[str, Any]:
    own = "".join(rng.choices("абвгдеиклмнопрст", k=7))
    given = wording(card)
    other = rng.choice(answers().cards).words
    changed = {"question": f"{given['question'][:180]} {own}", "words": f"{given['words']} {other} {own}"[:500]}
    return given | changed | {"sources": "Замер", "is_verified": True, "level": 1, "body": f"{given['body']} {own}"}
