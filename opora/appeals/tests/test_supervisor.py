"""The supervisor: numbers that are what their lists are, reassignment, judging closed talks."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import quality
from opora.appeals.errors import NotComplete
from opora.appeals.intake import Closing, NewAppeal, register
from opora.appeals.listing import Filter, journal
from opora.appeals.listing.totals import total
from opora.appeals.listing.words import chips
from opora.appeals.models import Appeal, IntakeTime, Score
from opora.appeals.summary import intake_times, summary
from opora.audit.models import AuditLine


@pytest.fixture
def late(shelf: SimpleNamespace) -> SimpleNamespace:
    """One of Alfa's is two days late."""
    ago = timezone.now() - timedelta(days=2)
    Appeal.objects.filter(pk=shelf.mine.pk).update(due_at=ago, due_on=ago.date())
    return shelf


@pytest.fixture
def waiting(late: SimpleNamespace) -> SimpleNamespace:
    """And one nobody has taken."""
    ago = timezone.now() - timedelta(days=3)
    Appeal.objects.filter(pk=late.queue.pk).update(due_at=ago, due_on=ago.date())
    return late


def test_each_number_opens_as_many_rows(cast: SimpleNamespace, waiting: SimpleNamespace) -> None:
    for who in (cast.boris, cast.admin):
        with enter(who.scope):
            found = summary(who)
            tables = [[found.total], found.organisations, found.lines, found.employees, found.topics]
            assert found.total.overdue == 2
            assert who is not cast.boris or all(any(row.overdue for row in rows) for rows in tables)
            for row in (row for rows in tables for row in rows):
                opened = {name: journal(who, Filter.read(QueryDict(words))) for name, _, words in row.cells}
                shown = {name: len(page) for name, page in opened.items()}
                told = {name: number for name, number, _ in row.cells}
                if row in found.topics:  # tells of those due until Sunday
                    assert told.pop("open") <= shown.pop("open")
                assert shown == told, row.title
            assert sum(row.open for row in found.organisations) == found.total.open


def test_what_nobody_has_taken_opens_alone(cast: SimpleNamespace, waiting: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        nobodys = next(row for row in summary(cast.boris).employees if row.title == "Никто не взял")
        chosen = Filter.read(QueryDict(next(words for name, _, words in nobodys.cells if name == "overdue")))
        assert [grant.appeal_id for grant in journal(cast.boris, chosen)] == [waiting.queue.pk]
        assert "Ничьи" in [chip["label"] for chip in chips(chosen)]
        assert Filter.read(QueryDict(chosen.query)) == chosen
        every = Filter(whose="nobody", handler=waiting.queue.handler_id)
        counted = total(cast.boris, every)
        assert counted
        assert (counted.number, counted.is_exact) == (len(journal(cast.boris, every)), True)


def test_a_supervisor_sees_her_house_only(cast: SimpleNamespace, late: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        assert [row.title for row in summary(cast.boris).organisations] == ["СМО Альфа"]
    with enter(cast.admin.scope):
        assert {row.title for row in summary(cast.admin).organisations} == {"СМО Альфа", "СМО Бета"}


WHO = [("boris", 200), ("timur", 200), ("alina", 403), ("vera", 403), ("clerk", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_may_supervise(signed_in: Any, late: SimpleNamespace, who: str | None, status: int) -> None:
    assert signed_in(who).get("/appeals/supervisor/").status_code == status


def test_many_are_given_to_a_colleague_with_one_reason(
    cast: SimpleNamespace, signed_in: Any, late: SimpleNamespace
) -> None:
    boris = signed_in("boris")
    page = boris.get("/appeals/supervisor/reassignment/?due=overdue")
    assert late.mine.number in page.content.decode()
    assert late.queue.number not in page.content.decode()
    chosen = {"query": "due=overdue", "appeals": [str(late.mine.pk)], "owner": cast.sp2.pk}

    assert boris.post("/appeals/supervisor/reassignment/", chosen).status_code == 422
    assert boris.post("/appeals/supervisor/reassignment/", {**chosen, "why": "Алина болеет"}).status_code == 302
    late.mine.refresh_from_db()
    assert late.mine.owner == cast.sp2


def test_medians_of_intake_name_nobody(cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace) -> None:
    today = timezone.localdate()
    for topic, times in (("t-policy", [10, 20, 30, 40, 50]), ("t-waiting", [100, 200])):
        for seconds in times:
            IntakeTime.objects.create(organisation=place.alfa, line="sp1", topic_code=topic, on=today, seconds=seconds)
    with enter(cast.boris.scope):
        found = intake_times(cast.boris)

    assert [(row.title, row.median, row.talks) for row in found] == [("Получение полиса", timedelta(seconds=30), 5)]


def test_medians_of_intake_count_branches_and_no_neighbour(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace, signed_in: Any
) -> None:
    today = timezone.localdate()
    for organisation, seconds in ((place.branch, 20), (place.alfa, 40), (place.beta, 3000)):
        told = {"organisation": organisation, "line": "sp1", "topic_code": "t-policy", "on": today, "seconds": seconds}
        IntakeTime.objects.bulk_create([IntakeTime(**told) for _ in range(3)])
    with enter(cast.boris.scope):
        [row] = intake_times(cast.boris)
    assert (row.median, row.talks) == (timedelta(seconds=30), 6)
    page = signed_in("boris").get("/appeals/supervisor/").content.decode()
    assert "медиана по теме за 30 дней, без имён сотрудников" in page
    assert not any(field.name in {"employee", "owner", "by"} for field in IntakeTime._meta.fields)


@pytest.fixture
def talks(cast: SimpleNamespace, topics: SimpleNamespace) -> list[Any]:
    with enter(cast.alina.scope):
        closing = Closing(outcome="consulted", answer="Полис действует.")
        return [
            register(
                NewAppeal(kind="consultation", topic=topics.policy, channel="hot_line", text="Полис", closing=closing),
                by=cast.alina,
            ).id
            for _ in range(6)
        ]


def test_a_sample_is_drawn_again_from_its_seed(cast: SimpleNamespace, talks: list[Any]) -> None:
    today = timezone.localdate()
    days = {"since": today - timedelta(days=1), "until": today + timedelta(days=1)}
    with enter(cast.boris.scope):
        first = quality.draw(**days, size=3, by=cast.boris, seed=7)
        again = quality.draw(**days, size=3, by=cast.boris, seed=7)
        other = quality.draw(**days, size=6, by=cast.boris, seed=8)

        picked = [list(sample.scores.values_list("appeal_id", flat=True)) for sample in (first, again, other)]
        assert picked[0] == picked[1]
        assert set(picked[2]) == set(talks)
        with pytest.raises(NotComplete, match="закрытых обращений нет"):
            quality.draw(**days, size=3, by=cast.boris, line="sp3")


def test_marks_reach_the_colleague_and_nobody_else(cast: SimpleNamespace, signed_in: Any, talks: list[Any]) -> None:
    boris = signed_in("boris")
    today = timezone.localdate()
    since, until = today - timedelta(days=1), today + timedelta(days=1)
    answer = boris.post("/appeals/quality/", {"since": f"{since:%d.%m.%Y}", "until": f"{until:%d.%m.%Y}", "size": 2})
    assert answer.status_code == 302
    score = Score.objects.order_by("place").first()
    assert score
    marks = {f"mark-{criterion['code']}": criterion["most"] for criterion in score.sample.sheet.criteria}

    assert boris.post(f"/appeals/quality/talks/{score.pk}/", {"comment": "Хорошо"}).status_code == 422
    assert boris.post(f"/appeals/quality/talks/{score.pk}/", {**marks, "comment": "Хорошо"}).status_code == 302
    score.refresh_from_db()
    assert score.total == 100
    assert "Хорошо" in signed_in("alina").get("/appeals/quality/mine/").content.decode()
    alina = signed_in("alina")
    for _ in range(2):
        assert alina.post(f"/appeals/quality/mine/{score.pk}/").status_code == 302
    assert signed_in("sp2").post(f"/appeals/quality/mine/{score.pk}/").status_code == 404
    assert "Вы прочитали" in alina.get("/appeals/quality/mine/").content.decode()
    assert AuditLine.objects.filter(action="appeals.quality.acknowledge").count() == 1
    assert "Хорошо" not in signed_in("sp2").get("/appeals/quality/mine/").content.decode()
    assert signed_in("alina").get(f"/appeals/quality/talks/{score.pk}/").status_code == 403
    assert signed_in("admin").get(f"/appeals/quality/talks/{score.pk}/").status_code == 404
