"""The register of public informing: told, corrected, taken back; who may, who sees."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.informing.errors import InformingError
from opora.informing.models import PublicEvent, PublicInforming
from opora.informing.public import services
from opora.organisations.models import Role

TOLD: dict[str, Any] = {
    "on": date(2026, 3, 2), "kind": "talk", "subject": "healthy", "title": "Лекция на заводе", "times": 2,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock_of_the_place(place: SimpleNamespace) -> Iterator[None]:
    with timezone.override(place.alfa.zone):
        yield


def as_(who: Any, service: Any, *given: Any, **more: Any) -> Any:
    with enter(who.scope):
        return service(*given, **more, by=who)


@pytest.fixture
def row(cast: SimpleNamespace) -> PublicInforming:
    made: PublicInforming = as_(cast.sp2, services.tell_public, **TOLD)
    return made


def test_told_corrected_and_taken_back(cast: SimpleNamespace, place: SimpleNamespace, row: PublicInforming) -> None:
    assert (row.territory, row.insurer_id) == (place.nsk.code, place.alfa.pk)
    as_(cast.sp3, services.correct_public, row.pk, why="Была одна", **(TOLD | {"times": 1}))
    as_(cast.sp3, services.correct_public, row.pk, why="Ещё раз", **(TOLD | {"times": 1}))  # nothing differs
    as_(cast.sp3, services.withdraw_public, row.pk, why="Не наша")
    told = [(one.kind, one.text, one.details.get("former")) for one in row.events.order_by("at")]
    assert told == [("told", "", None), ("corrected", "Была одна", {"times": "2"}), ("withdrawn", "Не наша", None)]
    assert not PublicInforming.objects.standing().exists()
    assert AuditLine.objects.filter(action__startswith="informing.public.").count() == 3
    with pytest.raises(InformingError, match="снята"):
        as_(cast.sp3, services.withdraw_public, row.pk, why="Ещё раз")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on": date(2199, 1, 1)}, "не наступило"),
        ({"times": 0}, "Сколько раз"),
        ({"times": 10_001}, "Сколько раз"),
        ({"title": "  "}, "о чём и где"),
    ],
)
def test_what_is_refused(cast: SimpleNamespace, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InformingError, match=words):
        as_(cast.sp2, services.tell_public, **(TOLD | given))


def test_the_database_keeps_it_too(row: PublicInforming) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicInforming.objects.update(times=0)
    for statement in ("DELETE FROM informing_publicinforming", "UPDATE informing_publicevent SET text = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("who", "sees"), [("alina", True), ("op1", True), ("vera", False), ("clerk", False), ("far", False)]
)
def test_who_sees(cast: SimpleNamespace, row: PublicInforming, who: str, sees: bool) -> None:
    employee = getattr(cast, who)
    with enter(employee.scope):
        for model in (PublicInforming, PublicEvent):
            assert model.objects.exists() is model.objects.accessible_to(employee).exists() is sees


def test_who_writes(cast: SimpleNamespace, row: PublicInforming) -> None:
    with pytest.raises(RightMissing):
        as_(cast.alina, services.tell_public, **TOLD)
    cast.op2.assignments.update(role=Role.objects.get(slug="supervisor"))
    fund = type(cast.op2).objects.get(pk=cast.op2.pk)
    with pytest.raises(InformingError, match="другая организация"):
        as_(fund, services.withdraw_public, row.pk, why="Не тот")
    assert as_(fund, services.tell_public, **TOLD).insurer is None
    with enter(cast.alina.scope):
        assert PublicInforming.objects.get() == row


@pytest.mark.parametrize(
    ("page", "who", "status"),
    [
        ("", "sp2", 200), ("", "timur", 200), ("", "op1", 403), ("new/", "sp2", 200), ("new/", "alina", 403),
        ("{}/", "alina", 200), ("{}/", "vera", 404), ("{}/correct/", "sp3", 200), ("{}/withdraw/", "timur", 403),
    ],
)  # fmt: skip
def test_who_opens(signed_in: Callable[[str], Client], row: PublicInforming, page: str, who: str, status: int) -> None:
    assert signed_in(who).get(f"/informing/public/{page.format(row.pk)}").status_code == status


def test_pages_from_an_empty_register(signed_in: Callable[[str], Client]) -> None:
    client, here = signed_in("sp2"), "/informing/public/"
    assert "Записей пока нет" in client.get(here).content.decode()
    given = {"on": "02.03.2026", "kind": "stand", "subject": "preventive", "title": "Фойе поликлиники", "times": "3"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    for wrong in ({"times": "0"}, {"kind": "rumour"}, {"on": f"{tomorrow:%d.%m.%Y}"}, {"title": ""}):
        assert client.post(f"{here}new/", given | wrong).status_code == 422
    assert client.post(f"{here}new/", given).status_code == 302
    row = PublicInforming.objects.get()
    assert "Фойе поликлиники" in client.get(f"{here}?kind=stand&since=01.03.2026").content.decode()
    assert "Здесь пусто" in client.get(f"{here}?kind=tv").content.decode()
    assert client.get(f"{here}?since=02.04.2026&until=01.04.2026").status_code == 422

    form = client.get(f"{here}{row.pk}/correct/").context["form"]
    sent = given | {"times": "4", "why": "Их четыре", "opened": form.fields["opened"].initial}
    assert client.post(f"{here}{row.pk}/correct/", sent).status_code == 302
    assert client.post(f"{here}{row.pk}/correct/", sent | {"times": "5"}).status_code == 409
    assert "сколько раз — 3" in client.get(f"{here}{row.pk}/").content.decode()
    assert client.post(f"{here}{row.pk}/withdraw/", {"why": ""}).status_code == 422
    assert client.post(f"{here}{row.pk}/withdraw/", {"why": "Чужое"}).status_code == 302
    assert "Фойе поликлиники" in client.get(f"{here}?state=withdrawn").content.decode()
    assert "Записей пока нет" in client.get(here).content.decode()
