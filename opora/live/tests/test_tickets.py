"""Rights as a table: what each of the cast may listen to, and what a forged or stale ticket is worth."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from opora.live import tickets
from opora.live.seal import SealBroken, seal, unseal

SECRET = "s" * 50
APPEAL = "appeal:0199aaaa-bbbb"


def ticket_of(employee: Any, **wishes: Any) -> tickets.Ticket:
    return tickets.read(tickets.issue(employee, session="mark", secret=SECRET, **wishes), secret=SECRET)


WHO_HEARS_ALFA = [
    ("alina", True),
    ("timur", True),
    ("boris", True),
    ("alfa_admin", True),
    ("vera", False),  # Beta
    ("op1", False),  # the fund hears of an appeal by its own channel
    ("filial", False),
    ("clerk", False),
    ("ministry", False),
    ("far", False),
]


@pytest.mark.parametrize(("who", "hears"), WHO_HEARS_ALFA)
def test_who_hears_the_journal_of_alfa(cast: SimpleNamespace, place: SimpleNamespace, who: str, hears: bool) -> None:
    ticket = ticket_of(getattr(cast, who))
    for tail in ("", ":counters", ":queue:sp1", ":queue:sp2"):
        asked = f"org:{place.alfa.pk}{tail}"
        assert (tickets.channel_of(asked, ticket, secret=SECRET) == asked) is hears


def test_each_hears_her_own_news_and_nobody_elses(cast: SimpleNamespace) -> None:
    for who in vars(cast):
        employee = getattr(cast, who)
        ticket = ticket_of(employee)
        heard = {other for other in vars(cast) if ticket.hears(f"emp:{getattr(cast, other).pk}")}
        assert heard == {who}


def test_a_number_that_begins_alike_is_another_organisation(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    ticket = ticket_of(cast.alina)
    assert not ticket.hears(f"org:{place.alfa.pk}0:counters")
    assert not ticket.hears("org")


def test_without_the_right_only_her_own_news(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    role = cast.alina.assignment.role
    role.rights = ["workplace:view"]
    ticket = ticket_of(cast.alina)
    assert ticket.prefixes == (f"emp:{cast.alina.pk}",)


def test_a_card_is_heard_by_the_name_its_page_gave_and_by_her_alone(cast: SimpleNamespace) -> None:
    name = tickets.name(cast.alina, APPEAL, secret=SECRET)
    assert tickets.channel_of(name, ticket_of(cast.alina), secret=SECRET) == APPEAL
    assert tickets.channel_of(name, ticket_of(cast.sp2), secret=SECRET) is None
    assert tickets.channel_of(APPEAL, ticket_of(cast.alina), secret=SECRET) is None
    assert tickets.channel_of(name, ticket_of(cast.alina), secret=SECRET, now=time.time() + tickets.SHIFT + 1) is None


def test_no_page_may_seal_what_is_heard_by_place(cast: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="by place"):
        tickets.name(cast.alina, "org:1:queue", secret=SECRET)


def test_a_ticket_ends(cast: SimpleNamespace) -> None:
    word = tickets.issue(cast.alina, session="mark", secret=SECRET)
    with pytest.raises(SealBroken, match="expired"):
        tickets.read(word, secret=SECRET, now=time.time() + tickets.LIFE + 1)


FORGED = {
    "other secret": lambda word: seal("ticket", [1, 1, "m", "org:1"], secret="x" * 50, expires_at=9_999_999_999),
    "a channel's name": lambda word: seal("channel", [1, 1, "m", "org:1"], secret=SECRET, expires_at=9_999_999_999),
    "longer body": lambda word: "A" + word,
    "another body": lambda word: (
        seal("ticket", [2, 2, "m"], secret="y", expires_at=9).split(".")[0] + "." + word.split(".")[1]
    ),
    "no signature": lambda word: word.split(".")[0],
    "empty": lambda word: "",
    "dot": lambda word: ".",
    "not ascii": lambda word: "ы." + word.split(".")[1],
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_ticket_is_refused(cast: SimpleNamespace, how: str) -> None:
    word = tickets.issue(cast.alina, session="mark", secret=SECRET)
    with pytest.raises(SealBroken):
        tickets.read(FORGED[how](word), secret=SECRET)


def test_the_content_comes_back() -> None:
    word = seal("t", ["Ж", 5], secret=SECRET, expires_at=2_000_000_000)
    assert unseal("t", word, secret=SECRET, now=1.0) == [2_000_000_000, "Ж", 5]


def test_a_citizen_hears_his_talk_and_nothing_else() -> None:
    talk = "talk:0197a3c2-7a54-7bb1-9f5e-1a2b3c4d5e6f"
    ticket = tickets.read(tickets.issue_to_citizen(talk, secret=SECRET), secret=SECRET)
    assert tickets.channel_of(talk, ticket, secret=SECRET) == talk
    for other in (talk[:-1] + "0", "org:1:chat", "emp:1", "board:all"):
        assert tickets.channel_of(other, ticket, secret=SECRET) is None
    for wrong in ("org:1", "emp:1", "talk:", "talk:a b"):
        with pytest.raises(ValueError, match="not a talk"):
            tickets.issue_to_citizen(wrong, secret=SECRET)
