"""A mail bomb: every letter is kept, none of those over the limit is answered or stands in the way of others."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.doors import matters, rules, services
from opora.doors.models import Door, Greeted, Message, Thread
from opora.doors.services.fetching import take_in
from opora.doors.shapes import Incoming
from opora.organisations.models import Role


@pytest.fixture
def mail(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A mailbox that greets and takes three letters of one sender and five of all."""
    monkeypatch.setitem(rules.FLOODS, "mail", rules.Flood(of_sender=3, of_door=5))
    return Door.objects.create(
        organisation=place.alfa, kind="mail", slug="mail", title="Почта Альфы", address="help@alfa.example",
        greeting="Обратиться можно на сайте.",
    )  # fmt: skip


def written(door: Door, number: int, sender: str) -> Thread:
    thread = take_in(door, Incoming(f"<{number}@x.example>", sender, f"Письмо {number}")).thread
    assert thread is not None
    return thread


def test_letters_of_one_sender_over_the_limit_are_a_flood(mail: Door) -> None:
    bomb = [written(mail, number, "bomb@x.example").is_flood for number in range(4)]
    other = written(mail, 4, "polina@example.ru")
    assert (bomb, other.is_flood) == ([False, False, False, True], False)
    assert Message.objects.filter(direction="in").count() == 5
    assert Greeted.objects.count() == 2


def test_forged_senders_over_the_limit_are_a_flood_and_get_no_greeting(mail: Door) -> None:
    threads = [written(mail, number, f"forged{number}@x.example") for number in range(7)]
    assert [one.is_flood for one in threads] == [False] * 5 + [True] * 2
    assert Greeted.objects.count() == Message.objects.filter(direction="out").count() == 5


def test_an_hour_later_a_letter_is_a_letter(mail: Door) -> None:
    for number in range(5):
        written(mail, number, f"forged{number}@x.example")
    Thread.objects.update(opened_at=timezone.now() - rules.FLOOD_WITHIN)
    assert not written(mail, 5, "polina@example.ru").is_flood


def test_a_flood_is_not_registered_at_once(mail: Door, topics: Any) -> None:
    mail.rule, mail.topic, mail.appeal_kind = "appeal", "t-insurer", "application"
    mail.save()
    last = [written(mail, number, "bomb@x.example") for number in range(4)][-1]
    assert Appeal.objects.count() == 3
    assert services.decide_left() == 0
    assert (last.state, last.appeal) == ("waiting", None)
    assert "лавиной" in last.undecided_why


def test_a_flood_lies_apart_until_somebody_takes_it(mail: Door, signed_in: Any, cast: SimpleNamespace) -> None:
    Role.objects.filter(slug="sp1").update(default_purpose="appeal")
    *_, flooded = [written(mail, number, "bomb@x.example") for number in range(4)]
    Thread.objects.update(waiting_since=timezone.now() - 2 * matters.LONG)
    alina = signed_in("alina")

    page = alina.get("/doors/")

    assert len(page.context["page"]) == 3
    assert "Лавиной пришло писем: 1" in page.content.decode()
    assert [one.pk for one in alina.get("/doors/?state=flood").context["page"]] == [flooded.pk]
    [matter] = matters.waiting_long(cast.alina)
    assert matter.text.endswith(": 3")
    services.take(flooded.pk, by=cast.alina)
    page = alina.get("/doors/")
    assert len(page.context["page"]) == 4
    assert "Лавин" not in page.content.decode()
