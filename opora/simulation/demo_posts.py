"""The post of the demonstration: what a representative wrote on her tablet today, some of it without a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.posts import queries, registering, services, taking
from opora.posts.envelopes import close_envelope
from opora.posts.models import Record


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody asked at the post ``ago`` hours before now; without an answer it is handed on."""

    ago: float
    topic: str
    text: str
    answer: str = ""
    kind: str = "consultation"
    is_named: bool = False


ENTRIES = (
    Entry(
        3.2,
        "5.1",
        "Не может записаться к окулисту, талонов нет.",
        "Показала лист ожидания, записали при мне.",
        is_named=True,
    ),
    Entry(2.6, "7.2", "Спрашивает, с чего начать диспансеризацию.", "Кабинет профилактики, 2-й этаж, с полисом."),
    Entry(1.9, "2.10", "Просит привезти полис матери на дом.", "Записала на доставку, позвонит курьер.", is_named=True),
    Entry(1.1, "12.3", "Взяли деньги за перевязку, чек на руках.", kind="complaint", is_named=True),
    Entry(0.6, "10.1", "Хочет прикрепиться, живёт в соседнем районе.", "Дала бланк заявления, объяснила сроки."),
    Entry(0.3, "5.4", ""),  # the form was left before anything was typed: somebody has to look at it
)


def ensure_posts(login: str) -> None:
    """Take the entries in once, sealed and opened as those of a tablet. One question when they are there."""
    with enter(Scope.system("the post of the demonstration")):
        if Record.objects.exists():
            return
        by = Employee.objects.get(login=login)
    now = timezone.now()
    with enter(by.scope):
        seal = services.seal_of(by)
        place = queries.posts_of(by).first()
        people = Person.objects.accessible_to(by).filter(died_on=None).exclude(enp=None).order_by("pk")
        sealed = []
        named = list(people[50 : 50 + len(ENTRIES)] or people[: len(ENTRIES)])
        for number, entry in enumerate(ENTRIES):
            mark = sha256(f"{now.isoformat()}:{number}".encode()).digest()
            told: dict[str, Any] = {
                "at": (now - timedelta(hours=entry.ago)).isoformat(),
                "kind": entry.kind,
                "topic": entry.topic,
                "text": entry.text,
                "answer": entry.answer,
                "answered": bool(entry.answer),
                **(_who(named[number % len(named)]) if entry.is_named and named else {}),
            }
            key = UUID(bytes=mark[:16], version=4)
            sealed.append(close_envelope(told, key=key, seal=seal.pk, public=seal.public, nonce=mark[16:28]))
        taking.take(sealed, post=place, device_now=now, by=by)
    registering.register_waiting(rest=0)


def _who(person: Person) -> dict[str, str]:
    return {"enp": person.enp or "", "surname": person.surname, "given_name": person.given_name}
