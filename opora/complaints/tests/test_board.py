"""The board page by page, and the page of a case: the rows Django gives, by questions put together once."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal, Grant
from opora.complaints import prepared, queries, services
from opora.complaints.models import Case
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE

SYSTEM = Scope.system("test")
FILTERS: list[dict[str, Any]] = [
    {},
    {"stage": "opened"},
    {"stage": "verdict"},
    {"due": "late"},
    {"due": "late", "stage": "opened"},
    {"mine": True},
    {"mine": True, "stage": "closed"},
    {"stage": "closed"},
]


@pytest.fixture
def cases(complaint: Appeal, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Nine cases of two stages and days, every third has ended; a page holds two."""
    monkeypatch.setattr(prepared, "ON_PAGE", 2)
    for question in (prepared.open_cases, prepared.ended_cases):
        monkeypatch.setattr(question, "_known", {})
    today, now = timezone.localdate(), timezone.now()
    with enter(SYSTEM):
        first = Case.objects.get(pk=complaint.pk)
        appeals = []
        for n in range(1, 9):
            copy = Appeal.objects.get(pk=complaint.pk)
            copy.pk, copy.number, copy.sequence = UUID(int=n), f"{complaint.number}-{n}", 9000 + n
            appeals.append(copy)
        Appeal.objects.bulk_create(appeals)
        seen = [(grant, appeal) for grant in Grant.objects.filter(appeal=complaint) for appeal in appeals]
        Grant.objects.bulk_create([copied(grant, appeal) for grant, appeal in seen])
        for n, appeal in enumerate(appeals):
            is_over = n % 3 == 2
            Case.objects.create(
                appeal=appeal,
                territory=first.territory,
                insurer=first.insurer,
                expert=cast.sp3 if n % 2 else None,
                stage="closed" if is_over else "verdict" if n % 2 else "opened",
                due_on=today + timedelta(days=n % 4 - 2),
                closed_at=now if is_over else None,
            )
        return list(Case.objects.all())


def copied(grant: Grant, appeal: Appeal) -> Grant:
    """Let whoever may see the first appeal see this one."""
    columns = {field.attname: getattr(grant, field.attname) for field in Grant._meta.concrete_fields}
    return Grant(**{**columns, "id": None, "appeal_id": appeal.pk})


def walked(who: Any, **chosen: Any) -> Iterator[list[Case]]:
    """Yield the pages of a list to its end, each checked by the way back."""
    before, after = None, None
    while True:
        page = queries.board(who, after=after, **chosen)
        if before is not None:
            assert list(queries.board(who, after=page.previous, **chosen)) == before
        yield list(page)
        if page.next is None:
            return
        before, after = list(page), page.next


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
@pytest.mark.parametrize("login", ["sp3", "op2"])
def test_every_page_of_every_list(cases: list[Case], cast: SimpleNamespace, login: str, chosen: dict[str, Any]) -> None:
    who, today = getattr(cast, login), timezone.localdate()
    wanted = [one for one in cases if (one.closed_at is not None) == (chosen.get("stage") == "closed")]
    wanted = [one for one in wanted if chosen.get("stage") in {None, one.stage}]
    wanted = [one for one in wanted if "due" not in chosen or one.due_on < today]
    wanted = [one for one in wanted if "mine" not in chosen or one.expert_id == who.pk]
    wanted.sort(key=lambda one: (one.due_on, one.pk))
    if chosen.get("stage") == "closed":
        wanted.sort(key=lambda one: one.pk, reverse=True)
    with enter(who.scope):
        pages = list(walked(who, **chosen))
    assert [one for page in pages for one in page] == wanted
    assert all(len(page) <= 2 for page in pages)


def test_another_insurer_has_a_board_of_its_own(cases: list[Case], cast: SimpleNamespace) -> None:
    assert len(cases) == 9
    for who in (cast.vera, cast.clerk, cast.far):
        with enter(SYSTEM):
            assert list(queries.board(who)) == [], "without the second belt"
            assert not any(one.number for one in queries.stages(who))


def test_what_the_board_says_of_a_case(go: Any, cases: list[Case]) -> None:
    page = go("sp3", "/complaints/").content.decode()
    number = min(cases, key=lambda one: (one.closed_at is not None, one.due_on, one.pk)).appeal.number
    row = page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))]
    assert f'href="/complaints/{number}/"' in row
    assert "Решить, нужна ли экспертиза" in row
    assert "просрочено с" in row
    assert "никто" in row
    assert "Завершено" in go("sp3", "/complaints/?stage=closed").content.decode()


def test_the_sql_of_both_pages_is_written_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing and planning it anew was two thirds of the page of a case."""
    play.handed(LATE_CARE)
    number, who = play.case.appeal.number, play.expert

    def read() -> None:
        for chosen in FILTERS:
            queries.board(who, **chosen)
        queries.stages(who)
        case = queries.of_number(number, who)
        assert case is not None
        found = queries.shown(case)
        assert [len(row.papers.all()) for row in found.requests] == [0]
        assert [one.code for row in found.controls for one in row.violations.all()] == [LATE_CARE.code]

    with enter(who.scope):
        read()
        written: list[str] = []
        as_sql = SQLCompiler.as_sql

        def counted(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
            found = as_sql(self, *args, **kwargs)
            written.append(str(found[0]))
            return found

        monkeypatch.setattr(SQLCompiler, "as_sql", counted)
        read()
    assert written == []


def test_papers_and_violations_come_for_all_rows_at_once(play: Play) -> None:
    row = play.handed(LATE_CARE)
    with enter(SYSTEM):
        paper = row.request.papers.create(name="карта.pdf", media_type="application/pdf", size=1, sha256="0" * 64)
    case = queries.of_number(play.case.appeal.number, play.expert)
    assert case is not None
    with CaptureQueriesContext(connection) as asked:
        found = queries.shown(case)
        assert list(found.requests[0].papers.all()) == [paper]
        assert list(found.requests[0].reminders.all()) == []
        assert [one.code for one in found.controls[0].violations.all()] == [LATE_CARE.code]
    assert len(asked) <= 15


def test_a_claim_is_on_the_page(play: Play) -> None:
    row = play.handed(LATE_CARE)
    play.as_(play.clerk, services.claim, row.pk, number="П-1", grounds="Верно")
    case = queries.of_number(play.case.appeal.number, play.expert)
    assert case is not None
    found = queries.shown(case)
    assert [one.control for one in found.claims] == found.controls
    assert found.events[0].kind == "claimed"
