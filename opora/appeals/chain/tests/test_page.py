"""The page of an auditor: who may, what she sees, what a check leaves behind."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.appeals.chain import runs
from opora.appeals.chain.tests.test_verify import event_at
from opora.appeals.models import Verification

WHO_MAY = [("auditor", 200), ("alfa_admin", 200), ("alina", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO_MAY)
def test_who_may_prove(history: SimpleNamespace, signed_in: Any, who: str | None, status: int) -> None:
    assert signed_in(who).get("/appeals/verify/").status_code == status


def test_an_insurer_sees_its_own_chain_and_the_fund_all(history: SimpleNamespace, signed_in: Any) -> None:
    fund = signed_in("auditor").get("/appeals/verify/").content.decode()
    alfa = signed_in("alfa_admin").get("/appeals/verify/").content.decode()
    assert ("СМО Альфа" in fund, "СМО Бета" in fund) == (True, True)
    assert ("СМО Альфа" in alfa, "СМО Бета" in alfa) == (True, False)


def test_the_button_starts_one_check(history: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in("auditor")
    for _ in range(2):
        assert client.post("/appeals/verify/").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'appeals.verify_history'")
        assert cursor.rowcount == 1
    assert "ждёт очереди" in client.get("/appeals/verify/progress/").content.decode()

    kept = runs.run(cast.auditor.pk, runs._key(cast.auditor), watched=False)
    assert client.get("/appeals/verify/progress/").headers["HX-Refresh"] == "true"
    assert (kept.is_clean, kept.events, kept.territory) == (True, 9, "50000")
    assert "всё сошлось" in client.get(f"/appeals/verify/{kept.pk}/").content.decode()
    assert signed_in("alfa_admin").get(f"/appeals/verify/{kept.pk}/").status_code == 404


def test_what_was_found_stands_on_the_page(
    history: SimpleNamespace, cast: SimpleNamespace, place: SimpleNamespace, signed_in: Any, forge: Callable[..., int]
) -> None:
    forge("UPDATE appeals_event SET text = 'x' WHERE id = %s", [event_at(place.alfa, 3).event_id])
    kept = runs.run(cast.alfa_admin.pk, "test", watched=False)
    page = signed_in("alfa_admin").get(f"/appeals/verify/{kept.pk}/").content.decode()
    assert "Событие изменено после записи" in page
    assert kept.organisation_id == place.alfa.pk


def test_a_result_is_not_corrected(history: SimpleNamespace, cast: SimpleNamespace) -> None:
    kept = runs.run(cast.auditor.pk, "test", watched=False)
    assert Verification.objects.filter(pk=kept.pk).update(is_clean=False) == 0
    assert Verification.objects.filter(pk=kept.pk).delete()[0] == 0
    kept.refresh_from_db()
    assert kept.is_clean
