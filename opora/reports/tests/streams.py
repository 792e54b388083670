"""A life of appeals by chance, through the real services; refusals are part of it."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import services
from opora.appeals.models import Appeal
from opora.appeals.services import Target
from opora.complaints.models import Case, Restoration
from opora.reports import following
from opora.reports.tests.conftest import Journal, whose
from opora.shared.errors import DomainError

STEPS = 30
WAYS = ("question", "complaint", "amend", "close", "reopen", "hand_over", "verdict", "extend", "money")


def live(chance: random.Random, journal: Journal, chained: Callable[[], None]) -> None:
    made: list[Appeal] = []
    for _ in range(STEPS):
        with suppress(DomainError):
            _something(chance, journal, made)
        if chance.random() < 0.3:
            chained()
            following.follow(most=chance.choice([1, 3, 1000]))


def _something(chance: random.Random, journal: Journal, made: list[Appeal]) -> None:
    cast, place = journal.cast, journal.place
    what = chance.choice(
        ["question", "complaint", "amend", "close", "reopen", "hand_over", "verdict", "extend", "money"]
    )
    if what in {"question", "complaint"} or not made:
        parties = [whose(chance.choice([place.alfa, place.beta, place.branch]))]
        if what == "question":
            made.append(journal.question(parties=parties))
        else:
            made.append(journal.complaint(chance.choice([place.clinic, place.clinic2, None]), parties=parties))
        return
    one, by = chance.choice(made), cast.sp3
    with enter(by.scope):
        match what:
            case "amend":
                services.amend(one.pk, changes={"flags": chance.choice([[], ["child"]])}, by=by)
            case "close":
                services.close(one.pk, outcome="withdrawn", why="Отозвал", by=by)
            case "reopen":
                services.reopen(one.pk, why="Новое", by=by)
            case "hand_over":
                services.hand_over(one.pk, to=Target(handler=place.fund), why="Фонду", by=by)
            case "extend":
                on = timezone.localdate()
                services.extend(
                    one.pk, days=5, order_number="1", order_on=on, why="Ждём", notice_text="Продлили", by=by
                )
            case "verdict":
                verdicts = {row: chance.choice(["pretrial", "unjustified"]) for row in _reasons(one)}
                services.amend(one.pk, changes={"verdicts": verdicts}, by=by)
    if what == "money" and _reasons(one):
        Case.objects.get_or_create(appeal=one, defaults={"territory": place.nsk.pk})
        reason = chance.choice([None, *_reasons(one)])
        on = date(2026, 1, 1 + chance.randrange(28))
        Restoration.objects.create(case_id=one.pk, reason_id=reason, how="money", on=on, amount=chance.randrange(1, 99))


def _reasons(one: Appeal) -> list[int]:
    return list(one.reasons.order_by("pk").values_list("pk", flat=True))
