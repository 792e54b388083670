"""What everybody may read: only sealed bytes, small numbers hidden on request, copies for machines."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.scope import Scope, enter
from opora.deadlines.models import Pack
from opora.reports import asking, publishing
from opora.reports.errors import AlreadyPublished, NotPublished, SealBroken
from opora.reports.models import Publication, Seal
from opora.reports.tests import desk
from opora.reports.tests.small import load_form
from opora.reports.tests.test_counting import facts  # noqa: F401


@pytest.fixture
def sealed(facts: Any, cast: Any, place: Any) -> SimpleNamespace:  # noqa: F811
    load_form()

    def seal(number: int = 1, **fields: Any) -> Seal:
        with enter(Scope.system("a seal of a test")):
            counted = asking.ask(cast.boris, "small-form", "54001", "2024-03").counted()
            pack = Pack.objects.filter(code="small_form").latest("pk")
            given = {
                "report": "small-form", "pack": pack, "territory": place.nsk,
                "insurer": place.alfa, "period": "2024-03", "since": "2023-03-01", "until": "2024-03-31",
                "number": number, "body": counted.text, "sha256": counted.sha256, "sources": {}, "source_names": [],
                "sealed_at": timezone.now(), "sealed_by": cast.boris, "sealed_by_name": "Борисов Борис",
            }  # fmt: skip
            return Seal.objects.create(**(given | fields))

    return SimpleNamespace(seal=seal, boris=cast.boris, cast=cast)


def publish(sealed: Any, seal: Seal, least: int = 0) -> Publication:
    with enter(sealed.boris.scope):
        return publishing.publish(seal, least=least, by=sealed.boris)


def test_everybody_reads_the_sealed_bytes(sealed: Any) -> None:
    seal = sealed.seal()
    found = publish(sealed, seal)
    client = Client()
    assert "Маленькая форма" in client.get("/open/reports/").content.decode()
    page = client.get(f"/open/reports/{found.pk}/")
    text = page.content.decode()
    assert seal.sha256 in text
    assert "<script" not in text
    assert "Set-Cookie" not in str(page.serialize_headers())
    copy = client.get(f"/open/reports/{found.pk}.json")
    assert (copy.content.decode(), copy["Content-Type"]) == (seal.body, "application/json; charset=utf-8")
    assert (copy["ETag"], copy["Cache-Control"]) == (f'"{seal.sha256}"', "public, max-age=300")
    lines = client.get(f"/open/reports/{found.pk}.csv")
    assert lines["Content-Type"] == "text/csv; charset=utf-8"
    assert "1;1;all;Обращения;все;всего;8" in lines.content.decode("utf-8-sig")


def test_the_open_page_draws_its_charts_without_a_script(sealed: Any) -> None:
    desk.load(version="2", since="2020-02-01")
    found = publish(sealed, sealed.seal())
    text = Client().get(f"/open/reports/{found.pk}/").content.decode()
    assert text.count('<figure class="chart">') == text.count("<svg") == 1
    assert "<script" not in text
    assert "/reports/small-form" not in text  # what is drawn leads nowhere inside
    assert '<th scope="col" rowspan="2">Строка</th>' not in text  # codes of lines are words of the program


@pytest.mark.parametrize("ending", ["/", ".json", ".csv"])
def test_what_has_not_changed_is_not_sent_again(sealed: Any, ending: str) -> None:
    url = f"/open/reports/{publish(sealed, sealed.seal()).pk}{ending}"
    tag = Client().get(url)["ETag"]
    again = Client().get(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_withdrawn_report_is_gone(sealed: Any) -> None:
    found = publish(sealed, sealed.seal())
    with enter(sealed.boris.scope):
        publishing.withdraw(found, "ошиблись", by=sealed.boris)
        with pytest.raises(NotPublished):
            publishing.withdraw(found, "ещё раз", by=sealed.boris)
    for ending in ("/", ".json", ".csv"):
        assert Client().get(f"/open/reports/{found.pk}{ending}").status_code == 404
    assert "Маленькая форма" not in Client().get("/open/reports/").content.decode()


def test_a_new_version_takes_the_place_of_the_former(sealed: Any) -> None:
    first = publish(sealed, sealed.seal())
    with pytest.raises(AlreadyPublished), transaction.atomic():
        publish(sealed, first.seal)
    second = publish(sealed, sealed.seal(2))
    assert Client().get(f"/open/reports/{first.pk}/").status_code == 404
    assert Client().get(f"/open/reports/{second.pk}/").status_code == 200


def test_small_numbers_are_hidden_everywhere(sealed: Any) -> None:
    """8 = 2 complaints + 6 others, one of them a child: with N = 3 neither 2 nor 6 may be read."""
    found = publish(sealed, sealed.seal(), least=3)
    body = json.loads(found.body)
    rows = {row["code"]: [cell["value"] for cell in row["cells"]] for row in body["tables"][0]["rows"]}
    assert rows["2"][1:3] == ["скрыто", "скрыто"]
    assert rows["3.1"][0] == "скрыто"
    assert "скрыто" in rows["1"] or rows["3"][2] == "скрыто"
    assert rows["share"][2] == "скрыто"
    assert body["broken"] == []
    text = Client().get(f"/open/reports/{found.pk}/").content.decode()
    assert "Числа меньше 3 скрыты" in text
    assert "&lt;3" not in text
    assert ";скрыто" in Client().get(f"/open/reports/{found.pk}.csv").content.decode("utf-8-sig")
    assert found.sha256 != found.seal_sha256


def test_only_sealed_bytes(sealed: Any) -> None:
    with pytest.raises(SealBroken), transaction.atomic():
        publish(sealed, sealed.seal(sha256="0" * 64))


def test_what_is_published_stays(sealed: Any) -> None:
    found = publish(sealed, sealed.seal())
    with pytest.raises(ProgrammingError), enter(sealed.boris.scope):
        Publication.objects.filter(pk=found.pk).update(body="{}")


def test_who_may_publish(sealed: Any, signed_in: Any) -> None:
    seal = sealed.seal()
    url = f"/reports/sealed/{seal.pk}/publishing/"
    with pytest.raises(RightMissing), enter(sealed.cast.alina.scope):
        publishing.publish(seal, by=sealed.cast.alina)
    assert signed_in("alina").get(url).status_code == 403
    boris = signed_in("boris")
    assert boris.post(url, {"least": "-1"}).status_code == 422
    answer = boris.post(url, {"least": "0"})
    assert answer.status_code == 302
    assert "Маленькая форма" in boris.get("/reports/publications/").content.decode()
    assert boris.post(answer.url, {"why": ""}).status_code == 422
    assert boris.post(answer.url, {"why": "ошибка"}).status_code == 302
    assert Client().get("/open/reports/").content.decode().count("<li>") == 0


def test_another_insurers_seal_does_not_exist(sealed: Any, place: Any, signed_in: Any) -> None:
    betas = sealed.seal(insurer=place.beta)
    assert signed_in("boris").get(f"/reports/sealed/{betas.pk}/publishing/").status_code == 404
