"""Files of partners by the API: brought once, checked in the background, answered with findings and a protocol."""

from collections.abc import Callable
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from opora.access.rights import Right
from opora.appeals.models import Appeal
from opora.appeals.tests.api.conftest import Program
from opora.audit.models import AuditLine
from opora.exchange.models import Parcel
from opora.exchange.parcels import process
from opora.exchange.tests.test_pages import BAD, GOOD
from opora.partners import services
from opora.partners.models import ApiPartner

BOTH = [Right.EXCHANGE_VIEW, Right.EXCHANGE_IMPORT]


@pytest.fixture
def program(channels: dict[str, Any], people: Any) -> Callable[..., Program]:
    def make(code: str = "81001", rights: list[Right] = BOTH) -> Program:
        partner = ApiPartner.objects.create(
            name=f"Журнал {code}",
            organisation=channels[code],
            rights=[str(right) for right in rights],
            purpose="appeal",
        )
        key = services.issue_key(partner, by=people.admin81000)
        return Program(services.exchange(key.text).session.text, partner)

    return make


def test_a_file_is_brought_once_and_answered(program: Callable[..., Program]) -> None:
    alfa = program()
    first, again = (alfa.send("/exchange/files", GOOD.name, GOOD.read_bytes(), key="may-29") for _ in range(2))
    assert first.status_code == again.status_code == 202
    told = first.json()
    assert told == again.json()
    assert (told["state"], told["protocol"], told["name"]) == ("waiting", None, GOOD.name)
    parcel = Parcel.objects.get()
    assert (parcel.way, parcel.by_name) == ("api", "API: Журнал 81001")
    assert ProcrastinateJob.objects.get(task_name="exchange.process").args == {"parcel_id": parcel.pk}
    assert alfa.get(f"/exchange/files/{parcel.pk}/protocol").status_code == 404

    process(parcel.pk)
    state = alfa.get(f"/exchange/files/{parcel.pk}").json()
    assert (state["state"], state["records"], state["accepted"], state["refusal"]) == ("accepted", 1, 1, "")
    assert Appeal.objects.count() == 1
    protocol = alfa.get(state["protocol"].removeprefix("/api/v1"))
    assert b"FLCP" in b"".join(protocol.streaming_content).upper()
    assert AuditLine.objects.filter(action="exchange.answer.read").count() == 1
    assert alfa.get(state["findings"].removeprefix("/api/v1")).json() == {"findings": [], "next": None}


def test_every_finding_is_told_page_by_page(program: Callable[..., Program]) -> None:
    alfa = program()
    number = alfa.send("/exchange/files", BAD.name, BAD.read_bytes()).json()["id"]
    process(number)
    state = alfa.get(f"/exchange/files/{number}").json()
    assert (state["state"], bool(state["refusal"])) == ("refused", True)
    whole = alfa.get(f"/exchange/files/{number}/findings").json()["findings"]
    assert whole
    assert {"field", "severity", "code", "message"} <= set(whole[0])
    walked, after = [], -1
    while after is not None:
        page = alfa.get(f"/exchange/files/{number}/findings", size=1, after=after).json()
        walked += page["findings"]
        after = page["next"]
    assert walked == whole
    assert not Appeal.objects.exists()


def test_checked_first_then_accepted(program: Callable[..., Program]) -> None:
    alfa = program()
    number = alfa.send("/exchange/files", GOOD.name, GOOD.read_bytes(), check_only="true").json()["id"]
    assert alfa.post(f"/exchange/files/{number}/acceptance", {}).status_code == 422
    process(number)
    assert alfa.get(f"/exchange/files/{number}").json()["state"] == "checked"
    assert not Appeal.objects.exists()
    taken = alfa.post(f"/exchange/files/{number}/acceptance", {})
    assert taken.status_code == 202
    process(taken.json()["id"])
    assert Appeal.objects.count() == 1


def test_files_of_another_organisation_do_not_exist(program: Callable[..., Program]) -> None:
    alfa, other = program(), program("81007")
    number = alfa.send("/exchange/files", GOOD.name, GOOD.read_bytes()).json()["id"]
    for path in ("", "/findings", "/protocol"):
        answer = other.get(f"/exchange/files/{number}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_parcel")
    assert other.post(f"/exchange/files/{number}/acceptance", {}).status_code == 404


def test_refusals(program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = program(rights=[Right.EXCHANGE_VIEW])
    assert watcher.send("/exchange/files", GOOD.name, GOOD.read_bytes()).status_code == 403
    alfa = program("81007")
    assert alfa.send("/exchange/files", GOOD.name, GOOD.read_bytes(), key="").json()["code"] == "key_missing"
    torn = alfa.client.post("/api/v1/exchange/files", b"--x", content_type="multipart/form-data")
    assert torn.status_code in {400, 422}
    assert torn["Content-Type"].startswith("application/problem+json")
    monkeypatch.setattr("opora.exchange.api.LARGEST", 10)
    large = alfa.send("/exchange/files", GOOD.name, GOOD.read_bytes())
    assert (large.status_code, "больше" in large.json()["detail"]) == (422, True)
    assert not Parcel.objects.exists()
