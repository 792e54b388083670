"""Recorded talks are drawn at random by a seed that proves it, judged by the sheet of the house, and she is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.appeals.errors import NotComplete
from opora.appeals.models import Score
from opora.organisations.models import Assignment, Department
from opora.telephony import judging
from opora.telephony.models import Call, Recording
from opora.telephony.services import take_in
from opora.telephony.tests.exchange import MemoryPbx
from opora.telephony.tests.shelf import Shelf, bring, sound
from opora.telephony.tests.test_pages import words

type SignIn = Callable[[str | None], Client]
DAY = date(2026, 3, 11)
WISH = judging.Wish(DAY, DAY, size=3)


@pytest.fixture
def talks(pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf]) -> list[Call]:
    """Eight talks of Alina's and two of her colleague's, all kept."""
    for number in range(10):
        agent = "201" if number < 8 else "202"
        shelf.files[f"c{number}.wav"] = sound(1)
        take_in(pbx.whole(f"c{number}", caller=f"8900000001{number}", agent=agent, after=number * 300))
    assert bring().kept == 10
    return list(Call.objects.order_by("pk"))


def codes(sample: object) -> list[str]:
    return list(sample.scores.order_by("place").values_list("call_id", flat=True))  # type: ignore[attr-defined]


def test_the_same_seed_draws_the_same_calls(talks: list[Call], cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        first, again = (judging.draw(WISH, by=cast.boris, seed=7) for _ in range(2))
        others = {tuple(codes(judging.draw(WISH, by=cast.boris, seed=seed))) for seed in range(8, 14)}
        assert codes(first) == codes(again)
        assert len(others) > 1
        assert (first.population, first.asked) == (10, 3)
        assert judging.prove(first, by=cast.boris) == judging.Proof(is_same=True, population=10)


def test_a_share_a_line_and_a_group(
    talks: list[Call], cast: SimpleNamespace, place: SimpleNamespace, lines: SimpleNamespace
) -> None:
    group = Department.objects.create(organisation=place.alfa, name="Первая группа")
    Assignment.objects.filter(employee=cast.sp2).update(department=group)
    with enter(cast.boris.scope):
        assert len(codes(judging.draw(replace(WISH, size=None, share=50), by=cast.boris))) == 5
        assert len(codes(judging.draw(replace(WISH, size=None, share=1), by=cast.boris))) == 1
        of_group = judging.draw(replace(WISH, group=group.pk, size=9), by=cast.boris)
        assert set(codes(of_group)) == {call.code for call in talks[8:]}
        assert len(codes(judging.draw(replace(WISH, line=lines.alfa.pk, size=200), by=cast.boris))) == 10
        with pytest.raises(NotComplete):
            judging.draw(replace(WISH, line=lines.fund.pk), by=cast.boris)


def test_the_proof_stands_when_voices_are_erased_and_falls_when_the_past_is_changed(
    talks: list[Call], cast: SimpleNamespace
) -> None:
    with enter(cast.boris.scope):
        sample = judging.draw(replace(WISH, size=5), by=cast.boris, seed=7)
    Recording.objects.update(state="erased", key="")
    with enter(cast.boris.scope):
        assert judging.prove(sample, by=cast.boris).is_same
    Call.objects.filter(pk=judging.key_of(sample.scores.get(place=1))).update(result="abandoned")
    with enter(cast.boris.scope):
        assert judging.prove(sample, by=cast.boris) == judging.Proof(is_same=False, population=9)


def test_nobody_judges_herself_and_no_neighbour_is_drawn(
    pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf], cast: SimpleNamespace
) -> None:
    shelf.files["w.wav"] = sound(1)
    take_in(pbx.whole("w"))
    bring()
    for login in ("alina", "op1"):
        who = getattr(cast, login)
        with enter(who.scope), pytest.raises(NotComplete):
            judging.draw(WISH, by=who)


def test_a_talk_is_judged_and_she_reads_it(talks: list[Call], signed_in: SignIn) -> None:
    boris, alina = signed_in("boris"), signed_in("alina")
    sent = {"since": "11.03.2026", "until": "11.03.2026", "size": "10"}
    answer = boris.post("/telephony/quality/", sent)
    assert answer.status_code == 302
    assert "выборка подтверждена" in words(boris.get(answer.url))
    score = Score.objects.filter(employee__login="alina").order_by("place").first()
    assert score is not None
    page = words(boris.get(f"/telephony/quality/talks/{score.pk}/"))
    assert "data-listen" in page
    assert page.count("data-criterion") == len(score.sample.sheet.criteria)
    marks = {f"mark-{line['code']}": line["most"] for line in score.sample.sheet.criteria}
    assert boris.post(f"/telephony/quality/talks/{score.pk}/", {"comment": "Спокойнее"}).status_code == 422
    done = boris.post(f"/telephony/quality/talks/{score.pk}/", {**marks, "comment": "Спокойнее"})
    assert "/telephony/quality/talks/" in done.url, "the next talk"
    assert "Спокойнее" in words(alina.get("/appeals/quality/mine/"))
    alina.post(f"/appeals/quality/mine/{score.pk}/")
    assert "прочитано" in words(boris.get(f"/telephony/quality/talks/{score.pk}/"))
    assert boris.get(f"/appeals/quality/{score.sample_id}/").status_code == 404, "the journal lists its own"


WHO_JUDGES = [("boris", 200), ("admin", 404), ("alina", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO_JUDGES)
def test_who_may_judge(
    pbx: MemoryPbx,
    seats: SimpleNamespace,
    shelf: type[Shelf],
    cast: SimpleNamespace,
    signed_in: SignIn,
    who: str,
    status: int,
) -> None:
    shelf.files["w.wav"] = sound(1)
    take_in(pbx.whole("w"))
    bring()
    with enter(cast.boris.scope):
        sample = judging.draw(WISH, by=cast.boris)
        score = sample.scores.get()
    assert signed_in(who).get(f"/telephony/quality/talks/{score.pk}/").status_code == status
    assert signed_in(who).get(f"/telephony/quality/{sample.pk}/").status_code == status
