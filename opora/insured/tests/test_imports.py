"""Loading a file through the page, and deciding what nobody could be sure about."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from opora.access.scope import Scope, enter
from opora.audit.models import AuditLine
from opora.insured.models import ImportRun, MatchTask, Person
from opora.insured.services.imports import forget_protocols, kept_file, load_run
from opora.shared.tests.axe import findings

HEADER = "enp;snils;surname;given_name;patronymic;birth_on;sex;policy_since\n"
PYOTR = "2248299794000428;;Иванов;Пётр;Ильич;02.01.1970;1;01.05.2015\n"
UNCLEAR = ";;Соловьёва-Седая;Полина;;14.03.1985;2;\n"
SignedIn = Callable[[str | None], Client]


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def upload(client: Client, text: str, organisation: Any, **fields: str) -> ImportRun:
    file = SimpleUploadedFile("people.csv", text.encode())
    answer = client.post(
        "/insured/imports/new/", {"organisation": organisation.pk, "file": file, "mode": "delta", **fields}
    )
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])


def test_a_file_is_queued_loaded_and_thrown_away(signed_in: SignedIn, place: SimpleNamespace) -> None:
    client = signed_in("alfa_admin")
    run = upload(client, HEADER + PYOTR, place.alfa)
    assert ProcrastinateJob.objects.get(task_name="insured.load_file").args == {"run_id": run.pk}
    assert kept_file(run).stat().st_mode & 0o777 == 0o600
    assert "ждёт очереди" in client.get(f"/insured/imports/{run.pk}/").content.decode().lower()
    assert "HX-Refresh" not in client.get(f"/insured/imports/{run.pk}/progress/").headers

    load_run(run.pk)
    load_run(run.pk)  # a task may come twice

    assert not kept_file(run).exists()
    assert Person.objects.get(enp="2248299794000428").insurer == place.alfa
    assert client.get(f"/insured/imports/{run.pk}/progress/").headers["HX-Refresh"] == "true"
    page = client.get(f"/insured/imports/{run.pk}/").content.decode()
    assert "Новых" in page
    assert "people.csv" in client.get("/insured/imports/").content.decode()
    line = AuditLine.objects.get(action="insured.import")
    assert (line.employee_name, line.details["new"]) == ("Алфеева Яна", 1)


def test_a_trial_is_the_default_and_writes_nothing(signed_in: SignedIn, place: SimpleNamespace) -> None:
    client = signed_in("alfa_admin")
    run = upload(client, HEADER + PYOTR, place.alfa, is_trial="on")
    load_run(run.pk)
    assert not Person.objects.exists()
    assert "ничего не изменилось" in client.get(f"/insured/imports/{run.pk}/").content.decode()


def test_a_refused_file_says_why(signed_in: SignedIn, place: SimpleNamespace) -> None:
    client = signed_in("alfa_admin")
    run = upload(client, HEADER + "1;2", place.alfa)
    load_run(run.pk)
    assert "файл обрывается" in client.get(f"/insured/imports/{run.pk}/").content.decode()


def test_the_protocol_goes_through_rights(signed_in: SignedIn, place: SimpleNamespace) -> None:
    run = upload(signed_in("alfa_admin"), HEADER + PYOTR.replace("02.01.1970", "31.02.1970"), place.alfa)
    load_run(run.pk)
    address = f"/insured/imports/{run.pk}/protocol/csv/"
    answer = signed_in("alfa_admin").get(address)
    assert "31.02.1970" in b"".join(answer.streaming_content).decode("utf-8-sig")
    assert AuditLine.objects.filter(action="insured.protocol.read").count() == 1
    assert signed_in("admin").get(address).status_code == 200  # the fund sees its territory
    assert signed_in("alina").get(address).status_code == 403
    assert signed_in("alfa_admin").get(f"/insured/imports/{run.pk}/protocol/exe/").status_code == 404


def test_a_protocol_goes_when_its_time_is_over(signed_in: SignedIn, place: SimpleNamespace) -> None:
    run = upload(signed_in("alfa_admin"), HEADER + PYOTR.replace("02.01.1970", "31.02.1970"), place.alfa)
    load_run(run.pk)
    page, client = f"/insured/imports/{run.pk}/", signed_in("alfa_admin")
    assert forget_protocols(timezone.now() + timedelta(days=1094)) == 0
    assert "Протокол" in client.get(page).content.decode()
    assert forget_protocols(timezone.now() + timedelta(days=1096)) > 0
    assert "Протокол" not in client.get(page).content.decode()
    assert client.get(f"{page}protocol/csv/").status_code == 404


def test_another_organisation_does_not_see_the_load(signed_in: SignedIn, place: SimpleNamespace, cast: Any) -> None:
    run = upload(signed_in("admin"), HEADER + PYOTR, place.beta)
    assert signed_in("alfa_admin").get(f"/insured/imports/{run.pk}/").status_code == 404
    with enter(cast.vera.scope):
        assert ImportRun.objects.filter(pk=run.pk).exists()
    with enter(cast.alfa_admin.scope):
        assert not ImportRun.objects.filter(pk=run.pk).exists()


def test_a_file_of_a_stranger_is_not_offered(signed_in: SignedIn, place: SimpleNamespace) -> None:
    file = SimpleUploadedFile("people.csv", (HEADER + PYOTR).encode())
    answer = signed_in("alfa_admin").post(
        "/insured/imports/new/", {"organisation": place.beta.pk, "file": file, "mode": "delta"}
    )
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


@pytest.fixture
def unclear(signed_in: SignedIn, place: SimpleNamespace, polina: Person) -> MatchTask:
    run = upload(signed_in("alfa_admin"), HEADER + UNCLEAR, place.alfa)
    load_run(run.pk)
    return MatchTask.objects.get()


def decide(client: Client, task: MatchTask, choice: object) -> Any:
    return client.post(f"/insured/matches/{task.pk}/decision/", {"choice": choice})


def test_the_row_stands_beside_its_candidates(signed_in: SignedIn, unclear: MatchTask, polina: Person) -> None:
    page = signed_in("boris").get("/insured/matches/").content.decode()
    assert "отчество есть только у одного" in page
    assert re.search(rf'value="{polina.pk}"\s+data-key="1"', page)
    line = AuditLine.objects.get(action="insured.match.read")
    assert line.details == {"people": [polina.pk]}


def test_choosing_a_candidate_writes_the_row_into_the_card(
    signed_in: SignedIn, unclear: MatchTask, polina: Person
) -> None:
    unclear.given["contact"] = [
        {"line": 2, "kind": "phone", "value": "89000000007", "normalised": "79000000007", "phone_kind": "mobile"}
    ]
    unclear.save()
    assert decide(signed_in("boris"), unclear, polina.pk).status_code == 302
    unclear.refresh_from_db()
    assert (unclear.state, unclear.chosen_id, unclear.by_name) == ("chosen", polina.pk, "Борисов Борис")
    assert polina.contacts.filter(normalised="79000000007").exists()
    assert polina.changes.get().by_name == "Борисов Борис"
    assert AuditLine.objects.filter(action="insured.match.decide").count() == 1
    assert decide(signed_in("boris"), unclear, "skip").status_code == 409


def test_a_decision_is_remembered(
    signed_in: SignedIn, unclear: MatchTask, polina: Person, place: SimpleNamespace
) -> None:
    decide(signed_in("boris"), unclear, polina.pk)
    run = upload(signed_in("alfa_admin"), HEADER + UNCLEAR, place.alfa)
    load_run(run.pk)
    run.refresh_from_db()
    assert (run.counts["ambiguous"], run.counts["unchanged"]) == (0, 1)
    assert MatchTask.objects.count() == 1


def test_a_skipped_row_is_not_asked_again(signed_in: SignedIn, unclear: MatchTask, place: SimpleNamespace) -> None:
    decide(signed_in("boris"), unclear, "skip")
    run = upload(signed_in("alfa_admin"), HEADER + UNCLEAR, place.alfa)
    load_run(run.pk)
    run.refresh_from_db()
    assert (run.counts["ambiguous"], run.counts["skipped"]) == (0, 1)
    assert Person.objects.count() == 1


def test_a_new_person_from_an_unclear_row(signed_in: SignedIn, unclear: MatchTask, place: SimpleNamespace) -> None:
    unclear.given["policy"] = [
        {"line": 2, "kind": 2, "series": "", "number": "123456789", "insurer_id": place.alfa.pk, "since": "2026-01-01"}
    ]
    unclear.save()
    assert decide(signed_in("boris"), unclear, "new").status_code == 302
    unclear.refresh_from_db()
    assert Person.objects.get(pk=unclear.chosen_id).insurer == place.alfa
    assert Person.objects.count() == 2


@pytest.mark.parametrize("choice", ["", "-1", "0", "999999999", "x", "9" * 40])
def test_only_what_was_offered_may_be_chosen(signed_in: SignedIn, unclear: MatchTask, choice: str) -> None:
    assert decide(signed_in("boris"), unclear, choice).status_code == 422
    unclear.refresh_from_db()
    assert unclear.state == "open"


def test_people_of_others_are_not_shown_and_not_guessed(
    signed_in: SignedIn, unclear: MatchTask, place: SimpleNamespace, polina: Person
) -> None:
    with enter(Scope.system("test")):
        polina.policies.update(insurer=place.beta)
    page = signed_in("boris").get("/insured/matches/").content.decode()
    assert "их видит фонд" in page
    assert 'value="new"' not in page
    assert decide(signed_in("boris"), unclear, "new").status_code == 422
    assert decide(signed_in("boris"), unclear, polina.pk).status_code == 422
    assert decide(signed_in("admin"), unclear, polina.pk).status_code == 302


WHO_MAY = [("alfa_admin", 200, 200), ("boris", 403, 200), ("alina", 403, 403), ("auditor", 403, 403), (None, 302, 302)]


@pytest.mark.parametrize(("who", "loads", "matches"), WHO_MAY)
def test_who_may_load_and_match(signed_in: SignedIn, place: Any, who: str | None, loads: int, matches: int) -> None:
    client = signed_in(who)
    assert client.get("/insured/imports/").status_code == loads
    assert client.get("/insured/imports/new/").status_code == loads
    assert client.get("/insured/matches/").status_code == matches


@pytest.mark.browser
def test_the_pages_in_a_browser(
    unclear: MatchTask, polina: Person, page: Any, site: str, signed_in_browser: Any
) -> None:
    signed_in_browser("alfa_admin")
    for address in ("imports/", "imports/new/", f"imports/{unclear.run_id}/", "matches/"):
        page.goto(f"{site}/insured/{address}")
        assert findings(page) == [], address
    page.keyboard.press("1")
    page.get_by_text("Неясных строк нет").wait_for()
    unclear.refresh_from_db()
    assert (unclear.state, unclear.chosen_id) == ("chosen", polina.pk)
