"""A clinic over a period, its claims, the history of a person: numbers are those of the rows one may see."""

import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.complaints import clinics, queries, services
from opora.complaints.clinics import BEHIND, Asked, Period
from opora.complaints.models import CaseEvent, RecordsRequest
from opora.complaints.services import Found
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE

SECOND = Found("3.1", "outpatient", Decimal("200.00"), Decimal("0.00"))


def year() -> Period:
    today = timezone.localdate()
    return Period(today.replace(month=1, day=1), today)


def counts(asked: Asked) -> dict[str, dict[str, int]]:
    with enter(asked.employee.scope):
        groups = clinics.figures(asked)["groups"]
    return {what: {word: number for word, _, number in found if number} for what, _, found in groups}


def test_a_number_is_that_of_its_rows(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    act = play.handed(LATE_CARE, SECOND)
    play.as_(play.clerk, services.sign, act.pk, disagreement="Нет")
    play.as_(play.clerk, services.claim, act.pk, number="П-1", grounds="Не согласны")
    asked = Asked(place.clinic, cast.sp3, year())
    assert counts(asked) == {
        "complaints": {"": 1, "undecided": 1},
        "requests": {"": 1, "kept": 1},
        "acts": {"": 1, "kept": 1},
        "claims": {"": 1, "undecided": 1},
    }
    with enter(cast.sp3.scope):
        for what, found in counts(asked).items():
            for only, number in found.items():
                assert clinics.behind(asked, what, only=only).count() == number
        figures = clinics.figures(asked)
        assert [(row["code"], row["nonpay"], row["fine"]) for row in figures["violations"]] == [
            ("3.1", Decimal("20.00"), Decimal("0.00")),
            ("3.3", Decimal("400.00"), Decimal("150.00")),
        ]
        assert clinics.behind(asked, "violations", code="3.3").count() == 1


def test_what_came_late_is_late(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    row = play.asked()
    asked = Asked(place.clinic, cast.sp3, year())
    assert counts(asked)["requests"] == {"": 1, "waiting": 1}
    RecordsRequest.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert counts(asked)["requests"] == {"": 1, "missed": 1}
    play.as_(play.clerk, services.answer, row.pk, text="Вот")
    assert counts(asked)["requests"] == {"": 1, "missed": 1}


def test_a_returned_answer_is_awaited_again(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    """What was refused kept no term: the clinic is awaited by the new day, and is late after it."""
    row = play.asked()
    play.as_(play.clerk, services.answer, row.pk, text="Карту не нашли")
    row.refresh_from_db()
    came = {"answered_at": row.answered_at.isoformat(), "due": row.due_on.isoformat()}
    play.as_(play.expert, services.send_back, row.pk, why="Нет карты")
    asked = Asked(place.clinic, cast.sp3, year())
    assert counts(asked)["requests"] == {"": 1, "waiting": 1}
    assert CaseEvent.objects.get(kind="returned").details == {"request": str(row.pk), **came}
    RecordsRequest.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert counts(asked)["requests"] == {"": 1, "missed": 1}
    play.as_(play.clerk, services.answer, row.pk, text="Вот карта")
    assert counts(asked)["requests"] == {"": 1, "missed": 1}


def test_violations_of_a_draft_do_not_count(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    row = play.assigned()
    act = {"number": "Э-1", "on": timezone.localdate(), "conclusion": "Не обследован", "found": [LATE_CARE]}
    play.as_(play.expert, services.write_act, row.pk, **act)
    asked = Asked(place.clinic, cast.sp3, year())
    with enter(cast.sp3.scope):
        figures = clinics.figures(asked)
        assert (figures["violations"], figures["nonpay"], figures["fine"]) == ([], 0, 0)
        play.as_(play.expert, services.hand_over, row.pk)
        assert [one["code"] for one in clinics.figures(asked)["violations"]] == ["3.3"]


def test_another_period_and_another_insurer_see_nothing(
    play: Play, cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    play.handed(LATE_CARE)
    day = timezone.localdate() - timedelta(days=400)
    for who, period in ((cast.sp3, Period(day, day)), (cast.vera, year())):
        assert counts(Asked(place.clinic, who, period)) == {"complaints": {}, "requests": {}, "acts": {}, "claims": {}}


def test_every_number_opens_into_its_rows(go: Any, play: Play, place: SimpleNamespace) -> None:
    play.handed(LATE_CARE)
    page = go("sp3", f"/complaints/clinics/{place.clinic.pk}/").content.decode()
    links = re.findall(rf'href="(/complaints/clinics/{place.clinic.pk}/[^"]+)"', page)
    assert len(links) >= 6
    for link in links:
        rows = go("sp3", link.replace("&amp;", "&"))
        assert rows.status_code == 200
        assert play.case.appeal.number in rows.content.decode(), link


@pytest.mark.parametrize("query", ["?since=x", "?since=10.03.2026&until=01.03.2026", "?since=%00", "?until=31.12.9999"])
def test_a_period_that_cannot_be_read_is_said(go: Any, play: Play, place: SimpleNamespace, query: str) -> None:
    answer = go("sp3", f"/complaints/clinics/{place.clinic.pk}/{query}")
    assert answer.status_code == 200


def test_a_period_that_ends_before_it_begins(go: Any, play: Play, place: SimpleNamespace) -> None:
    page = go("sp3", f"/complaints/clinics/{place.clinic.pk}/?since=10.03.2026&until=01.03.2026").content.decode()
    assert "кончается раньше" in page
    assert "10.03.2026" in page


@pytest.mark.parametrize("what", [*BEHIND, "nothing"])
def test_who_opens_rows(go: Any, play: Play, place: SimpleNamespace, what: str) -> None:
    address = f"/complaints/clinics/{place.clinic.pk}/{what}/"
    assert go("sp3", address).status_code == (404 if what == "nothing" else 200)
    assert go("alina", address).status_code == 403


def test_the_page_of_a_clinic_asks_little(
    play: Play, cast: SimpleNamespace, place: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    play.handed(LATE_CARE)
    with enter(cast.sp3.scope), django_assert_max_num_queries(7):
        clinics.figures(Asked(place.clinic, cast.sp3, year()))


def test_claims_with_verdicts_are_a_list(go: Any, play: Play) -> None:
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, act.pk, disagreement="Нет")
    claim = play.as_(play.clerk, services.claim, act.pk, number="П-77", grounds="Не согласны")
    for query, is_there in (("", True), ("?kind=mee", False), ("?kind=ekmp", True), ("?decision=justified", False)):
        assert ("П-77" in go("sp3", f"/complaints/objections/{query}").content.decode()) is is_there, query
    play.as_(play.fund, services.decide_claim, claim.pk, decision="justified", answer="Согласны")
    for query, is_there in (
        ("", False),
        ("?state=decided", True),
        ("?decision=justified", True),
        ("?decision=partly", False),
    ):
        assert ("П-77" in go("sp3", f"/complaints/objections/{query}").content.decode()) is is_there, query
    assert go("clerk", "/complaints/objections/").status_code == 403


def test_the_history_of_a_person_is_whole(play: Play, cast: SimpleNamespace, polina: Any) -> None:
    today = timezone.localdate()
    play.handed(LATE_CARE)
    play.as_(play.expert, services.restore, play.case.pk, how="money", on=today, amount=Decimal("1500.00"))
    row = play.sued()
    play.as_(
        play.expert,
        services.end_dispute,
        row.pk,
        outcome="satisfied",
        decided_on=today,
        awarded=Decimal("9.50"),
        payer="provider",
    )
    with enter(cast.sp3.scope):
        told = [line.text for line in queries.of_person(polina, cast.sp3)["history"]]
    assert told == [
        "Жалоба: Качество помощи",
        "ЭКМП, акт Э-1: Поликлиника № 1. Нарушения 3.3",
        "Право: вернули деньги, 1500,00 ₽",
        "В суде: Районный суд",
        "В суде: Районный суд, присудили 9,50 ₽",
    ]
    with enter(cast.vera.scope):
        assert queries.of_person(polina, cast.vera)["history"] == []


def test_what_cannot_be_restored_is_not_called_restored(
    go: Any, play: Play, cast: SimpleNamespace, polina: Any
) -> None:
    today = timezone.localdate()
    for how, note in (("drug", ""), ("impossible", "Лечение закончено")):
        play.as_(play.expert, services.restore, play.case.pk, how=how, on=today, note=note)
    with enter(cast.sp3.scope):
        told = [(line.text, line.mark) for line in queries.of_person(polina, cast.sp3)["history"]]
    assert told[1:] == [
        ("Право: обеспечили лекарством", "восстановлено"),
        ("Право: восстановить нельзя", "не восстановлено"),
    ]
    story = go("sp3", f"/complaints/{play.case.appeal.number}/").content.decode().partition('id="story"')[2]
    assert (story.count("Право восстановлено."), story.count("Право восстановить нельзя.")) == (1, 1)


def test_the_history_asks_little(
    play: Play, cast: SimpleNamespace, polina: Any, django_assert_max_num_queries: Any
) -> None:
    play.handed(LATE_CARE)
    with enter(cast.sp3.scope), django_assert_max_num_queries(6):
        queries.of_person(polina, cast.sp3)
