"""A file goes when its time is over; what was taken from it, and its line, stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.exchange import forgetting, vault
from opora.exchange.errors import FileForgotten
from opora.exchange.models import Parcel, ParcelFinding, Provenance
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, answer_of, process, receive_file
from opora.exchange.tests.test_samples import SAMPLES

GOOD = SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml"
BAD = SAMPLES / "g1r-journal-xml/05/G1R_0526290005.xml"


@pytest.fixture
def take(channels: dict[str, Any]) -> Callable[[Path], Parcel]:
    def taken(path: Path) -> Parcel:
        return process(receive_file(path, Coming(channels["81001"], path.name, Way.COMMAND)).pk)

    return taken


def aged(parcel: Parcel, **ago: int) -> None:
    """Let a file have come and ended so long ago."""
    then = timezone.now() - timedelta(**ago)
    Parcel.objects.filter(pk=parcel.pk).update(received_at=then, finished_at=then)
    for sha256 in filter(None, (parcel.sha256, parcel.answer_sha256)):
        os.utime(vault.place_of(sha256), (then.timestamp(), then.timestamp()))


def test_bytes_and_findings_go_and_the_rest_stays(take: Any) -> None:
    stored, refused = take(GOOD), take(BAD)
    assert stored.state == State.ACCEPTED
    assert ParcelFinding.objects.filter(parcel=refused).exists()
    for one in (stored, refused):
        aged(one, days=1096)
    assert forgetting.forget() == 2
    assert forgetting.forget() == 0

    assert list(Parcel.objects.filter(forgotten_at=None)) == []
    assert not any(path.is_file() for path in (vault.root() / "kept").glob("*/*"))
    assert not ParcelFinding.objects.exists()
    assert Appeal.objects.count() == Provenance.objects.count() == 1
    with pytest.raises(FileForgotten):
        answer_of(refused)


def test_a_young_file_stays(take: Any) -> None:
    parcel = take(BAD)
    aged(parcel, days=1094)
    assert forgetting.forget() == 0
    assert answer_of(parcel)
    assert ParcelFinding.objects.exists()


def test_a_file_that_was_sent_again_stays_until_its_repetition_goes(take: Any) -> None:
    former, again = take(GOOD), take(GOOD)
    assert again.state == State.REPEATED
    aged(former, days=1096)
    assert forgetting.forget() == 0
    assert vault.found(again.sha256)
    aged(again, days=1096)
    assert forgetting.forget() == 2
    with pytest.raises(FileForgotten):
        vault.found(again.sha256)


def test_a_file_sent_again_after_it_was_forgotten_gets_no_answer_that_says_all_is_well(take: Any) -> None:
    former = take(GOOD)
    aged(former, days=1096)
    forgetting.forget()
    again = take(GOOD)
    assert (again.state, again.answer_sha256) == (State.FAILED, "")
    assert "уже был принят" in again.refusal
    assert Appeal.objects.count() == 1


def test_bytes_that_came_again_meanwhile_are_not_erased(take: Any) -> None:
    parcel = take(GOOD)
    aged(parcel, days=1096)
    vault.keep([GOOD.read_bytes()])  # somebody is uploading it: its line is not written yet
    assert forgetting.forget() == 1
    assert vault.found(parcel.sha256).read_bytes() == GOOD.read_bytes()


def test_what_dies_in_between_is_finished_by_the_next_run(take: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel = take(GOOD)
    aged(parcel, days=1096)
    with monkeypatch.context() as patch:
        patch.setattr(forgetting.ParcelFinding.objects, "filter", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forgetting.forget()
    assert not vault.place_of(parcel.sha256).exists()
    assert forgetting.forget() == 1


def test_bytes_half_erased_by_a_run_that_died_go_with_the_next(take: Any) -> None:
    parcel = take(GOOD)
    aged(parcel, days=1096)
    path = vault.place_of(parcel.sha256)
    path.rename(path.with_name(f"{vault.GOING}{parcel.sha256}"))
    assert forgetting.forget() == 1
    assert not any(one.is_file() for one in path.parent.iterdir())


def test_copies_in_the_archive_go_as_well(take: Any) -> None:
    folder = vault.root() / "archive" / "81001"
    folder.mkdir(parents=True)
    for name, days in (("old.xml", 1096), ("young.xml", 1)):
        (folder / name).write_text("x")
        then = (timezone.now() - timedelta(days=days)).timestamp()
        os.utime(folder / name, (then, then))
    forgetting.forget()
    assert [path.name for path in folder.iterdir()] == ["young.xml"]


def test_the_page_says_so(take: Any, people: SimpleNamespace) -> None:
    parcel = take(BAD)
    aged(parcel, days=1096)
    forgetting.forget()
    client = Client()
    client.force_login(people.admin81001, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/exchange/{parcel.pk}/").content.decode()
    assert "стёрты" in page
    assert "Ответ партнёру" not in page
    gone = client.get(f"/exchange/{parcel.pk}/answer/")
    assert gone.status_code == 410
    assert "срок его хранения кончился" in gone.content.decode()
