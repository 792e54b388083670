"""Files, promises, links and bundles on pages."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.models import Appeal, Bundle, Callback, File, Relation
from opora.appeals.tests.test_carrying import do, row
from opora.appeals.tests.test_files import PDF, PNG
from opora.audit.models import AuditLine


@pytest.fixture
def shown(shelf: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.DATA_DIR = tmp_path
    return shelf


def card(appeal: Any, rest: str = "") -> str:
    return f"/appeals/{appeal.number}/{rest}"


def test_several_files_are_attached_and_the_refused_one_is_named(signed_in: Any, shown: SimpleNamespace) -> None:
    client = signed_in("alina")
    files = [SimpleUploadedFile("акт.pdf", PDF), SimpleUploadedFile("архив.zip", b"PK\x03\x04")]
    page = client.post(card(shown.mine, "files/"), {"files": files}, follow=True).content.decode()

    assert "Приложено: 1" in page.replace("\xa0", " ")
    assert "архив.zip: Архивы не принимаются" in page
    assert File.objects.get().name == "акт.pdf"


def test_a_file_is_saved_under_its_name_and_never_shown(signed_in: Any, cast: Any, shown: SimpleNamespace) -> None:
    added = do(cast.alina, "add_file", shown.mine.pk, name='акт "1"\r\nX: y.pdf', content=PDF)
    answer = signed_in("sp2").get(card(shown.mine, f"files/{added.pk}/"))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert not set('\r\n"') & set(disposition)
    assert "X" not in answer.headers
    assert "no-store" in answer["Cache-Control"]
    read = AuditLine.objects.get(action="appeals.file.read")
    assert (read.subject_id, read.details) == (str(shown.mine.pk), {"file": str(added.pk)})


@pytest.mark.parametrize(
    ("who", "status"), [("sp3", 200), ("timur", 302), ("vera", 404), ("clerk", 404), ("far", 404), (None, 302)]
)
def test_who_takes_a_file(signed_in: Any, cast: Any, shown: SimpleNamespace, who: str, status: int) -> None:
    added = do(cast.alina, "add_file", shown.mine.pk, name="паспорт.png", content=PNG)
    assert signed_in(who).get(card(shown.mine, f"files/{added.pk}/")).status_code == status


def test_a_file_has_one_appeal(signed_in: Any, cast: Any, shown: SimpleNamespace) -> None:
    added = do(cast.alina, "add_file", shown.mine.pk, name="паспорт.png", content=PNG)
    client = signed_in("alina")
    for rest in (f"files/{added.pk}/", f"files/{added.pk}/removal/"):
        assert client.get(card(shown.queue, rest)).status_code == 404


def test_a_file_is_removed_with_a_reason(signed_in: Any, cast: Any, shown: SimpleNamespace) -> None:
    added = do(cast.alina, "add_file", shown.mine.pk, name="паспорт.png", content=PNG)
    client, address = signed_in("alina"), card(shown.mine, f"files/{added.pk}/removal/")

    assert client.get(address).status_code == 200
    assert client.post(address, {"why": " "}).status_code == 422
    assert client.post(address, {"why": "Чужой паспорт"}).status_code == 302
    assert "паспорт.png" not in client.get(card(shown.mine)).content.decode().split('id="files"')[1].split("Связи")[0]


def test_a_promise_from_the_card_to_the_end(signed_in: Any, cast: Any, shown: SimpleNamespace) -> None:
    client = signed_in("alina")
    promise = {"due_at": "через час", "owner": cast.sp2.pk, "note": "Про полис", "version": row(shown.mine.pk).version}
    assert client.post(card(shown.mine, "acts/promise_callback/"), promise).status_code == 302
    made = Callback.objects.get()
    assert made.owner == cast.sp2
    page = client.get(card(shown.mine)).content.decode()
    assert "Перезвонил" in page
    assert "Не дозвонился" in page

    missed, done = (card(shown.mine, f"callbacks/{made.pk}/{end}/") for end in ("missed", "done"))
    assert client.post(missed, {"next_at": "", "note": ""}).status_code == 422
    assert client.post(missed, {"next_at": "через 2 часа", "note": ""}).status_code == 302
    assert client.post(done, {"result": "Рассказала"}).status_code == 302
    refused = client.post(done, {"result": "Рассказала"})
    assert refused.status_code == 422
    assert "уже выполнено" in refused.content.decode()
    made.refresh_from_db()
    assert (made.state, made.attempts) == ("done", 2)


def test_links_by_number(signed_in: Any, shown: SimpleNamespace) -> None:
    client, address = signed_in("alina"), card(shown.mine, "acts/link/")
    words = {"kind": "related", "why": "О том же", "version": 1}
    unknown = client.post(address, {**words, "number": shown.betas.number})
    assert unknown.status_code == 422
    assert "не видите" in unknown.content.decode()

    assert client.post(address, {**words, "number": shown.queue.number}).status_code == 302
    made = Relation.objects.get()
    assert shown.queue.number in client.get(card(shown.mine)).content.decode()
    assert client.post(card(shown.complaint, f"relations/{made.pk}/removal/"), {"why": "Нет"}).status_code == 404
    assert client.post(card(shown.mine, f"relations/{made.pk}/removal/"), {"why": "Нет"}).status_code == 302
    assert shown.queue.number not in client.get(card(shown.mine)).content.decode()


def test_a_bundle_is_made_answered_and_says_who_was_refused(signed_in: Any, cast: Any, shown: SimpleNamespace) -> None:
    do(cast.alina, "promise_callback", shown.queue.pk, due_at=timezone.now() + timedelta(hours=1), owner=cast.alina)
    client = signed_in("alina")
    numbers = f"{shown.mine.number}, {shown.queue.number}"
    unknown = client.post("/appeals/bundles/", {"title": "Портал", "numbers": f"{numbers} {shown.betas.number}"})
    assert unknown.status_code == 422
    assert shown.betas.number in unknown.content.decode()
    address = client.post("/appeals/bundles/", {"title": "Портал", "numbers": numbers}).url

    made = Bundle.objects.get()
    assert shown.mine.number in client.get(address).content.decode()
    answer = {"text": "Портал работает.", "channel": "call", "outcome": "consulted", "version": made.version}
    page = client.post(address, answer)
    text = page.content.decode()
    assert "Отвечено и закрыто: 1" in text
    assert "обещали перезвонить" in text
    assert client.post(address, answer).status_code == 422  # the page is from before the answer

    assert client.post(f"{address}exclusion/{shown.queue.number}/", {"why": "Ждёт звонка"}).status_code == 302
    assert row(shown.queue.pk).bundle_id is None
    assert client.post(f"{address}addition/", {"numbers": "нет-такого"}).status_code == 422
    assert client.post(f"{address}addition/", {"numbers": shown.queue.number}).status_code == 302
    assert row(shown.queue.pk).bundle_id == made.pk
    assert "Портал" in client.get("/appeals/bundles/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("sp2", 200), ("filial", 200), ("vera", 404), ("op1", 404), ("timur", 403), (None, 302)],
)
def test_who_opens_a_bundle(signed_in: Any, cast: Any, shown: SimpleNamespace, who: str, status: int) -> None:
    made = do(cast.alina, "bundle", [shown.mine.pk], title="Портал")
    assert signed_in(who).get(f"/appeals/bundles/{made.pk}/").status_code == status


def test_a_branch_and_its_head_work_on_one_bundle(signed_in: Any, cast: Any, shown: SimpleNamespace) -> None:
    made = do(cast.filial, "bundle", [shown.mine.pk], title="Портал")
    head = signed_in("sp2")
    assert "СМО Альфа, филиал" in head.get("/appeals/bundles/").content.decode()
    assert head.post(f"/appeals/bundles/{made.pk}/addition/", {"numbers": shown.queue.number}).status_code == 302
    with enter(cast.filial.scope):
        assert set(Appeal.objects.filter(bundle=made)) == {shown.mine, shown.queue}


def test_a_branch_keeps_to_its_territory(cast: Any, place: SimpleNamespace, shown: SimpleNamespace) -> None:
    made = do(cast.alina, "bundle", [shown.mine.pk], title="Портал")
    place.branch.territory = place.alt
    place.branch.save()
    cast.filial.refresh_from_db()
    with enter(type(cast.filial).objects.get(pk=cast.filial.pk).scope):
        assert not Bundle.objects.filter(pk=made.pk).exists(), "the database itself says so"


def test_a_bundle_list_asks_the_same_for_many(
    signed_in: Any, cast: Any, shown: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for appeal in (shown.mine, shown.queue, shown.complaint):
        do(cast.sp3, "bundle", [appeal.pk], title=f"Подборка {appeal.number}")
    client = signed_in("alina")
    client.get("/appeals/bundles/")
    with django_assert_max_num_queries(14):
        client.get("/appeals/bundles/")
