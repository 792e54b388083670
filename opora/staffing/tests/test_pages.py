"""Pages of the room: who opens them, what they say, what is entered on them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.audit.models import AuditLine
from opora.staffing.models import Line, Shift
from opora.staffing.tests.conftest import MONDAY

PAGES = ("", "shifts/", "suggestion/", "together/", "line/")
WHO_SEES = [
    *[(page, "boris", 200) for page in PAGES],
    *[(page, "timur", 403 if page in {"shifts/", "line/"} else 200) for page in PAGES],
    *[(page, "alina", 403) for page in PAGES],
    *[(page, "admin", 200) for page in PAGES],  # of the fund: sees, plans its own
    ("", None, 302),
]


@pytest.fixture
def go(signed_in: Callable[[str | None], Client], busy: Line) -> Callable[..., Any]:
    def ask(who: str | None, address: str, data: Any = None, **more: str) -> Any:
        where = "&".join(f"{name}={value}" for name, value in {"week": str(MONDAY), **more}.items())
        client = signed_in(who)
        return (
            client.get(f"/staffing/{address}?{where}")
            if data is None
            else client.post(f"/staffing/{address}?{where}", data)
        )

    return ask


@pytest.mark.parametrize(("page", "who", "status"), WHO_SEES)
def test_who_sees(go: Any, page: str, who: str | None, status: int) -> None:
    assert go(who, page).status_code == status


def test_a_line_of_others_does_not_exist(go: Any, signed_in: Any, place: SimpleNamespace, busy: Line) -> None:
    assert go("boris", "", line=str(busy.pk)).status_code == 200
    other = Line.objects.create(organisation=place.beta, territory=busy.territory, insurer=place.beta)
    assert go("boris", "", line=str(other.pk)).status_code == 404
    assert go("boris", "", week="2026-99-01").status_code == 404
    assert go("boris", "", week="9999-12-31").status_code == 404


def test_before_the_first_call(signed_in: Any) -> None:
    for page in ("", "suggestion/", "together/"):
        assert "Звонков ещё нет" in signed_in("boris").get(f"/staffing/{page}").content.decode()


def test_what_lacks_stands_in_words(go: Any, cast: SimpleNamespace) -> None:
    assert "Смен на эту неделю нет" in go("boris", "").content.decode()
    typed = {f"s-{cast.alina.pk}-0": "9-18, обед 13-14", f"s-{cast.sp2.pk}-0": ""}
    assert go("boris", "shifts/", typed).status_code == 302
    page = go("boris", "").content.decode()
    assert "не хватает" in page
    assert "с 13 до 14" in page
    assert "MAPE" in page
    assert AuditLine.objects.filter(action="staffing.write").exists()
    assert 'value="9-18, обед 13-14"' in go("boris", "shifts/").content.decode()


def test_a_fault_keeps_what_was_typed(go: Any, cast: SimpleNamespace) -> None:
    answer = go("boris", "shifts/", {f"s-{cast.alina.pk}-0": "с утра", f"s-{cast.sp2.pk}-1": "9-18"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="с утра"' in page
    assert 'value="9-18"' in page
    assert not Shift.objects.exists()


def test_the_promise_of_a_line_is_changed(go: Any, busy: Line) -> None:
    given = {
        "title": "Линия",
        "level": 90,
        "within": 30,
        "talk_seconds": 200,
        "wrap_seconds": 20,
        "patience": 0,
        "shrinkage": 0,
    }
    assert go("boris", "line/", given | {"level": 100}).status_code == 422
    assert go("boris", "line/", given).status_code == 302
    busy.refresh_from_db()
    assert (busy.level, busy.patience, busy.call_seconds) == (90, 0, 220)
    assert go("admin", "line/", given | {"level": 50}, line=str(busy.pk)).status_code == 302
    busy.refresh_from_db()
    assert busy.level == 90


def test_the_week_asks_few_questions(go: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(56):
        go("boris", "")
