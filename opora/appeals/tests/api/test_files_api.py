"""Files of an appeal by the API: the checks, the rights and the depth of the card."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opora.access.rights import Right
from opora.appeals.models import Appeal, Event, File, Grant
from opora.appeals.tests.api.test_journal_api import QUESTION
from opora.appeals.tests.test_files import PDF
from opora.audit.models import AuditLine

WORDS = "Полис".encode()


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_a_file_is_attached_listed_and_read(program: Callable[..., Any]) -> None:
    alfa = program()
    at = f"/appeals/{alfa.post('/appeals', QUESTION).json()['number']}/files"
    added = alfa.send(at, "../направление.pdf", PDF)
    assert added.status_code == 201
    told = added.json()
    assert (told["name"], told["media_type"], told["size"]) == ("направление.pdf", "application/pdf", len(PDF))
    assert alfa.get(at).json() == [told]
    read = alfa.get(f"{at}/{told['id']}/content")
    assert b"".join(read.streaming_content) == PDF
    assert read["Content-Disposition"].startswith("attachment")
    assert read["X-Content-Type-Options"] == "nosniff"
    assert AuditLine.objects.filter(action="appeals.file.read", role=f"partner:{alfa.partner.pk}").count() == 1


def test_the_same_key_attaches_once_and_belongs_to_one_file(program: Callable[..., Any]) -> None:
    alfa = program()
    at = f"/appeals/{alfa.post('/appeals', QUESTION).json()['number']}/files"
    first, again = (alfa.send(at, "акт.pdf", PDF, key="file-1") for _ in range(2))
    assert first.json() == again.json()
    assert Event.objects.filter(kind="file_added").count() == File.objects.count() == 1
    other = alfa.send(at, "слова.txt", WORDS, key="file-1")
    assert (other.status_code, other.json()["code"]) == (409, "key_of_another")
    assert alfa.send(at, "акт.pdf", PDF, key="").status_code == 422


REFUSED = [("архив.zip", b"PK\x03\x04", "Архивы"), ("акт.pdf", WORDS, "внутри другое"), ("пусто.txt", b"", "")]


@pytest.mark.parametrize(("name", "content", "why"), REFUSED)
def test_what_the_card_refuses_is_refused(program: Callable[..., Any], name: str, content: bytes, why: str) -> None:
    alfa = program()
    refused = alfa.send(f"/appeals/{alfa.post('/appeals', QUESTION).json()['number']}/files", name, content)
    assert refused.status_code == 422
    assert refused["Content-Type"].startswith("application/problem+json")
    assert why in refused.json()["detail"]
    assert not File.objects.exists()


def test_a_file_too_large_is_refused(program: Callable[..., Any], settings: Any) -> None:
    settings.FILE_LIMIT = 1024
    alfa = program()
    at = f"/appeals/{alfa.post('/appeals', QUESTION).json()['number']}/files"
    assert alfa.send(at, "слова.txt", b"a" * 1025).status_code == 422
    assert alfa.send(at, "слова.txt", b"a" * 1024).status_code == 201


def test_others_do_not_see_it_and_depth_counts(program: Callable[..., Any]) -> None:
    alfa, beta, viewer = program(), program("beta"), None
    number = alfa.post("/appeals", QUESTION).json()["number"]
    at = f"/appeals/{number}/files"
    file = alfa.send(at, "акт.pdf", PDF).json()["id"]
    for answer in (beta.get(at), beta.get(f"{at}/{file}/content"), beta.send(at, "акт.pdf", PDF)):
        assert answer.status_code == 404
    other = alfa.post("/appeals", QUESTION).json()["number"]
    assert alfa.get(f"/appeals/{other}/files/{file}/content").status_code == 404
    Grant.objects.filter(appeal=Appeal.objects.get(number=number)).update(depth1=3, depth2=3, depth3=3)
    assert alfa.get(at).json() == []
    assert alfa.get(f"{at}/{file}/content").status_code == 404
    viewer = program("fund", rights=[Right.APPEALS_VIEW])
    assert viewer.send(at, "акт.pdf", PDF).status_code == 403
