"""Complaints and waits of the demonstration: one clinic's tomograph stands still, another has a rude week, and people
complain of what they usually do."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import waits
from opora.appeals.actor import actor_of
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import REGISTER, Closing, NewAppeal, NewReason, document, parameters
from opora.appeals.models import Wait
from opora.appeals.waits import NewWait
from opora.classifiers.models import Topic
from opora.findings import counting, letters, services, watching
from opora.organisations.models import Employee, Organisation

SEED = 3
WEEKS = 20
ANSWER = "Объяснили срок ожидания и помогли выбрать другую клинику."
WAITING, BURST = "6.2", "13.1"
# Clinic by place in the list, service, how many days people are told, how many tell it.
WAITS = (
    (0, "CT_MRI", (38, 75), 14),
    (0, "SPEC", (6, 24), 6),
    (1, "SPEC", (12, 32), 9),
    (2, "DIAG", (3, 18), 5),
    (3, "HOSP", (10, 40), 4),
)
USUAL, PLANTED = 0.5, 9  # complaints a week at the clinic of the burst
# What else was complained of in the last two months: topic, signs, channel, verdict. The published share is two of a
# thousand appeals (journal.mix): of so small a journal hardly one, and forms of complaints would stand empty.
COMPLAINTS = (
    ("6.1", ("oncology",), "post", "justified"), ("6.1", (), "internet", "unjustified"),
    ("6.1", ("cardio",), "internet", "justified"), ("6.2", ("oncology", "waiting"), "internet", "justified"),
    ("6.2", ("waiting",), "hot_line", "justified"), ("6.2", ("child",), "internet", "pretrial"),
    ("6.4", (), "post", "unjustified"), ("8.2", ("oncology",), "internet", "justified"),
    ("8.2", (), "hot_line", "justified"), ("5.1", (), "internet", "justified"), ("5.1", (), "hot_line", "unjustified"),
    ("11.1", (), "hot_line", "justified"), ("11.2", (), "internet", "unjustified"), ("12.2", (), "post", "pretrial"),
    ("12.2", (), "internet", "justified"), ("13.2", (), "internet", "unjustified"), ("3.2", (), "post", "unjustified"),
    ("7.2", (), "internet", "justified"),
)  # fmt: skip


def ensure_findings(territory: str, *, operator: str, expert: str, clerk: str) -> None:
    """Tell of waits, complain of one clinic more than usual, carry one finding on; the three are logins.

    The clinic of ``clerk`` is written to. One question when all is there.
    """
    with enter(Scope.system("findings of the demonstration")):
        if Wait.objects.exists():
            return
        people = Employee.objects.in_bulk([operator, expert, clerk], field_name="login")
        own = people[clerk].assignment if clerk in people else None
        clinics = sorted(
            Organisation.objects.filter(territory=territory, kind=Organisation.Kind.PROVIDER).order_by("code"),
            key=lambda one: own is None or one.pk != own.organisation_id,
        )[:5]
        codes = {code: _topic(code) for code in (WAITING, BURST)}
    if len(people) < 3 or len(clinics) < 5 or None in codes.values():
        return
    _tell_of_waits(people[operator], clinics, codes[WAITING])
    _complain(people[expert], clinics[4], codes[BURST])
    _complain_as_usual(people[expert], clinics)
    while chain_batch():
        pass
    counting.follow()
    watching.watch()
    _find(people[expert], clinics[0])


def _topic(code: str) -> Topic | None:
    return Topic.objects.filter(code=code, edition__territory="").order_by("-edition__since").first()


def _tell_of_waits(operator: Employee, clinics: list[Organisation], topic: Topic | None) -> None:
    rng = np.random.default_rng(SEED)
    kind = "consultation" if topic and "consultation" in topic.kinds else "complaint"
    for place, service, (least, most), many in WAITS:
        for _ in range(many):
            _register(
                operator,
                kind=kind,
                topic=topic,
                channel="hot_line",
                wait=NewWait(service=service, days=int(rng.integers(least, most)), provider_id=clinics[place].pk),
                back=int(rng.integers(0, 60)),
            )


def _complain(expert: Employee, clinic: Organisation, topic: Topic | None) -> None:
    """A quiet half year and a loud last week."""
    rng = np.random.default_rng(SEED + 1)
    today = timezone.localdate()
    week = today.weekday() + 7  # days back to the Monday of the last finished week
    for number in range(1, WEEKS + 1):
        for _ in range(int(rng.poisson(USUAL)) + (number == WEEKS)):  # the first one says when the past began
            _complaint(expert, clinic, topic, week + 7 * number - int(rng.integers(0, 7)))
    for _ in range(PLANTED):
        _complaint(expert, clinic, topic, week - int(rng.integers(0, 7)))


def _complain_as_usual(expert: Employee, clinics: list[Organisation]) -> None:
    rng = np.random.default_rng(SEED + 2)
    with enter(Scope.system("topics of complaints")):
        topics = {code: _topic(code) for code, *_ in COMPLAINTS}
    for number, (code, flags, channel, verdict) in enumerate(COMPLAINTS):
        back = int(rng.integers(1, 60))
        how = {"channel": channel, "flags": flags, "verdict": verdict}
        _complaint(expert, clinics[number % len(clinics)], topics[code], back, **how)


def _complaint(expert: Employee, clinic: Organisation, topic: Topic | None, back: int, **given: Any) -> None:
    reasons = [NewReason(topic=topic, provider_id=clinic.pk)] if topic else []
    _register(expert, topic=topic, reasons=reasons, back=back, **{"kind": "complaint", "channel": "internet"} | given)


def _register(who: Employee, *, topic: Topic | None, back: int, verdict: str = "justified", **given: Any) -> None:
    """Register and close an appeal as it would have been ``back`` days ago at noon."""
    if topic is None:
        return
    is_complaint = given["kind"] == "complaint"
    closing = Closing(
        outcome="complaint_considered" if is_complaint else "consulted",
        answer=ANSWER,
        verdict=verdict if is_complaint else "",
    )
    new = NewAppeal(topic=topic, text="Говорит о клинике.", standing="identified", closing=closing, **given)
    with enter(who.scope), transaction.atomic():
        actor = actor_of(who)
        day = actor.local(timezone.now()).date() - timedelta(days=back)
        moment = min(datetime.combine(day, time(12), actor.zone), timezone.now())
        row = parameters(new, actor, moment)
        with connection.cursor() as cursor:
            cursor.execute(REGISTER, [document(row)])
        if new.wait:
            judged = waits.judge(new.wait, on=day, territory=actor.territory, zone=actor.zone)
            waits.note(row["id"], new.wait, judged, on=day)


def _find(expert: Employee, clinic: Organisation) -> None:
    """One finding that has got as far as the letter."""
    today = timezone.localdate()
    with enter(expert.scope):
        made = services.open_finding(
            provider=clinic,
            what="wait",
            code="CT_MRI",
            cause="Томограф не работает, других исследований клиника не предлагает.",
            since=today - timedelta(days=60),
            until=today,
            by=expert,
        )
        services.decide(made.pk, decision="violation", ground="Предельные сроки программы госгарантий.", by=expert)
        made.refresh_from_db()
        text = letters.draft(made, number=made.gathered.count(), limit="14 рабочих дней")
        services.write_letter(made.pk, text=text, by=expert)
