"""The page of rules: who sets what."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.appeals.models import ApprovalRule, Route, VisibilityRule
from opora.appeals.policies import needs_approval
from opora.audit.models import AuditLine

ROUTE = {
    "position": "5",
    "kinds": ["complaint"],
    "topics": "6, 11.2",
    "words": "",
    "send_to": "up",
    "why": "Так решил фонд",
    "since": "01.01.2026",
}
SIGHT = {"reason": "fund", "appeal_kind": "complaint", "depth1": "1", "depth2": "2", "depth3": "4"}


def test_the_page_shows_the_three_tables(signed_in: Any) -> None:
    text = signed_in("admin").get("/appeals/rules/").content.decode()
    assert "Типовой вопрос: ответьте сами" in text
    assert "Фонд территории" in text
    assert "Завести свои маршруты" in text


def test_an_insurer_sets_only_its_own_approval(signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    client = signed_in("alfa_admin")
    assert "Завести свои маршруты" not in client.get("/appeals/rules/").content.decode()
    client.post("/appeals/rules/approval/", {"kinds": ["consultation"]})
    assert needs_approval(place.alfa.pk, "consultation")
    assert not needs_approval(place.alfa.pk, "complaint")
    assert needs_approval(place.beta.pk, "complaint")
    assert client.post("/appeals/rules/routes/own/").status_code == 403
    assert client.post("/appeals/rules/routes/new/", ROUTE).status_code == 403
    assert client.post("/appeals/rules/visibility/", SIGHT).status_code == 403
    assert not Route.objects.exclude(territory="").exists()


def test_the_fund_sets_its_routes(signed_in: Any, cast: SimpleNamespace) -> None:
    client = signed_in("admin")
    client.post("/appeals/rules/routes/own/")
    assert client.post("/appeals/rules/routes/new/", ROUTE).status_code == 302
    route = Route.objects.get(why="Так решил фонд")
    assert (route.territory, route.topics, route.kinds) == ("50000", ["6", "11.2"], ["complaint"])
    assert Route.objects.filter(territory="50000").count() == Route.objects.filter(territory="").count() + 1
    text = client.get("/appeals/rules/").content.decode()
    assert "Так решил фонд" in text
    client.post(f"/appeals/rules/routes/{route.pk}/", {**ROUTE, "until": "01.02.2026"})
    assert "не действует" in client.get("/appeals/rules/").content.decode()
    assert AuditLine.objects.filter(action="appeals.rules.route").count() == 2
    assert signed_in("far").get(f"/appeals/rules/routes/{route.pk}/").status_code == 403


def test_a_route_of_the_country_is_not_changed_by_a_territory(signed_in: Any, cast: SimpleNamespace) -> None:
    shipped = Route.objects.filter(territory="").first()
    assert shipped is not None
    assert signed_in("admin").post(f"/appeals/rules/routes/{shipped.pk}/", ROUTE).status_code == 404


def test_sight_of_the_territory_stands_beside_that_of_the_country(signed_in: Any, cast: SimpleNamespace) -> None:
    shipped = VisibilityRule.objects.get(territory="", reason="fund")
    client = signed_in("admin")
    assert client.get(f"/appeals/rules/visibility/?rule={shipped.pk}").status_code == 200
    for depth in ("1", "2"):
        sent = {**SIGHT, "depth1": depth}
        assert client.post(f"/appeals/rules/visibility/?rule={shipped.pk}", sent).status_code == 302
    own = VisibilityRule.objects.get(territory="50000")
    assert (own.depth1, own.depth2, own.depth3) == (2, 2, 4)
    shipped.refresh_from_db()
    assert (shipped.appeal_kind, shipped.depth1) == ("", 4)
    assert client.post("/appeals/rules/visibility/", {**SIGHT, "depth1": "9"}).status_code == 422


@pytest.mark.parametrize("who", ["op1", "boris", "timur"])
def test_others_do_not_open_it(signed_in: Any, who: str) -> None:
    assert signed_in(who).get("/appeals/rules/").status_code == 403
    assert not ApprovalRule.objects.exists()
