"""Pages of the room: what is counted and opened on them, by whom, and what is answered to garbage."""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals import services
from opora.audit.models import AuditLine
from opora.reports import asking, explaining, following, seals, subjects
from opora.reports.counting import Report
from opora.reports.errors import ReportsError
from opora.reports.models import AppealFact, Cursor, Export, Seal
from opora.reports.periods import Period
from opora.reports.places import Place
from opora.reports.services.sealing import seal
from opora.reports.tests import desk

type SignIn = Callable[[str | None], Client]
CELLS = {
    "one": "1/2/oral",
    "sum": "1/1/all",
    "less": "1/rest/all",
    "share": "1/share/all",
    "growth": "1/1/growth",
    "part": "1/2/part",
}


@pytest.fixture
def facts(topics: SimpleNamespace, place: SimpleNamespace) -> None:
    """Alfa: 3 complaints of 8 (2 oral), last year 4; Beta: 5; the fund: 2."""
    desk.load()
    quality, policy = topics.quality, topics.policy
    desk.add(place, quality, 2, kind="complaint", verdict="justified")
    desk.add(place, quality, 1, kind="complaint", form="written")
    desk.add(place, policy, 5)
    desk.add(place, policy, 4, closed_on=date(2023, 3, 5))
    desk.add(place, policy, 5, insurer_id=place.beta.pk)
    desk.add(place, policy, 2, insurer_id=0, performer="fund")


@pytest.fixture
def go(signed_in: SignIn) -> Callable[..., Any]:
    def ask(who: str | None, address: str, data: Any = None) -> Any:
        client = signed_in(who)
        return client.get(f"/reports/{address}") if data is None else client.post(f"/reports/{address}", data)

    return ask


def numbers(page: Any, table: int = 0) -> dict[str, list[str]]:
    return {line.code: [cell.text for cell in line.cells] for line in page.context["tables"][table].lines}


def test_a_report_shows_what_is_counted(go: Any, facts: None) -> None:
    page = go("timur", f"small-form/?{desk.MARCH}")
    assert numbers(page) == {
        "1": ["7", "1", "8", "4", "100,0\u00a0%", "100,0\u00a0%"],
        "2": ["2", "1", "3", "0", "—", "37,5\u00a0%"],
        "3": ["5", "0", "5", "4", "25,0\u00a0%", "62,5\u00a0%"],
        "3.1": ["0", "x", "0", "0", "—", "0,0\u00a0%"],
        "share": ["28,6\u00a0%", "100,0\u00a0%", "37,5\u00a0%", "0,0\u00a0%", "—", "468,8\u00a0%"],
        "rest": ["5", "0", "5", "4", "25,0\u00a0%", "62,5\u00a0%"],
    }
    heads = page.context["tables"][0].heads
    assert [(one.title, one.across, one.down) for one in heads[0]][:2] == [("Форма", 2, 1), ("всего", 1, 2)]
    chart = page.context["tables"][0].chart
    assert chart.categories == ["жалобы", "прочие", "дети"]
    assert [(one.name, one.former, list(one.values)) for one in chart.series] == [
        ("устно", False, [2, 5, 0]), ("письменно", False, [1, 0, None]), ("год назад", True, [0, 4, 0]),
    ]  # fmt: skip
    text = page.content.decode()
    assert "март 2024 года" in text
    assert "выдумана для проверки. Редакция 1." in text
    assert "Для проверки страниц." in text


def test_facts_say_until_when_they_were_read(go: Any, facts: None) -> None:
    assert "Данные ещё не собраны" in go("timur", f"small-form/?{desk.MARCH}").content.decode()
    with enter(Scope.system("a test reads")):
        at = datetime(2024, 4, 2, 10, 42, tzinfo=ZoneInfo("Asia/Novosibirsk"))
        Cursor.objects.update_or_create(pk=1, defaults={"read_at": at})
    assert "Данные на 02.04.2024\u00a010:42" in go("timur", f"small-form/?{desk.MARCH}").content.decode()


def test_a_broken_relation_shows_both_numbers_and_their_rows(
    go: Any, facts: None, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    assert go("timur", f"small-form/?{desk.MARCH}").context["faults"] == []
    desk.add(place, topics.quality, 4, kind="complaint")
    page = go("timur", f"small-form/?{desk.MARCH}")
    [fault] = page.context["faults"]
    assert (fault.left.text, fault.must, fault.right.text) == ("7", "не больше", "5")
    [(title, link)] = fault.left.cells
    assert title == "жалобы — всего"
    assert go("timur", link.removeprefix("/reports/")).context["behind"].many == 7


def test_the_list_offers_reports_and_periods(go: Any, facts: None) -> None:
    page = go("timur", "?period=2024-03")
    [(title, one)] = [
        (title, one) for title, reports in page.context["groups"] for one in reports if one.pack.name == "small-form"
    ]
    assert (title, one.about) == ("Другие", "Для проверки страниц.")
    assert one.link == f"/reports/small-form/?{desk.MARCH}"
    assert go("timur", one.link.removeprefix("/reports/")).status_code == 200
    assert go("timur", "small-form/").status_code == 200
    assert "отчётов нет" in go("timur", "?period=2001").content.decode()


def test_a_number_opens_into_as_many_rows(go: Any, facts: None) -> None:
    page = go("timur", f"small-form/?{desk.MARCH}")
    for line in page.context["tables"][0].lines:
        for cell in line.cells:
            if cell.link and "%" not in cell.text and line.code != "rest":
                behind = go("timur", cell.link.removeprefix("/reports/"))
                assert behind.context["text"] == cell.text
                assert len(behind.context["page"]) == int(cell.text), cell.link


def test_pages_of_rows_are_walked_both_ways(
    go: Any, facts: None, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    for day in range(1, 27):
        desk.add(place, topics.quality, 4, kind="complaint", closed_on=date(2024, 3, day))
    address = f"small-form/rows/?{desk.MARCH}&cell=1/2/oral"
    seen, after, marks = [], "", []
    while after is not None:
        page = go("timur", f"{address}&after={after}".replace("+", "%2B")).context["page"]
        seen += [row.day for row in page]
        marks.append((after, page))
        after = page.next
    assert (len(seen), len(marks)) == (106, 3)
    assert seen == sorted(seen)
    back = go("timur", f"{address}&after={marks[2][1].previous}").context["page"]
    assert [row.day for row in back] == [row.day for row in marks[1][1]]


@pytest.mark.parametrize(
    ("name", "way", "pieces", "rows"),
    [
        ("one", "counted", [], 2),
        ("sum", "sum", ["7", "1"], 8),
        ("less", "sum", ["5", "0"], 5),
        ("share", "percent", ["3", "8"], 0),
        ("growth", "growth", ["8", "4"], 0),
        ("part", "percent", ["3", "8"], 0),
    ],
)
def test_a_number_says_what_it_is_made_of(
    go: Any, facts: None, name: str, way: str, pieces: list[str], rows: int
) -> None:
    page = go("timur", f"small-form/rows/?{desk.MARCH}&cell={CELLS[name]}")
    assert page.context["behind"].way == way
    assert [one["text"] for one in page.context["pieces"]] == pieces
    for one in page.context["pieces"]:
        assert go("timur", one["url"].removeprefix("/reports/")).context["text"] == one["text"]
    assert name == "less" or len(page.context["page"]) == rows


def test_pieces_make_the_number(facts: None, place: SimpleNamespace, cast: SimpleNamespace) -> None:
    with enter(cast.timur.scope):
        asked = asking.ask(cast.timur, "small-form", "54001", "2024-03")
        for row in ("1", "2", "3", "rest"):
            found = explaining.behind(asked, Place("1", row, "all"))
            assert explaining.equals(found.pieces) == found.cell.value, row


def test_rows_name_the_appeal_where_she_may_see_it(
    go: Any, facts: None, topics: SimpleNamespace, place: SimpleNamespace, cast: SimpleNamespace
) -> None:
    hers, others = desk.appeal(cast.alina, topics.policy), desk.appeal(cast.vera, topics.policy)
    desk.add(place, topics.policy, appeal=hers.pk, flags=["child"], topic_code="t-policy")
    desk.add(place, topics.policy, appeal=others.pk, flags=["child"])
    page = go("timur", f"small-form/rows/?{desk.MARCH}&cell=1/3.1/oral")
    shown = sorted((row.number, row.link, row.is_hidden) for row in page.context["page"])
    assert shown == [("", "", True), (hers.number, f"/appeals/{hers.number}/", False)]
    text = page.content.decode()
    assert others.number not in text
    assert "ведёт другая организация" in text
    assert "Получение полиса" in text
    [line] = AuditLine.objects.filter(action="reports.rows")
    assert (line.subject_id, line.details["cell"]) == ("small-form", "1/3.1/oral")


def test_without_the_journal_a_number_has_no_appeals(
    go: Any, facts: None, topics: SimpleNamespace, place: SimpleNamespace, cast: SimpleNamespace
) -> None:
    hers = desk.appeal(cast.alina, topics.policy)
    desk.add(place, topics.policy, appeal=hers.pk, flags=["child"], topic_code="t-policy")
    role = cast.timur.assignment.role
    role.rights = [one for one in role.rights if one != Right.APPEALS_VIEW]
    role.save()
    page = go("timur", f"small-form/rows/?{desk.MARCH}&cell=1/3.1/oral")
    assert page.context["text"] != "0"
    assert hers.number not in page.content.decode()
    assert "Видеть журнал обращений" in page.content.decode()
    assert not page.context["may_leave"]
    asked = f"small-form/exporting/?{desk.MARCH}&cell=1/3.1/oral"
    assert go("timur", asked, {"form": "csv"}).status_code == 422
    assert not Export.objects.exists()


WHO = [("timur", 200), ("boris", 200), ("alina", 403), ("op1", 403), ("clerk", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO)
@pytest.mark.parametrize(
    "page",
    [
        "",
        f"small-form/?{desk.MARCH}",
        f"small-form/rows/?{desk.MARCH}&cell=1/1/all",
        f"small-form/sealing/?{desk.MARCH}",
    ],
)
def test_who_sees(go: Any, facts: None, page: str, who: str | None, status: int) -> None:
    assert go(who, page).status_code == status


@pytest.mark.parametrize("of", ["54002", "54000", "50000", "540001", "no", ""])
def test_an_insurer_asks_for_nobody_elses(go: Any, facts: None, of: str) -> None:
    for page in ("small-form/?", "small-form/rows/?cell=1/1/all&", "small-form/sealing/?"):
        answer = go("timur", f"{page}of={of}&period=2024-03")
        is_her_own = of == "" and page == "small-form/?"
        assert answer.status_code == (200 if is_her_own else 404)
        if is_her_own:
            assert answer.context["counted"].subject == "54001"


def test_a_fund_asks_for_everybody(go: Any, facts: None, cast: SimpleNamespace) -> None:
    desk.become(cast.op1, "analyst")
    for of, number in (("50000", "15"), ("54001", "8"), ("54002", "5")):
        assert numbers(go("op1", f"small-form/?of={of}&period=2024-03"))["1"][2] == number
    refused = go("op1", "small-form/?of=54000&period=2024-03")
    assert refused.status_code == 400
    assert "составляют по территории, по страховой" in refused.content.decode()
    assert go("op1", "small-form/?of=22000&period=2024-03").status_code == 404


def test_another_territory_sees_nothing(go: Any, facts: None, cast: SimpleNamespace) -> None:
    desk.become(cast.far, "analyst")
    assert go("far", f"small-form/?{desk.MARCH}").status_code == 404
    assert numbers(go("far", "small-form/?of=01000&period=2024-03"))["1"][2] == "0"


GARBAGE = [
    ("small-form/?of=54001&period=2024-13", 400, "Период не понят"),
    ("small-form/?of=54001&period=%00", 400, "Период не понят"),
    ("small-form/?of=54001&period=2024", 400, "составляют за месяц"),
    ("small-form/?of=54001&period=2090-01", 400, "ещё не начался"),
    ("small-form/?of=54001&period=2019-01", 404, "на 31.01.2019 нет"),
    ("other-form/?of=54001&period=2024-01", 404, "«other-form»"),
    (f"small-form/rows/?{desk.MARCH}", 404, "ячейки"),
    (f"small-form/rows/?{desk.MARCH}&cell=1/9/all", 404, "ячейки"),
    (f"small-form/rows/?{desk.MARCH}&cell=1/3.1/written", 404, "ячейки"),
    (f"small-form/rows/?{desk.MARCH}&cell=%00/%00/x", 404, "ячейки"),
    ("small-form/rows/?seal=x&cell=1/1/all", 404, "отчёта нет"),
    ("?period=x", 400, "Период не понят"),
    ("?of=x", 404, "для вас нет"),
]


@pytest.mark.parametrize(("address", "status", "words"), GARBAGE)
def test_garbage_is_answered_with_a_sentence(go: Any, facts: None, address: str, status: int, words: str) -> None:
    answer = go("timur", address)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)


@pytest.mark.parametrize("mark", ["x", "%2B2024-03-05~", "-2024-99-99~x", "~~", "%2B9999-12-31~%00"])
def test_a_mark_that_is_none_begins_anew(go: Any, facts: None, mark: str) -> None:
    page = go("timur", f"small-form/rows/?{desk.MARCH}&cell=1/1/all&after={mark}")
    assert page.status_code == 200


@pytest.fixture
def closed(go: Any, facts: None) -> Seal:
    answer = go("timur", f"small-form/sealing/?{desk.MARCH}", {})
    assert answer.status_code == 302
    return Seal.objects.get()


def test_a_period_is_closed_on_the_page(go: Any, closed: Seal, cast: SimpleNamespace) -> None:
    assert "период не закрыт" in go("timur", "small-form/?of=54001&period=2024-02").content.decode()
    page = go("timur", f"small-form/?{desk.MARCH}")
    assert page.context["versions"] == [closed]
    assert not page.context["is_changed"]
    shown = go("timur", f"sealed/{closed.pk}/").content.decode()
    assert closed.sha256 in shown
    assert cast.timur.full_name in shown
    assert AuditLine.objects.filter(action="reports.sealed.read", subject_id=str(closed.pk)).exists()


def test_a_closed_report_is_shown_as_it_is_kept(
    go: Any, closed: Seal, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    before = numbers(go("timur", f"sealed/{closed.pk}/"))
    desk.add(place, topics.policy, 3)
    assert numbers(go("timur", f"sealed/{closed.pk}/")) == before
    page = go("timur", f"small-form/?{desk.MARCH}")
    assert numbers(page)["1"][2] == "11"
    assert page.context["is_changed"]


def test_versions_are_compared(go: Any, closed: Seal, topics: SimpleNamespace, place: SimpleNamespace) -> None:
    desk.add(place, topics.policy, 3)
    address = f"small-form/sealing/?{desk.MARCH}"
    assert "останется как есть" in go("timur", address).content.decode()
    assert go("timur", address, {"note": ""}).status_code == 422
    assert go("timur", address, {"note": "Дошли письма"}).status_code == 302
    later = Seal.objects.get(number=2)
    page = go("timur", f"sealed/{later.pk}/against/{closed.pk}/")
    told = {str(one.place): (one.was, one.became, one.by) for one, _, _ in page.context["lines"]}
    assert told["1/3/oral"] == ("5", "8", "+3")
    assert told["1/share/all"] == ("37,5\u00a0%", "27,3\u00a0%", "−10,2\u00a0п.\u00a0п.")
    assert "1/2/oral" not in told
    assert "Дошли письма" in page.content.decode()
    reasons = page.context["reasons"]
    assert [(one.how, one.what, one.number, one.is_hidden) for one in reasons.shown] == [
        ("появилось", "обращение", "", True)
    ] * 3
    assert "вам не открыто" in page.content.decode()
    one = go("timur", f"sealed/{later.pk}/against/{closed.pk}/?cell=1/3/oral")
    assert "было 5, стало 8" in one.content.decode()
    assert go("timur", f"sealed/{later.pk}/against/{closed.pk}/?cell=1/2/oral").status_code == 404
    same = go("timur", f"sealed/{later.pk}/against/{later.pk}/")
    assert "не отличаются" in same.content.decode()


def test_why_a_number_changed_is_told_by_rights(go: Any, journal: Any, chained: Any, cast: Any, facts: None) -> None:
    """Her own appeal comes with its number, what changed in it and the event that did it."""
    hers = journal.question()
    journal.close(hers)
    chained()
    following.follow()
    AppealFact.objects.filter(pk=hers.pk).update(closed_on=date(2024, 3, 5), registered_on=date(2024, 3, 4))

    def version(note: str = "") -> Seal:
        subject = subjects.subject("54001", cast.timur)
        with enter(cast.timur.scope):
            return seal("small-form", subject, Period.read("2024-03"), by=cast.timur, note=note)

    first = version()
    with enter(cast.sp3.scope):
        services.reopen(hers.pk, why="Новое", by=cast.sp3)
    AppealFact.objects.filter(pk=hers.pk).update(closed_on=None)
    page = go("timur", f"sealed/{version('Открыто снова').pk}/against/{first.pk}/")
    [reason] = page.context["reasons"].shown
    assert (reason.how, reason.number, reason.link) == ("ушло", hers.number, f"/appeals/{hers.number}/")
    assert ("закрыто", "05.03.2024", "—") in reason.changes
    assert [event.kind for event in reason.events] == ["Возобновлено"]
    assert AuditLine.objects.filter(action="reports.reasons").exists()


def test_a_version_that_changes_nothing_is_refused(go: Any, closed: Seal) -> None:
    answer = go("timur", f"small-form/sealing/?{desk.MARCH}", {"note": "Ещё раз"})
    assert answer.status_code == 422
    assert "уже закрыт" in answer.content.decode()


def test_a_period_that_runs_is_not_closed(go: Any, facts: None, place: SimpleNamespace) -> None:
    today = asking.today_of(place.nsk.code)
    address = f"of=54001&period={today:%Y-%m}"
    page = go("timur", f"small-form/?{address}").content.decode()
    assert "Закрыть период" not in page
    assert "период ещё идёт, а «год назад» посчитан за весь" in page
    assert "период ещё идёт" not in go("timur", "small-form/?of=54001&period=2024-03").content.decode()
    answer = go("timur", f"small-form/sealing/?{address}", {})
    assert "не кончился" in answer.content.decode()
    assert not Seal.objects.exists()


def test_a_closed_report_of_another_is_not_found(
    go: Any, closed: Seal, cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    desk.become(cast.vera, "analyst")
    desk.become(cast.op1, "analyst")
    pages = [f"sealed/{closed.pk}/", f"sealed/{closed.pk}/against/{closed.pk}/"]
    pages.append(f"small-form/rows/?seal={closed.pk}&cell=1/1/all")
    for page in pages:
        assert (go("vera", page).status_code, go("op1", page).status_code) == (404, 200)
        assert go("alina", page).status_code == 403


def test_only_who_may_close_closes(go: Any, facts: None, cast: SimpleNamespace) -> None:
    role = cast.timur.assignment.role
    role.rights = [one for one in role.rights if one != "reports:seal"]
    role.save(update_fields=["rights"])
    assert "Закрыть период" not in go("timur", f"small-form/?{desk.MARCH}").content.decode()
    assert go("timur", f"small-form/sealing/?{desk.MARCH}", {}).status_code == 403


def test_the_door_refuses_who_has_no_right(facts: None, cast: SimpleNamespace) -> None:
    with enter(cast.alina.scope), pytest.raises(Exception, match="нет права"):
        asking.ask(cast.alina, "small-form", "54001", "2024-03")
    with enter(cast.timur.scope), pytest.raises(ReportsError):
        asking.ask(cast.timur, "small-form", "54002", "2024-03")
    with enter(cast.timur.scope):
        assert isinstance(asking.ask(cast.timur, "small-form", "54001", "2024-03"), Report)


@pytest.mark.parametrize(
    ("page", "most"),
    [("", 14), (f"small-form/?{desk.MARCH}", 24), (f"small-form/rows/?{desk.MARCH}&cell=1/1/all", 22)],
)
def test_pages_ask_little(
    signed_in: SignIn, facts: None, page: str, most: int, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("timur")
    client.get(f"/reports/{page}")
    with django_assert_max_num_queries(most):
        client.get(f"/reports/{page}")


def test_periods_beside(facts: None) -> None:
    assert Period.read("2024-01").shifted(-1).code == "2023-12"
    assert Period.read("2024-03:08").shifted(-1).code == "2024-03:07"
    assert Period.read("2024-01:01").shifted(-1).code == "2023-01:12"


def test_a_missing_cell_is_said(facts: None, cast: SimpleNamespace) -> None:
    with enter(cast.timur.scope):
        counted = asking.ask(cast.timur, "small-form", "54001", "2024-03").counted()
    fewer = type(counted)(**{name: getattr(counted, name) for name in counted.__slots__} | {"tables": []})
    told = seals.differences(counted, fewer)
    assert {one.became for one in told} == {"нет ячейки"}


def test_facts_under_a_closed_report(closed: Seal, cast: SimpleNamespace) -> None:
    with enter(cast.timur.scope):
        seal, asked = asking.as_sealed(cast.timur, closed.pk)
        assert (asked.subject.code, asked.seal) == ("54001", seal)
        assert asked.counted().text == closed.body
    assert AppealFact.objects.count() == 19
