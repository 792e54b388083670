"""Pages: check first, accept then; every finding at once; strangers see nothing."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from opora.access.scope import enter
from opora.appeals.models import Appeal
from opora.audit.models import AuditLine
from opora.exchange.dispatch import make
from opora.exchange.models import Parcel, ParcelFinding, Provenance
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, process, receive_file
from opora.exchange.tests.test_samples import SAMPLES

GOOD = SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml"
BAD = SAMPLES / "g1r-journal-xml/05/G1R_0526290005.xml"


@pytest.fixture
def admin(people: SimpleNamespace) -> Callable[[str], Client]:
    def sign_in(code: str) -> Client:
        client = Client()
        who = getattr(people, f"admin{code}")
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


def upload(client: Client, organisation: Any, *paths: Path) -> Any:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return client.post("/exchange/new/", {"organisation": organisation.pk, "file": files})


def test_a_file_is_checked_then_accepted(admin: Any, channels: dict[str, Any]) -> None:
    client = admin("81001")
    answer = upload(client, channels["81001"], GOOD)
    checked = Parcel.objects.get()
    assert answer.url == f"/exchange/{checked.pk}/"
    assert ProcrastinateJob.objects.get(task_name="exchange.process").args == {"parcel_id": checked.pk}
    assert "HX-Refresh" not in client.get(f"{answer.url}progress/").headers
    process(checked.pk)
    assert client.get(f"{answer.url}progress/").headers["HX-Refresh"] == "true"
    assert "Принять" in client.get(answer.url).content.decode()
    assert not Appeal.objects.exists()

    accepted = client.post(f"{answer.url}acceptance/")
    process(Parcel.objects.latest("pk").pk)
    page = client.get(accepted.url).content.decode()
    assert "принят" in page
    assert Appeal.objects.count() == 1
    records = client.get(f"{accepted.url}records/").content.decode()
    assert f'href="/appeals/{Appeal.objects.get().number}/"' in records
    flcp = client.get(f"{accepted.url}answer/")
    assert b'OSHIB="0"' in b"".join(flcp.streaming_content)
    assert AuditLine.objects.filter(action="exchange.answer.read").count() == 1


def test_several_files_at_once_and_all_findings_of_a_bad_one(admin: Any, channels: dict[str, Any]) -> None:
    client = admin("81001")
    assert upload(client, channels["81001"], GOOD, BAD).url == "/exchange/"
    for pk in Parcel.objects.values_list("pk", flat=True):
        process(pk)
    listed = client.get("/exchange/").content.decode()
    assert GOOD.name in listed
    assert BAD.name in listed
    refused = Parcel.objects.get(state=State.REFUSED)
    page = client.get(f"/exchange/{refused.pk}/").content.decode()
    assert all(found.message in page.replace("&quot;", '"') for found in ParcelFinding.objects.all())
    assert ParcelFinding.objects.count() == 2
    assert GOOD.name not in client.get("/exchange/?show=refused").content.decode()


def test_a_refused_file_cannot_be_accepted(admin: Any, channels: dict[str, Any]) -> None:
    parcel = process(receive_file(BAD, Coming(channels["81001"], BAD.name, Way.UPLOAD, is_trial=True)).pk)
    assert admin("81001").post(f"/exchange/{parcel.pk}/acceptance/").status_code == 422


def test_nothing_chosen_is_said_beside_the_field(admin: Any, channels: dict[str, Any]) -> None:
    answer = admin("81001").post("/exchange/new/", {"organisation": channels["81001"].pk})
    assert answer.status_code == 422


def test_another_organisation_s_channel_is_not_offered(admin: Any, channels: dict[str, Any]) -> None:
    assert upload(admin("81001"), channels["81007"], GOOD).status_code == 422
    assert not Parcel.objects.exists()


@pytest.mark.parametrize(("code", "status"), [("81001", 200), ("81000", 200), ("81007", 404)])
def test_who_sees_a_file(admin: Any, channels: dict[str, Any], code: str, status: int) -> None:
    parcel = process(receive_file(GOOD, Coming(channels["81001"], GOOD.name, Way.COMMAND)).pk)
    client = admin(code)
    for piece in ("", "records/", "answer/", "progress/"):
        assert client.get(f"/exchange/{parcel.pk}/{piece}").status_code == status
    assert (GOOD.name in client.get("/exchange/").content.decode()) is (status == 200)


def test_row_security_agrees(people: SimpleNamespace, channels: dict[str, Any]) -> None:
    process(receive_file(GOOD, Coming(channels["81001"], GOOD.name, Way.COMMAND)).pk)
    process(receive_file(BAD, Coming(channels["81001"], BAD.name, Way.COMMAND)).pk)
    for code, sees in (("81001", True), ("81000", True), ("81007", False)):
        with enter(getattr(people, f"admin{code}").scope):
            assert Parcel.objects.exists() is sees
            assert ParcelFinding.objects.exists() is sees
            assert Provenance.objects.exists() is sees


def test_a_period_is_written_in_the_background_and_taken(admin: Any, channels: dict[str, Any]) -> None:
    process(receive_file(GOOD, Coming(channels["81001"], GOOD.name, Way.COMMAND)).pk)
    client = admin("81001")
    given = {"organisation": channels["81001"].pk, "since": "01.01.2020", "until": "31.12.2099", "format": "g1out"}
    answer = client.post("/exchange/export/", given)
    assert answer.status_code == 302, answer.content.decode()
    made = Parcel.objects.latest("pk")
    assert client.get(f"/exchange/{made.pk}/file/").status_code == 404
    make(made.pk)
    taken = client.get(f"/exchange/{made.pk}/file/")
    assert b"<IRP>" in b"".join(taken.streaming_content)
    assert AuditLine.objects.filter(action="exchange.file.read").count() == 1
    assert admin("81007").get(f"/exchange/{made.pk}/file/").status_code == 404


@pytest.mark.parametrize("given", [{"since": "02.01.2026", "until": "01.01.2026"}, {"since": "", "until": ""}])
def test_a_wrong_period_is_said(admin: Any, channels: dict[str, Any], given: dict[str, str]) -> None:
    answer = admin("81001").post(
        "/exchange/export/", {"organisation": channels["81001"].pk, "format": "g1out", **given}
    )
    assert answer.status_code == 422


def test_every_page_opens(admin: Any, channels: dict[str, Any]) -> None:
    parcel = process(receive_file(BAD, Coming(channels["81001"], BAD.name, Way.COMMAND)).pk)
    client = admin("81001")
    for path in ("/exchange/", "/exchange/new/", "/exchange/export/", f"/exchange/{parcel.pk}/"):
        assert client.get(path).status_code == 200
