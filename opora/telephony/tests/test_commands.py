"""A command is carried out once and in its term, or not at all; the page says in a sentence what came of it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from opora.appeals.models import Draft
from opora.telephony.carrying import Carrier
from opora.telephony.errors import CannotDial, NotInTalk, NotYourCall, NowhereToGo
from opora.telephony.models import Agent, Call, Command, Line
from opora.telephony.ports import Kind, PbxRefused, PbxUnavailable
from opora.telephony.services import ask_about_call, change_state, dial, look, take_in, take_orders
from opora.telephony.services.commands import forget_commands
from opora.telephony.tests.exchange import MemoryPbx
from opora.telephony.tests.test_pages import rings, words
from opora.telephony.words import Act, AgentState, Answer

type SignIn = Callable[[str | None], Client]


def talks(pbx: MemoryPbx, agent: str = "201") -> Call:
    rings(pbx, agent=agent)
    take_in([pbx.tell("a", Kind.ANSWERED, 5, agent=agent)])
    Command.objects.all().delete()  # the state of the page
    return Call.objects.get(call="a")


def carried(pbx: MemoryPbx) -> list[tuple[object, ...]]:
    """Let the process that hears the exchange look once; return what the exchange was asked."""

    async def at_once(ask: Callable[[], Any]) -> Any:
        return ask()

    shared = connections["default"]

    async def once() -> None:
        connections["default"] = shared  # a loop would look for connections elsewhere
        await asyncio.gather(*await Carrier(pbx, "main", at_once).look())

    asyncio.run(once())
    return pbx.asked


@pytest.fixture(autouse=True)
def unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The carrier of a test asks the database in its own thread."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def test_a_command_is_carried_out_once(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    call = talks(pbx)
    asked = ask_about_call(Act.HOLD, call, by=cast.alina)
    assert carried(pbx) == [("hold", "a")]
    assert carried(pbx) == [("hold", "a")]
    assert look(asked).answer == Answer.DONE


def test_an_expired_command_is_never_carried_out(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    asked = ask_about_call(Act.HANGUP, talks(pbx), by=cast.alina)
    Command.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert carried(pbx) == []
    asked.refresh_from_db()
    assert (asked.answer, "не успела" in asked.sentence) == (Answer.EXPIRED, True)


def test_a_command_taken_by_a_process_that_died_is_not_taken_again(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace
) -> None:
    asked = ask_about_call(Act.HANGUP, talks(pbx), by=cast.alina)
    assert len(take_orders("main")) == 1  # and here it dies
    assert carried(pbx) == []
    Command.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert look(asked).answer == Answer.LOST


def test_a_call_of_somebody_else_is_not_hers_to_command(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    call = talks(pbx)
    with pytest.raises(NotYourCall):
        ask_about_call(Act.HANGUP, call, by=cast.sp2)
    assert signed_in("op1").post(f"/telephony/calls/{call.pk}/hangup/").status_code == 404
    assert signed_in("sp2").post(f"/telephony/calls/{call.pk}/hangup/").status_code == 409
    assert not Command.objects.exists()


def test_a_call_that_has_gone_meanwhile_is_refused_in_a_sentence(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    asked = ask_about_call(Act.HOLD, talks(pbx), by=cast.alina)
    take_in([pbx.tell("a", Kind.ENDED, 30)])
    assert [act for act, *_ in carried(pbx)] == ["state"]  # she writes down now
    answer = signed_in("alina").get(f"/telephony/commands/{asked.pk}/")
    assert "\\u043d\\u0435 \\u0443 \\u0432\\u0430\\u0441" in answer.headers["HX-Trigger"]  # «не у вас»
    assert signed_in("sp2").get(f"/telephony/commands/{asked.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("fault", "said"), [(PbxRefused("No such channel"), "уже нет"), (PbxUnavailable(), "не отвечает")]
)
def test_what_the_exchange_refuses_is_told(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, fault: Exception, said: str
) -> None:
    async def refuse(call: str) -> None:
        raise fault

    pbx.hold = refuse  # type: ignore[method-assign]
    asked = ask_about_call(Act.HOLD, talks(pbx), by=cast.alina)
    carried(pbx)
    asked.refresh_from_db()
    assert (asked.answer, said in asked.sentence) == (Answer.REFUSED, True)


def test_a_warm_transfer_goes_to_a_colleague_or_a_line_of_the_next_level(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace
) -> None:
    call = talks(pbx)
    line = Line.objects.create(
        pbx="main", number="120", title="Второй уровень", organisation=seats.alina.organisation, level=2
    )
    for stranger in ("301", "201", "100", "112"):  # a neighbour, herself, the first line, anybody
        with pytest.raises(NowhereToGo):
            ask_about_call(Act.TRANSFER, call, to=stranger, by=cast.alina)
    ask_about_call(Act.TRANSFER, call, to=line.number, by=cast.alina)
    ask_about_call(Act.TRANSFER, call, to="202", warm=True, by=cast.alina)
    assert carried(pbx) == [("transfer", "a", "120", False), ("transfer", "a", "202", True)]
    assert set(Command.objects.values_list("target", flat=True)) == {""}


@pytest.mark.parametrize("warm", [False, True])
def test_who_is_not_there_is_handed_nobody(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, warm: bool
) -> None:
    pbx.absent.add("202")
    asked = ask_about_call(Act.TRANSFER, talks(pbx), to="202", warm=warm, by=cast.alina)
    assert carried(pbx) == []
    asked.refresh_from_db()
    assert asked.answer == Answer.REFUSED
    assert asked.sentence == "Телефон коллеги не на связи. Гражданин остался у вас."


def test_a_consultation_keeps_the_call_with_the_first_and_carries_the_draft(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, polina: Any
) -> None:
    call = talks(pbx)
    signed_in("alina").post(f"/telephony/calls/{call.pk}/intake/", {"person": polina.pk})
    Draft.objects.update(body={**Draft.objects.get().body, "text": ["о направлении"]})
    take_in([pbx.tell("a", Kind.RINGING, 20, agent="202")])
    assert "Коллега переводит" in words(signed_in("sp2").get("/telephony/ringing/"))
    assert "Вернуться к гражданину" in words(signed_in("alina").get("/telephony/ringing/"))
    take_in([pbx.tell("a", Kind.ANSWERED, 25, agent="202")])
    assert set(Agent.objects.filter(state=AgentState.TALK)) == {seats.alina, seats.sp2}
    signed_in("sp2").post(f"/telephony/calls/{call.pk}/intake/")
    assert Draft.objects.get(employee=cast.sp2).body["text"] == ["о направлении"]
    Command.objects.all().delete()
    call.refresh_from_db()
    ask_about_call(Act.BACK, call, by=cast.alina)
    ask_about_call(Act.JOIN, call, by=cast.alina)
    with pytest.raises(NotInTalk):
        ask_about_call(Act.HOLD, call, by=cast.alina)
    assert carried(pbx) == [("regret", "a", "202"), ("leave", "a", "201")]
    take_in([pbx.tell("a", Kind.LEFT, 40, agent="201")])
    assert Call.objects.get().extension == "202"
    assert Agent.objects.get(extension="201").state == AgentState.WRAP


def test_a_telephone_that_starts_anew_is_given_its_talk_back(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    talks(pbx)
    assert signed_in("alina").post("/telephony/mine/keep/").status_code == 200
    assert carried(pbx) == [("keep", "a")]
    take_in([pbx.tell("a", Kind.HELD, 20)])
    ask_about_call(Act.KEEP, Call.objects.get(), by=cast.alina)
    take_in([pbx.tell("a", Kind.RESUMED, 30), pbx.tell("a", Kind.RINGING, 40, agent="202")])
    with pytest.raises(NotInTalk):
        ask_about_call(Act.KEEP, Call.objects.get(), by=cast.alina)
    assert signed_in("sp2").post("/telephony/mine/keep/").status_code == 409, "it rings at her, she does not talk"


def test_a_number_is_dialled_and_forgotten(pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn) -> None:
    desk = signed_in("alina")
    answer = desk.post("/telephony/dialling/", {"number": "+7 900 000-00-01", "reference": "task-7"})
    assert answer.status_code == 200
    assert carried(pbx) == [("originate", "201", "79000000001", "task-7")]
    assert Command.objects.get().target == ""
    for wrong in ("112", "", "8" * 20):
        assert desk.post("/telephony/dialling/", {"number": wrong}).status_code == 409


@pytest.mark.parametrize("reference", ["task-7,CALLERID(num)=02", "task-7\r\nAction: Originate", "задача", "x" * 500])
def test_what_she_says_sets_no_variable_of_the_exchange(
    pbx: MemoryPbx, seats: SimpleNamespace, signed_in: SignIn, reference: str
) -> None:
    answer = signed_in("alina").post("/telephony/dialling/", {"number": "79000000001", "reference": reference})
    assert answer.status_code == 200
    assert carried(pbx) == [("originate", "201", "79000000001", "")]


def test_who_talks_or_has_no_seat_dials_nobody(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    talks(pbx)
    with pytest.raises(CannotDial):
        dial("79000000002", by=cast.alina)
    Agent.objects.filter(extension="202").delete()
    assert signed_in("sp2").post("/telephony/dialling/", {"number": "79000000002"}).status_code == 409


def test_what_she_does_reaches_the_exchange_the_newest_word_alone(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace
) -> None:
    change_state(AgentState.BREAK, "meal", by=cast.alina)
    assert carried(pbx) == [("state", "201", False, "meal")]
    change_state(AgentState.WRAP, by=cast.alina)
    change_state(AgentState.READY, by=cast.alina)
    assert carried(pbx)[1:] == [("state", "201", True, "")]


def test_after_a_talk_no_call_comes_until_she_is_ready(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, settings: Any
) -> None:
    talks(pbx)
    take_in([pbx.tell("a", Kind.LEFT, 60, agent="201"), pbx.tell("a", Kind.ENDED, 61)])
    assert carried(pbx) == [("state", "201", False, "wrap")]
    told = pbx.tell("", Kind.AGENT, 100, agent="201", ready=False, reason="wrap")
    take_in([told])  # our own word comes back: no break of hers
    assert Agent.objects.get(extension="201").state == AgentState.WRAP
    change_state(AgentState.READY, by=cast.alina)
    Command.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    forget_commands()
    settings.PBX = {"name": pbx.name}
    assert "АТС не знает" in words(signed_in("alina").get("/telephony/"))
    settings.PBX = None  # nobody is there to be told
    assert "АТС не знает" not in words(signed_in("alina").get("/telephony/"))


def test_the_secret_of_a_place_is_given_to_who_sits_there(
    seats: SimpleNamespace, lines: SimpleNamespace, signed_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    Line.objects.filter(pk=lines.fund.pk).delete()  # the exchange is Alfa's alone
    desk = signed_in("alina")
    assert desk.get("/telephony/phone/").status_code == 404
    secrets = tmp_path / "phones.txt"
    secrets.write_text("# добавочный пароль\n201 one-two\n202\n")
    settings.PHONE = {"address": "wss://ats.example:8089/ws", "secrets": str(secrets)}
    given = desk.post("/telephony/phone/key/")
    assert given.json() == {"address": "wss://ats.example:8089/ws", "extension": "201", "secret": "one-two"}
    assert "no-store" in given.headers["Cache-Control"]
    assert signed_in("sp2").post("/telephony/phone/key/").status_code == 409
    assert b"one-two" not in desk.get("/telephony/phone/").content
    Agent.objects.filter(extension="201").delete()
    assert desk.post("/telephony/phone/key/").status_code == 409


def test_on_a_shared_exchange_a_secret_is_given_to_the_house_it_is_of(
    seats: SimpleNamespace, place: SimpleNamespace, signed_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    secrets = tmp_path / "phones.txt"
    settings.PHONE = {"address": "wss://ats.example:8089/ws", "secrets": str(secrets)}
    asked = signed_in("alina")

    def given(line: str) -> int:
        secrets.write_text(f"{line}\n")
        return int(asked.post("/telephony/phone/key/").status_code)

    assert given(f"201 one-two {place.alfa.code}") == 200
    assert given(f"201 one-two {place.fund.code}") == 409
    assert given("201 one-two") == 409, "whoever sat down first would get it"
