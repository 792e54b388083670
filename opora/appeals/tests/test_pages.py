"""Pages of the journal: who sees what of which appeal, what a page asks of the database, what leaves it."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.appeals import exports
from opora.appeals.errors import NotComplete
from opora.appeals.models import Event, Export, Grant, ListColumns, SavedView
from opora.audit.models import AuditLine
from opora.organisations import exporting
from opora.organisations.models import Assignment, Role
from opora.shared.jobs import alone

LIST_BUDGET, CARD_BUDGET = 6, 14
# What every page asks before its own work: who she is, her places, her scope.
NOT_OURS = ("session", "organisations_employee", "organisations_assignment", "set_config", "SAVEPOINT", "audit_")


def own(queries: CaptureQueriesContext) -> list[str]:
    texts = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in texts if not any(sign in sql.split("WHERE")[0] for sign in NOT_OURS)]


# depth of Alfa's grant → what the page of the complaint says: number in the list, text, applicant, card
BY_DEPTH = [
    (1, False, False, False, 404),
    (2, True, False, False, 200),
    (3, True, True, False, 200),
    (4, True, True, True, 200),
]


@pytest.mark.parametrize(("depth", "listed", "text", "person", "status"), BY_DEPTH)
def test_a_depth_shows_no_more_than_it_says(
    signed_in: Any, shelf: SimpleNamespace, depth: int, listed: bool, text: bool, person: bool, status: int
) -> None:
    Grant.objects.filter(appeal=shelf.complaint).update(depth1=depth)
    number = shelf.complaint.number
    client = signed_in("alina")
    client.post("/appeals/columns/", {"columns": ["due", "topic", "text", "applicant", "phone", "owner"]})

    for page in (client.get("/appeals/"), client.get("/appeals/paper/"), client.get("/appeals/?flags=oncology")):
        assert (number in page.content.decode()) is listed
        assert ("Отказали в госпитализации" in page.content.decode()) is text
        assert ("Соловьёва-Седая" in page.content.decode()) is person
        assert ("900 000" in page.content.decode().replace("\xa0", " ")) is person
    for address in (f"/appeals/{number}/", f"/appeals/{number}/paper/"):
        page = client.get(address)
        assert page.status_code == status
        assert ("Отказали в госпитализации" in page.content.decode()) is text
        assert ("Соловьёва-Седая" in page.content.decode()) is person


WHO = [
    ("alina", {"mine", "queue", "complaint", "handed"}),
    ("sp3", {"mine", "queue", "complaint", "handed"}),
    ("filial", {"mine", "queue", "complaint", "handed"}),
    ("vera", {"handed", "betas"}),
    ("op1", {"mine", "queue", "complaint", "handed", "betas"}),
    ("clerk", set()),
    ("far", set()),
    ("ministry", set()),
]


@pytest.mark.parametrize(("who", "wanted"), WHO)
def test_who_opens_which_card(signed_in: Any, shelf: SimpleNamespace, who: str, wanted: set[str]) -> None:
    client = signed_in(who)
    if who == "ministry":
        client.post("/me/purpose/", {"why": "inspection"})
    page = client.get("/appeals/").content.decode()
    for name, appeal in vars(shelf).items():
        assert (appeal.number in page) is (name in wanted), name
        status = client.get(f"/appeals/{appeal.number}/").status_code
        assert status == (200 if name in wanted else 404) or (who == "ministry" and status == 302), name


def test_a_list_and_a_card_ask_little(signed_in: Any, shelf: SimpleNamespace) -> None:
    client = signed_in("alina")
    client.get("/appeals/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/appeals/")
    assert len(own(queries)) <= LIST_BUDGET, own(queries)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/appeals/{shelf.complaint.number}/")
    assert len(own(queries)) <= CARD_BUDGET, own(queries)


def test_reading_leaves_lines(signed_in: Any, shelf: SimpleNamespace) -> None:
    client = signed_in("vera")
    client.get("/appeals/?kind=complaint")
    client.get(f"/appeals/{shelf.betas.number}/")
    client.get(f"/appeals/{shelf.mine.number}/")

    lines = AuditLine.objects.filter(action__startswith="appeals.")
    found = {(line.action, line.result, line.subject_id) for line in lines if line.employee_name.startswith("Верина")}
    assert ("appeals.card.read", "done", str(shelf.betas.pk)) in found
    assert ("appeals.card.read", "not_found", shelf.mine.number) in found
    listed = lines.get(action="appeals.list.read")
    assert listed.details == {"rows": 0, "named": 0, "by": ["kind"]}


def test_what_is_searched_for_is_in_no_address(signed_in: Any, shelf: SimpleNamespace) -> None:
    client = signed_in("alina")
    answer = client.post("/appeals/finding/", {"q": "Соловьёва", "within": "kind=complaint"})

    assert "kind=complaint" in answer.url
    assert "%D0" not in answer.url
    assert shelf.complaint.number in client.get(answer.url).content.decode()
    assert client.post("/appeals/finding/", {"q": shelf.mine.number}).url == f"/appeals/?number={shelf.mine.number}"


def test_an_address_has_no_empty_words(signed_in: Any, shelf: SimpleNamespace) -> None:
    answer = signed_in("alina").get("/appeals/?whose=&kind=complaint&due=")

    assert answer.url == "/appeals/?kind=complaint"


def test_views_and_columns_are_her_own(cast: SimpleNamespace, signed_in: Any, shelf: SimpleNamespace) -> None:
    alina, vera = signed_in("alina"), signed_in("vera")
    alina.post("/appeals/views/", {"title": "Жалобы почтой", "query": "kind=complaint&channel=post"})
    alina.post("/appeals/columns/", {"columns": ["channel", "no-such"]})

    assert "Жалобы почтой" in alina.get("/appeals/").content.decode()
    assert "Жалобы почтой" not in vera.get("/appeals/").content.decode()
    assert ListColumns.objects.get(pk=cast.alina.pk).columns == ["channel"]
    view = SavedView.objects.get()
    assert vera.post(f"/appeals/views/{view.pk}/removal/").status_code == 404
    assert alina.post(f"/appeals/views/{view.pk}/removal/").status_code == 302
    assert not SavedView.objects.exists()


def test_an_export_holds_what_its_maker_sees(
    cast: SimpleNamespace, signed_in: Any, shelf: SimpleNamespace, settings: Any, tmp_path: Any
) -> None:
    from python_calamine import CalamineWorkbook

    settings.DATA_DIR = tmp_path
    Grant.objects.filter(appeal=shelf.complaint).update(depth1=2, depth2=2, depth3=2)
    boris = signed_in("boris")
    boris.post("/appeals/exports/", {"query": "state=all"})
    export = Export.objects.get()
    assert exports.write(export.pk) == 4
    assert exports.write(export.pk) == 0

    page = boris.get(f"/appeals/exports/{export.pk}/")
    assert "Скачать" in page.content.decode()
    answer = boris.get(f"/appeals/exports/{export.pk}/file/")
    (tmp_path / "taken.xlsx").write_bytes(b"".join(answer.streaming_content))
    rows = CalamineWorkbook.from_path(tmp_path / "taken.xlsx").get_sheet_by_index(0).to_python()
    flat = {cell for row in rows for cell in row}
    assert {shelf.mine.number, shelf.complaint.number, "скрыто"} <= flat
    assert not any("Соловьёва" in str(cell) or "госпитализации" in str(cell) for cell in flat)
    assert shelf.betas.number not in flat
    assert signed_in("admin").get(f"/appeals/exports/{export.pk}/file/").status_code == 404
    exports.forget_old(now=export.asked_at + exports.KEPT * 2)
    assert boris.get(f"/appeals/exports/{export.pk}/file/").status_code == 404
    assert not exports.path_of(export).exists()


def test_an_export_a_dead_worker_has_begun_is_begun_anew_and_blocks_nobody(
    signed_in: Any, shelf: SimpleNamespace, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    signed_in("boris").post("/appeals/exports/", {"query": "state=all"})
    export = Export.objects.get()
    Export.objects.update(state=Export.State.RUNNING)
    with alone(f"appeals.export:{export.pk}"):
        assert exports.write(export.pk) == 0, "another writes it"
    assert exports.write(export.pk) == 4

    Export.objects.update(state=Export.State.RUNNING)
    assert exports.end_left() == 0, "its job may still be given back"
    Export.objects.update(asked_at=export.asked_at - exporting.LEFT_ALONE)
    with alone(f"appeals.export:{export.pk}"):
        assert exports.end_left() == 0
    assert exports.end_left() == 1
    assert Export.objects.get().state == Export.State.FAILED


@pytest.mark.parametrize("loses", ["the place", "the right"])
def test_who_has_lost_the_place_or_the_right_takes_no_file_along(
    loses: str, cast: SimpleNamespace, place: Any, signed_in: Any, shelf: Any, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    for _ in range(2):
        signed_in("boris").post("/appeals/exports/", {"query": "state=all"})
    ready, waiting = Export.objects.order_by("pk")
    exports.write(ready.pk)
    url = f"/appeals/exports/{ready.pk}/file/"
    assert signed_in("boris").get(url).status_code == 200
    former = cast.boris.assignments.get()
    if loses == "the place":
        cast.boris.assignments.update(until=date(2023, 1, 1))
    else:
        cast.boris.assignments.update(role=Role.objects.get(slug="sp1"))
    Assignment.objects.create(
        employee=cast.boris, organisation=place.beta, role=former.role, since=date(2023, 1, 2)
    )  # where she may export again, but not what she saw at Alfa
    assert signed_in("boris").get(url).status_code in {403, 404}
    with pytest.raises(NotComplete, match="больше не даёт"):
        exports.write(waiting.pk)
    assert list((tmp_path / "exports").glob("*.xlsx")) == [exports.path_of(ready)]


def test_a_card_looks_into_no_month_before_its_registration(shelf: SimpleNamespace) -> None:
    before = shelf.complaint.registered_at - timedelta(days=70)
    plan = Event.objects.of(shelf.complaint).order_by("-at").explain()

    assert f"appeals_event_{shelf.complaint.registered_at:%Y%m}" in plan
    assert f"appeals_event_{before:%Y%m}" not in plan
    assert Event.objects.of(shelf.complaint).count() == Event.objects.filter(appeal=shelf.complaint).count() > 0
