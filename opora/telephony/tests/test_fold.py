"""A call is the same whatever the order of its facts and however often they came."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from opora.telephony.fold import LOST, fold
from opora.telephony.ports import SILENCE, Kind, PbxEvent
from opora.telephony.tests.exchange import BEGAN, MemoryPbx


def test_a_whole_call() -> None:
    call = fold(MemoryPbx().whole("a"))
    assert (call.now, call.result, call.extension, call.caller) == ("ended", "answered", "201", "79000000001")
    assert (call.waited, call.talked, call.held, call.score, call.recording) == (10, 100, 20, 5, "a.wav")
    assert call.line == "100"


@pytest.mark.parametrize("seed", range(60))
def test_any_order_and_repeats_give_the_same_call(seed: int) -> None:
    rnd = random.Random(seed)
    pbx = MemoryPbx()
    facts = rnd.choice([pbx.whole, pbx.missed])("a")
    kinds = list(Kind)
    facts += [
        pbx.tell("a", rnd.choice(kinds), rnd.randint(-20, 130), agent=rnd.choice(["", "201", "202"]))
        for _ in range(rnd.randint(0, 6))
    ]
    known = fold(facts)
    for _ in range(5):
        again = facts + rnd.choices(facts, k=rnd.randint(0, 9))
        rnd.shuffle(again)
        assert fold(again) == known


@pytest.mark.parametrize("seed", range(30))
def test_a_prefix_in_any_order_never_breaks_its_own_rules(seed: int) -> None:
    rnd = random.Random(seed)
    facts = MemoryPbx().whole("a")
    rnd.shuffle(facts)
    for length in range(1, len(facts) + 1):
        call = fold(facts[:length])
        assert (call.now == "ended") == (call.ended_at is not None) == bool(call.result)
        assert min(call.waited, call.talked, call.held) >= 0
        assert not call.ringing or call.now in {"ringing", "held"}


def test_a_clock_that_goes_back_gives_no_negative_length() -> None:
    facts = MemoryPbx().whole("a")
    facts[-2] = replace(facts[-2], at=BEGAN - timedelta(hours=1))
    call = fold(facts)
    assert (call.now, call.result, call.talked) == ("ended", "answered", 0)


def test_nobody_answered() -> None:
    call = fold(MemoryPbx().missed("a"))
    assert (call.result, call.waited, call.talked, call.extension) == ("abandoned", 30, 0, "")


def test_at_night_the_secretary_answers() -> None:
    pbx = MemoryPbx()
    call = fold(
        [
            pbx.tell("n", Kind.ARRIVED, 0, caller="anonymous"),
            pbx.tell("n", Kind.SECRETARY, 20, file="night.wav"),
            pbx.tell("n", Kind.ENDED, 40),
        ]
    )
    assert (call.result, call.voice, call.caller) == ("secretary", "night.wav", "")


def test_all_telephones_of_one_wave_ring_and_a_later_wave_replaces_them() -> None:
    pbx = MemoryPbx()
    facts = [pbx.tell("a", Kind.QUEUED)]
    facts += [pbx.tell("a", Kind.RINGING, 1 + place / 10, agent=one) for place, one in enumerate(("201", "202"))]
    assert fold(facts).ringing == ("201", "202")
    facts.append(pbx.tell("a", Kind.RINGING, 20, agent="203"))
    assert fold(facts).ringing == ("203",)


def test_a_warm_transfer_leaves_the_call_with_the_second() -> None:
    pbx = MemoryPbx()
    facts = pbx.whole("a")[:4]
    facts += [
        pbx.tell("a", Kind.TRANSFERRED, 50, to="202", warm=True),
        pbx.tell("a", Kind.RINGING, 51, agent="202"),
    ]
    assert (fold(facts).now, fold(facts).ringing, fold(facts).extension) == ("ringing", ("202",), "201")
    facts.append(pbx.tell("a", Kind.ANSWERED, 55, agent="202"))
    assert (fold(facts).now, fold(facts).extension, fold(facts).transfers) == ("talking", "202", 1)


def test_an_end_we_wrote_gives_way_to_the_real_one() -> None:
    pbx = MemoryPbx()
    facts = pbx.whole("a")[:4]
    lost = pbx.tell("a", Kind.ENDED, 10, cause=LOST)
    assert fold([*facts, lost]).result == "unknown"
    told = fold([*facts, lost, pbx.tell("a", Kind.ENDED, 70)])
    assert (told.result, told.talked) == ("answered", 60)


@pytest.mark.parametrize(("score", "kept"), [("5", 5), ("0", None), ("9", None), ("*", None), (3, 3)])
def test_a_rating_is_a_key_from_one_to_five(score: object, kept: int | None) -> None:
    pbx = MemoryPbx()
    assert fold([*pbx.whole("a")[:-1], pbx.tell("a", Kind.RATED, 113, score=score)]).score == kept


def talk(pbx: MemoryPbx) -> list[PbxEvent]:
    """A call that Alina talks in, since ten seconds after it came."""
    return pbx.whole("a")[:4]


def test_who_asks_a_colleague_keeps_the_citizen_until_she_hands_him_over() -> None:
    pbx = MemoryPbx()
    facts = [*talk(pbx), pbx.tell("a", Kind.RINGING, 50, agent="202")]
    assert where(facts) == ("held", ("202",), "201", "")
    facts.append(pbx.tell("a", Kind.ANSWERED, 55, agent="202"))
    assert where(facts) == ("held", (), "201", "202")
    back = [*facts, pbx.tell("a", Kind.LEFT, 60, agent="202")]
    assert where(back) == ("talking", (), "201", "")
    facts.append(pbx.tell("a", Kind.TRANSFERRED, 70, agent="201", to="202", warm=True))
    assert where(facts) == ("talking", (), "202", "")
    facts.append(pbx.tell("a", Kind.LEFT, 70.1, agent="201"))
    assert where(facts) == ("talking", (), "202", "")


def test_the_first_may_hang_up_before_the_exchange_says_she_handed_him_over() -> None:
    pbx = MemoryPbx()
    facts = [*talk(pbx), pbx.tell("a", Kind.RINGING, 50, agent="202"), pbx.tell("a", Kind.ANSWERED, 55, agent="202")]
    facts.append(pbx.tell("a", Kind.LEFT, 60, agent="201"))
    assert where(facts) == ("talking", (), "202", "")
    facts.append(pbx.tell("a", Kind.TRANSFERRED, 60.1, agent="201", to="", warm=True))
    assert where(facts) == ("talking", (), "202", "")


def test_a_colleague_who_does_not_answer_rings_no_more() -> None:
    pbx = MemoryPbx()
    facts = [*talk(pbx), pbx.tell("a", Kind.RINGING, 50, agent="202"), pbx.tell("a", Kind.LEFT, 70, agent="202")]
    assert where(facts) == ("talking", (), "201", "")


def test_rating_is_not_talk() -> None:
    pbx = MemoryPbx()
    facts = [*talk(pbx), pbx.tell("a", Kind.LEFT, 70, agent="201")]
    assert where(facts) == ("after", (), "201", "")
    facts += [pbx.tell("a", Kind.RATED, 85, score="4"), pbx.tell("a", Kind.ENDED, 86)]
    call = fold(facts)
    assert (call.talked, call.score, call.result) == (60, 4, "answered")


def test_a_call_of_ours_rings_until_the_citizen_answers() -> None:
    pbx = MemoryPbx()
    facts = [pbx.tell("o", Kind.ARRIVED, 0, caller="89000000001", agent="201", direction="out", reference="task-7")]
    assert where(facts) == ("ringing", ("201",), "", "")
    facts.append(pbx.tell("o", Kind.ANSWERED, 5, agent="201"))
    assert where(facts) == ("talking", (), "201", "")


def test_who_is_left_on_hold_is_rung_back_and_is_hers_again() -> None:
    pbx = MemoryPbx()
    facts = [*talk(pbx), pbx.tell("a", Kind.HELD, 40), pbx.tell("a", Kind.LEFT, 50, agent="201")]
    assert where(facts) == ("after", (), "201", "")
    facts.append(pbx.tell("a", Kind.RINGING, 51, agent="201"))
    assert where(facts) == ("ringing", ("201",), "201", "")
    facts.append(pbx.tell("a", Kind.ANSWERED, 55, agent="201"))
    assert where(facts) == ("talking", (), "201", "")
    call = fold([*facts, pbx.tell("a", Kind.LEFT, 80, agent="201"), pbx.tell("a", Kind.ENDED, 80)])
    assert (call.held, call.is_lost) == (15, False)


def test_who_waits_anew_after_an_answer_and_hangs_up_is_lost() -> None:
    pbx = MemoryPbx()
    facts = [*talk(pbx), pbx.tell("a", Kind.TRANSFERRED, 40, agent="201", to="200", warm=False)]
    facts += [pbx.tell("a", Kind.LEFT, 41, agent="201"), pbx.tell("a", Kind.QUEUED, 42)]
    ends = [pbx.tell("a", Kind.ABANDONED, 90), pbx.tell("a", Kind.ENDED, 90)]
    assert (fold([*facts, *ends]).is_lost, fold([*facts, *ends]).result) == (True, "answered")
    answered = [pbx.tell("a", Kind.ANSWERED, 60, agent="202"), pbx.tell("a", Kind.LEFT, 89, agent="202")]
    assert not fold([*facts, *answered, *ends]).is_lost
    assert not fold(pbx.missed("m")).is_lost, "nobody had answered him"


def test_whose_telephone_died_has_lost_the_citizen_until_somebody_answers_him() -> None:
    pbx = MemoryPbx()
    died = pbx.tell("a", Kind.LEFT, 40, agent="201", cause=SILENCE)
    ends = pbx.tell("a", Kind.ENDED, 41)
    call = fold([*talk(pbx), died, ends])
    assert (call.is_lost, call.result, call.talked) == (True, "answered", 30)
    assert not fold([*talk(pbx), replace(died, data={}), ends]).is_lost, "she has put it down herself"
    answered = pbx.tell("a", Kind.ANSWERED, 40.5, agent="202")
    assert not fold([*talk(pbx), died, answered, ends]).is_lost
    colleague = [pbx.tell("a", Kind.RINGING, 30, agent="202"), pbx.tell("a", Kind.ANSWERED, 35, agent="202")]
    gone = pbx.tell("a", Kind.LEFT, 60, agent="202")
    assert not fold([*talk(pbx), *colleague, died, gone, replace(ends, at=gone.at)]).is_lost, "the colleague had him"


def test_a_number_dialled_by_hand_is_the_call_of_who_dialled_it() -> None:
    pbx = MemoryPbx()
    facts = [pbx.tell("o", Kind.ARRIVED, 0, caller="89000000001", agent="201", direction="out")]
    facts.append(pbx.tell("o", Kind.ANSWERED, 5))
    assert where(facts) == ("talking", (), "201", "")
    handed = [*facts, pbx.tell("o", Kind.TRANSFERRED, 9, agent="201", to="202", warm=False)]
    handed += [pbx.tell("o", Kind.LEFT, 10, agent="201"), pbx.tell("o", Kind.ANSWERED, 12, agent="202")]
    assert where(handed) == ("talking", (), "202", "")


def where(facts: list[PbxEvent]) -> tuple[str, tuple[str, ...], str, str]:
    call = fold(facts)
    return call.now, call.ringing, call.extension, call.aside
