"""Who opens and changes a site, and that citizens see the change."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.audit.models import AuditLine
from opora.doors.models import Door
from opora.portal.models import Site
from opora.simulation.demo_sites import ensure_sites

WHO = [("alfa_admin", 200), ("admin", 200), ("alina", 403), ("boris", 403), ("auditor", 403)]


def given(site: Site, **changes: Any) -> dict[str, Any]:
    whole = {"name": site.name, "slug": site.slug, "greeting": "", "colour": site.colour, "version": site.version}
    return {**whole, "is_published": "on", **changes}


@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_may_change_a_site(signed_in: Any, sites: SimpleNamespace, who: str, status: int) -> None:
    assert signed_in(who).get(f"/portal/{sites.alfa.pk}/").status_code == status


def test_a_site_of_another_does_not_exist(signed_in: Any, sites: SimpleNamespace) -> None:
    browser = signed_in("alfa_admin")
    assert browser.get(f"/portal/{sites.nsk.pk}/").status_code == 404
    assert browser.post(f"/portal/{sites.nsk.pk}/", given(sites.nsk)).status_code == 404
    assert "ОМС в Новосибирске" not in browser.get("/portal/").content.decode()


def test_an_insurer_does_not_take_the_address_of_the_territory_from_the_fund(
    signed_in: Any, sites: SimpleNamespace, client: Client
) -> None:
    refused = signed_in("alfa_admin").post(f"/portal/{sites.alfa.pk}/", given(sites.alfa, is_default="on"))
    assert refused.status_code == 422
    assert client.get("/site/").headers["Location"] == "/s/nsk/"


def test_a_site_is_opened_published_and_read(
    signed_in: Any, place: SimpleNamespace, sites: SimpleNamespace, client: Client
) -> None:
    browser = signed_in("admin")
    made = browser.post("/portal/new/", {"organisation": place.beta.pk, "name": "Бета", "slug": "beta"})
    site = Site.objects.get(slug="beta")
    assert made.headers["Location"] == f"/portal/{site.pk}/"
    assert client.get("/s/beta/").status_code == 404
    door = Door.objects.get(organisation=place.beta)
    assert (door.kind, door.is_active) == ("site", True), "the door is there before the first question"
    changed = browser.post(f"/portal/{site.pk}/", given(site, greeting="Здравствуйте.", is_default="on"))
    assert changed.status_code == 302
    assert "Здравствуйте." in client.get("/s/beta/").content.decode()
    assert client.get("/site/").headers["Location"] == "/s/beta/", "the default is one"
    assert AuditLine.objects.filter(action="portal.site.change").exists()


def test_a_change_shows_at_once_and_a_stale_one_is_refused(
    signed_in: Any, sites: SimpleNamespace, client: Client
) -> None:
    browser = signed_in("alfa_admin")
    client.get("/s/alfa/")
    sent = given(sites.alfa, name="Новая Альфа", cards=[card.pk for card in sites.alfa.cards.all()])
    assert browser.post(f"/portal/{sites.alfa.pk}/", sent).status_code == 302
    assert "Новая Альфа" in client.get("/s/alfa/").content.decode()
    assert client.get("/s/alfa/answers/gosuslugi/").status_code == 200
    stale = browser.post(f"/portal/{sites.alfa.pk}/", sent)
    assert stale.status_code == 422
    assert "другой сотрудник" in stale.content.decode()


def test_an_address_is_taken_once(signed_in: Any, sites: SimpleNamespace) -> None:
    refused = signed_in("alfa_admin").post(f"/portal/{sites.alfa.pk}/", given(sites.alfa, slug="nsk"))
    assert refused.status_code == 422


def test_the_demonstration_has_its_sites(place: SimpleNamespace, card: Any, client: Client) -> None:
    for _ in range(2):
        ensure_sites("50000")
    assert client.get("/site/").headers["Location"] == "/s/fund/"
    assert client.get("/s/smo-54001/answers/gosuslugi/").status_code == 200
    assert Site.objects.filter(is_default=True).count() == 1
    assert Door.objects.filter(kind="site").count() == Site.objects.count()
